using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Lhcre.Contracts;

/// <summary>
/// The sources that are asked about one person whose home may be there: for all silos together, so that a source is asked once, however many look the
/// person up at once. The key is the person's pseudonym (<see cref="Record.PatientKey"/>).
/// </summary>
[Alias("lhcre.visit")]
public interface IVisitGrain : IGrainWithStringKey
{
    /// <summary>
    /// Has each of these sources asked, unless that is under way or was done lately; and says how it stands with each, in their order: when all have
    /// answered, or at the deadline of the first who asked.
    /// </summary>
    [AlwaysInterleave, Alias("ask")]
    ValueTask<ImmutableArray<PullStatus>> Ask(PullRequest request);

    /// <summary>What a source answered was erased: whoever looks the person up next has it asked again. A pull that is under way goes on, and is of a visit of its own.</summary>
    /// <param name="source">The source's id; null for all.</param>
    [Alias("forget")]
    ValueTask Forget(string? source);
}

/// <summary>Whom to ask for, and how long to wait.</summary>
/// <param name="Number">The NHS number: ten digits.</param>
/// <param name="Sources">The ids of the sources.</param>
/// <param name="Within">For how long an answer is waited for, counted from when the source was asked; zero for not at all.</param>
/// <param name="Lane">Whether somebody waits for it.</param>
[GenerateSerializer, Immutable, Alias("lhcre.pull-request")]
public sealed record PullRequest(
    [property: Id(0)] string Number, [property: Id(1)] ImmutableArray<string> Sources, [property: Id(2)] TimeSpan Within, [property: Id(3)] Lane Lane)
{
    /// <summary>Without the number: Orleans prints a call's arguments where the call fails or waits.</summary>
    public override string ToString() => $"{nameof(PullRequest)} of {Sources.Length} sources";
}

/// <summary>How it stands with what a source was asked.</summary>
/// <param name="Source">The source's id.</param>
/// <param name="Code">The issue code of what a reader is to be told; null where it answered and there is nothing to be told.</param>
/// <param name="Since">Since when: when it was first asked without an answer, or when it answered.</param>
/// <param name="Held">When it last answered, so that what it said is here; null for never.</param>
[GenerateSerializer, Immutable, Alias("lhcre.pull-status")]
public sealed record PullStatus(
    [property: Id(0)] string Source, [property: Id(1)] string? Code, [property: Id(2)] DateTimeOffset Since, [property: Id(3)] DateTimeOffset? Held);
