using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lhcre.Record;
using Lhcre.Record.Searching;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.OpenApi;

/// <summary>Writes the OpenAPI 3.1 document from the tables by which requests are served: the surface, and the search parameters.</summary>
internal static partial class OpenApiDocument
{
    private const string Resource = "#/components/schemas/Resource";
    private static readonly string[] FhirMedia = ["application/fhir+json", "application/fhir+xml"];

    // What shapes the answer and is known at every path.
    private static readonly string[] OfForm = ["_format", "_pretty"];
    private static readonly string[] OfPart = [.. OfForm, "_summary", "_elements"];

    private static readonly (string Name, string Documentation) At = ("_at", "The record as it stood at this instant.");

    private static readonly (string Name, string Documentation)[] OfEverything =
    [
        ("_since", "What changed in the record at or after this instant."),
        At,
        ("start", "Care from this date on."),
        ("end", "Care up to this date."),
        ("_type", "The resource types to answer with, with commas between."),
        ("_count", "The most matches on a page; default all."),
        ("_include", "Type:parameter[:target], or *: what the matches refer to, beside them."),
        ("_revinclude", "Type:parameter[:target]: what refers to the matches, beside them; Provenance:target is where each resource comes from."),
    ];

    private static readonly (string Name, string Documentation)[] OfSummary =
    [
        ("identifier", "{system}|{value}: of whom, where the path does not say so."),
        ("profile", "Of no effect: there is one."),
        At,
    ];

    private static readonly (string Name, string Documentation)[] OfHistory =
    [
        ("patient", "Whose, where the path does not say so: Patient/{id} or {id}."),
        ("_since", "Versions made at or after this instant."),
        ("_at", "The versions that were the present ones at this instant."),
        ("_count", "The most versions on a page."),
    ];

