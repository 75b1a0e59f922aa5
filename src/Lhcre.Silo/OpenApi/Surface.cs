namespace Lhcre.Silo.OpenApi;

/// <summary>What an interaction answers with.</summary>
internal enum Answered
{
    /// <summary>One FHIR resource.</summary>
    Resource,

    /// <summary>A FHIR Bundle.</summary>
    Bundle,

    /// <summary>What became of a push.</summary>
    Push,

    /// <summary>The acknowledgement of an HL7 v2 message.</summary>
    Acknowledgement,

    /// <summary>JSON or text of our own.</summary>
    Own,

    /// <summary>The same, of what was taken in and is still to be carried out.</summary>
    Import,

    /// <summary>The same, of what was ordered and is still to be carried out.</summary>
    Correction,
}

/// <summary>Which parameters an interaction takes in its URL, beside those of its path.</summary>
internal enum Taken
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>The form of the answer.</summary>
    Form,

    /// <summary>The form, and which part of each resource.</summary>
    Part,

    /// <summary>The same, and those of search.</summary>
    Search,

    /// <summary>The same, and those of <c>$everything</c>.</summary>
    Everything,

    /// <summary>The form, and those of <c>$summary</c>.</summary>
    Summary,

    /// <summary>The form, and those of a history.</summary>
    History,

    /// <summary>That of a heartbeat.</summary>
    Heartbeat,

    /// <summary>Those of a list of what is parked.</summary>
    Parked,

    /// <summary>Which page of a list.</summary>
    Page,

    /// <summary>Those of a quarantine.</summary>
    Stretch,

    /// <summary>Which quarantine or move.</summary>
    Quarantine,

    /// <summary>Those of an erasure.</summary>
    Erasure,

    /// <summary>Those of a withdrawal.</summary>
    Withdrawal,

    /// <summary>Those of a move.</summary>
    Move,
}

/// <summary>One interaction: a method at a path.</summary>
/// <param name="Method">GET, which is HEAD too, or another.</param>
/// <param name="Pattern">The path as it is routed, without a slash at its end.</param>
/// <param name="Tag">Under which heading it stands.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Answer">What it answers with.</param>
/// <param name="Parameters">Its parameters.</param>
internal sealed record Interface(string Method, string Pattern, string Tag, string Summary, Answered Answer, Taken Parameters = Taken.Form);

/// <summary>The whole HTTP surface, from which the OpenAPI document is written; a test holds it to the routes.</summary>
internal static class Surface
{
    private const string Merged = "Merged record";
    private const string Source = "A source's own base";
    private const string Operations = "Operations";

