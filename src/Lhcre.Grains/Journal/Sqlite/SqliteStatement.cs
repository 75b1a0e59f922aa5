using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lhcre.Grains.Journal;

/// <summary>
/// One prepared statement of one connection, run over and over: arguments by position, in the order in which they are given.
/// </summary>
/// <remarks>
/// Not a <see cref="SqliteCommand"/>, which looks every parameter up by name on each run, copies every body once more, and waits for a busy
/// database by its own clock instead of SQLite's. Not safe from several threads, as its connection is not.
/// </remarks>
internal sealed class SqliteStatement : IDisposable
{
    private const uint Persistent = 1; // SQLITE_PREPARE_PERSISTENT: it will be kept for long

    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private int _arguments;

    /// <summary>Prepares <paramref name="sql"/>, one statement.</summary>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v3(_connection, sql, Persistent, out _statement));
    }

    /// <summary>Gives the next argument: a text, or null.</summary>
    public SqliteStatement Text(string? value)
    {
        // With its length: a text that ends at its first NUL would let two of a source's identifiers pass for one.
        Check(value switch
        {
            null => raw.sqlite3_bind_null(_statement, ++_arguments),
            "" => raw.sqlite3_bind_text(_statement, ++_arguments, value),
            _ => raw.sqlite3_bind_text(_statement, ++_arguments, Encoding.UTF8.GetBytes(value)),
        });
        return this;
    }

    /// <summary>Gives the next argument: an integer.</summary>
    public SqliteStatement Number(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_arguments, value));
        return this;
    }

    /// <summary>Gives the next argument: bytes.</summary>
    public SqliteStatement Blob(ReadOnlySpan<byte> value)
    {
        // An empty span has no address, and SQLite would take that for null.
        Check(value.IsEmpty
            ? raw.sqlite3_bind_zeroblob(_statement, ++_arguments, 0)
            : raw.sqlite3_bind_blob(_statement, ++_arguments, value));
        return this;
    }

    /// <summary>Gives the next argument: bytes, or null.</summary>
    public SqliteStatement Blob(ReadOnlyMemory<byte>? value) => value is { } bytes ? Blob(bytes.Span) : Text(null);

    /// <summary>Runs it to its end; the number of rows that it changed, where it is one that changes any.</summary>
    public int Run()
    {
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>The first row, as <paramref name="read"/> reads it; <c>default</c> where there is none.</summary>
    public T? First<T>(Func<SqliteStatement, T> read)
    {
        try
        {
            return Step() ? read(this) : default;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>All rows, as <paramref name="read"/> reads each.</summary>
    public List<T> All<T>(Func<SqliteStatement, T> read)
    {
        var rows = new List<T>();
        try
        {
            while (Step())
                rows.Add(read(this));
            return rows;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Whether a column of the present row is null; columns count from 0.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <summary>A column of the present row.</summary>
    public string TextAt(int column) => Encoding.UTF8.GetString(BlobAt(column));

    /// <summary>A column of the present row.</summary>
    public long NumberAt(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>A column of the present row, valid until the next one is read.</summary>
    public ReadOnlySpan<byte> BlobAt(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code != raw.SQLITE_DONE)
            SqliteException.ThrowExceptionForRC(code, _connection);
        return false;
    }

    // Its answer repeats the failure of the last step, which has been thrown already.
    private void Reset()
    {
        raw.sqlite3_reset(_statement);
        raw.sqlite3_clear_bindings(_statement); // a kept statement must not keep a body alive
        _arguments = 0;
    }

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK)
            return;
        // A statement that is left half bound would be given its next arguments at the wrong places.
        if (_statement is not null)
            Reset();
        SqliteException.ThrowExceptionForRC(code, _connection);
    }
}