    /// <summary>The document, for a server at this address with these sources.</summary>
    public static byte[] Write(Addresses addresses, IReadOnlyList<SourceSystem> sources)
    {
        var paths = new JsonObject();
        foreach (var path in Surface.All.GroupBy(i => i.Pattern))
            paths[path.Key] = Path(path, sources);
        foreach (var type in SearchTable.AllTypes)
            paths[$"/fhir/{type}"] = new JsonObject { ["get"] = SearchOf(type) };
        var document = new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Wessex shared care record",
                ["version"] = typeof(OpenApiDocument).Assembly.GetName().Version!.ToString(3),
                ["description"] = "One record per person, merged from all sources: FHIR R4. Errors are OperationOutcomes whose details.coding has a stable LHC### code.",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0", ["identifier"] = "Apache-2.0" },
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = addresses.Base }),
            ["paths"] = paths,
            ["components"] = Components(),
        };
        return JsonSerializer.SerializeToUtf8Bytes(document, JsonSerializerOptions.Default);
    }

    private static JsonObject Path(IEnumerable<Interface> interfaces, IReadOnlyList<SourceSystem> sources)
    {
        var path = new JsonObject();
        foreach (var item in interfaces)
        {
            path[item.Method.ToLowerInvariant()] = Operation(item, sources);
            if (item.Method == "GET")
                path["head"] = Operation(item with { Summary = $"As GET, without the body: {item.Summary}" }, sources);
        }

        return path;
    }

    private static JsonObject Operation(Interface item, IReadOnlyList<SourceSystem> sources)
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(item.Tag),
            ["summary"] = item.Summary,
            ["parameters"] = new JsonArray([.. PathParameters(item.Pattern, sources), .. Query(item), .. Headers(item)]),
            ["responses"] = Responses(item),
        };
        if (Content(item) is { } content)
            operation["requestBody"] = new JsonObject { ["required"] = item.Answer is Answered.Push or Answered.Import or Answered.Own or Answered.Acknowledgement, ["content"] = content };
        return operation;
    }

    private static JsonObject SearchOf(string type) => new()
    {
        ["tags"] = new JsonArray("Merged record by type"),
        ["summary"] = $"Searches for {type}.",
        ["parameters"] = new JsonArray([
            .. SearchTable.Of(type).Select(p => Parameter(p.Name, $"{p.KindCode}: {p.Documentation}")),
            .. Query(Surface.All.First(i => i.Parameters == Taken.Search))]),
        ["responses"] = Responses(Surface.All.First(i => i.Parameters == Taken.Search)),
    };

    private static IEnumerable<JsonNode> PathParameters(string pattern, IReadOnlyList<SourceSystem> sources) => InPath().Matches(pattern).Select(match => (JsonNode)new JsonObject
    {
        ["name"] = match.Groups[1].Value,
        ["in"] = "path",
        ["required"] = true,
        ["schema"] = match.Groups[1].Value == "source"
            ? new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. sources.Select(s => (JsonNode)s.Id)]) }
            : new JsonObject { ["type"] = "string" },
    });

    private static IEnumerable<JsonNode> Query(Interface item)
    {
        if (item.Parameters is Taken.Nothing or Taken.Parked or Taken.Page)
        {
            var known = item.Parameters == Taken.Nothing ? [] : ParkedQuestion.Known.Where(p => item.Parameters == Taken.Parked || ParkedQuestion.OfPage.Contains(p.Name));
            return known.Select(p => Parameter(p.Name, p.Documentation));
        }

        var control = SearchTable.ResultControl.Where(p => item.Parameters switch
        {
            Taken.Form or Taken.History or Taken.Summary or Taken.Heartbeat or Taken.Stretch or Taken.Quarantine or Taken.Withdrawal
                or Taken.Move or Taken.Erasure => OfForm.Contains(p.Name),
            Taken.Search => true,
            _ => OfPart.Contains(p.Name),
        });
        var own = item.Parameters switch
        {
            Taken.Search => SearchTable.Everywhere.Select(p => Parameter(p.Name, $"{p.KindCode}: {p.Documentation}")).Append(Parameter(At.Name, At.Documentation)),
            Taken.Summary => OfSummary.Select(p => Parameter(p.Name, p.Documentation)),
            Taken.History => OfHistory.Select(p => Parameter(p.Name, p.Documentation)),
            Taken.Everything => OfEverything.Select(p => Parameter(p.Name, p.Documentation)),
            Taken.Stretch => [Parameter("from", "An instant."), Parameter("to", "A later one, now at the latest."), Parameter("person", "The id of a merged Patient; everybody where it is missing."), Parameter("reason", "Why; no patient data.")],
            Taken.Erasure => [Parameter("reason", "Why; no patient data."), Parameter("by", "Who orders it."), Parameter("confirm", "The id of the Patient again.")],
            Taken.Withdrawal => [Parameter("from", "An instant; everything where it is missing."), Parameter("person", "The id of a merged Patient; everybody where it is missing."), Parameter("reason", "Why; no patient data.")],
            Taken.Quarantine => [Parameter("quarantine", "The id of the quarantine."), Parameter("move", "Or of the move."), Parameter("reason", "Why; no patient data.")],
            Taken.Move =>
            [
                Parameter("person", "The id of the merged Patient under whom it is filed."), Parameter("to", "The id of the one whom it is about."),
                Parameter("entry", "What moves: Type/id of the source's own, as often as needed. Or a unit."),
                Parameter("unit", "The id of a Patient of the source, who moves with all that is filed under them, now and later."),
                Parameter("reason", "Why; no patient data."), Parameter("by", "Who orders it."), Parameter("preview", "true: tells what would move, and writes nothing."),
            ],
            Taken.Heartbeat => [Parameter("watermark", "An instant: everything up to then was sent. Also in a Parameters resource.")],
            _ => [],
        };
        return [.. own, .. control.Select(p => Parameter(p.Name, p.Documentation))];
    }

    private static IEnumerable<JsonNode> Headers(Interface item)
    {
        if (item.Answer is Answered.Own or Answered.Acknowledgement)
            return [];
        if (item is { Answer: Answered.Push, Pattern: "/sources/{source}/fhir" })
            return [Reference("parameters", "Extent"), Reference("parameters", "Prefer"), Reference("parameters", "RequestId")];
        return item.Method == "GET"
            ? [Reference("parameters", "IfNoneMatch"), Reference("parameters", "Prefer"), Reference("parameters", "RequestId")]
            : [Reference("parameters", "Prefer"), Reference("parameters", "RequestId")];
    }

    private static JsonObject? Content(Interface item) => item switch
    {
        { Method: "POST", Pattern: var pattern } when pattern.EndsWith("$discard", StringComparison.Ordinal) => new JsonObject { ["application/json"] = Schema("#/components/schemas/Discarding") },
        { Answer: Answered.Import } => new JsonObject { ["application/fhir+ndjson"] = new JsonObject { ["schema"] = Text() } },
        { Answer: Answered.Acknowledgement } => new JsonObject { ["x-application/hl7-v2+er7"] = new JsonObject { ["schema"] = Text() } },
        { Answer: Answered.Push, Method: not "DELETE" } => new JsonObject { ["application/fhir+json"] = Schema(Resource) },
        { Method: "POST", Pattern: var pattern } when pattern.EndsWith("_search", StringComparison.Ordinal) =>
            new JsonObject { ["application/x-www-form-urlencoded"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "object" } } },
        { Method: "POST", Answer: Answered.Bundle or Answered.Resource } => new JsonObject { ["application/fhir+json"] = Schema(Resource) },
        _ => null,
    };

    private static JsonObject Responses(Interface item)
    {
        var responses = new JsonObject();
        if (item.Answer is Answered.Import or Answered.Correction)
        {
            return new JsonObject
            {
                ["202"] = new JsonObject { ["description"] = "All of it is on disk; Content-Location says where it is told of." },
                ["default"] = Reference("responses", "Issues"),
            };
        }

        if (item.Answer is Answered.Own or Answered.Acknowledgement)
        {
            responses["200"] = new JsonObject { ["description"] = item.Summary };
            if (item.Pattern.EndsWith("$resubmit", StringComparison.Ordinal))
                responses["202"] = new JsonObject { ["description"] = "It stays parked, or its record withholds it: the outcome says why." };
            if (item.Pattern.StartsWith("/sources/", StringComparison.Ordinal))
                responses["default"] = Reference("responses", "Issues");
            return responses;
        }

        responses[item.Method == "DELETE" ? "204" : "200"] = Reference("responses", item.Answer == Answered.Resource ? "Resource" : "Bundle");
        if (item.Answer == Answered.Push)
            (responses["201"], responses["202"]) = (Reference("responses", "Resource"), Reference("responses", "Parked"));
        if (item.Method == "GET")
            responses["304"] = Reference("responses", "NotModified");
        responses["default"] = Reference("responses", "Issues");
        return responses;
    }

    private static JsonObject Components() => new()
    {
        ["schemas"] = new JsonObject
        {
            ["Resource"] = new JsonObject
            {
                ["description"] = "A resource of FHIR R4 (4.0.1); what else stands in it, hl7.org/fhir/R4 tells.",
                ["type"] = "object",
                ["required"] = new JsonArray("resourceType"),
                ["properties"] = new JsonObject { ["resourceType"] = Text(), ["id"] = Text(), ["meta"] = new JsonObject { ["type"] = "object" } },
            },
            ["Discarding"] = new JsonObject
            {
                ["description"] = "Why something is not to be filed, and who says so: each 1 to 500 characters.",
                ["type"] = "object",
                ["required"] = new JsonArray("reason", "by"),
                ["properties"] = new JsonObject { ["reason"] = Text(), ["by"] = Text() },
            },
        },
        ["parameters"] = new JsonObject
        {
            ["IfNoneMatch"] = Header("If-None-Match", "The ETag of the answer that the client holds: 304 where it is the present one."),
            ["Prefer"] = Header("Prefer", "handling=strict refuses what would be ignored; return=minimal, representation or OperationOutcome is for pushes."),
            ["Extent"] = Header(ExtentHeader.Name, "whole, or whole; types=Condition,Procedure: the Bundle is all that the source says of one person (of these types); what is missing is withdrawn as of Bundle.timestamp."),
            ["RequestId"] = Header("X-Request-Id", "Comes back with the answer; a push under the same id within 30 days gets its first answer again."),
        },
        ["responses"] = new JsonObject
        {
            ["Resource"] = Response("The resource.", FhirMedia),
            ["Bundle"] = Response("A Bundle.", FhirMedia),
            ["Parked"] = Response("Taken in, and not filed yet: the outcome says why.", FhirMedia),
            ["NotModified"] = Response("What the client holds is the present answer.", []),
            ["Issues"] = Response($"An OperationOutcome; the codes are those of {OperationOutcome.CodeSystem}.", FhirMedia),
        },
    };

    private static JsonObject Response(string description, string[] media)
    {
        var response = new JsonObject { ["description"] = description };
        if (media.Length > 0)
            response["content"] = new JsonObject(media.Select(m => KeyValuePair.Create(m, (JsonNode?)Schema(Resource))));
        return response;
    }

    private static JsonObject Schema(string reference) => new() { ["schema"] = new JsonObject { ["$ref"] = reference } };

    private static JsonObject Reference(string kind, string name) => new() { ["$ref"] = $"#/components/{kind}/{name}" };

    private static JsonObject Parameter(string name, string documentation) =>
        new JsonObject { ["name"] = name, ["in"] = "query", ["description"] = documentation, ["schema"] = Text() };

    private static JsonObject Header(string name, string documentation) =>
        new() { ["name"] = name, ["in"] = "header", ["description"] = documentation, ["schema"] = Text() };

    private static JsonObject Text() => new() { ["type"] = "string" };

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex InPath();
}
