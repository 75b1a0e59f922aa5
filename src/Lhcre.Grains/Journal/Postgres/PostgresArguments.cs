using System.Runtime.InteropServices;
using System.Text;
using Lhcre.Record;
using Npgsql;
using NpgsqlTypes;

namespace Lhcre.Grains.Journal;

/// <summary>Values as PostgreSQL takes them: by position, rows as arrays of columns.</summary>
internal static class PostgresArguments
{
    public static NpgsqlParameter Texts(IReadOnlyList<string?> values) => Array(values, NpgsqlDbType.Text);

    public static NpgsqlParameter Numbers(IReadOnlyList<long> values) => Array(values, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Numbers(IReadOnlyList<int> values) => Array(values, NpgsqlDbType.Integer);

    public static NpgsqlParameter Numbers(IReadOnlyList<short> values) => Array(values, NpgsqlDbType.Smallint);

    public static NpgsqlParameter Flags(IReadOnlyList<bool> values) => Array(values, NpgsqlDbType.Boolean);

    public static NpgsqlParameter Blobs(IReadOnlyList<byte[]?> values) => Array(values, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter TextOrNull(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Number(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Number(long? value) => new() { Value = value is { } number ? number : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Number(int value) => new NpgsqlParameter<int> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Blob(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    /// <summary>
    /// A text that the server can hold: it has no NUL, and no half of a surrogate pair. Not for what must tell any two texts apart; for that,
    /// <see cref="Utf8"/>.
    /// </summary>
    public static string? Storable(string? text) =>
        text is null || (!text.Contains('\0', StringComparison.Ordinal) && IsUnicode(text))
            ? text
            : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD')));

    /// <summary>Any text as bytes.</summary>
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>The bytes, without a copy where they are the whole of their array.</summary>
    public static byte[] Bytes(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();

    /// <summary>A push's id.</summary>
    public static byte[] Bytes(PushId push)
    {
        var bytes = new byte[ContentHash.Length];
        push.Hash.Write(bytes);
        return bytes;
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    private static NpgsqlParameter<T[]> Array<T>(IReadOnlyList<T> values, NpgsqlDbType type) =>
        new() { TypedValue = values as T[] ?? [.. values], NpgsqlDbType = NpgsqlDbType.Array | type };
}
