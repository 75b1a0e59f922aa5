using System.Text;
using CsCheck;
using Lhcre.Contracts;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Lhcre.Record.Searching;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What is read of a person who is restricted, as of now: whichever version is asked for, and in whatever form the record is held.</summary>
public sealed class RestrictedReadingTests
{
    private const string Hidden = "Hiddenplace";

    private static readonly ReadRequest[] Requests =
    [
        ReadRequest.Everything,
        ReadRequest.Everything with { KnownVersion = 1 },
        ReadRequest.Everything with { KnownVersion = 3 },
        ReadRequest.Everything with { Operation = ReadOperation.WithProvenance },
        ReadRequest.Everything with { AsOf = new RecordMoment(1, null) },
        ReadRequest.Everything with { AsOf = new RecordMoment(2, null) },
        ReadRequest.Everything with { AsOf = new RecordMoment(null, Noon) },
        ReadRequest.Everything with { Operation = ReadOperation.History },
        ReadRequest.Everything with { Operation = ReadOperation.Summary },
        ReadRequest.Everything with { Operation = ReadOperation.SummaryPage },
        new(null, "Organization"),
        new(null, "Observation") { Query = SearchQuery.Read("Observation", [new("performer:identifier", Hidden), new("_include", "*")], new ReadOptions(Here, Noon)) },
        new(null, "Patient", JournalExamples.Ann.Value),
        new(null, "Patient", JournalExamples.Ann.Value) { VersionId = 1 },
        new(null, "Patient", JournalExamples.Ann.Value) { Operation = ReadOperation.Explain },
        new(null, "Patient", JournalExamples.Ann.Value) { Operation = ReadOperation.History },
    ];

    private enum Act
    {
        Restrict,
        Release,
        Push,
        Fold,
        Settle,
        Restart,
    }

    [Fact]
    public Task Whatever_comes_before_nothing_hidden_is_read_of_whom_the_last_push_restricts_and_all_of_whom_it_does_not() =>
        Gen.Enum<Act>().Array[1, 14].SampleAsync(
            async acts =>
            {
                await using var journal = new SimulatedJournal();
                var (clock, isRestricted, pushes) = (NoonClock(), false, 0);
                var live = await Activation();
                await Take(Ann(null, clock.GetUtcNow()), Place());
                foreach (var act in acts)
                {
                    clock.Advance(TimeSpan.FromSeconds(1));
                    isRestricted = act switch { Act.Restrict => true, Act.Release => false, _ => isRestricted };
                    await (act switch
                    {
                        Act.Restrict or Act.Release => Take(Ann(isRestricted ? "R" : null, clock.GetUtcNow())),
                        Act.Push => Take(Measured()),
                        Act.Fold => live.Fold(TaskScheduler.Default, default),
                        _ => Task.CompletedTask,
                    });
                    if (act == Act.Settle)
                        live.Settle();
                    if (act == Act.Restart)
                        live = await Activation();
                    foreach (var request in Requests)
                    {
                        Check(await live.Read(request, default), request);
                        if (live.Glance(request) is { } glance)
                            Check(glance, request);
                    }

                    Assert.Equal(isRestricted ? ReadStatus.NotFound : ReadStatus.Found, (await live.Read(ReadRequest.Everything with { IsByLocalIdentifier = true }, default)).Status);
                    Assert.Contains(Hidden, Text(await live.Read(new ReadRequest(Source), default)));
                }

                async Task<LiveRecord> Activation()
                {
                    var fresh = new LiveRecord(JournalExamples.Ann, journal, Here, clock, new SourceSystems([new(Source, Hidden)]));
                    await fresh.Load(default);
                    return fresh;
                }

                async Task Take(params Fragment[] fragments) => Assert.NotEqual(PushStatus.Fenced, (await live.Push(Push($"{++pushes}", fragments), default)).Status);

                Fragment Measured() => Stated(
                    $$"""{"resourceType":"Observation","id":"o{{pushes % 3}}","status":"final","code":{"text":"weight"},"subject":{"reference":"Patient/ann"},"valueString":"{{pushes}}","performer":[{"reference":"Organization/place","display":"{{Hidden}}"}]}""",
                    Source,
                    clock.GetUtcNow());

                void Check(ReadAnswer answer, ReadRequest request)
                {
                    Assert.Equal(isRestricted, answer.IsRestricted);
                    if (isRestricted)
                        Assert.DoesNotContain(Hidden, Text(answer), StringComparison.Ordinal);
                    else if (answer.Status == ReadStatus.Found && request.Query is null && answer.Entries.Length > 0)
                        Assert.Contains(Hidden, Text(answer), StringComparison.Ordinal);
                }
            },
            iter: 60);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_being_read_when_the_person_was_restricted_is_read_again(bool isHistory)
    {
        await using var journal = new SimulatedJournal();
        var live = new LiveRecord(JournalExamples.Ann, journal, Here, NoonClock());
        await live.Load(default);
        await live.Push(Push("1", Ann(null), Place()), default);
        await live.Push(Push("2", Observation("weight")), default);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        journal.Before = verb =>
        {
            if (verb != nameof(IJournal.LoadLog))
                return Task.CompletedTask;
            reached.TrySetResult();
            return go.Task;
        };
        var read = live.Read(isHistory ? new ReadRequest { Operation = ReadOperation.History } : ReadRequest.Everything with { AsOf = new RecordMoment(1, null) }, default).AsTask();
        await reached.Task;

        await live.Push(Push("3", Ann("V")), default);
        go.SetResult();

        var answer = await read;
        Assert.Equal((ReadStatus.Found, true), (answer.Status, answer.IsRestricted));
        Assert.DoesNotContain(Hidden, Text(answer), StringComparison.Ordinal);
    }

    private static Fragment Ann(string? label, DateTimeOffset? time = null) => Stated(
        $$"""{"resourceType":"Patient","id":"ann","name":[{"family":"Example"}],"address":[{"city":"{{Hidden}}"}]{{(label is null ? "" : $$$""","meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"{{{label}}}"}]}""")}}}""",
        Source,
        time ?? (label is null ? Noon : Noon.AddHours(1)));

    private static Fragment Place() => Stated($$"""{"resourceType":"Organization","id":"place","name":"{{Hidden}}"}""", Source, Noon);

    private static string Text(ReadAnswer answer) => string.Join('\n', answer.Entries.Concat(answer.Beside).Select(e => Encoding.UTF8.GetString(e)));
}
