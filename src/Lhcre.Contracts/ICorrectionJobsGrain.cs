using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Lhcre.Contracts;

/// <summary>
/// The corrections that were ordered of what one source sent, and how far each is: its key is the source's id. What it was told is on disk when it answers.
/// </summary>
[Alias("lhcre.correction-jobs")]
public interface ICorrectionJobsGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes an order. One of the same id, a quarantine just like one that nobody has ended, and the end of one that has been ended are the one that there is.
    /// </summary>
    /// <returns>The job, new or not.</returns>
    [Alias("order")]
    ValueTask<CorrectionJob> Order(CorrectionJob job);

    /// <summary>All of them, the first one first.</summary>
    [Alias("list"), AlwaysInterleave]
    ValueTask<ImmutableArray<CorrectionJob>> List();

    /// <summary>Takes up the first one that is not done, for 30 seconds; null where there is none, or somebody else has it.</summary>
    /// <param name="holder">Who takes it up.</param>
    [Alias("take")]
    ValueTask<CorrectionJob?> Take(string holder);

    /// <summary>How far it is by now; and for another 30 seconds.</summary>
    /// <param name="job">As it was taken, and further.</param>
    /// <returns>False where somebody else has taken it up: nothing changed.</returns>
    [Alias("advance")]
    ValueTask<bool> Advance(CorrectionJob job);
}

/// <summary>A correction that is carried out in one record after the other.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.correction-job")]
public sealed record CorrectionJob
{
    /// <summary>What each record is told.</summary>
    [Id(0)]
    public required CorrectionRequest Request { get; init; }

    /// <summary>When it was ordered.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Whose record alone; null for everybody's.</summary>
    [Id(2)]
    public string? Person { get; init; }

    /// <summary>When the first record was told; null before.</summary>
    [Id(3)]
    public DateTimeOffset? Began { get; init; }

    /// <summary>When the last one was; null before.</summary>
    [Id(4)]
    public DateTimeOffset? Ended { get; init; }

    /// <summary>In which round of the records it is, from 0: there are two, since what one record lets go of another claims.</summary>
    [Id(5)]
    public int Round { get; init; }

    /// <summary>Behind whose record it goes on; null for the first.</summary>
    [Id(6)]
    public string? After { get; init; }

    /// <summary>Records that were told, in both rounds.</summary>
    [Id(7)]
    public long Told { get; init; }

    /// <summary>Those of them that it concerned.</summary>
    [Id(8)]
    public long Changed { get; init; }

    /// <summary>Records that could not be told, since they cannot be read.</summary>
    [Id(9)]
    public long Failed { get; init; }

    /// <summary>How often somebody else went on with it.</summary>
    [Id(10)]
    public int Resumed { get; init; }

    /// <summary>Who has taken it up; null for nobody.</summary>
    [Id(11)]
    public string? Holder { get; init; }

    /// <summary>Until when.</summary>
    [Id(12)]
    public DateTimeOffset Until { get; init; }

    /// <summary>Who ordered it, in their own words; null where nobody was asked.</summary>
    [Id(20)]
    public string? By { get; init; }

    /// <summary>The one among some that orders the same as another; null for none.</summary>
    public static CorrectionJob? Same(ImmutableArray<CorrectionJob> jobs, CorrectionJob job)
    {
        var ended = jobs.Select(j => j.Request.Ends).ToHashSet();
        return jobs.FirstOrDefault(j => j.Request.Id == job.Request.Id
            || (job.Request.Ends is { } ends && j.Request.Ends == ends)
            || (job.Request.Ends is null && j.Request.Ends is null && !ended.Contains(j.Request.Id) && j.Person == job.Person
                && (j.Request.Move is { } move ? job.Request.Move is { } other && move.Moves(other) : job.Request.Move is null && (j.Request.From, j.Request.To) == (job.Request.From, job.Request.To))));
    }
}
