using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Benchmarks.Stores;

/// <summary>A place of durable rows: the product's journal in it, and the barest use of it, which is the ceiling.</summary>
internal abstract class Store : IAsyncDisposable
{
    /// <summary>Its name in a figure.</summary>
    public abstract string Name { get; }

    /// <summary>The product's journal.</summary>
    public abstract IJournal Journal { get; }

    /// <summary>
    /// Inserts rows into a table without anything else, as many as the journal would in one commit, with the same sync: what a ceiling is
    /// measured by.
    /// </summary>
    public abstract Task Insert(IReadOnlyList<LogRow> rows);

    /// <summary>Reads the rows from which a record is loaded, and nothing else: the SELECT that a cold lookup is measured by.</summary>
    /// <returns>Their bytes.</returns>
    public abstract Task<long> Select(PatientKey patient);

    /// <summary>Measures on one store after the other, each alone.</summary>
    public static async IAsyncEnumerable<Figure> OnEach(Func<Store, IAsyncEnumerable<Figure>> measure)
    {
        await using (var postgres = await PostgresStore.Start())
        {
            await foreach (var figure in measure(postgres))
                yield return figure;
        }

        await using var sqlite = await SqliteStore.Start();
        await foreach (var figure in measure(sqlite))
            yield return figure;
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
