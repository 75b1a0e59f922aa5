using System.Text;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Whole messages of the kinds that are taken, of our own making: what is damaged from here on.</summary>
internal static class SeedMessages
{
    private const string Visit =
        @"PV1|1|I|WARD3^BAY2^BED1^RDZ|13|||C3456789^Darwin^Samuel^^^Dr^^^GMC~C1^Low|G5612908^Townley^Gregory^^^Dr^^^GMC||300||||19|||||V4711^^^RDZ&2.16.840.1.113883.2.1.3.2.4.18&ISO^VN|||||||||||||||||||||||||20260301101500+0000|20260302120000";

    /// <summary>The texts, each segment ended by CR.</summary>
    /// <param name="nhsNumber">Whose: ten digits.</param>
    public static string[] Of(string nhsNumber)
    {
        var person = $@"PID|1||{nhsNumber}^^^NHS^NH~H{nhsNumber}^^^RDZ^MR||BELL^ANN^M^^MRS^^L~BELL^ANNIE^^^^^A|SHARP|19800229|F|||1 High Street^Cottage^Dorchester^Dorset^DT1 1AA^GBR^H||01305123456^PRN^PH~^NET^Internet^ann@example.org|||M|||||||A||||||20260401|N||01";
        return
        [
            .. new[] { "A01", "A02", "A03", "A04", "A05", "A08", "A11", "A13", "A28", "A31" }.Select(trigger => Adt(trigger, person)),
            Text("ORU^R01^ORU_R01", person, Visit,
                "ORC|RE|P1^PAS|F1^LAB||CM||||20260302093000|||C3456789^Darwin^Samuel",
                "OBR|1|P1^PAS|F1^LAB|26604007^Full blood count^SCT^FBC^Full blood count^L|||202603020915|||||Fatigue|||C3456789^Darwin^Samuel||||||20260302110000||HM|F",
                "NTE|1|L|Sample slightly haemolysed|RE",
                "OBX|1|NM|718-7^Haemoglobin^LN^Hb^Haemoglobin^L||131|g/L^gram per litre^UCUM|120-150|N|||F|||202603020915||C9^Lab^Ann",
                "OBX|2|SN|6690-2^White cells^LN||>^11.5|10*9/L^^UCUM|4.0-11.0|H|||F|||202603020915",
                @"OBX|3|FT|X1^Film comment^L||Reactive\.br\changes \T\ rouleaux||||||P",
                "OBX|4|CE|X2^Group^L||A^Group A^L~B^Group B^L||||||C",
                "OBX|5|ED|PDF^Report^L||LAB^AP^PDF^Base64^JVBERi0xLjQKJcfsj6IK||||||F",
                "OBX|6|DT|X3^Day^L||20260302||||||F", "OBX|7|TM|X4^Time^L||0915||||||X",
                "SPM|1|S1&PAS^S2&LAB||119297000^Blood^SCT|||||||||||||202603020900|202603020930"),
            Text("MDM^T02^MDM_T02", person, Visit,
                "TXA|1|DS^Discharge summary^L|TX|20260302120000|C3456789^Darwin^Samuel|20260302120000|20260302121000||C3456789^Darwin^Samuel||TYPIST^A|DOC77^PAS||P1^PAS|F1^LAB|summary.txt|LA|R|AV",
                "OBX|1|TX|11490-0^Discharge summary^LN||Admitted with chest pain.||||||F", @"OBX|2|TX|11490-0^Discharge summary^LN||Home with \H\aspirin\N\.||||||F"),
            Text("VXU^V04^VXU_V04", person, "PD1|||Harbour Surgery^^J81001|G5612908^Townley^Gregory",
                "ORC|RE|P9^PAS|I9^GP|||||||||C3456789^Darwin^Samuel",
                "RXA|0|1|20251001093000|20251001093000|1324681000000101^Influenza vaccination^SCT|0.5|mL^millilitre^UCUM||00^New record^NIP001|C3456789^Darwin^Samuel|^^^SURGERY||||LOT42|20261231|GSK^GlaxoSmithKline^MVX|||CP|A",
                "RXR|IM^Intramuscular^HL70162|LA^Left arm^HL70163", "OBX|1|CE|30963-3^Funding^LN|1|PHC70^Public^CDCPHINVS||||||F"),
            Text("RDE^O11^RDE_O11", person, Visit, "AL1|1|DA^Drug^HL70127|91936005^Penicillin^SCT|SV|Rash~Wheeze|20100101",
                "ORC|NW|RX5^PAS|RX5F^PH||IP||||20260302130000|||C3456789^Darwin^Samuel",
                "RXE|^^^20260302^20260309|39732311000001104^Amoxicillin 500 mg capsules^DMD|500||mg^milligram^UCUM|CAP^Capsule^HL70292|TID^Three times a day||G|21|CAP|0|C3456789^Darwin^Samuel",
                "TQ1|1||TID|||7^d|20260302|20260309|R", "RXR|PO^Oral^HL70162", "RXC|B|39732311000001104^Amoxicillin^DMD|500|mg"),
        ];
    }

    private static string Adt(string trigger, string person) => Text(
        $"ADT^{trigger}", person, "PD1|||Harbour Surgery^^J81001|G5612908^Townley^Gregory^^^Dr^^^GMC",
        "NK1|1|BELL^BOB^^^MR^^L|SPO|1 High Street^^Dorchester^^DT1 1AA|+441305123457||N", Visit, "PV2|||Chest pain||||||20260305",
        "OBX|1|NM|8302-2^Height^LN||1.68|m|||||F", "AL1|1|DA|91936005^Penicillin^SCT|SV|Rash~Wheeze|20100101", "DG1|1|I10|I20.9^Angina^I10||20260301|A",
        "PR1|1||K40.1^Bypass^OPCS4||202603021000|D|60", @"ZU1|own|\Zx\|x");

    private static string Text(string type, params IEnumerable<string> segments) =>
        string.Concat(new[] { $@"MSH|^~\&|PAS|RDZ|LHCRE|WESSEX|20260302130405+0000||{type}|M{type.Length}|P|2.5.1|||AL|NE|GBR|UNICODE UTF-8", "EVN||20260302130000|||OP1^Ord|20260302125900" }
            .Concat(segments).Select(s => s + "\r"));

    /// <summary>All of a text's bytes.</summary>
    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
