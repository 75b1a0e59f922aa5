using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains.Visits;

/// <summary>Asks one source for one person, and files what it answers. Does not fail: how it ended is an answer.</summary>
public delegate Task<PullEnd> PullFrom(PullOrder order, CancellationToken cancellation);

/// <summary>Whom to ask for, and where.</summary>
/// <param name="Source">The source's id.</param>
/// <param name="Patient">Whose record.</param>
/// <param name="Number">The person's NHS number.</param>
/// <param name="Lane">Whether somebody waits for it.</param>
public sealed record PullOrder(string Source, PatientKey Patient, NhsNumber Number, Lane Lane);

/// <summary>How it ended.</summary>
/// <param name="IsAnswered">Whether the source answered, so that it need not be asked again; what it said is on disk then.</param>
/// <param name="Code">What a reader is to be told of it; null for nothing.</param>
public sealed record PullEnd(bool IsAnswered, IssueCode? Code)
{
    /// <summary>It answered, and all is in the record.</summary>
    public static PullEnd Whole { get; } = new(true, null);
}

/// <summary>When a source is asked again.</summary>
/// <param name="FreshFor">For how long an answer of each source stands.</param>
public sealed record PullTimes(IReadOnlyDictionary<string, TimeSpan> FreshFor)
{
    /// <summary>After how long one that did not answer is asked again by itself the first time; each time twice as long. Default 5 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest of these pauses: 5 min.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How often it is asked by itself: 12 times, half an hour. Then whoever looks the person up next has it asked again.
    /// </summary>
    public int Tries { get; init; } = 12;
}
