using System.Globalization;
using System.Text.Json;
using Lhcre.Silo.Tests.Data;
using Xunit.Abstractions;

namespace Lhcre.Silo.Tests.Searching;

/// <summary>
/// Searches over Synthea people. Each row is a query whose values come out of the pushed JSON, and what it must find is worked out from that
/// JSON alone (<see cref="Said"/>).
/// </summary>
public sealed class SyntheaSearchTests(ITestOutputHelper log)
{
    private static readonly string[] Prefixes = ["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb"];

    private int _rows;
    private int _found;

    private readonly List<string> _failures = [];

    // A type, a parameter, and where its tokens stand. A Patient's identifier is none of these: it says whose record is searched.
    public static TheoryData<string, string, string> Tokens => new()
    {
        { "Patient", "gender", "gender" },
        { "Patient", "language", "communication.language" },
        { "Observation", "code", "code" },
        { "Observation", "category", "category" },
        { "Observation", "status", "status" },
        { "Observation", "combo-code", "code component.code" },
        { "Observation", "component-code", "component.code" },
        { "Observation", "value-concept", "valueCodeableConcept" },
        { "Condition", "code", "code" },
        { "Condition", "clinical-status", "clinicalStatus" },
        { "Condition", "verification-status", "verificationStatus" },
        { "Condition", "category", "category" },
        { "Procedure", "code", "code" },
        { "Procedure", "status", "status" },
        { "Encounter", "class", "class" },
        { "Encounter", "status", "status" },
        { "Encounter", "type", "type" },
        { "Encounter", "reason-code", "reasonCode" },
        { "MedicationRequest", "code", "medicationCodeableConcept" },
        { "MedicationRequest", "status", "status" },
        { "MedicationRequest", "intent", "intent" },
        { "Immunization", "vaccine-code", "vaccineCode" },
        { "Immunization", "status", "status" },
        { "DiagnosticReport", "code", "code" },
        { "DiagnosticReport", "status", "status" },
        { "DiagnosticReport", "category", "category" },
        { "AllergyIntolerance", "code", "code reaction.substance" },
        { "AllergyIntolerance", "clinical-status", "clinicalStatus" },
        { "AllergyIntolerance", "criticality", "criticality" },
        { "AllergyIntolerance", "category", "category" },
        { "CarePlan", "category", "category" },
        { "CarePlan", "status", "status" },
        { "CarePlan", "activity-code", "activity.detail.code" },
        { "CareTeam", "status", "status" },
        { "Goal", "lifecycle-status", "lifecycleStatus" },
        { "ImagingStudy", "modality", "series.modality" },
        { "Claim", "status", "status" },
        { "Claim", "use", "use" },
        { "ExplanationOfBenefit", "status", "status" },
        { "Practitioner", "identifier", "identifier" },
        { "Organization", "identifier", "identifier" },
        { "Organization", "type", "type" },
    };

    public static TheoryData<string, string, string> Dates => new()
    {
        { "Patient", "birthdate", "birthDate" },
        { "Observation", "date", "effectiveDateTime effectivePeriod" },
        { "Condition", "onset-date", "onsetDateTime onsetPeriod" },
        { "Condition", "abatement-date", "abatementDateTime abatementPeriod" },
        { "Condition", "recorded-date", "recordedDate" },
        { "Procedure", "date", "performedDateTime performedPeriod" },
        { "Encounter", "date", "period" },
        { "MedicationRequest", "authoredon", "authoredOn" },
        { "Immunization", "date", "occurrenceDateTime" },
        { "DiagnosticReport", "date", "effectiveDateTime effectivePeriod" },
        { "DiagnosticReport", "issued", "issued" },
        { "AllergyIntolerance", "date", "recordedDate" },
        { "CarePlan", "date", "period" },
        { "ImagingStudy", "started", "started" },
        { "Claim", "created", "created" },
        { "ExplanationOfBenefit", "created", "created" },
    };

    public static TheoryData<string, string, string> References => new()
    {
        { "Observation", "encounter", "encounter" },
        { "Condition", "encounter", "encounter" },
        { "Procedure", "encounter", "encounter" },
        { "Procedure", "reason-reference", "reasonReference" },
        { "MedicationRequest", "encounter", "encounter" },
        { "MedicationRequest", "requester", "requester" },
        { "DiagnosticReport", "result", "result" },
        { "DiagnosticReport", "encounter", "encounter" },
        { "Encounter", "service-provider", "serviceProvider" },
        { "Encounter", "participant", "participant.individual" },
        { "CarePlan", "condition", "addresses" },
        { "Claim", "encounter", "item.encounter" },
        { "Claim", "provider", "provider" },
    };