    /// <summary>Every interaction there is, the pages for developers apart.</summary>
    public static IReadOnlyList<Interface> All { get; } =
    [
        new("GET", "/fhir/metadata", Merged, "What is served here: the CapabilityStatement.", Answered.Resource),
        new("GET", "/fhir/$source-status", Merged, "How the sources' feeds stand: last contact, last applied, lag, silent since, and how much came, by what became of it.", Answered.Resource),
        new("GET", "/fhir/{type}", Merged, "Searches one person's resources of a type, or for a person.", Answered.Bundle, Taken.Search),
        new("POST", "/fhir/{type}/_search", Merged, "The same, with the parameters in a form: nothing of it in a URL.", Answered.Bundle, Taken.Search),
        new("GET", "/fhir/{type}/{id}", Merged, "Reads a merged resource. A resource that was merged into another answers as that one, with Content-Location.", Answered.Resource, Taken.Part),
        new("GET", "/fhir/{type}/{id}/_history/{version}", Merged, "Reads a merged resource as it was in one version.", Answered.Resource, Taken.Part),
        new("GET", "/fhir/Patient/{id}/$summary", Merged, "The International Patient Summary: a document, or with Accept: text/html a page.", Answered.Bundle, Taken.Summary),
        new("POST", "/fhir/Patient/{id}/$summary", Merged, "The same.", Answered.Bundle, Taken.Summary),
        new("GET", "/fhir/Patient/$summary", Merged, "The same of whom identifier={system}|{value} names.", Answered.Bundle, Taken.Summary),
        new("POST", "/fhir/Patient/$summary", Merged, "The same, with the identifier in a Parameters resource.", Answered.Bundle, Taken.Summary),
        new("GET", "/fhir/{type}/{id}/$explain", Merged, "How a merged resource came about: contributors, what joined them, what was not joined and why.", Answered.Resource),
        new("POST", "/fhir/{type}/{id}/$explain", Merged, "The same.", Answered.Resource),
        new("GET", "/fhir/Patient/{id}/$everything", Merged, "The whole record.", Answered.Bundle, Taken.Everything),
        new("POST", "/fhir/Patient/{id}/$everything", Merged, "The same, with the parameters as a Parameters resource or without.", Answered.Bundle, Taken.Everything),
        new("POST", "/fhir/Patient/{id}/$erase", Merged, "Erases everything that is held of a person, once and for all: for operators.", Answered.Resource, Taken.Erasure),
        new("GET", "/fhir/_history", Merged, "Every version of a person's record, newest first.", Answered.Bundle, Taken.History),
        new("GET", "/fhir/{type}/_history", Merged, "Every version of a person's resources of a type, newest first.", Answered.Bundle, Taken.History),
        new("GET", "/fhir/{type}/{id}/_history", Merged, "Every version of a resource, newest first.", Answered.Bundle, Taken.History),

        new("GET", "/sources/{source}/fhir/metadata", Source, "What is served here: the CapabilityStatement.", Answered.Resource),
        new("GET", "/sources/{source}/fhir/{type}", Source, "Searches what this source said of a person, as sent.", Answered.Bundle, Taken.Part),
        new("POST", "/sources/{source}/fhir/{type}/_search", Source, "The same, with the parameters in a form.", Answered.Bundle, Taken.Part),
        new("GET", "/sources/{source}/fhir/{type}/{id}", Source, "Reads a resource as this source sent it, byte for byte.", Answered.Resource, Taken.Part),
        new("GET", "/sources/{source}/fhir/Patient/{id}/$everything", Source, "All that this source said of a person.", Answered.Bundle, Taken.Part),
        new("POST", "/sources/{source}/fhir/Patient/{id}/$everything", Source, "The same.", Answered.Bundle, Taken.Part),
        new("POST", "/sources/{source}/fhir", Source, "Pushes a Bundle: transaction, batch, message, collection or document. What is acknowledged is on disk.", Answered.Push),
        new("POST", "/sources/{source}/fhir/{type}", Source, "Pushes a resource. Pushing the same again makes nothing new.", Answered.Push),
        new("PUT", "/sources/{source}/fhir/{type}/{id}", Source, "Pushes a resource under the source's own id.", Answered.Push),
        new("DELETE", "/sources/{source}/fhir/{type}/{id}", Source, "Withdraws a resource.", Answered.Push),
        new("POST", "/sources/{source}/$heartbeat", Source, "Says that the source is there, and up to when it has sent everything. Answers as $status.", Answered.Resource, Taken.Heartbeat),
        new("GET", "/sources/{source}/$status", Source, "How this source's feed stands, and how many messages and resources came, by what became of them.", Answered.Resource),
        new("GET", "/sources/{source}/parked", Source, "What came and is in no record, each with its reason: resources that wait to be filed, and messages that were refused.", Answered.Own, Taken.Parked),
        new("GET", "/sources/{source}/parked/{id}", Source, "One of them, whole, also where it was discarded.", Answered.Own, Taken.Nothing),
        new("POST", "/sources/{source}/parked/{id}/$resubmit", Source, "Files it again as if it came now, and tells what became of it. Again, it changes nothing.", Answered.Own, Taken.Nothing),
        new("POST", "/sources/{source}/parked/{id}/$discard", Source, "Marks it as not to be filed, with the reason and who says so. The first time counts.", Answered.Own, Taken.Nothing),
        new("POST", "/sources/{source}/hl7v2", Source, "Takes in one HL7 v2 message and answers with its acknowledgement: 200 AA, 422 AE, 400 AR.", Answered.Acknowledgement, Taken.Nothing),
        new("POST", "/sources/{source}/$quarantine", Source, "Takes back what this source sent from one instant to another, for everybody or one person.", Answered.Correction, Taken.Stretch),
        new("POST", "/sources/{source}/$withdraw", Source, "Takes back what this source sent, and all that it still sends, for everybody or one person, until it is brought back.", Answered.Correction, Taken.Withdrawal),
        new("POST", "/sources/{source}/$move", Source, "Moves what this source filed under the wrong person to the right one's record; or, with preview=true, tells what would move.", Answered.Correction, Taken.Move),
        new("POST", "/sources/{source}/$release", Source, "Ends a quarantine, a withdrawal or a move: it is as if there had been none.", Answered.Correction, Taken.Quarantine),
        new("GET", "/sources/{source}/corrections", Source, "The quarantines, withdrawals and moves of this source and their ends, the latest first.", Answered.Own, Taken.Nothing),
        new("GET", "/sources/{source}/corrections/{id}", Source, "How far one is.", Answered.Own, Taken.Nothing),
        new("GET", "/sources/{source}/leases", Source, "How much of what was pulled from this source is held for visits, and how much of it is due to be erased.", Answered.Own, Taken.Nothing),
        new("POST", "/sources/{source}/$import", Source, "Takes NDJSON in, a resource or Bundle a line, as it is or as gzip, and carries it out when it is on disk.", Answered.Import, Taken.Nothing),
        new("GET", "/sources/{source}/imports", Source, "The imports of this source, the latest first.", Answered.Own, Taken.Page),
        new("GET", "/sources/{source}/imports/{id}", Source, "How far an import is, and which of its lines were refused.", Answered.Own, Taken.Page),
        new("DELETE", "/sources/{source}/imports/{id}", Source, "Cancels an import: what was carried out stays, the rest is gone.", Answered.Own, Taken.Nothing),

        new("GET", "/health/live", Operations, "Whether the process runs.", Answered.Own, Taken.Nothing),
        new("GET", "/health/ready", Operations, "Whether it takes requests: 200 or 503.", Answered.Own, Taken.Nothing),
        new("GET", "/openapi.json", Operations, "This document.", Answered.Own, Taken.Nothing),
    ];
}
