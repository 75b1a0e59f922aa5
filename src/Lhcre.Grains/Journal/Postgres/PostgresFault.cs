using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>What a failure of PostgreSQL, or of the way to it, means to the journal.</summary>
internal static class PostgresFault
{
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private const string ReadOnly = "25006", LockTimeout = "55P03", Deadlock = "40P01", Serialization = "40001";

    /// <summary>
    /// Whether the failure is of the server, the way to it or the whole database, so that every other write would meet it too. The rest (a
    /// constraint, a value too large) is of the one write that met it.
    /// </summary>
    public static bool IsOfTheDatabase(Exception failure) =>
        failure is not PostgresException { SqlState: var state }
        || state[..2] is "08" or "28" or "3D" or "40" or "42" or "53" or "57" or "58" or "F0" or "XX"
        || state is ReadOnly or LockTimeout;

    /// <summary>Whether the server took the transaction back only because of another one: doing the same again is likely to succeed.</summary>
    public static bool IsWorthRepeating(PostgresException failure) => failure.SqlState is Deadlock or Serialization;

    /// <summary>
    /// Whether the server ended the session before it began what it was sent: it was told to stop, or it has been restarted meanwhile.
    /// </summary>
    public static bool IsOfAnEndedSession(Exception failure) => failure is PostgresException { SqlState: "57P01" or "57P02" or "57P03" or "57P05" };

    /// <summary>Whether the connection was lost, or the session on it was ended: what was to be read may be there on a new one.</summary>
    public static bool IsOfALostConnection(NpgsqlException failure) =>
        failure is PostgresException ? IsOfAnEndedSession(failure) : failure.InnerException is IOException;

    /// <summary>
    /// The same, for a caller. In words of our own: those of the server and the driver may hold what was written, or who was asked.
    /// </summary>
    public static JournalUnavailableException ToCaller(Exception failure, bool outcomeUnknown) =>
        new($"The journal's database failed: {Meaning(failure)}.", outcomeUnknown);

    private static string Meaning(Exception failure) => failure switch
    {
        PostgresException { SqlState: var state } => $"{Meaning(state)} (SQLSTATE {state})",
        { InnerException: TimeoutException } or TimeoutException => "it did not answer in time",
        _ => "it cannot be reached, or the connection to it was lost; see whether it runs, and whether the address is its own",
    };

    private static string Meaning(string state) => state switch
    {
        "53100" => "its disk is full",
        "53200" => "it is out of memory",
        "53300" => "it has too many connections",
        ReadOnly => "it is read-only",
        "57014" => "it took too long",
        "57P01" or "57P02" => "it is shutting down",
        "57P03" => "it is not ready yet",
        LockTimeout => "a lock was not to be had in time",
        Deadlock or Serialization => "other transactions were in the way",
        "3D000" => "there is no such database",
        "28000" or "28P01" => "it does not let this user in with this password; see --postgres or LHCRE_POSTGRES",
        "42501" => "this user may not do that",
        _ => state[..2] switch
        {
            "08" => "the connection to it was lost",
            "53" => "it is out of resources",
            "57" => "an operator intervened",
            "58" => "its system failed",
            "42" => "its schema is not as expected",
            "XX" => "its data are damaged, or it has a fault",
            _ => "it would not take what was written",
        },
    };
}
