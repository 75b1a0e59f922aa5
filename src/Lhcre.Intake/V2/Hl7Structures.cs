using System.Collections.Frozen;

namespace Lhcre.Intake.V2;

/// <summary>
/// HL7 table 0354 (v2.5.1): the structure of a message that does not name it in MSH-9.3, as most did before version 2.4. What is not listed has a
/// structure of its own, named by code and event.
/// </summary>
internal static class Hl7Structures
{
    private static readonly FrozenDictionary<string, string> Table = new (string Structure, string Events)[]
    {
        ("ADT_A01", "A01 A04 A08 A13"),
        ("ADT_A05", "A05 A14 A28 A31"),
        ("ADT_A06", "A06 A07"),
        ("ADT_A09", "A09 A10 A11 A12"),
        ("ADT_A21", "A21 A22 A23 A25 A26 A27 A29 A32 A33"),
        ("ADT_A30", "A30 A34 A35 A36 A46 A47 A48 A49"),
        ("ADT_A39", "A39 A40 A41 A42"),
        ("ADT_A43", "A43 A44"),
        ("ADT_A50", "A50 A51"),
        ("ADT_A52", "A52 A53"),
        ("ADT_A54", "A54 A55"),
        ("ADT_A61", "A61 A62"),
        ("MDM_T01", "T01 T03 T05 T07 T09 T11"),
        ("MDM_T02", "T02 T04 T06 T08 T10"),
    }.SelectMany(row => row.Events.Split(' ').Select(e => KeyValuePair.Create($"{row.Structure[..3]}_{e}", row.Structure))).ToFrozenDictionary();

    /// <summary>The structure; empty where there is no code.</summary>
    public static string Of(string code, string @event)
    {
        var own = @event.Length == 0 ? code : code.Length == 0 ? "" : $"{code}_{@event}";
        return Table.GetValueOrDefault(own, own);
    }
}