    [Theory]
    [MemberData(nameof(Tokens))]
    public void Tokens_are_found(string type, string parameter, string paths) => Over(person =>
    {
        var all = person.OfType(type).Select(r => (Id: Id(r), Tokens: paths.Split(' ').SelectMany(p => Said.Tokens(r, p)).ToHashSet())).ToList();
        var values = all.SelectMany(r => r.Tokens).Distinct().Take(15).ToList();
        foreach (var token in values)
        {
            Expect(person, $"{type}?{parameter}={Escaped(token.Code)}", all.Where(r => r.Tokens.Any(t => t.Code == token.Code)).Select(r => r.Id));
            Expect(person, $"{type}?{parameter}:not={Escaped(token.Code)}", all.Where(r => r.Tokens.All(t => t.Code != token.Code)).Select(r => r.Id));
            if (token.System is null)
                continue;
            Expect(person, $"{type}?{parameter}={Escaped(token.System)}|{Escaped(token.Code)}", all.Where(r => r.Tokens.Contains(token)).Select(r => r.Id));
            Expect(person, $"{type}?{parameter}={Escaped(token.System)}|", all.Where(r => r.Tokens.Any(t => t.System == token.System)).Select(r => r.Id));
            Expect(person, $"{type}?{parameter}=urn:other|{Escaped(token.Code)}", []);
        }

        foreach (var (one, other) in values.Zip(values.Skip(1)))
        {
            Expect(person, $"{type}?{parameter}={Escaped(one.Code)},{Escaped(other.Code)}", all.Where(r => r.Tokens.Any(t => t.Code == one.Code || t.Code == other.Code)).Select(r => r.Id));
            Expect(
                person, $"{type}?{parameter}={Escaped(one.Code)}&{parameter}={Escaped(other.Code)}",
                all.Where(r => r.Tokens.Any(t => t.Code == one.Code) && r.Tokens.Any(t => t.Code == other.Code)).Select(r => r.Id));
        }

        Expect(person, $"{type}?{parameter}:missing=true", all.Where(r => r.Tokens.Count == 0).Select(r => r.Id));
    });

