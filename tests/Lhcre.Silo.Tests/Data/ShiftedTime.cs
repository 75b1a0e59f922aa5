namespace Lhcre.Silo.Tests.Data;

/// <summary>The system's time, some time later; its timers are the system's.</summary>
internal sealed class ShiftedTime : TimeProvider
{
    private TimeSpan _by;

    public void Shift(TimeSpan by) => _by += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _by;
}
