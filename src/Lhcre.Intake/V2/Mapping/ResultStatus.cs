using System.Collections.Frozen;

namespace Lhcre.Intake.V2.Mapping;

/// <summary>What becomes of the states of orders, reports and observations: the concept maps, and what they leave open.</summary>
internal static class ResultStatus
{
    /// <summary>FHIR's word for what a source takes back: the same in every resource that is mapped here.</summary>
    public const string Withdrawn = "entered-in-error";

    // OBX-11 → Observation.status (concept map ObservationResultStatusCodesInterpretation, rows 3 to 17, HL7 table 0085). The map leaves out
    // B (appended: further words beside unchanged values), I and O (no result yet), N (was never sought: nothing was measured), R and S (not
    // verified, partial), U and V (final).
    private static readonly FrozenDictionary<string, string> OfObservation = new Dictionary<string, string>
    {
        ["A"] = "amended",
        ["B"] = "amended",
        ["C"] = "corrected",
        ["D"] = Withdrawn,
        ["F"] = "final",
        ["I"] = "registered",
        ["N"] = "cancelled",
        ["O"] = "registered",
        ["P"] = "preliminary",
        ["R"] = "preliminary",
        ["S"] = "preliminary",
        ["U"] = "final",
        ["V"] = "final",
        ["W"] = Withdrawn,
        ["X"] = "cancelled",
    }.ToFrozenDictionary();

    // OBR-25 → DiagnosticReport.status (concept map ResultStatus[Non-Queries], rows 3 to 15, HL7 table 0123). The map leaves out A (some are
    // there), M (corrected, but not final) and N (done, results to come). Y and Z answer queries, and say nothing of a report.
    private static readonly FrozenDictionary<string, string> Report = new Dictionary<string, string>
    {
        ["A"] = "partial",
        ["C"] = "corrected",
        ["F"] = "final",
        ["I"] = "registered",
        ["M"] = "preliminary",
        ["N"] = "registered",
        ["O"] = "registered",
        ["P"] = "preliminary",
        ["R"] = "partial",
        ["S"] = "registered",
        ["X"] = "cancelled",
    }.ToFrozenDictionary();

    // ORC-5 → ServiceRequest.status (concept map OrderStatus, rows 3 to 10, HL7 table 0038). A, which the map leaves out: some results are there.
    private static readonly FrozenDictionary<string, string> OfOrder = new Dictionary<string, string>
    {
        ["A"] = "active",
        ["CA"] = "revoked",
        ["CM"] = "completed",
        ["DC"] = "revoked",
        ["ER"] = Withdrawn,
        ["HD"] = "on-hold",
        ["IP"] = "active",
        ["RP"] = "revoked",
        ["SC"] = "active",
    }.ToFrozenDictionary();

    // ORC-1 → ServiceRequest.status where ORC-5 is empty (concept map OrderControlCode[ServiceRequest.status], HL7 table 0119), but for CA and
    // HD, which the map calls active until the filler agrees: who only reads along is not told of that, and a cancelled medicine that goes on
    // being shown as active is the greater harm. RP and RU, which it leaves out, name the order that another one takes the place of, and XO, XR
    // and XX one that goes on, changed.
    private static readonly FrozenDictionary<string, string> OfControl = new Dictionary<string, string>
    {
        ["AF"] = "active",
        ["CA"] = "revoked",
        ["CR"] = "revoked",
        ["DC"] = "revoked",
        ["DF"] = "revoked",
        ["DR"] = "revoked",
        ["FU"] = "completed",
        ["HD"] = "on-hold",
        ["HR"] = "on-hold",
        ["NW"] = "active",
        ["OC"] = "revoked",
        ["OD"] = "revoked",
        ["OH"] = "on-hold",
        ["OK"] = "active",
        ["PR"] = "active",
        ["PY"] = "active",
        ["RL"] = "active",
        ["RO"] = "active",
        ["RP"] = "revoked",
        ["RQ"] = "active",
        ["RU"] = "revoked",
        ["XO"] = "active",
        ["XR"] = "active",
        ["XX"] = "active",
    }.ToFrozenDictionary();

    /// <summary>Observation.status of OBX-11; of none, what the report says of itself as a whole; else unknown.</summary>
    public static string OfResult(string? code, string? report) =>
        code is not null ? OfObservation.GetValueOrDefault(code, "unknown")
        : report is "final" or "corrected" or "preliminary" or "cancelled" or "registered" ? report
        : "unknown";

    /// <summary>DiagnosticReport.status of OBR-25.</summary>
    public static string OfReport(string? code) => code is null ? "unknown" : Report.GetValueOrDefault(code, "unknown");

    /// <summary>ServiceRequest.status of ORC-5, else of ORC-1; unknown where neither says it.</summary>
    public static string OfRequest(Hl7Segment? order) =>
        Coded(order, 5, OfOrder) ?? (order?[5].Value is null ? Coded(order, 1, OfControl) : null) ?? "unknown";

    /// <summary>MedicationRequest.status: the same, in the words of its own value set, which tells cancelled from stopped.</summary>
    public static string OfPrescription(Hl7Segment? order) => OfRequest(order) switch
    {
        "revoked" => (order?[5].Value ?? order?[1].Value) is "CA" or "CR" or "OC" or "DF" ? "cancelled" : "stopped",
        var status => status,
    };

    /// <summary>Where a result stands among those of one message time: a later word about it is never below an earlier one.</summary>
    public static int Rank(string status) => status switch
    {
        "registered" or "unknown" => 0,
        "partial" or "preliminary" => 1,
        "final" => 2,
        "amended" => 3,
        "corrected" => 4,
        "cancelled" => 5,
        Withdrawn => 6,
        _ => 2,
    };

    private static string? Coded(Hl7Segment? segment, int field, FrozenDictionary<string, string> map) =>
        segment?[field].Value is { } code ? map.GetValueOrDefault(code) : null;
}
