using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>One change of a journal, as it waits for a commit. A closed set.</summary>
internal abstract record JournalWrite
{
    // What a row takes beside its body, near enough for the size of a batch.
    private const long RowBytes = 128;

    private JournalWrite()
    {
    }

    /// <summary>About how many bytes it writes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Which lane it waits in: the live one where somebody waits for it.</summary>
    public virtual Lane Lane => Lane.Live;

    /// <summary>Whose head it moves; null where it moves none.</summary>
    public virtual PatientKey? Head => null;

    public sealed record OfRow(Append Append) : JournalWrite
    {
        public override long Bytes =>
            Append.Row.Body.Length
            + RowBytes * (1 + Append.Index.Length + Append.Unindexed.Length + Append.Unused.Length + Append.LocalIdentifiers.Length + Append.Uses.Length)
            + RowBytes * PersonRow.Count(Append.Person) + Sum(Append.Supporting) + Sum(Append.Withholds);

        public override Lane Lane => Append.Lane;

        public override PatientKey? Head => Append.Patient;
    }

    public sealed record OfFold(Fold Fold) : JournalWrite
    {
        public override long Bytes => Fold.Live.Concat(Fold.History).Sum(chunk => RowBytes + chunk.Body.Length);

        public override Lane Lane => Lane.Backfill;

        public override PatientKey? Head => Fold.Patient;
    }

    public sealed record OfBlanking(Blanking Blanking) : JournalWrite
    {
        public override long Bytes => new OfRow(Blanking.Append).Bytes + Blanking.Live.Concat(Blanking.History).Sum(chunk => RowBytes + chunk.Body.Length)
            + RowBytes * (Blanking.Names.Length + Blanking.Asides.Length + Blanking.Answers.Length);

        public override Lane Lane => Blanking.Append.Lane;

        public override PatientKey? Head => Blanking.Append.Patient;
    }

    public sealed record OfLease(Lease Lease) : JournalWrite
    {
        public override long Bytes => RowBytes;
    }

    public sealed record OfDischarge(PatientKey Patient, DateTimeOffset Until) : JournalWrite
    {
        public override long Bytes => RowBytes;
    }

    public sealed record OfAdopted(string Source, DateTimeOffset From, DateTimeOffset Until) : JournalWrite
    {
        public override long Bytes => RowBytes;

        public override Lane Lane => Lane.Backfill;
    }

    public sealed record OfScrubbed(long Mark) : JournalWrite
    {
        public override long Bytes => RowBytes;

        public override Lane Lane => Lane.Backfill;
    }

    public sealed record OfSupporting(IReadOnlyList<SupportingResource> Resources) : JournalWrite
    {
        public override long Bytes => Sum(Resources);
    }

    public sealed record OfParked(IReadOnlyList<ParkedResource> Resources) : JournalWrite
    {
        public override long Bytes => Sum(Resources);
    }

    public sealed record OfUnparked(IReadOnlyList<string> Ids) : JournalWrite
    {
        public override long Bytes => RowBytes * Ids.Count;
    }

    public sealed record OfRefused(IReadOnlyList<RefusedLetter> Letters) : JournalWrite
    {
        public override long Bytes => Letters.Sum(letter => RowBytes + letter.Body.Length);
    }

    public sealed record OfDiscarded(string Source, string Id, Discarding Why) : JournalWrite
    {
        public override long Bytes => RowBytes;
    }

    public sealed record OfAnswer(PushId Push, KeptAnswer Answer, DateTimeOffset Since) : JournalWrite
    {
        public override long Bytes => RowBytes + Answer.Body.Length;
    }

    public sealed record OfSettled(IReadOnlyList<long> FollowUps) : JournalWrite
    {
        public override long Bytes => RowBytes * FollowUps.Count;

        public override Lane Lane => Lane.Backfill;
    }

    public sealed record OfPeople(IReadOnlyList<PersonDescription> People) : JournalWrite
    {
        public override long Bytes => People.Sum(person => RowBytes * (1 + PersonRow.Count(person.Person)));

        public override Lane Lane => Lane.Backfill;
    }

    private static long Sum(IReadOnlyList<ParkedResource> resources) => resources.Sum(parked => RowBytes + parked.Body.Length);

    private static long Sum(IReadOnlyList<SupportingResource> resources) => resources.Sum(resource => RowBytes + resource.Body.Length);
}
