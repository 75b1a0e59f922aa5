using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Lhcre.Grains.Journal;

/// <summary>What a failure of SQLite means to the journal.</summary>
internal static class SqliteFault
{
    /// <summary>
    /// Whether the failure is of the disk or the whole database, so that every other write would meet it too. The rest (a constraint, a
    /// value too large) is of the one write that met it.
    /// </summary>
    public static bool IsOfTheDatabase(SqliteException failure) => failure.SqliteErrorCode is not
        (raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE or raw.SQLITE_ERROR);

    /// <summary>The same, for a caller. SQLite's text for its code is fixed, so it cannot hold what was written.</summary>
    public static JournalUnavailableException ToCaller(SqliteException failure, bool outcomeUnknown) => new(
        $"The journal's database failed: {raw.sqlite3_errstr(failure.SqliteErrorCode).utf8_to_string()} "
        + $"(SQLite code {failure.SqliteErrorCode}, extended {failure.SqliteExtendedErrorCode}).",
        outcomeUnknown);
}
