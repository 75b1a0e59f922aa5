using System.Collections.Immutable;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>
/// Takes the clusters apart that touched entries could change, and forms them anew. The component is the unit of rework (rule 3 of
/// CLINICAL.md).
/// </summary>
internal sealed class Reclustering(RecordDraft draft, RecordView before, Showing showing, HashSet<EntryKey> touched)
{
    private readonly List<EntryKey> _dependent = [];

    /// <summary>Does it, and returns the entries whose keys depend on a cluster that is another one now.</summary>
    public List<EntryKey> Run()
    {
        if (touched.Count == 0)
            return [];
        Index();
        var now = draft.View;
        var component = Candidates.Component(touched, before, now);
        if (component.Any(k => k.Type == "Patient"))
            component.UnionWith(draft.Before.Patient?.Members.Select(m => m.Key) ?? []);
        var old = component.Select(draft.Before.ResourceOf).OfType<MergedResource>().Distinct().ToList();
        foreach (var resource in old)
        {
            draft.Dissolve(resource);
            if (resource.Ties?.Disagreement is { } disagreement)
                showing.Withdraw(disagreement);
        }

        var formed = Form(component, now);
        Redirect(old);
        MarkReferrers(component, old, formed);
        MarkDependent(component, formed);
        return _dependent;
    }

    // A touched entry's keys are what it states now, with the targets of its references as they are now.
    private void Index()
    {
        var now = draft.View;
        foreach (var key in touched)
        {
            foreach (var match in before.Entry(key) is { } was ? MatchKeys.Of(was, before) : [])
                draft.Matches = draft.Matches.Without(new KeyedEntry.At(match, key));
            if (now.Entry(key) is not { } entry)
                continue;
            foreach (var match in MatchKeys.Of(entry, now))
                draft.Matches = draft.Matches.With(new KeyedEntry.At(match, entry.Key), new KeyedEntry(match, entry.Key));
        }
    }

    private List<MergedResource.Statement> Form(HashSet<EntryKey> component, RecordView now)
    {
        var formed = new List<MergedResource.Statement>();
        var entries = component.Select(now.Entry).OfType<Entry>().ToList();
        var clusters = Clusters.Form(entries.Where(e => e.Key.Type != "Patient" && now.IsShown(e)), now);
        var relations = Relations.Of(clusters, entries.Where(e => !e.IsLive), now);
        var disagreements = relations.Disagreements().ToList();
        foreach (var cluster in clusters.All)
        {
            var disagreement = disagreements.Find(d => d.Sides.Contains(cluster));
            var address = disagreement.Sides.IsDefault ? null : Disagreement.AddressOf(disagreement.Sides[0].Smallest);
            Show(cluster.Members, Ties.Of(relations.PossibleDuplicates(cluster), address));
        }

        foreach (var (sides, withdrawn, elements) in disagreements)
            showing.Add(new Disagreement([.. sides.Select(s => s.Smallest)], withdrawn, elements, default));
        FormPatient([.. entries.Where(e => e.Key.Type == "Patient" && now.IsShown(e)).OrderBy(e => e.Key)]);
        return formed;

        // All Patients of a record are one, and in what they differ is shown.
        void FormPatient(ImmutableArray<Entry> patients)
        {
            if (patients.IsEmpty)
                return;
            var elements = Demographics.Differences(patients);
            if (!elements.IsEmpty || !draft.Withheld.IsEmpty)
            {
                var disagreement = new Disagreement([.. patients.Select(p => p.Key)], draft.Withheld, elements, default);
                showing.Add(disagreement);
                Show(patients, Ties.Of([], disagreement.Address));
            }
            else
            {
                Show(patients, Ties.None);
            }
        }

        void Show(ImmutableArray<Entry> members, Ties ties)
        {
            var cluster = new MergedResource.Statement(members, Precedence.Shown(members), ties);
            formed.Add(cluster);
            draft.Form(cluster);
            showing.Add(cluster);
        }
    }

    // A withdrawn member's id goes on answering, with those who still say it. Once live again it answers for itself, and its redirect is
    // over: withdrawn once more, it must not lead to those whom it has left.
    private void Redirect(List<MergedResource> old)
    {
        foreach (var key in touched.Where(key => draft.Shown(key) is not null))
            draft.Redirects = draft.Redirects.Without(new KeyLink.Of(key));
        foreach (var resource in old.Where(r => r.Members.Length > 1))
        {
            var heir = resource.Members.FirstOrDefault(m => draft.Shown(m.Key) is not null);
            foreach (var member in resource.Members)
            {
                if (heir is not null && draft.Entries.TryFind(new Entry.ByKey(member.Key), out var entry) && !entry.IsLive)
                    draft.Redirects = draft.Redirects.With(new KeyLink.Of(member.Key), new KeyLink(member.Key, heir.Key));
            }
        }
    }

    private void MarkReferrers(HashSet<EntryKey> component, List<MergedResource> old, List<MergedResource.Statement> formed)
    {
        var addressBefore = old.SelectMany(r => r.Members.Select(m => (m.Key, r.Smallest))).ToDictionary(p => p.Key, p => p.Smallest);
        var addressAfter = formed.SelectMany(c => c.Members.Select(m => (m.Key, Smallest: c.Members[0].Key))).ToDictionary(p => p.Key, p => p.Smallest);
        foreach (var key in component)
        {
            var (was, now) = (addressBefore.GetValueOrDefault(key), addressAfter.GetValueOrDefault(key));
            // The merged Patient has one id, whoever is its smallest member: only coming and going counts.
            if (was == now || (key.Type == "Patient" && was is not null && now is not null))
                continue;
            draft.IsChanged = true;
            if (key.Type == "Patient")
                showing.PatientChanged();
            foreach (var link in Referrers(key))
                showing.AddReferrer(link.To);
        }
    }

    // Those whose keys are worked out on a cluster that lends something else to them now.
    private void MarkDependent(HashSet<EntryKey> component, List<MergedResource.Statement> formed)
    {
        var after = formed.SelectMany(c => c.Members.Select(m => (m.Key, Cluster: c))).ToDictionary(p => p.Key, p => p.Cluster);
        foreach (var key in component.Where(k => k.Type is "Medication" or "Organization" or "Observation"))
        {
            if (Statement.LendsTheSame(key.Type, before.Clusters(key), after.GetValueOrDefault(key)))
                continue;
            _dependent.AddRange(Referrers(key).Select(l => l.To).Where(k => Statement.KeyTarget(k.Type) == key.Type));
        }
    }

    private IEnumerable<KeyLink> Referrers(EntryKey key) => draft.Referrers.From(new KeyLink.Of(key)).TakeWhile(l => l.From == key);
}
