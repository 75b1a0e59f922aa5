namespace Lhcre.Intake.V2.Mapping;

/// <summary>An OBX or SPM segment with the notes that stand behind it.</summary>
internal sealed record Noted(Hl7Segment Segment)
{
    /// <summary>The NTE segments that follow it.</summary>
    public List<Hl7Segment> Notes { get; } = [];
}

/// <summary>
/// What belongs to one order: ORC with its OBR, RXA or RXE and all that follows until the next one. The group of every structure that is
/// mapped here (ORU_R01.ORDER_OBSERVATION, MDM_T02.COMMON_ORDER, VXU_V04.ORDER, RDE_O11.ORDER), read leniently: a segment that stands in
/// another place than the structure says belongs to the order before it.
/// </summary>
internal sealed class OrderGroup
{
    private readonly List<Hl7Segment> _routes = [];
    private readonly List<Hl7Segment> _ingredients = [];
    private readonly List<Hl7Segment> _requestedRoutes = [];
    private readonly List<Hl7Segment> _requestedIngredients = [];
    private List<Hl7Segment>? _notes;

    /// <summary>ORC; null where the sender leaves it out.</summary>
    public Hl7Segment? Order { get; private set; }

    /// <summary>OBR, RXA or RXE; of an order as it was requested (RXO) only where nothing else follows.</summary>
    public Hl7Segment? Detail { get; private set; }

    /// <summary>RXO: what was asked for, before the pharmacy encoded it.</summary>
    public Hl7Segment? Requested { get; private set; }

    /// <summary>OBX, in order.</summary>
    public List<Noted> Observations { get; } = [];

    /// <summary>SPM, in order.</summary>
    public List<Noted> Specimens { get; } = [];

    /// <summary>TQ1.</summary>
    public List<Hl7Segment> Timings { get; } = [];

    /// <summary>RXR that count: those behind RXE, else those behind RXO.</summary>
    public List<Hl7Segment> Routes => _routes.Count > 0 ? _routes : _requestedRoutes;

    /// <summary>RXC that count, likewise.</summary>
    public List<Hl7Segment> Ingredients => _ingredients.Count > 0 ? _ingredients : _requestedIngredients;

    /// <summary>NTE behind ORC, OBR, RXA or RXE.</summary>
    public List<Hl7Segment> Notes { get; } = [];

    /// <summary>Its place among the message's orders, from 1.</summary>
    public int Number { get; private init; }

    /// <summary>
    /// ORC-28 → meta.security (segment ORC[DiagnosticReport], row 38; ORC[Immunization], row 37; ORC[ServiceRequest], row 53): the codes that concept
    /// map ConfidentialityCode has in v3-Confidentiality and that are codes of it; null for none.
    /// </summary>
    public string? Security => Order?[28].Value is "V" or "R" ? Order[28].Value : null;

    /// <summary>
    /// The orders of a message. OBX that stand before any order are in a group without one, with the number 0. NTE that belong to none of its
    /// segments, such as one behind PID, are left out and named to the sender.
    /// </summary>
    public static List<OrderGroup> Of(MessageContext context)
    {
        var groups = new List<OrderGroup> { new() };
        foreach (var segment in context.Message.Segments)
        {
            if (segment.Name is "ORC" || (segment.Name is "OBR" or "RXA" or "RXE" or "RXO" && !groups[^1].Awaits(segment.Name)))
                groups.Add(new OrderGroup { Number = groups.Count });
            if (segment.Name == "NTE" && groups[^1]._notes is null)
                context.LeaveOut([segment]);
            groups[^1].Take(segment);
        }

        return groups;
    }

    // RXE follows the RXO that it encodes; any other detail begins an order of its own unless its ORC waits for it.
    private bool Awaits(string name) =>
        Number > 0 && Detail is null && (Requested is null || name == "RXE");

    private void Take(Hl7Segment segment)
    {
        switch (segment.Name)
        {
            case "ORC":
                Order = segment;
                _notes = Notes;
                break;
            case "RXO":
                Requested = segment;
                _notes = Notes;
                break;
            case "OBR" or "RXA" or "RXE":
                Detail = segment;
                _notes = Notes;
                break;
            case "OBX":
                _notes = Added(Observations, segment);
                break;
            case "SPM":
                _notes = Added(Specimens, segment);
                break;
            case "TQ1":
                Timings.Add(segment);
                break;
            case "RXR":
                (Detail is null ? _requestedRoutes : _routes).Add(segment);
                break;
            case "RXC":
                (Detail is null ? _requestedIngredients : _ingredients).Add(segment);
                break;
            case "NTE":
                _notes?.Add(segment);
                break;
            default:
                // A note belongs to what is before it: one behind PID or PV1 is about neither an order nor an observation.
                _notes = Number == 0 ? null : _notes;
                break;
        }
    }

    private static List<Hl7Segment> Added(List<Noted> to, Hl7Segment segment)
    {
        to.Add(new Noted(segment));
        return to[^1].Notes;
    }
}
