using Orleans.Concurrency;

namespace Lhcre.Contracts;

/// <summary>
/// One person's record. The key is the person's pseudonym (<see cref="Record.PatientKey"/>). Pushes are taken one after the other; reads
/// answer at once from the record as it was after the last push that is on disk.
/// </summary>
[Alias("lhcre.patient")]
public interface IPatientGrain : IGrainWithStringKey
{
    /// <summary>
    /// Takes in what one source says of this person. When it answers <see cref="PushStatus.Applied"/> or
    /// <see cref="PushStatus.Unchanged"/>, what it says is on disk. The same push id within 30 days changes nothing.
    /// </summary>
    [Alias("push")]
    ValueTask<PushAnswer> Push(PushRequest push, Caller caller);

    /// <summary>
    /// Says which rows of the record's log count from now on: a quarantine, or its end. When it answers <see cref="PushStatus.Applied"/> or
    /// <see cref="PushStatus.Unchanged"/>, that is on disk. Called again, it changes nothing of what the record says; what is found by the entries that count
    /// again is claimed then, where no other record holds it any more.
    /// </summary>
    [Alias("correct")]
    ValueTask<PushAnswer> Correct(CorrectionRequest request, Caller caller);

    /// <summary>
    /// Erases what a source said, or everybody. When it answers <see cref="PushStatus.Applied"/> or <see cref="PushStatus.Unchanged"/>, nothing of it is in the
    /// record, its log and the registers any more, in memory or on disk; but for what the store itself has not overwritten yet.
    /// </summary>
    [Alias("erase")]
    ValueTask<PushAnswer> Erase(EraseRequest request, Caller caller);

    /// <summary>
    /// Reads the merged record, or what one source said. Of a person who is restricted at this moment, whatever version is read, the merged record is answered without
    /// what tells where they are (<see cref="ReadAnswer.IsRestricted"/>).
    /// </summary>
    [AlwaysInterleave, Alias("read")]
    ValueTask<ReadAnswer> Read(ReadRequest request, Caller caller);

    /// <summary>Every version of the record, the first one first. Reads the journal.</summary>
    [AlwaysInterleave, Alias("history")]
    ValueTask<IReadOnlyList<RecordVersion>> History(Caller caller);
}
