using System.Text.Json.Nodes;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>The parts of which FHIR resources are made, as different sources write them.</summary>
internal static class JsonParts
{
    private const string UcumSystem = "http://unitsofmeasure.org";

    /// <summary>A CodeableConcept of these codings.</summary>
    public static JsonObject Of(Concept concept, IEnumerable<Coding> codings, Telling telling)
    {
        var words = Words(concept.Display, telling);
        var array = new JsonArray([.. codings.Select(c => (JsonNode)new JsonObject { ["system"] = c.System, ["code"] = c.Code, ["display"] = words })]);
        var json = new JsonObject();
        if (array.Count > 0)
            json["coding"] = array;
        if (array.Count == 0 || telling.Manner % 2 == 0)
            json["text"] = array.Count == 0 ? concept.Display : words;
        return json;
    }

    /// <summary>The same words, otherwise.</summary>
    public static string Words(string text, Telling telling) => !telling.Done.Has(Perturbation.Wording) ? text : (telling.Manner % 4) switch
    {
        0 => text.ToUpperInvariant(),
        1 => $"{text} (finding)",
        2 => $"  {text.Replace(" ", "  ", StringComparison.Ordinal)}",
        _ => $"{text}.",
    };

    /// <summary>A CodeableConcept of one code of a system of HL7's.</summary>
    public static JsonObject Hl7(string system, string code) =>
        new() { ["coding"] = new JsonArray(new JsonObject { ["system"] = $"http://terminology.hl7.org/CodeSystem/{system}", ["code"] = code }) };

    /// <summary>A Quantity in the telling's spelling of its unit.</summary>
    public static JsonObject Quantity(decimal number, UnitSpelling[] unit, Telling telling)
    {
        var isPerturbed = telling.Done.Has(Perturbation.Units);
        var spelling = isPerturbed ? unit[telling.Manner % unit.Length] : unit[0];
        var value = number * spelling.Factor;
        // 6.9 and 6.90 are one value.
        var json = new JsonObject { ["value"] = isPerturbed && telling.Manner % 2 == 0 ? value + 0.00m : value, ["unit"] = spelling.Words };
        if (spelling.Code is { } code)
            (json["system"], json["code"]) = (UcumSystem, code);
        return json;
    }

    /// <summary>A dosage: structured, with words beside it.</summary>
    public static JsonArray Dosage(Dose dose, Telling telling)
    {
        var text = telling.Done.Has(Perturbation.Wording) && telling.Manner % 3 == 0
            ? $"{dose.TimesADay} x daily: {dose.Amount}"
            : $"{dose.Amount} {dose.Unit[0].Words} {dose.TimesADay} times a day";
        return
        [
            new JsonObject
            {
                ["text"] = text,
                ["timing"] = new JsonObject { ["repeat"] = new JsonObject { ["frequency"] = dose.TimesADay, ["period"] = 1, ["periodUnit"] = "d" } },
                ["doseAndRate"] = new JsonArray(new JsonObject { ["doseQuantity"] = Quantity(dose.Amount, dose.Unit, telling) }),
            },
        ];
    }

    /// <summary>An <c>identifier</c> of a name; null where it is none (the hash of a document).</summary>
    public static JsonObject? Identifier(string name)
    {
        var (system, value) = (name[..name.IndexOf('|', StringComparison.Ordinal)], name[(name.IndexOf('|', StringComparison.Ordinal) + 1)..]);
        return system switch
        {
            "sha1" => null,
            "" => new JsonObject { ["value"] = value },
            _ => new JsonObject { ["system"] = system, ["value"] = value },
        };
    }

    public static JsonObject Reference(EntryKey target) => new() { ["reference"] = target.Reference };

    /// <summary>A date under <c>{name}DateTime</c> or <c>{name}Period</c>.</summary>
    public static void Date(JsonObject json, string name, Telling telling)
    {
        if (telling.Date.Text(telling.Done.Has(Perturbation.Zulu)) is not { } text)
            return;
        if (telling.Done.Has(Perturbation.PeriodForInstant))
            json[$"{name}Period"] = new JsonObject { ["start"] = text };
        else
            json[$"{name}DateTime"] = text;
    }
}
