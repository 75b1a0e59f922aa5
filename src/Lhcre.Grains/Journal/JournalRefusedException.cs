namespace Lhcre.Grains.Journal;

/// <summary>
/// The journal cannot be opened, and trying again will not help: the message says what an operator has to do. Show it alone; the stack
/// trace adds nothing.
/// </summary>
public abstract class JournalRefusedException : Exception
{
    private protected JournalRefusedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>Another process has the folder open.</summary>
public sealed class JournalInUseException : JournalRefusedException
{
    internal JournalInUseException(string folder, Exception inner)
        : base($"The data folder '{folder}' is in use by another process. Stop that process, or give this one a folder of its own.", inner)
    {
    }
}

/// <summary>The folder cannot be made, read or written.</summary>
public sealed class JournalFolderException : JournalRefusedException
{
    internal JournalFolderException(string folder, Exception inner)
        : base($"The data folder '{folder}' cannot be used: {inner.Message} Give this process a folder that it may write to.", inner)
    {
    }
}

/// <summary>The patients in the journal are named with another pseudonym key than the one given, under which nobody would be found.</summary>
public sealed class JournalKeyException : JournalRefusedException
{
    internal JournalKeyException(string stored, string given)
        : base(
            $"The data were written under the pseudonym key with fingerprint {stored}, and the given key has {given}. "
            + "Give the key that belongs to these data, or another data folder.")
    {
    }
}

/// <summary>The connection string is not one.</summary>
public sealed class JournalAddressException : JournalRefusedException
{
    // Without the cause, which may quote a part of the string: there is a password in it.
    internal JournalAddressException()
        : base("The connection string of the journal's database cannot be read. Give one such as \"Host=db;Database=lhcre;Username=lhcre;Password=…\".")
    {
    }
}

/// <summary>The database's schema is not one that this version can work with.</summary>
public sealed class JournalSchemaException : JournalRefusedException
{
    internal JournalSchemaException(string message)
        : base(message)
    {
    }

    internal static JournalSchemaException TooNew(long found, long known) => new(
        $"The database has schema {found}, and this version knows schemas up to {known}. Start the version that wrote it, or a newer one.");

    internal static JournalSchemaException NotAJournal(string file) => new(
        $"'{file}' is a database, but no journal of this system. Give another data folder.");

    internal static JournalSchemaException TooOld(string missing) => new(
        $"The database has not been brought to the schema of this version ({missing} is missing). Run: Lhcre.Silo migrate --postgres …");

    internal static JournalSchemaException TooNew(string unknown) => new(
        $"The database has a newer schema than this version knows ({unknown}). Start the version that wrote it, or a newer one.");

    internal static JournalSchemaException NoJournal() => new(
        "The database holds no journal of this system. For an empty one run: Lhcre.Silo migrate --postgres …");

    internal static JournalSchemaException SomethingElse() => new(
        "The database holds tables, and none of this system's. Give an empty database.");
}
