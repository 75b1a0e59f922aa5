namespace Lhcre.Record;

/// <summary>When something was received. What was filed in one record and came to another by something else counts there only as long as both count.</summary>
/// <param name="At">When its source sent it to us.</param>
/// <param name="Cause">When that was received by which it came to this record, such as the number of a person who had none; null where it came by itself.</param>
public readonly record struct Receipt(DateTimeOffset At, DateTimeOffset? Cause = null)
{
    /// <summary>Of what came by itself.</summary>
    public static implicit operator Receipt(DateTimeOffset at) => new(at);
}
