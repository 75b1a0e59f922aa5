namespace Lhcre.Record;

/// <summary>A record made anew of its log, where a correction says that some of it does not count, or counts again (decision 0022).</summary>
public static class Restatement
{
    /// <summary>The record that the rows make that these corrections leave standing, whenever each was ordered.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="addresses">Where it is served.</param>
    /// <param name="corrections">Which rows stand; those of the rows themselves are not asked.</param>
    /// <param name="log">All its rows, in order.</param>
    public static PatientRecord Of(PatientKey key, Addresses addresses, Corrections corrections, IEnumerable<RecordRow> log)
    {
        var replay = new Replay(new PatientRecord(PatientRecord.Empty(key, addresses)) { Corrections = corrections });
        foreach (var row in log)
            replay.Take(row);
        return replay.Record;
    }

    /// <summary>
    /// The record after a row that corrects it: what says the same as before keeps its stamps, and all else gets those of this row. Of an erasure all gets them.
    /// </summary>
    /// <param name="record">The record before.</param>
    /// <param name="row">The row, with its correction and what it brings along.</param>
    /// <param name="log">All rows before it, in order. Read more than once.</param>
    public static PatientRecord Of(PatientRecord record, RecordRow row, IEnumerable<RecordRow> log)
    {
        if (row.Correction is not { } correction || row.Seq != record.Seq + 1)
            throw new ArgumentException($"Row {row.Seq} corrects nothing of a record of {record.Seq} rows.", nameof(row));
        var anew = Of(record.Key, record.Addresses, record.Corrections.With(correction), log);
        if (anew.Seq != record.Seq)
            throw new ArgumentException($"A log of {anew.Seq} rows is not that of a record of {record.Seq}.", nameof(log));
        var corrected = Stamped(anew, record, row);
        // What a correction brings along may be what something else refers to, whose words are needed then.
        var words = row.Fragments.Count == 0 ? [] : log.ToDictionary(r => r.Seq, r => r.Fragments);
        return Merge.TryApply(corrected, row, words, out _) ?? throw new InvalidOperationException("A row that a record is made of is not in its log.");
    }

    /// <summary>
    /// What a source left out of a whole push while it did not count, so that it is not withdrawn in the row of that push: it is withdrawn as of it all the same.
    /// </summary>
    /// <param name="log">All rows of a record, in order.</param>
    /// <param name="source">The source.</param>
    public static IReadOnlyCollection<Fragment> Missing(IEnumerable<RecordRow> log, string source)
    {
        var (corrections, said) = (Corrections.None, new List<(EntryKey Key, Receipt Received, bool IsOfCorrection)>());
        var missing = new Dictionary<EntryKey, Fragment>();
        foreach (var row in log)
        {
            var marks = row.Fragments.Where(f => f.Key.Source == source && SourceExtent.IsMark(f.Key)).ToDictionary(f => f.Key);
            // As it was held against then.
            var basis = corrections.Without(source, row.Receipt);
            if (marks.Count > 0 && basis.InForce.Any(q => q.Source == source))
            {
                var known = said.Where(s => s.IsOfCorrection || !basis.Exclude(source, s.Received)).Select(s => s.Key).Concat(row.Fragments.Select(f => f.Key)).ToHashSet();
                foreach (var key in said.Select(s => s.Key).Where(k => !known.Contains(k)).Distinct())
                {
                    if (SourceExtent.Newest(key, marks) is { } time && !(missing.GetValueOrDefault(key)?.Version.Time > time))
                        missing[key] = Fragment.Absent(key, time);
                }
            }

            said.AddRange(row.Fragments.Where(f => row.Move is null && f.Key.Source == source && !SourceExtent.IsMark(f.Key)).Select(f => (f.Key, row.Receipt, row.Correction is not null)));
            corrections = row.Correction is { } correction ? corrections.With(correction) : corrections;
        }

        return missing.Values;
    }

    private static PatientRecord Stamped(PatientRecord anew, PatientRecord before, RecordRow row)
    {
        var resources = anew.Resources.ToArray();
        // What an erasure leaves of the log counts lower versions than were served: that may say the same, and no version may ever fall.
        var isErased = row.Correction is Erasure;
        var isChanged = isErased || resources.Length != before.Resources.Count;
        for (var i = 0; i < resources.Length; i++)
        {
            var resource = resources[i];
            if (!isErased && before.Resources.TryFind(new MergedResource.BySmallest(resource.Smallest), out var previous) && previous.Segment.SaysTheSameAs(resource.Segment))
            {
                resources[i] = resource.As(previous.Segment, previous.Version, previous.LastUpdated, previous.Disagreement?.Since);
                continue;
            }

            isChanged = true;
            resources[i] = resource.As(MetaRendering.Restamp(resource.Segment, resource.Version, row.Seq, row.At), row.Seq, row.At, resource.Disagreement?.Since);
        }

        return new PatientRecord(anew)
        {
            Resources = OrderedSet<MergedResource>.Of(resources),
            Version = isChanged ? row.Seq : before.Version,
            LastUpdated = isChanged ? row.At : before.LastUpdated,
        };
    }
}
