using System.Security.Cryptography;
using Lhcre.Record;

namespace Lhcre.Silo;

/// <summary>Where the pseudonym key comes from: the environment, a file that it names, or the file beside the embedded store.</summary>
internal static class PseudonymKeyFile
{
    /// <summary>What is said where the silos of a cluster are given none: each would make one of its own.</summary>
    public const string Required =
        "--postgres: set LHCRE_PSEUDONYM_KEY or LHCRE_PSEUDONYM_KEY_FILE, the same for all that share the database (a new one: openssl rand -base64 32).";

    /// <summary>The key; made and written with mode 600 at the first start of an embedded store.</summary>
    /// <exception cref="StartRefusedException">What is given is no key, or cannot be read.</exception>
    public static PseudonymKey Load(ServeOptions options)
    {
        if (options.PseudonymKey is { Length: > 0 } text)
            return Read(text, "LHCRE_PSEUDONYM_KEY");
        var path = options.PseudonymKeyFile is { Length: > 0 } given ? given : Path.Combine(options.Data, "pseudonym.key");
        try
        {
            if (options.PseudonymKeyFile is null or "" && !File.Exists(path))
                Make(options.Data, path);
            return Read(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The pseudonym key {path} cannot be read: {failure.Message}");
        }
    }

    private static PseudonymKey Read(string text, string place)
    {
        var secret = new byte[PseudonymKey.Length + 1];
        return Convert.TryFromBase64String(text.Trim(), secret, out var length) && length == PseudonymKey.Length
            ? new PseudonymKey(secret.AsSpan(0, length))
            : throw new StartRefusedException($"{place} is no pseudonym key: base64 of {PseudonymKey.Length} bytes is expected (openssl rand -base64 32).");
    }

    // Whole or not at all: half a key after a crash would be taken for a damaged one.
    private static void Make(string folder, string path)
    {
        Directory.CreateDirectory(folder);
        var draft = path + ".new";
        using (var stream = new FileStream(draft, FileOptions()))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(PseudonymKey.Length)) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: false);
    }

    private static FileStreamOptions FileOptions() => OperatingSystem.IsWindows()
        ? new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write }
        : new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
}

/// <summary>The process cannot start, for a reason that an operator can mend: one line, no stack trace.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
