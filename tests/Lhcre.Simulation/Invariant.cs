namespace Lhcre.Simulation;

/// <summary>The names of what always holds.</summary>
internal static class Invariant
{
    public const string AcknowledgedIsPresent = "acknowledged ⇒ present after recovery";
    public const string HistoryStays = "what was journalled stays as it was";
    public const string ConfirmedIsFresh = "a confirmed answer is as of 15 seconds ago or later";
    public const string NoPushTwice = "no push takes effect twice";
    public const string NoGaps = "versions without gaps";
    public const string OrderDoesNotMatter = "the final record does not depend on the order";
    public const string ServedIsReplay = "served bytes = replay of the journal";
    public const string IndexNamesHolder = "the index names the record that holds the fragment";
    public const string FencedIsSilent = "a fenced activation answers nobody";
    public const string ReferredIsDelivered = "what a record refers to is delivered to it";
    public const string LastWordStands = "what a source said last is what it says";
    public const string AllIsAcknowledged = "everything is acknowledged in the end";
    public const string MovedIsFiledRightly = "what was moved is as if its source had filed it so from the beginning";

    public const string OrderedIsInForce = "a quarantine that was ordered is in force in every record that it concerns";
    public const string NothingPulledIsLeft = "what is erased is nowhere";
    public const string NothingUnexpected = "nothing fails that nothing explains";
}

/// <summary>Something that always holds does not.</summary>
internal sealed class BrokenInvariantException(string invariant, string detail) : Exception($"{invariant}: {detail}")
{
    /// <summary>Its name: one of <see cref="Simulation.Invariant"/>.</summary>
    public string Invariant { get; } = invariant;
}
