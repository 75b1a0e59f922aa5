using System.Buffers.Binary;
using System.Text;

namespace Lhcre.Record;

/// <summary>
/// Which of two statements about the same <see cref="EntryKey"/> is the later one: by time, then by <c>versionId</c>, then by the
/// content's hash. A total order, so that the live version never depends on which arrived first.
/// </summary>
/// <param name="Time">
/// <c>meta.lastUpdated</c>, else the Bundle's or message's time, else the arrival, to 100 ns. Null until an arrival stamp is given.
/// </param>
/// <param name="IsDeclared">Whether the source gave the time. An arrival stamp is ours, and is never shown as the source's.</param>
/// <param name="VersionId"><c>meta.versionId</c>. Two whole numbers compare as numbers; any number is below any other text; none is lowest.</param>
/// <param name="Content">Hash of what was said; zero for a withdrawal.</param>
public sealed record FragmentVersion(DateTimeOffset? Time, bool IsDeclared, string? VersionId, ContentHash Content) : IComparable<FragmentVersion>
{
    // No versionId of FHIR's has it, and it is above all of them: an extent is about everything up to its time.
    private const string OfAbsence = "~";

    private readonly long _time = Instants.Ticks(Time);

    /// <summary>The version of what a <see cref="SourceExtent"/> withdraws: the highest one of its time.</summary>
    public static FragmentVersion Absence(DateTimeOffset time) => new(time.ToUniversalTime(), true, OfAbsence, default);

    /// <summary>Whether it is what an extent withdrew, without a word of the source's about it.</summary>
    public bool IsAbsence => VersionId == OfAbsence && Content == default;

    /// <summary>
    /// When it was said; null until it is stamped. What software writes that has no time (0001-01-01T00:00:00Z) is none, here as in a row
    /// and in a sort key, which write none as 0 ticks.
    /// </summary>
    public DateTimeOffset? Time
    {
        get => Instants.At(_time);
        init => _time = Instants.Ticks(value);
    }

    /// <summary>Whether the source gave the time; false where there is none.</summary>
    public bool IsDeclared { get; init; } = IsDeclared && Time is { UtcTicks: > 0 };

    /// <summary>The source's name for the version; null where it has none, or an empty one.</summary>
    public string? VersionId { get; init; } = VersionId is "" ? null : VersionId;

    /// <summary>The version just above this one: there is none between the two.</summary>
    public FragmentVersion Above() => IsDeclared ? this with { Content = new ContentHash(Content.Bits + 1), IsDeclared = false } : this with { IsDeclared = true };

    /// <summary>The version just below this one; of an arrival's withdrawal, below which there is none of its name, itself.</summary>
    public FragmentVersion Below() => IsDeclared ? this with { IsDeclared = false }
        : Content == default ? this
        : this with { Content = new ContentHash(Content.Bits - 1), IsDeclared = true };

    /// <inheritdoc/>
    public int CompareTo(FragmentVersion? other)
    {
        if (other is null)
            return 1;
        var order = _time.CompareTo(other._time);
        return order != 0 ? order : SortKey().AsSpan().SequenceCompareTo(other.SortKey());
    }

    /// <summary>
    /// Bytes whose plain comparison is the order of versions, so that a database can compare them too: 8 bytes of UTC ticks big-endian,
    /// the versionId (0; or 1, digits without leading zeros behind their count, 255 less the leading zeros; or 2, UTF-8, 0), 16 bytes of
    /// content hash, 1 byte that is 1 for a declared time.
    /// </summary>
    public byte[] SortKey()
    {
        var id = VersionId ?? "";
        var key = new byte[8 + 3 + Encoding.UTF8.GetMaxByteCount(id.Length) + ContentHash.Length + 1];
        BinaryPrimitives.WriteInt64BigEndian(key, _time);
        var at = 8;
        if (id.Length == 0)
        {
            key[at++] = 0;
        }
        else if (id.Length <= MaxNumberLength && !id.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            // Numbers and other texts may not be mixed in one comparison: 2 < 10 as numbers, 10 < 1a < 2 as texts would be a circle.
            var digits = id.AsSpan().TrimStart('0');
            key[at++] = 1;
            key[at++] = (byte)digits.Length;
            at += Encoding.ASCII.GetBytes(digits, key.AsSpan(at));
            // 7 and 007 are the same number and still two texts: the order must not call them equal.
            key[at++] = (byte)(255 - (id.Length - digits.Length));
        }
        else
        {
            key[at++] = 2;
            at += Encoding.UTF8.GetBytes(id, key.AsSpan(at));
            key[at++] = 0;
        }

        Content.Write(key.AsSpan(at));
        at += ContentHash.Length;
        key[at++] = IsDeclared ? (byte)1 : (byte)0;
        return key[..at];
    }

    /// <summary>Reads what <see cref="SortKey"/> wrote.</summary>
    public static FragmentVersion FromSortKey(ReadOnlySpan<byte> key)
    {
        var ticks = BinaryPrimitives.ReadInt64BigEndian(key);
        var id = key[9..^(ContentHash.Length + 1)];
        var versionId = key[8] switch
        {
            0 => null,
            1 => new string('0', 255 - id[^1]) + Encoding.ASCII.GetString(id[1..^1]),
            _ => Encoding.UTF8.GetString(id[..^1]),
        };
        return new FragmentVersion(
            ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero), key[^1] == 1, versionId, ContentHash.Read(key[^(ContentHash.Length + 1)..]));
    }

    private const int MaxNumberLength = 64;
}
