using System.Collections.Frozen;

namespace Lhcre.Record;

/// <summary>
/// With which verification status a source's NHS number names the person whose record it is. Any other number is shown as sent, and nothing is filed
/// or found by it.
/// </summary>
/// <remarks>
/// 01 (present and verified) always does. 02 (present, not traced) and a number without a status do where a source is trusted so far. 03 to 08 never
/// do: the sender itself doubts that the number is this person's. Messages of the NHS (ITK CDA) keep traced and untraced numbers under two OIDs for
/// this reason.
/// </remarks>
public sealed record NumberTrust
{
    /// <summary>How a number without a status is written in a configuration: <c>none</c>.</summary>
    public const string WithoutStatus = "none";

    private readonly FrozenSet<string> _statuses;

    private NumberTrust(IEnumerable<string> statuses) => _statuses = statuses.Append(VerificationStatus.PresentAndVerified).ToFrozenSet();

    /// <summary>Verified numbers, and those without a status.</summary>
    public static NumberTrust Usual { get; } = new([WithoutStatus]);

    /// <summary>01 and these: <c>02</c>, <c>none</c>. False where another is among them.</summary>
    public static bool TryOf(IReadOnlyCollection<string> statuses, out NumberTrust trust)
    {
        var isValid = statuses.Count > 0 && statuses.All(s => s is VerificationStatus.PresentAndVerified or VerificationStatus.PresentNotTraced or WithoutStatus);
        trust = isValid ? new NumberTrust(statuses) : Usual;
        return isValid;
    }

    /// <summary>Whether a number of this status names the person.</summary>
    /// <param name="status"><c>01</c> to <c>08</c> or anything else that was sent; null for none.</param>
    public bool Names(string? status) => _statuses.Contains(status ?? WithoutStatus);

    /// <summary>Equality by the statuses.</summary>
    public bool Equals(NumberTrust? other) => other is not null && _statuses.SetEquals(other._statuses);

    /// <inheritdoc/>
    public override int GetHashCode() => _statuses.Count;
}
