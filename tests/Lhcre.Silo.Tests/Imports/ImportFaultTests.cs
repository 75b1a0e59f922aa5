using System.Net;
using System.Text;
using Lhcre.Grains.Imports;
using Lhcre.Grains.Journal;
using Lhcre.Silo.Imports;
using Lhcre.Silo.Tests.Faults;
using Microsoft.Extensions.DependencyInjection;
using static Lhcre.Silo.Tests.Data.Examples;
using static Lhcre.Silo.Tests.Imports.ImportHttp;

namespace Lhcre.Silo.Tests.Imports;

/// <summary>An import beside a journal that fails, and one that is interrupted.</summary>
public sealed class ImportFaultTests : IAsyncLifetime
{
    private readonly FaultySilo _silo = new();
    private readonly string _nhs = FreshNhsNumber();

    private HttpClient Client => _silo.Http.Client;

    private string[] Lines => [Patient($"f-{_nhs}", _nhs), .. Enumerable.Range(0, 20).Select(n => Observation($"f-{_nhs}-{n}", $"Patient/f-{_nhs}", $"{n}.5"))];

    public Task InitializeAsync() => _silo.InitializeAsync();

    public Task DisposeAsync() => _silo.DisposeAsync();

    private static ImportWork Work(params string[] lines)
    {
        var piece = new PieceText();
        foreach (var (text, i) in lines.Select((text, i) => (text, i)))
            piece.Add(new ImportLine(i + 1, Encoding.UTF8.GetBytes(text)));
        return new ImportWork("0123", "dorset", 1, new ImportPiece(0, true, 1, lines.Length, piece.Take()));
    }

    private Task<CarriedOut> CarryOut(ImportWork work) => _silo.Http.Parts.GetRequiredService<ImportedLines>().CarryOut(work, default);

    [Fact]
    public async Task While_the_journal_is_away_an_import_waits_and_then_it_goes_on()
    {
        _silo.Down(nameof(IJournal.Append));
        var path = await Client.Accepted("dorset", Lines);
        await Client.Until(path, "running");
        Assert.Equal((0, 0, 0, 0), Counts(await Client.Standing(path)));

        _silo.Back();

        Assert.Equal((21, 0, 0, 0), Counts(await Client.Until(path)));
        Assert.Equal(21, (await _silo.Types(_nhs)).Count);
    }

