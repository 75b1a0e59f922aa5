using Lhcre.Silo.Tests.Data;

namespace Lhcre.Silo.Tests.Searching;

/// <summary>The people of the archive, read once for all tests: 6, or 60 where counts are full.</summary>
internal static class SyntheaPeople
{
    private static readonly Lock Reading = new();
    private static List<PushedPerson>? _people;

    public static IReadOnlyList<PushedPerson> Of(string archive)
    {
        lock (Reading)
            return _people ??= [.. PushedPerson.Read(archive, SharedData.IsLong ? 60 : 6)];
    }
}
