using System.Collections.Frozen;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>
/// What a source pushes although it is configured never to supply it. It is taken in, since the configuration refuses nothing, and the source and its operator are
/// told: readers are told of everybody else that this source never supplies such a thing.
/// </summary>
internal static class UnexpectedTypes
{
    /// <summary>What was received, with a warning at each such entry. Not of Patients, nor of what is about nobody: whoever supplies anything supplies those.</summary>
    public static Received Told(Received received, SourceSystem source) => source.Supplies is not { } supplies
        ? received
        : received with { Entries = [.. received.Entries.Select(e => IsExpected(e, supplies) ? e : e with { Issues = [.. e.Issues, new Issue(IssueCodes.UnexpectedType, e.Key!.Type, null, source.Id)] })] };

    private static bool IsExpected(ReceivedEntry entry, FrozenSet<string> supplies) =>
        entry is not { IsRefused: false, Fragment.Kind: FragmentKind.Stated, Key: { } key } || !SourceExtent.CanCover(key.Type) || supplies.Contains(key.Type);
}