    [Fact]
    public async Task What_an_import_brought_is_what_its_feed_brought()
    {
        Assert.DoesNotContain("lastApplied", (await _silo.Http.Get("fhir/$source-status")).Body, StringComparison.Ordinal);
        await Client.Carried("dorset", "nonsense");
        Assert.DoesNotContain("lastApplied", (await _silo.Http.Get("fhir/$source-status")).Body, StringComparison.Ordinal);

        await Client.Carried("dorset", Lines);

        // Told a moment after the import is done.
        await FaultySilo.Until(async () => (await _silo.Http.Get("fhir/$source-status")).Body.Contains("lastApplied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_piece_that_is_carried_out_twice_is_in_the_record_once()
    {
        var work = Work(Lines);

        var (first, second) = (await CarryOut(work), await CarryOut(work));

        Assert.Equal((new ImportCounts(21, 0, 0, 0), new ImportCounts(0, 21, 0, 0)), (first.Counts, second.Counts));
        Assert.Equal(21, (await _silo.Types(_nhs)).Count);
        // Patients first, then all that is hers in one row.
        Assert.Equal(2, await _silo.Rows(_nhs));
    }

    [Fact]
    public async Task A_piece_that_was_carried_out_in_part_is_carried_out_to_its_end()
    {
        var appends = 0;
        _silo.Journal.Before = verb => verb == nameof(IJournal.Append) && ++appends > 1
            ? throw new JournalUnavailableException("The journal is down for a test.", outcomeUnknown: false)
            : Task.CompletedTask;
        using var killed = new CancellationTokenSource();
        var first = _silo.Http.Parts.GetRequiredService<ImportedLines>().CarryOut(Work(Lines), killed.Token);
        await FaultySilo.Until(() => Task.FromResult(Volatile.Read(ref appends) > 2));
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(["Patient"], await _silo.Types(_nhs));

        _silo.Back();
        var second = await CarryOut(Work(Lines));

        Assert.Equal(new ImportCounts(20, 1, 0, 0), second.Counts);
        Assert.Equal(21, (await _silo.Types(_nhs)).Count);
    }

    [Fact]
    public async Task Lines_that_nobody_can_take_in_are_refused_as_our_fault_and_kept()
    {
        _silo.Journal.BeforeSupporting = keys => keys.Any(k => k.Type == "Practitioner") ? throw new InvalidOperationException("A fault for a test.") : Task.CompletedTask;

        var done = await CarryOut(Work(Patient($"f-{_nhs}", _nhs), Practitioner("poison", "Poison")));

        Assert.Equal(new ImportCounts(1, 0, 0, 1), done.Counts);
        Assert.Equal([new ImportRefusal(2, null, "LHC901", null)], done.Refused);
        Assert.Equal(["Patient"], await _silo.Types(_nhs));
        _silo.Back();
        var letter = Assert.IsType<RefusedLetter>(Assert.Single((await _silo.Journal.Asides(new AsideQuery("dorset") { IsRefused = true, Limit = 10 }, default)).Items));
        Assert.Equal(("LHC901", "Practitioner", "0123 2"), (letter.Code, letter.Type, letter.Name));
    }

    [Fact]
    public async Task A_line_that_is_never_answered_in_time_does_not_hold_up_its_import_for_ever()
    {
        _silo.Journal.BeforeSupporting = keys => keys.Any(k => k.Type == "Practitioner") ? throw new TimeoutException("Too slow for a test.") : Task.CompletedTask;

        var done = await CarryOut(Work(Patient($"f-{_nhs}", _nhs), Practitioner("slow", "Slow")));

        Assert.Equal(new ImportCounts(1, 0, 0, 1), done.Counts);
        Assert.Equal([new ImportRefusal(2, null, "LHC903", null)], done.Refused);
    }

    [Fact]
    public async Task Every_refused_line_is_kept_as_it_came()
    {
        var bad = Observation("bad", $"Patient/f-{_nhs}").Replace("final", "finished", StringComparison.Ordinal);
        var path = await Client.Accepted("dorset", bad, "nonsense", Patient($"f-{_nhs}", _nhs));
        var done = await Client.Until(path);
        Assert.Equal((1, 0, 0, 2), Counts(done));

        var letters = (await _silo.Journal.Asides(new AsideQuery("dorset") { IsRefused = true, Limit = 10 }, default)).Items.Cast<RefusedLetter>().OrderBy(l => l.Name).ToList();

        Assert.Equal([("LHC204", "Observation", $"{done["id"]} 1"), ("LHC101", "", $"{done["id"]} 2")], letters.Select(l => (l.Code, l.Type, l.Name)));
        Assert.Equal(bad, Encoding.UTF8.GetString(((RefusedLetter)(await _silo.Journal.FindAside("dorset", letters[0].Id, default))!).Body.Span));
    }

    [Fact]
    public async Task A_letter_that_cannot_be_written_is_waited_for()
    {
        var tries = 0;
        _silo.Journal.Before = verb => verb == nameof(IJournal.Refuse) && ++tries > 0
            ? throw new JournalUnavailableException("The journal is down for a test.", outcomeUnknown: false)
            : Task.CompletedTask;
        var path = await Client.Accepted("dorset", "nonsense");
        await FaultySilo.Until(() => Task.FromResult(Volatile.Read(ref tries) > 1));
        Assert.Equal("running", (await Client.Standing(path))["state"]!.GetValue<string>());

        _silo.Back();

        Assert.Equal((0, 0, 0, 1), Counts(await Client.Until(path)));
    }

    [Fact]
    public async Task A_cancelled_import_ends_and_the_next_one_is_carried_out()
    {
        _silo.Down(nameof(IJournal.Append));
        var path = await Client.Accepted("dorset", Lines);
        var next = await Client.Accepted("dorset", Patient($"g-{_nhs}", FreshNhsNumber()));
        await Client.Until(path, "running");

        var answer = await _silo.Http.Send(HttpMethod.Delete, path.TrimStart('/'));
        Assert.Equal((HttpStatusCode.OK, "cancelled"), (answer.Status, answer.Json["state"]!.GetValue<string>()));
        _silo.Back();

        Assert.Equal((1, 0, 0, 0), Counts(await Client.Until(next)));
        Assert.Equal("cancelled", (await Client.Standing(path))["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_silo_that_is_stopped_gives_back_what_it_has_not_finished()
    {
        _silo.Down(nameof(IJournal.Append));
        var path = await Client.Accepted("dorset", Lines);
        await Client.Until(path, "running");
        var imports = _silo.Http.Parts.GetRequiredService<IImportJournal>();
        Assert.Null(await imports.Take(DateTimeOffset.UnixEpoch, ImportRounds.Lease, default));

        await _silo.Http.Stop().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.NotNull(await imports.Take(DateTimeOffset.UnixEpoch, ImportRounds.Lease, default));
    }
}
