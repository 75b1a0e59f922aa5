using Lhcre.Grains.Imports;

namespace Lhcre.Grains.Tests.Imports;

// What is told of imports, and for how long.
public abstract partial class ImportJournalSpec
{
    [Fact]
    public async Task Refused_lines_are_told_in_their_order_and_page_by_page()
    {
        await Accepted("a", pieces: [Piece(0), Piece(1)]);
        var (one, two) = (await Take(), await Take());
        await Finish(two, default, new ImportRefusal(4, null, "LHC101", null));
        await Finish(one, default, new ImportRefusal(2, 1, "LHC202", "Observation.status"), new ImportRefusal(2, 0, "LHC202", null), new ImportRefusal(2, 0, "LHC203", null));

        ImportRefusal[] all = [new(2, 0, "LHC202", null), new(2, 1, "LHC202", "Observation.status"), new(4, null, "LHC101", null)];
        Assert.Equal(all, await Imports.Refused("a", null, 10, None));
        Assert.Equal(all[..2], await Imports.Refused("a", null, 2, None));
        Assert.Equal(all[2..], await Imports.Refused("a", (2, 1), 2, None));
        Assert.Equal([("LHC101", 1L), ("LHC202", 2L)], await Imports.RefusedCodes("a", None));
        Assert.Empty(await Imports.Refused("b", null, 10, None));
    }

    [Fact]
    public async Task Imports_are_listed_latest_first_and_page_by_page()
    {
        foreach (var (id, minutes) in new[] { ("a", 1), ("c", 2), ("b", 2), ("d", 3) })
        {
            await Accepted(id, minutes, pieces: Piece(0));
            await Finish(await Take());
        }

        Assert.Equal(["d", "c", "b", "a"], (await Imports.List("dorset", null, 10, None)).Select(i => i.Id));
        Assert.Equal(["d", "c"], (await Imports.List("dorset", null, 2, None)).Select(i => i.Id));
        Assert.Equal(["b", "a"], (await Imports.List("dorset", "c", 2, None)).Select(i => i.Id));
        Assert.Equal(4, (await Imports.List("dorset", "unknown", 10, None)).Count);
        Assert.Empty(await Imports.List("hampshire", null, 10, None));
    }

    [Fact]
    public async Task What_ended_long_ago_and_what_broke_off_is_forgotten_and_nothing_else()
    {
        var broken = Assert.IsType<ImportBegin.Open>(await Imports.Begin("broken", "hampshire", Noon, Over, Most, None)).Upload;
        var coming = await Begin("coming", "hampshire");
        await Accepted("old", pieces: Piece(0));
        await Finish(await Take(), default, new ImportRefusal(1, null, "LHC101", null));
        await Accepted("waiting", pieces: Piece(0));

        await Imports.Forget(Noon.AddHours(2), None);
        Assert.Equal(["waiting", "old"], (await Imports.List("dorset", null, 10, None)).Select(i => i.Id));
        await Imports.Forget(Noon.AddHours(3), None);

        Assert.Equal(["waiting"], (await Imports.List("dorset", null, 10, None)).Select(i => i.Id));
        Assert.Empty(await Imports.Refused("old", null, 10, None));
        Assert.False(await Imports.Store(broken, Piece(0), Long, None));
        Assert.True(await Imports.Store(coming, Piece(0), Long, None));
        Assert.Equal("waiting", (await Take()).Import);
    }
}
