namespace Lhcre.Record;

/// <summary>When something was received. What was filed in one record and came to another by something else counts there only as long as both count.</summary>
/// <param name="At">When its source sent it to us.</param>
/// <param name="Cause">When that was received by which it came to this record, such as the number of a person who had none; null where it came by itself.</param>
/// <param name="Move">The <see cref="Record.Move"/> by which it is here, of what its source filed in another person's record; null where it was filed here.</param>
public readonly record struct Receipt(DateTimeOffset At, DateTimeOffset? Cause = null, PushId? Move = null)
{
    /// <summary>Of what came by itself.</summary>
    public static implicit operator Receipt(DateTimeOffset at) => new(at);
}
