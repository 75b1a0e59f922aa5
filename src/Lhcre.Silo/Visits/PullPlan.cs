using Lhcre.Record;

namespace Lhcre.Silo.Visits;

/// <summary>A source whose people visit here, and which is asked for what it holds of one who does. Nobody pushes for it.</summary>
/// <param name="Source">Its id and name.</param>
/// <param name="Base">Its FHIR base, with a slash at its end.</param>
internal sealed record PulledSource(SourceSystem Source, Uri Base)
{
    /// <summary>What is read, below the base: <c>{id}</c> is the Patient's id there, <c>{number}</c> the NHS number. Without <c>{id}</c> its Patient is not looked for first.</summary>
    public string Everything { get; init; } = "Patient/{id}/$everything";

    /// <summary>For how long one pull may take, all pages together: 1 s to 10 min; default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After how long without an answer the same is asked a second time, the first answer counting: some more than its usual slowest. Null for never.</summary>
    public TimeSpan? HedgeAfter { get; init; }

    /// <summary>For how long an answer stands before the next lookup asks again: 1 min to 7 d; default 4 h.</summary>
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How the ODS codes of the GP practices begin whose people are at home there; none where it is asked for every visitor.</summary>
    public IReadOnlyList<string> Practices { get; init; } = [];

    /// <summary>Whether what it answers is all that it says of the person, so that what it no longer says is withdrawn; default true.</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>A file with the value of the Authorization header, read before each request, since tokens change; null for none.</summary>
    public string? AuthorizationFile { get; init; }
}

/// <summary>From where the records of people are pulled who are at home elsewhere.</summary>
internal sealed record PullPlan
{
    /// <summary>From nowhere.</summary>
    public static PullPlan None { get; } = new();

    /// <summary>The sources.</summary>
    public IReadOnlyList<PulledSource> Sources { get; init; } = [];

    /// <summary>How the ODS codes of this region's GP practices begin; default those of Dorset, Hampshire and the Isle of Wight.</summary>
    public IReadOnlyList<string> HomePractices { get; init; } = ["J81", "J82", "J84"];

    /// <summary>For how long what was pulled is held where nobody says that the visit is over, counted from the last pull: 1 h to 366 d; default 14 d.</summary>
    public TimeSpan HeldFor { get; init; } = TimeSpan.FromDays(14);

    /// <summary>For how long it is held behind a discharge: 0 to 92 d; default 3 d.</summary>
    public TimeSpan AfterStay { get; init; } = TimeSpan.FromDays(3);

    /// <summary>For how long a lookup waits for those who are asked: 0 s to 20 s; default 2 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After how long one that did not answer is asked again by itself the first time, each time twice as long; default 5 s.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Who is asked for a visitor who is registered with these practices; with none, whose home is not known, all.</summary>
    public IEnumerable<PulledSource> For(IReadOnlyCollection<string> practices) => Sources.Where(
        s => s.Practices.Count == 0 || practices.Count == 0 || practices.Any(p => s.Practices.Any(begin => p.StartsWith(begin, StringComparison.Ordinal))));

    /// <summary>Whether a practice is of this region.</summary>
    public bool IsHere(string practice) => HomePractices.Any(begin => practice.StartsWith(begin, StringComparison.Ordinal));
}
