using System.Data.Common;
using System.Text;
using Lhcre.Grains.Tests.Journal;

namespace Lhcre.Silo.Tests.Erasing;

/// <summary>Everything that stands in a store: every column of every row of every table, and what it holds where it is a body.</summary>
internal sealed class Disk
{
    private readonly List<(string Place, string Text)> _cells = [];

    private Disk()
    {
    }

    /// <summary>The bodies as they are stored.</summary>
    public List<byte[]> Bodies { get; } = [];

    /// <summary>Reads all of it.</summary>
    /// <param name="connection">An open one.</param>
    /// <param name="tables">A statement that lists the tables.</param>
    public static async Task<Disk> Read(DbConnection connection, string tables)
    {
        var (disk, names) = (new Disk(), new List<string>());
        await Each(connection, tables, row => names.Add(row.GetString(0)));
        foreach (var name in names)
            await Each(connection, $"SELECT * FROM {name}", row => disk.Take(name, row));
        return disk;
    }

    /// <summary>Where a text stands, as <c>table.column</c>.</summary>
    public IReadOnlyList<string> PlacesOf(string text) =>
        [.. _cells.Where(c => c.Text.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(c => c.Place).Distinct().Order(StringComparer.Ordinal)];

    private void Take(string table, DbDataReader row)
    {
        for (var i = 0; i < row.FieldCount; i++)
        {
            var place = $"{table}.{row.GetName(i)}";
            if (row.GetValue(i) is not byte[] bytes)
            {
                _cells.Add((place, $"{row.GetValue(i)}"));
                continue;
            }

            Bodies.Add(bytes);
            _cells.Add((place, Encoding.Latin1.GetString(bytes)));
            _cells.Add((place, Encoding.Latin1.GetString(DecodedBody.Of(bytes))));
        }
    }

    private static async Task Each(DbConnection connection, string sql, Action<DbDataReader> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            read(reader);
    }
}
