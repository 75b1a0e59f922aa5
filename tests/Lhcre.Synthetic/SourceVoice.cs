using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>One source about one person: which ids it has given, what it has told, and what it refers to.</summary>
internal sealed class SourceVoice(string source, Dice dice, Rates rates)
{
    private const string OdsSystem = "https://fhir.nhs.uk/Id/ods-organization-code";
    private const string GmcSystem = "https://fhir.hl7.org.uk/Id/gmc-number";

    private readonly HashSet<EntryKey> _keys = [];
    private readonly Dictionary<string, int> _next = [];
    private readonly Dictionary<int, Telling> _told = [];

    public string Source => source;

    /// <summary>Everything told, in the order in which it was.</summary>
    public List<Telling> Tellings { get; } = [];

    /// <summary>How the source told a fact; null where it did not.</summary>
    public Telling? Of(int fact) => _told.GetValueOrDefault(fact);

    /// <summary>A new id: a running number, so that two sources' ids meet often.</summary>
    public EntryKey NewKey(string type)
    {
        while (true)
        {
            var next = _next[type] = _next.GetValueOrDefault(type) + 1;
            var key = new EntryKey(source, type, string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(type[0])}{next}"));
            if (_keys.Add(key))
                return key;
        }
    }

    /// <summary>The id that another source gave it, where it is free here.</summary>
    public EntryKey KeyLike(EntryKey other)
    {
        var key = other with { Source = source };
        return _keys.Add(key) ? key : NewKey(other.Type);
    }

    /// <summary>Takes a telling in: with what it refers to, and its versions.</summary>
    public Telling Add(Telling telling)
    {
        telling = telling with { Links = [.. Links(telling)], Results = [.. telling.Fact.Results.Select(r => Of(r.Number)).OfType<Telling>()] };
        // An organisation that has no ODS code here cannot be known again.
        if (telling.Says.Organisation is { } provider && Of(Number(provider)) is { Names.IsEmpty: true })
            telling = telling with { Says = telling.Says with { Organisation = null } };
        return Keep(telling with { Versions = Versions.Of(telling, dice) });
    }

    /// <summary>Tells the same once more, under an id of its own.</summary>
    public void AddAgain(Telling telling)
    {
        var again = telling with { Key = NewKey(telling.Type), Done = telling.Done.With(Perturbation.SaidTwice), Manner = telling.Manner + 1 };
        Tellings.Add(again with { Versions = Versions.Of(again, dice) });
    }

    private Telling Keep(Telling telling)
    {
        if (!telling.IsStranger)
            _told[telling.Fact.Number] = telling;
        Tellings.Add(telling);
        return telling;
    }

    private IEnumerable<(string Element, EntryKey Target)> Links(Telling telling)
    {
        if (telling.Fact.Organisation is { } organisation && telling.Says.Organisation is not null)
            yield return ("serviceProvider", Organisation(organisation).Key);
        if (telling.Done.Has(Perturbation.ByReference) && telling.Manner % 3 != 0)
            yield return ("medicationReference", Product(telling).Key);
        if (telling.Type is "Observation" or "Procedure" && dice.Thousandths(300))
            yield return ("performer", Practitioner().Key);
        if (telling.Type is "Observation" or "Condition" or "Procedure" && dice.Thousandths(200))
            yield return ("encounter", Visit());
    }

    // One in ten of them never came: its reference leads to where the source has it.
    private EntryKey Visit()
    {
        var visits = Tellings.Where(t => t is { Type: "Encounter", IsStranger: false }).ToList();
        return visits.Count == 0 || dice.Thousandths(100) ? new EntryKey(source, "Encounter", "never-sent") : dice.Of(visits).Key;
    }

    // About nobody: known by number below zero, the same for every source.
    private static int Number((string Ods, string Name) organisation) => -1 - Array.IndexOf(Clinic.Organisations, organisation);

    private Telling Organisation((string Ods, string Name) organisation)
    {
        var number = Number(organisation);
        var isLeftOut = Of(number) is null && dice.Thousandths(rates.Of(Perturbation.LeftOut, "Organization"));
        return Of(number) ?? Supporting(new TrueFact { Number = number, Type = "Organization", Organisation = organisation }, isLeftOut ? null : $"{OdsSystem}|{organisation.Ods}");
    }

    private Telling Practitioner()
    {
        var gmc = 9_000_001 + dice.Between(0, 4);
        return Of(-gmc) ?? Supporting(new TrueFact { Number = -gmc, Type = "Practitioner" }, $"{GmcSystem}|{gmc}");
    }

    private Telling Product(Telling telling)
    {
        var number = -100 - (Math.Abs(string.Concat(telling.Codings.Select(c => c.Code)).Aggregate(7, (h, c) => unchecked((h * 31) + c))) % 1_000_000);
        return Of(number) ?? Supporting(new TrueFact { Number = number, Type = "Medication", What = telling.Fact.What }, null, telling);
    }

    private Telling Supporting(TrueFact fact, string? name, Telling? like = null)
    {
        var telling = new Telling
        {
            Fact = fact,
            Person = 0,
            Says = fact,
            Key = NewKey(fact.Type),
            Done = default,
            Codings = like?.Codings ?? [],
            Names = name is null ? [] : [name],
            Manner = dice.Between(0, 1_000_000),
        };
        return Keep(telling with { Versions = Versions.Of(telling, dice) });
    }
}
