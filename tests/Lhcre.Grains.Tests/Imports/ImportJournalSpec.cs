using Lhcre.Grains.Imports;

namespace Lhcre.Grains.Tests.Imports;

/// <summary>What <see cref="IImportJournal"/> promises. Every one passes it.</summary>
public abstract partial class ImportJournalSpec : IAsyncLifetime
{
    private const int Most = 3;
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Over = TimeSpan.FromSeconds(-1);
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private protected static CancellationToken None => CancellationToken.None;

    /// <summary>Under test; empty at the start of each test.</summary>
    protected IImportJournal Imports { get; private set; } = null!;

    /// <summary>Opens the one of this test: again, what was committed is in it.</summary>
    protected abstract Task<IImportJournal> Open();

    public async Task InitializeAsync() => Imports = await Open();

    public virtual async Task DisposeAsync() => await Imports.DisposeAsync();

    private protected async Task Reopen()
    {
        await Imports.DisposeAsync();
        Imports = await Open();
    }

    private static ImportPiece Piece(int number, bool isFirst = false, int lines = 2) =>
        new(number, isFirst, 1 + 2 * number, lines, new byte[] { 7, (byte)number });

    private async Task<ImportUpload> Begin(string id, string source = "dorset") =>
        Assert.IsType<ImportBegin.Open>(await Imports.Begin(id, source, Noon, Long, Most, None)).Upload;

    private async Task Accepted(string id, int minutes = 0, string source = "dorset", params ImportPiece[] pieces)
    {
        var upload = await Begin(id, source);
        foreach (var piece in pieces)
            Assert.True(await Imports.Store(upload, piece, Long, None));
        Assert.True(await Imports.Accept(upload, 1000, pieces.Sum(p => p.Lines), [], Noon.AddMinutes(minutes), None));
    }

    private async Task<ImportWork> Take(TimeSpan? lease = null)
    {
        var work = await Imports.Take(Noon.AddHours(1), lease ?? Long, None);
        Assert.NotNull(work);
        return work;
    }

    private async Task<Import> Found(string id, string source = "dorset")
    {
        var import = await Imports.Find(source, id, None);
        Assert.NotNull(import);
        return import;
    }

    private Task<bool> Finish(ImportWork work, ImportCounts counts = default, params ImportRefusal[] refused) =>
        Imports.Finish(work, counts, refused, Noon.AddHours(2), None);
}
