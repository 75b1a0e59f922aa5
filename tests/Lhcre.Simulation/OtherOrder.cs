using System.Text;
using System.Text.RegularExpressions;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>The same told in another order, by nobody's fault: what the record of it all is held against.</summary>
internal static partial class OtherOrder
{
    /// <summary>
    /// Whatever was said: the fragments in the journal make the same record in any order. Where every version was declared, the pushes
    /// themselves do.
    /// </summary>
    public static async Task<string?> Difference(Story story, SimulatedCluster cluster, Dice dice)
    {
        foreach (var (patient, record) in await cluster.Invariants.Records(story))
        {
            var fragments = await cluster.Invariants.Fragments(patient);
            if (Replays.Difference(Masked(record, record.Corrections), Masked(Folded(patient, dice.Shuffled(fragments), dice), record.Corrections)) is { } difference)
                return $"{cluster.NameOf(patient)}, its fragments in another order: {difference}";
        }

        return null;
    }

    /// <summary>What differs between two clusters that were told the same, our own stamps apart; null for nothing.</summary>
    /// <param name="story">What they were told.</param>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    /// <param name="areFiledAlike">Whether each thing was filed under the same person; else it is only shown in the same record.</param>
    public static async Task<string?> Difference(Story story, SimulatedCluster one, SimulatedCluster other, bool areFiledAlike = true)
    {
        var (records, others) = (await one.Invariants.Records(story), await other.Invariants.Records(story));
        foreach (var (key, record) in records)
        {
            var its = others[key];
            if ((Replays.Difference(Masked(record, record.Corrections), Masked(its, record.Corrections)) ?? Replays.Difference(AtSources(record), AtSources(its))) is { } difference)
                return $"{one.NameOf(key)}, told in another order: {difference}";
        }

        EntryKey[] keys = [.. story.Pushes.SelectMany(p => p.Statements).Select(s => s.Fragment.Key).Distinct()];
        var (holders, otherHolders) = (await one.Undisturbed.FindPatients(keys, CancellationToken.None), await other.Undisturbed.FindPatients(keys, CancellationToken.None));
        for (var i = 0; i < keys.Length; i++)
        {
            // A DELETE names nobody: who held the entry last keeps the withdrawal, and which that is depends on what had come by then.
            var isLive = holders[i] is { } holder && records[holder].Entry(keys[i]) is { IsLive: true };
            if (areFiledAlike && isLive && holders[i] != otherHolders[i])
                return $"{keys[i].Reference} of {keys[i].Source} is {one.NameOf(holders[i] ?? default)}'s, and told in another order {one.NameOf(otherHolders[i] ?? default)}'s";
        }

        return null;
    }

    private static PatientRecord Folded(PatientKey patient, Fragment[] fragments, Dice dice)
    {
        var record = PatientRecord.Empty(patient, SimulatedCluster.Here);
        for (var at = 0; at < fragments.Length;)
        {
            var some = fragments[at..Math.Min(at + dice.Between(1, 5), fragments.Length)];
            at += some.Length;
            // What an extent withdrew stands there already: how far its source had told the whole is not to be asked again.
            IReadOnlyList<Fragment> taken = fragments.Any(f => f.Version.IsAbsence) ? some : Merge.Accept(record, some, default).Fragments;
            if (taken.Count > 0)
                record = Merge.Apply(record, new RecordRow(record.Seq + 1, PushId.Of("other", $"{at}"), default, LogBody.Write(taken), taken));
        }

        return record;
    }

    private static List<byte[]> Masked(PatientRecord record, Lhcre.Record.Corrections corrections)
    {
        var told = Told(record);
        return [.. record.All.ToArray().Where(r => r.Members.Any(m => told.Contains(m.Key))).Select(r =>
        {
            var (bytes, stamp) = (r.BundleEntryBytes, r.Segment.Stamp);
            bytes = [.. bytes.AsSpan(0, stamp.Start), .. bytes.AsSpan(stamp.End)];
            // Since when its source has said just this: a record that was given the latest version alone cannot know of an earlier one.
            // Of what was moved here we say whom it is about.
            if (r.Members.Any(m => corrections.HaveCome(m.Key)))
                bytes = Encoding.UTF8.GetBytes(Subject().Replace(Encoding.UTF8.GetString(bytes), ""));
            return r.Members.All(Invariants.IsSupporting) ? Encoding.UTF8.GetBytes(Recorded().Replace(Encoding.UTF8.GetString(bytes), "")) : bytes;
        })];
    }

    private static List<byte[]> AtSources(PatientRecord record)
    {
        var told = Told(record);
        return [.. record.Fragments(record.Entries.ToArray().Where(e => e.IsLive && told.Contains(e.Key))).Select(f => f.BundleEntry(record.Addresses).Entry)];
    }

    // What is the person's, and what that refers to. Of a supporting resource a record gets the versions that were kept while it referred to
    // it: what such a version referred to, and no later one does, stays in the record, and is nobody's statement about the person.
    private static HashSet<EntryKey> Told(PatientRecord record)
    {
        var live = record.Entries.ToArray().Where(e => e.IsLive).ToDictionary(e => e.Key);
        var pending = new Queue<Entry>(live.Values.Where(e => !Invariants.IsSupporting(e)));
        var told = pending.Select(e => e.Key).ToHashSet();
        while (pending.TryDequeue(out var next))
        {
            foreach (var target in next.Targets)
            {
                if (live.TryGetValue(target, out var entry) && told.Add(target))
                    pending.Enqueue(entry);
            }
        }

        return told;
    }

    [GeneratedRegex("\"subject\":\\{\"reference\":\"[^\"]*\"\\}")]
    private static partial Regex Subject();

    [GeneratedRegex(""",\{"url":"recorded","valueInstant":"[^"]*"\}""")]
    private static partial Regex Recorded();
}
