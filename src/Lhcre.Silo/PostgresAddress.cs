using Npgsql;

namespace Lhcre.Silo;

/// <summary>A connection string: whether it is one, and what may be shown of it.</summary>
internal static class PostgresAddress
{
    /// <summary>What is said where it is none. Not a word of it: what is wrong with it may be the password.</summary>
    public const string Expected =
        "--postgres: this is no connection string; the form is \"Host=…;Port=…;Username=…;Password=…;Database=…\" with a host at least.";

    /// <summary>Whether it can be read, and names a host.</summary>
    public static bool IsValid(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Host, port and database of a valid one, for people: <c>db.example:5432/lhcre</c>.</summary>
    public static string Shown(string text)
    {
        var parts = new NpgsqlConnectionStringBuilder(text);
        return $"{parts.Host}:{parts.Port}/{parts.Database ?? parts.Username}";
    }
}
