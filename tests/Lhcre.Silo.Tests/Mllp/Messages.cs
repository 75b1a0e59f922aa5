namespace Lhcre.Silo.Tests.Mllp;

/// <summary>HL7 v2 messages as a hospital sends them; all made up.</summary>
internal static class Messages
{
    /// <summary>A person is registered (A28), known by hospital and NHS number.</summary>
    public static string Person(string control, string nhsNumber, string family = "Vantage", string at = "20260101120000", string header = "") =>
        Segments(
            Header(control, "ADT^A28^ADT_A05", at, header),
            $"EVN|A28|{at}",
            $"PID|1||IW-{nhsNumber}^^^IOW^MR~{nhsNumber}^^^NHS^NH||{family}^Ann||19510203|F",
            "PV1|1|N");

    /// <summary>A result of that person.</summary>
    public static string Result(string control, string nhsNumber, string filler, string value = "5.1", string at = "20260102090000") =>
        Segments(
            Header(control, "ORU^R01^ORU_R01", at),
            $"PID|1||IW-{nhsNumber}^^^IOW^MR~{nhsNumber}^^^NHS^NH||Vantage^Ann||19510203|F",
            $"OBR|1||{filler}^LAB|44J3.^Serum creatinine^READ|||{at}|||||||||||||||{at}|||F",
            $"OBX|1|NM|2160-0^Creatinine^LN||{value}|mmol/L|||||F|||{at}");

    /// <summary>A document of that person, in base64.</summary>
    public static string Document(string control, string nhsNumber, string base64) =>
        Segments(
            Header(control, "MDM^T02^MDM_T02", "20260103090000"),
            "EVN|T02|20260103090000",
            $"PID|1||IW-{nhsNumber}^^^IOW^MR~{nhsNumber}^^^NHS^NH||Vantage^Ann||19510203|F",
            "PV1|1|O",
            $"TXA|1|DS^Discharge summary|AP|20260103090000|||20260103090000|||||{control}-doc|||||AU",
            $"OBX|1|ED|DS^Discharge summary||^APPLICATION^PDF^BASE64^{base64}||||||F");

    public static string Header(string control, string type, string at = "20260101120000", string more = "") =>
        $"MSH|^~\\&|PAS|IOW|LHCRE|WESSEX|{at}||{type}|{control}|P|2.5.1||||||UNICODE UTF-8{more}";

    public static string Segments(params string[] segments) => string.Concat(segments.Select(s => s + "\r"));
}
