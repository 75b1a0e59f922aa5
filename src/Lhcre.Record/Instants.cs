namespace Lhcre.Record;

/// <summary>Instants as records and rows keep them: 8 bytes, UTC ticks of 100 ns, 0 for none.</summary>
internal static class Instants
{
    /// <summary>The ticks of an instant; 0 for none.</summary>
    public static long Ticks(DateTimeOffset? at) => at?.UtcTicks ?? 0;

    /// <summary>The instant of these ticks, in UTC; null for 0.</summary>
    public static DateTimeOffset? At(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);
}
