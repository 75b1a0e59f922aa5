using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>A telling as FHIR R4 JSON.</summary>
internal static class FactJson
{
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The resource's bytes.</summary>
    /// <param name="telling">What is told.</param>
    /// <param name="lastUpdated">Its <c>meta.lastUpdated</c>; null for none.</param>
    public static byte[] Write(Telling telling, DateTimeOffset? lastUpdated)
    {
        var json = new JsonObject { ["resourceType"] = telling.Type, ["id"] = telling.Key.Id };
        if (lastUpdated is { } at)
            json["meta"] = new JsonObject { ["lastUpdated"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) };
        Named(json, telling);
        if (telling.Subject is { } subject)
            json[telling.Type is "AllergyIntolerance" or "Immunization" ? "patient" : "subject"] = JsonParts.Reference(subject);
        Body(json, telling);
        Linked(json, telling);
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Unescaped))
            json.WriteTo(writer);
        return bytes.ToArray();
    }

    private static void Named(JsonObject json, Telling telling)
    {
        var identifiers = telling.Names.Select(JsonParts.Identifier).OfType<JsonObject>().ToList();
        if (identifiers.Count == 0 || telling.Type == "Patient")
            return;
        if (telling.Type == "DocumentReference" && telling.Manner % 2 == 0)
        {
            json["masterIdentifier"] = identifiers[0];
            identifiers.RemoveAt(0);
        }

        if (identifiers.Count > 0)
            json["identifier"] = new JsonArray([.. identifiers]);
    }

    private static void Linked(JsonObject json, Telling telling)
    {
        foreach (var (element, target) in telling.Links)
        {
            JsonNode reference = JsonParts.Reference(target);
            json[element] = (element, telling.Type) switch
            {
                ("performer", "Observation") => new JsonArray(reference),
                ("performer", _) => new JsonArray(new JsonObject { ["actor"] = reference }),
                _ => reference,
            };
        }

        if (!telling.Results.IsEmpty)
            json["result"] = new JsonArray([.. telling.Results.Select(r => (JsonNode)JsonParts.Reference(r.Key))]);
    }

    private static void Body(JsonObject json, Telling telling)
    {
        var (says, isError) = (telling.Says, telling.IsRetracted);
        switch (telling.Type)
        {
            case "Patient":
                PersonJson.Write(json, telling);
                break;
            case "AllergyIntolerance" or "Condition":
                Assessed(json, telling);
                break;
            case "MedicationStatement" or "MedicationRequest":
                Medication(json, telling);
                break;
            case "Immunization":
                json["status"] = isError ? "entered-in-error" : says.Status;
                json["vaccineCode"] = Code(telling);
                json["occurrenceDateTime"] = telling.Date.Text(telling.Done.Has(Perturbation.Zulu));
                break;
            case "Observation":
                json["status"] = isError ? "entered-in-error" : telling.Done.Has(Perturbation.Corrected) ? "corrected" : "final";
                Found(json, telling);
                break;
            case "Procedure":
                json["status"] = isError ? "entered-in-error" : "completed";
                json["code"] = Code(telling);
                JsonParts.Date(json, "performed", telling);
                Site(json, telling, isList: true);
                break;
            case "DiagnosticReport":
                json["status"] = isError ? "entered-in-error" : "final";
                json["code"] = Code(telling);
                JsonParts.Date(json, "effective", telling);
                break;
            case "Encounter":
                json["status"] = isError ? "entered-in-error" : "finished";
                json["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = says.Class };
                if (telling.Date.Text(telling.Done.Has(Perturbation.Zulu)) is { } start)
                    json["period"] = new JsonObject { ["start"] = start };
                break;
            case "DocumentReference":
                Document(json, telling);
                break;
            case "CarePlan":
                json["status"] = isError ? "entered-in-error" : "active";
                json["intent"] = "plan";
                json["title"] = JsonParts.Words("Care plan", telling);
                break;
            case "Organization":
                json["name"] = says.Organisation?.Name;
                break;
            case "Practitioner":
                json["name"] = new JsonArray(new JsonObject { ["family"] = "Durrant", ["prefix"] = new JsonArray("Dr") });
                break;
            case "Medication":
                json["code"] = Code(telling);
                break;
        }
    }

    private static JsonObject Code(Telling telling) => JsonParts.Of(telling.Says.What!, telling.Codings, telling);

    private static void Assessed(JsonObject json, Telling telling)
    {
        var (says, isError) = (telling.Says, telling.IsRetracted);
        var kind = telling.Type == "Condition" ? "condition" : "allergyintolerance";
        // FHIR R4, con-5 and ait-2: what was an error has no clinical status.
        if (says.Status is { } status && !isError)
            json["clinicalStatus"] = JsonParts.Hl7($"{kind}-clinical", status);
        if (isError || says.Verification is not null)
            json["verificationStatus"] = JsonParts.Hl7(kind == "condition" ? "condition-ver-status" : "allergyintolerance-verification", isError ? "entered-in-error" : says.Verification!);
        if (says.Criticality is { } criticality)
            json["criticality"] = criticality;
        // Some systems give the substance in each reaction only.
        if (telling.Type == "AllergyIntolerance" && !says.IsOfAbsence && telling.Manner % 10 == 0)
            json["reaction"] = new JsonArray(new JsonObject { ["substance"] = Code(telling), ["manifestation"] = new JsonArray(new JsonObject { ["text"] = "Rash" }) });
        else
            json["code"] = Code(telling);
        JsonParts.Date(json, "onset", telling);
        Site(json, telling, isList: true);
    }

    private static void Medication(JsonObject json, Telling telling)
    {
        var (says, isRequest) = (telling.Says, telling.Type == "MedicationRequest");
        var isOtherWord = telling.Done.Has(Perturbation.Wording);
        json["status"] = telling.IsRetracted ? "entered-in-error" : says.Status == "active" ? "active" : isOtherWord ? "stopped" : "completed";
        if (isRequest)
            json["intent"] = "order";
        if (!telling.Done.Has(Perturbation.ByReference))
        {
            json["medicationCodeableConcept"] = Code(telling);
        }
        else if (!telling.Links.Any(l => l.Element == "medicationReference"))
        {
            json["contained"] = new JsonArray(new JsonObject { ["resourceType"] = "Medication", ["id"] = "product", ["code"] = Code(telling) });
            json["medicationReference"] = new JsonObject { ["reference"] = "#product" };
        }

        if (says.Dose is { } dose)
            json[isRequest ? "dosageInstruction" : "dosage"] = JsonParts.Dosage(dose, telling);
        if (isRequest && telling.Date.Text(telling.Done.Has(Perturbation.Zulu)) is { } authored)
            json["authoredOn"] = authored;
        else if (!isRequest)
            JsonParts.Date(json, "effective", telling);
    }

    private static void Found(JsonObject json, Telling telling)
    {
        var says = telling.Says;
        json["code"] = Code(telling);
        JsonParts.Date(json, "effective", telling);
        Site(json, telling, isList: false);
        switch (says.Found)
        {
            case Finding.Amount amount:
                json["valueQuantity"] = JsonParts.Quantity(amount.Number, amount.Unit, telling);
                break;
            case Finding.Flag flag:
                json["valueBoolean"] = flag.IsSo;
                break;
            case Finding.Count count:
                json["valueInteger"] = count.Number;
                break;
            case Finding.Coded coded:
                json["valueCodeableConcept"] = JsonParts.Of(coded.Concept, [coded.Concept.Main], telling);
                break;
            case Finding.Words words:
                json["valueString"] = telling.Done.Has(Perturbation.Wording) ? words.Text.ToUpperInvariant() : words.Text;
                break;
            case null when says.Components.IsEmpty:
                json["dataAbsentReason"] = JsonParts.Hl7("data-absent-reason", "unknown");
                break;
        }

        if (!says.Components.IsEmpty)
        {
            json["component"] = new JsonArray([.. says.Components.Select(c => (JsonNode)new JsonObject
            {
                ["code"] = JsonParts.Of(c.What, telling.Manner % 2 == 0 && c.What.Also is { } also ? [c.What.Main, also] : [c.What.Main], telling),
                ["valueQuantity"] = JsonParts.Quantity(c.Found.Number, c.Found.Unit, telling),
            })]);
        }
    }

    private static void Site(JsonObject json, Telling telling, bool isList)
    {
        if (telling.Says.BodySite is not { } site)
            return;
        var concept = JsonParts.Of(site, [site.Main], telling);
        json["bodySite"] = isList ? new JsonArray(concept) : concept;
    }

    private static void Document(JsonObject json, Telling telling)
    {
        json["status"] = telling.IsRetracted ? "entered-in-error" : "current";
        json["date"] = new StatedDate(Precision.Minute, telling.Fact.When!.Value).Text(zulu: true);
        var hash = telling.Names.First(n => n.StartsWith("sha1|", StringComparison.Ordinal))[5..];
        var text = telling.Done.Has(Perturbation.Wording) ? $"{telling.Says.Document} ({telling.Source})" : telling.Says.Document!;
        var attachment = new JsonObject { ["contentType"] = "text/plain" };
        if (telling.IsHashed)
            (attachment["url"], attachment["hash"]) = ($"https://{telling.Source}.example/letters/{telling.Fact.Number}", hash);
        else
            attachment["data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        json["content"] = new JsonArray(new JsonObject { ["attachment"] = attachment });
    }
}
