using System.Text;

namespace Lhcre.Record;

/// <summary>
/// The three faces of absence (CLINICAL.md), told source by source in an <c>outcome</c> entry beside what is found: this source says that
/// there is none; this source holds nothing; this source never supplies it. Worked out of the bytes that are served, so that it costs no
/// unfolding; no part of the stored record.
/// </summary>
/// <remarks>
/// Of the whole record it is told for what every summary must have an answer to (IPS: allergies, problems, medications). An entry that its
/// source has marked as entered in error is not held.
/// </remarks>
public static class Absence
{
    private const string Snomed = "http://snomed.info/sct";
    private const string Ips = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

    // How a source says "none known", of all there could be: HL7 IPS, ConceptMap absence-to-snomed-uv-ips. Narrower ones (no known food
    // allergy) leave the rest open, and are told by the resource itself.
    internal static readonly Dictionary<string, Coding[]> NoneKnown = new()
    {
        ["AllergyIntolerance"] = [new(Snomed, "716186003"), new(Ips, "no-known-allergies")],
        ["Condition"] = [new(Snomed, "160245001"), new(Ips, "no-known-problems")],
        ["MedicationStatement"] = [new(Snomed, "787481004"), new(Ips, "no-known-medications")],
        ["MedicationRequest"] = [new(Snomed, "787481004"), new(Ips, "no-known-medications")],
        ["Immunization"] = [new(Snomed, "787482006"), new(Ips, "no-known-immunizations")],
    };

    private static readonly string[][] OfASummary = [["AllergyIntolerance"], ["Condition"], ["MedicationStatement", "MedicationRequest"]];

    /// <summary>Of the whole record; null where there is nothing to tell.</summary>
    /// <param name="entries">All entries of the merged record.</param>
    /// <param name="sources">The sources to tell of.</param>
    /// <param name="addresses">For which the entries were written.</param>
    public static byte[]? OfEverything(byte[][] entries, SourceSystems sources, Addresses addresses) =>
        Entry(new Survey(sources, OfASummary).Of(entries, addresses).Issues(isWhole: true));

    /// <summary>Of one type: of those that are always about somebody, Patient and our own DetectedIssue apart. Null where there is nothing to tell.</summary>
    /// <param name="type">The type.</param>
    /// <param name="entries">All its entries in the merged record.</param>
    /// <param name="sources">The sources to tell of.</param>
    /// <param name="addresses">For which the entries were written.</param>
    public static byte[]? OfType(string type, byte[][] entries, SourceSystems sources, Addresses addresses) =>
        PatientCompartment.Contains(type) && PatientCompartment.SubjectElement(type) is not null && type != "DetectedIssue"
            ? Entry(new Survey(sources, [[type]]).Of(entries, addresses).Issues(isWhole: false))
            : null;

    private static byte[]? Entry(List<Issue> issues) =>
        issues.Count == 0 ? null : OperationOutcome.BundleEntry(issues);

    // Who holds what, as far as it is asked for. A kind is one thing that several types may say.
    private sealed class Survey(SourceSystems sources, string[][] kinds)
    {
        private static readonly byte[][] Telling =
            [.. NoneKnown.Values.SelectMany(c => c).Select(c => c.Code).Append("entered-in-error").Distinct().Select(Encoding.UTF8.GetBytes)];

        // Each with the bytes that stand in whatever it contributes to.
        private readonly Dictionary<string, byte[]> _unheard = sources.All.ToDictionary(
            s => s.Id, s => (byte[])[.. MetaRendering.ContributorStart, .. Encoding.UTF8.GetBytes($"{s.Id}\"")]);

        private readonly HashSet<(string Source, string[] Kind)> _held = [];
        private readonly HashSet<(string Source, string[] Kind)> _noneKnown = [];

        public Survey Of(byte[][] entries, Addresses addresses)
        {
            string[]? kind = null;
            ReadOnlySpan<byte> last = default;
            foreach (var bytes in sources.All.Count == 0 ? [] : entries)
            {
                // They come type by type.
                var type = ServedEntry.TypeOf(bytes, addresses);
                if (!type.SequenceEqual(last))
                    kind = KindOf(type);
                last = type;
                if (kind is null && !MayBeHeardIn(bytes))
                    continue;
                var entry = new ServedEntry(bytes, addresses);
                var contributors = entry.Contributors();
                foreach (var contributor in contributors)
                    _unheard.Remove(contributor);
                if (kind is null)
                    continue;
                var facts = Telling.Any(t => bytes.AsSpan().IndexOf(t) >= 0) ? FactsReader.Read(Encoding.UTF8.GetString(entry.Type), "", entry.Resource) : Facts.None;
                if (facts.IsEnteredInError)
                    continue;
                _held.UnionWith(contributors.Select(c => (c, kind)));
                if (kind.Any(type => NoneKnown.TryGetValue(type, out var codes) && codes.Any(facts.Codes.Contains)))
                    _noneKnown.UnionWith(contributors.Select(c => (c, kind)));
            }

            return this;
        }

        public List<Issue> Issues(bool isWhole)
        {
            var issues = new List<Issue>();
            foreach (var source in sources.All)
            {
                Tell(IssueCodes.NoneKnown, source, kinds.Where(k => _noneKnown.Contains((source.Id, k))), issues);
                var absent = kinds.Where(k => !_held.Contains((source.Id, k))).ToList();
                Tell(IssueCodes.NeverSupplied, source, absent.Where(k => !MaySupply(source, k)), issues);
                if (isWhole && _unheard.ContainsKey(source.Id))
                    issues.Add(new Issue(IssueCodes.NothingHeld, source.Name, null, source.Id));
                else
                    Tell(IssueCodes.NothingHeld, source, absent.Where(k => MaySupply(source, k)), issues);
            }

            return issues;
        }

        // Many entries say nothing new of who contributes: they are not read, only looked through.
        private bool MayBeHeardIn(ReadOnlySpan<byte> entry)
        {
            foreach (var (_, bytes) in _unheard)
            {
                if (entry.IndexOf(bytes) >= 0)
                    return true;
            }

            return false;
        }

        private static bool MaySupply(SourceSystem source, string[] kind) => source.Supplies is not { } types || kind.Any(types.Contains);

        private static void Tell(IssueCode code, SourceSystem source, IEnumerable<string[]> kinds, List<Issue> issues)
        {
            string[] types = [.. kinds.SelectMany(k => k)];
            if (types.Length > 0)
                issues.Add(new Issue(code, $"{source.Name}: {string.Join(", ", types)}", string.Join(" | ", types), source.Id));
        }

        private string[]? KindOf(ReadOnlySpan<byte> type)
        {
            foreach (var kind in kinds)
            {
                foreach (var one in kind)
                {
                    if (Ascii.Equals(type, one))
                        return kind;
                }
            }

            return null;
        }
    }
}