    [Theory]
    [MemberData(nameof(Dates))]
    public void Dates_are_found(string type, string parameter, string paths) => Over(person =>
    {
        var all = person.OfType(type).Select(r => (Id: Id(r), Dates: Said.Dates(r, paths.Split(' ')))).ToList();
        var texts = person.OfType(type).SelectMany(r => paths.Split(' ').SelectMany(p => Said.At(r, p)))
            .Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : Said.Text(v, "start")!).Distinct().ToList();
        // Some of them, as exact as they are, and each less exactly.
        foreach (var text in texts.Where((_, i) => i % Math.Max(texts.Count / 4, 1) == 0).SelectMany(t => new[] { t[..4], t[..7], t[..10], t }).Distinct())
        {
            foreach (var prefix in Prefixes)
                Expect(person, $"{type}?{parameter}={prefix}{text}", all.Where(r => r.Dates.Any(d => Said.Satisfies(prefix, Said.Range(text), d))).Select(r => r.Id));
            Expect(
                person, $"{type}?{parameter}=ge{text[..4]}&{parameter}=lt{text}",
                all.Where(r => r.Dates.Any(d => Said.Satisfies("ge", Said.Range(text[..4]), d)) && r.Dates.Any(d => Said.Satisfies("lt", Said.Range(text), d))).Select(r => r.Id));
        }

        Expect(person, $"{type}?{parameter}:missing=false", all.Where(r => r.Dates.Count > 0).Select(r => r.Id));
    });

    [Theory]
    [MemberData(nameof(References))]
    public void References_are_found_followed_and_followed_back(string type, string parameter, string path) => Over(person =>
    {
        var all = person.OfType(type).Select(r => (Id: Id(r), Targets: Said.At(r, path).Select(v => person.Target(Said.Text(v, "reference")!)).ToHashSet())).ToList();
        foreach (var target in all.SelectMany(r => r.Targets).Distinct().Take(10))
        {
            var (id, expected) = (person.MergedIds[target], all.Where(r => r.Targets.Contains(target)).Select(r => r.Id).ToList());
            var targetType = target.Split('/')[0];
            Expect(person, $"{type}?{parameter}={targetType}/{id}", expected);
            Expect(person, $"{type}?{parameter}={id}", expected);
            Expect(person, $"{type}?{parameter}:{targetType}={id}", expected);
            Expect(person, $"{targetType}?_id={id}&_revinclude={type}:{parameter}", [target.Split('/')[1]], expected);
            Expect(
                person, $"{type}?{parameter}={id}&_include={type}:{parameter}:{targetType}", expected,
                all.Where(r => r.Targets.Contains(target)).SelectMany(r => r.Targets).Distinct().Where(t => t.StartsWith(targetType + "/", StringComparison.Ordinal)).Select(t => t.Split('/')[1]));
        }
    });

    [Fact]
    public void Amounts_are_found() => Over(person =>
    {
        var all = person.OfType("Observation").SelectMany(r => Said.At(r, "valueQuantity").Select(v => (
            Id: Id(r), Code: Said.Tokens(r, "code")[0].Code, Value: v.GetProperty("value").GetDecimal(), Unit: Said.Text(v, "code"), System: Said.Text(v, "system")))).ToList();
        foreach (var kind in all.Where(o => o.Unit is not null).GroupBy(o => (o.Code, o.Unit, o.System)).Take(20))
        {
            var values = kind.Select(o => o.Value).Order().ToList();
            var middle = values[values.Count / 2];
            var text = middle.ToString(CultureInfo.InvariantCulture);
            foreach (var (prefix, holds) in new (string, Func<decimal, bool>)[] { ("gt", v => v > middle), ("lt", v => v < middle), ("ge", v => v >= middle), ("le", v => v <= middle), ("sa", v => v > middle) })
                Expect(person, $"Observation?code={kind.Key.Code}&value-quantity={prefix}{text}|{kind.Key.System}|{Escaped(kind.Key.Unit!)}", kind.Where(o => holds(o.Value)).Select(o => o.Id));
            // In whole numbers: from half below to half above.
            var whole = decimal.Round(middle);
            Expect(
                person, $"Observation?code={kind.Key.Code}&value-quantity={whole.ToString("F0", CultureInfo.InvariantCulture)}||{Escaped(kind.Key.Unit!)}",
                kind.Where(o => o.Value >= whole - 0.5m && o.Value < whole + 0.5m).Select(o => o.Id));
        }
    });

    [Fact]
    public void Results_of_a_kind_are_found_by_date_the_latest_first() => Over(person =>
    {
        var patient = person.MergedIds[$"Patient/{Id(person.OfType("Patient").Single())}"];
        var all = person.OfType("Observation").Select(r => (Id: Id(r), Code: Said.Tokens(r, "code")[0], At: Said.Dates(r, "effectiveDateTime").Select(d => d.From).FirstOrDefault())).ToList();
        foreach (var kind in all.GroupBy(o => o.Code).Take(20))
        {
            var year = kind.Max(o => o.At).Year;
            Expect(
                person, $"Observation?patient={patient}&code={kind.Key.System}|{kind.Key.Code}&date=ge{year}",
                kind.Where(o => o.At >= Said.Range($"{year}").From).Select(o => o.Id));
            var sorted = person.Search($"Observation?patient={patient}&code={kind.Key.Code}&_sort=-date").Matches.Select(id => all.Single(o => o.Id == id).At).ToList();
            if (!sorted.SequenceEqual(all.Where(o => o.Code.Code == kind.Key.Code).Select(o => o.At).OrderDescending()))
                _failures.Add($"Observations of {kind.Key.Code} are not sorted.");
        }
    });

    [Fact]
    public void Names_and_places_are_found() => Over(person =>
    {
        foreach (var (type, parameter, path) in new[] { ("Patient", "family", "name.family"), ("Patient", "given", "name.given"), ("Patient", "address-city", "address.city"), ("Practitioner", "family", "name.family"), ("Organization", "name", "name"), ("Organization", "address-city", "address.city") })
        {
            var all = person.OfType(type).Select(r => (Id: Id(r), Words: Said.At(r, path).Select(v => v.GetString()!).ToList())).ToList();
            foreach (var word in all.SelectMany(r => r.Words).Distinct().Where(w => w.Length > 2 && w.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ')))
            {
                Expect(person, $"{type}?{parameter}={word.ToLowerInvariant()}", Having(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase)));
                Expect(person, $"{type}?{parameter}={word[..3]}", Having(w => w.StartsWith(word[..3].TrimEnd(), StringComparison.OrdinalIgnoreCase)));
                Expect(person, $"{type}?{parameter}:exact={word}", Having(w => w == word));
                Expect(person, $"{type}?{parameter}:contains={word[1..].TrimStart()}", Having(w => w.Contains(word[1..].TrimStart(), StringComparison.OrdinalIgnoreCase)));
            }

            IEnumerable<string> Having(Func<string, bool> holds) => all.Where(r => r.Words.Any(holds)).Select(r => r.Id);
        }
    });

    private static string Id(JsonElement resource) => resource.GetProperty("id").GetString()!;

    private static string Escaped(string value) => string.Concat(value.Select(c => c is ',' or '|' or '$' or '\\' ? $"\\{c}" : $"{c}"));

    private void Over(Action<PushedPerson> rows)
    {
        if (SharedData.Find(log, "synthea/v2.4-all-617.tar.xz") is not { } archive)
            return;
        foreach (var person in SyntheaPeople.Of(archive))
            rows(person);
        log.WriteLine($"{_rows} rows, {_found} resources found");
        Assert.True(_failures.Count == 0, $"{_failures.Count} of {_rows} rows: {string.Join('\n', _failures.Take(20))}");
        Assert.NotEqual(0, _rows);
    }

    private void Expect(PushedPerson person, string query, IEnumerable<string> matches, IEnumerable<string>? included = null)
    {
        _rows++;
        var found = person.Search(query);
        _found += found.Matches.Count;
        var (expected, actual) = (matches.Order().ToList(), found.Matches.Order().ToList());
        if (!expected.SequenceEqual(actual))
            _failures.Add($"{query}: {expected.Count} expected, {actual.Count} found");
        if (included is not null && !included.Order().SequenceEqual(found.Included.Order()))
            _failures.Add($"{query}: {included.Count()} to be included, {found.Included.Count} are");
    }
}
