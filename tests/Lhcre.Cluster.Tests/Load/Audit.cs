using System.Text.Json;

namespace Lhcre.Cluster.Tests.Load;

/// <summary>The ledger held against the record.</summary>
/// <param name="Acknowledged">Pushes that were acknowledged.</param>
/// <param name="Lost">Of those, what is not there, or not with its last value; and rows that are missing.</param>
/// <param name="Duplicated">What is there more than once; and rows beyond those of the acknowledged pushes.</param>
/// <param name="Findings">The first of either, in words.</param>
internal sealed record Audit(int Acknowledged, int Lost, int Duplicated, IReadOnlyList<string> Findings)
{
    public override string ToString() => $"acknowledged {Acknowledged} / lost {Lost} / duplicated {Duplicated}";

    /// <summary>Reads every record, merged and at its sources, and compares. Every push was either acknowledged or refused by now.</summary>
    /// <param name="client">Of any silo.</param>
    /// <param name="ledger">The ledger.</param>
    public static async Task<Audit> Of(HttpClient client, Ledger ledger)
    {
        var (lost, duplicated, findings) = (0, 0, new List<string>());
        foreach (var said in ledger.Acknowledged.SelectMany(p => p.Statements.Select(s => (p.Source, Said: s))).GroupBy(s => s.Said.Person))
        {
            var person = said.Key;
            var contributors = Contributors(await client.GetByteArrayAsync(person.Everything));
            foreach (var (source, reference) in said.Select(s => (s.Source, s.Said.Reference)).Distinct())
                Compare(1, contributors.GetValueOrDefault($"{source} {reference}"), $"{reference} of {source} in the merged record");
            foreach (var source in said.GroupBy(s => s.Source))
            {
                var values = Values(await client.GetByteArrayAsync($"sources/{source.Key}/fhir/Patient/{person.PatientId}/$everything"));
                // Where one resource was said several times, its writer waited for each answer: the last one counts.
                foreach (var last in source.GroupBy(s => s.Said.Reference).Select(g => g.Last().Said).Where(s => s.Value is not null))
                    Compare(1, values.Count(v => v == (last.Reference, last.Value)), $"{last.Reference} of {source.Key} with its last value");
            }
        }

        return new Audit(ledger.Acknowledged.Count, lost, duplicated, [.. findings.Take(10)]);

        void Compare(int expected, int found, string what)
        {
            if (found == expected)
                return;
            lost += Math.Max(0, expected - found);
            duplicated += Math.Max(0, found - expected);
            findings.Add($"{what}: {found}, not {expected}");
        }
    }

    private static Dictionary<string, int> Contributors(byte[] everything)
    {
        var found = new Dictionary<string, int>();
        using var bundle = JsonDocument.Parse(everything);
        foreach (var entry in bundle.RootElement.GetProperty("entry").EnumerateArray())
        {
            if (!entry.GetProperty("resource").TryGetProperty("meta", out var meta) || !meta.TryGetProperty("extension", out var extensions))
                continue;
            foreach (var contributor in extensions.EnumerateArray().Where(e => e.GetProperty("url").GetString()!.EndsWith("/contributor", StringComparison.Ordinal)))
            {
                var parts = contributor.GetProperty("extension").EnumerateArray().ToDictionary(p => p.GetProperty("url").GetString()!);
                var name = $"{parts["source"].GetProperty("valueCode").GetString()} {parts["reference"].GetProperty("valueString").GetString()}";
                found[name] = found.GetValueOrDefault(name) + 1;
            }
        }

        return found;
    }

    private static List<(string Reference, int? Value)> Values(byte[] everything)
    {
        using var bundle = JsonDocument.Parse(everything);
        return
        [
            .. bundle.RootElement.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource")).Where(r => r.TryGetProperty("valueQuantity", out _)).Select(r =>
                ($"{r.GetProperty("resourceType").GetString()}/{r.GetProperty("id").GetString()}", (int?)r.GetProperty("valueQuantity").GetProperty("value").GetInt32())),
        ];
    }
}
