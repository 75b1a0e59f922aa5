namespace Lhcre.Cluster.Tests;

/// <summary>How much is done: a part of it in every check, all of it under <c>LHCRE_LONG=1</c>.</summary>
internal static class Scale
{
    public static bool IsLong => Environment.GetEnvironmentVariable("LHCRE_LONG") == "1";

    /// <summary>The first, or the second under <c>LHCRE_LONG=1</c>.</summary>
    public static int Of(int quick, int full) => IsLong ? full : quick;
}
