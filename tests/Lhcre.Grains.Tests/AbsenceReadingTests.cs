using System.Text;
using Lhcre.Contracts;
using Lhcre.Grains.Tests.Journal;
using Lhcre.Record;
using Microsoft.Extensions.Time.Testing;
using static Lhcre.Grains.Tests.RecordExamples;

namespace Lhcre.Grains.Tests;

/// <summary>What is said of the sources beside a record: the same of every form of it, and made once a version.</summary>
public sealed class AbsenceReadingTests : IAsyncDisposable
{
    private static readonly SourceSystems Sources = new([new SourceSystem(Source), new SourceSystem("hampshire"), new SourceSystem("labs", "Labs", ["Observation"])]);

    private readonly SimulatedJournal _journal = new();
    private readonly FakeTimeProvider _clock = NoonClock();

    public ValueTask DisposeAsync() => _journal.DisposeAsync();

    [Fact]
    public async Task A_folded_record_tells_the_same_as_a_whole_one()
    {
        var live = await Pushed();
        await live.Fold(TaskScheduler.Default, default);
        var whole = await live.Read(ReadRequest.Everything, default);

        var folded = await (await Loaded(Sources)).Read(ReadRequest.Everything, default);

        Assert.Equal(Text(whole), Text(folded));
        Assert.Contains("LHC509", Text(folded), StringComparison.Ordinal);
        Assert.Equal((Sources.Stamp, whole.EntryBytes), (folded.Sources, folded.EntryBytes));
    }

    [Fact]
    public async Task Of_the_whole_record_it_is_made_once_a_version()
    {
        var live = await Pushed();

        var (first, again) = (await live.Read(ReadRequest.Everything, default), await live.Read(ReadRequest.Everything, default));
        await live.Push(Push("2", Observation("pulse")), default);

        Assert.Same(first.Beside, again.Beside);
        Assert.NotSame(first.Beside, (await live.Read(ReadRequest.Everything, default)).Beside);
    }

    [Fact]
    public async Task What_is_contained_in_a_resource_makes_nobody_a_contributor()
    {
        const string spoof = """
            {"resourceType":"Observation","id":"weight","contained":[{"resourceType":"Basic","id":"b","meta":{"extension":[
            {"url":"https://fhir.wessexcarerecords.org.uk/StructureDefinition/contributor","extension":[{"url":"source","valueCode":"hampshire"}]}]}}],
            "subject":{"reference":"Patient/ann"}}
            """;
        var live = await Loaded(Sources);
        await live.Push(Push("1", Patient(), Stated(spoof, Source)), default);

        var told = Text(await live.Read(new ReadRequest(null, "Observation"), default));

        Assert.Contains("hampshire: Observation", told, StringComparison.Ordinal);
        Assert.DoesNotContain("dorset: Observation", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_sources_are_configured_nothing_is_told()
    {
        await Pushed();

        var answer = await (await Loaded(null)).Read(ReadRequest.Everything, default);

        Assert.Equal((0, 0), (answer.Beside.Length, answer.Sources));
    }

    [Fact]
    public void Any_difference_in_the_configuration_gives_another_stamp()
    {
        SourceSystem[][] configurations =
        [
            [new("a")], [new("b")], [new("a"), new("b")], [new("a", "A")], [new("a", null, ["Observation"])], [new("a", null, ["Condition", "Observation"])],
        ];

        Assert.Equal(configurations.Length, configurations.Select(c => new SourceSystems(c).Stamp).Distinct().Count());
        Assert.Equal(
            new SourceSystems([new("a", null, ["Observation", "Condition"])]).Stamp, new SourceSystems([new("a", null, ["Condition", "Observation"])]).Stamp);
    }

    private async Task<LiveRecord> Pushed()
    {
        var live = await Loaded(Sources);
        var none = Stated(
            """{"resourceType":"AllergyIntolerance","id":"none","patient":{"reference":"Patient/ann"},"code":{"coding":[{"system":"http://snomed.info/sct","code":"716186003"}]}}""", Source);
        await live.Push(Push("1", Patient(), Observation("weight"), none), default);
        return live;
    }

    private async Task<LiveRecord> Loaded(SourceSystems? sources)
    {
        var live = new LiveRecord(JournalExamples.Ann, _journal, Here, _clock, sources);
        await live.Load(default);
        return live;
    }

    private static string Text(ReadAnswer answer) => string.Join('\n', answer.Beside.Select(Encoding.UTF8.GetString));
}
