using System.Text;
using System.Text.Json;
using Lhcre.Intake.V2.Mapping;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>TXA and OBX → DocumentReference, row by row of TXA[DocumentReference] and OBX[DocumentReference].</summary>
public class DocumentMapTests
{
    private const string Pid = "PID|||633^^^R0A^MR";
    private const string Txa = "TXA|1|OP^Operation note|TX|20260101||202601021130||||||D1^RCB";
    private const string Text = "OBX|1|TX|OP||Found well.||||||F";
    private static readonly string Pdf = Convert.ToBase64String("%PDF-1.4 a document"u8);

    /// <summary>The row, TXA, OBX, where to look, and what is there.</summary>
    public static TheoryData<string, string, string, string, string> Rows() => new()
    {
        { "TXA-2, row 5", Txa, Text, "DocumentReference.type.coding[0]", """{"code":"OP","display":"Operation note"}""" },
        { "TXA-4", Txa, Text, "DocumentReference.context.period", """{"start":"2026-01-01"}""" },
        { "TXA-6, row 9", Txa, Text, "DocumentReference.date", "2026-01-02T11:30:00+00:00" },
        { "TXA-6, row 9: no time", Txa.Replace("202601021130", "20260102"), Text, "DocumentReference.date", "" },
        { "TXA-9, row 14", "TXA|1|OP|||||||C1^Darwin^Samuel^^^Dr^^^GMC|||D1", Text, "DocumentReference.author[0].display", "Dr Samuel Darwin" },
        { "TXA-10, row 15", "TXA|1|OP||||||||C1^Darwin^Samuel^^^Dr^^^GMC||D1", Text, "Practitioner.identifier[0]", """{"system":"https://fhir.hl7.org.uk/Id/gmc-number","value":"C1"}""" },
        { "TXA-12, row 17", Txa, Text, "DocumentReference.id", "RCB.D1" },
        { "TXA-12, row 17", Txa, Text, "DocumentReference.masterIdentifier", """{"system":"https://fhir.wessexcarerecords.org.uk/Id/dorset/RCB","value":"D1"}""" },
        { "TXA-16, row 21", Txa + "||||note.rtf", Text, "DocumentReference.identifier[0]", """{"value":"note.rtf"}""" },
        { "TXA-17, row 22", Txa + "|||||AU", Text, "DocumentReference.docStatus", "final" },
        { "TXA-17, row 22", Txa + "|||||PA", Text, "DocumentReference.docStatus", "preliminary" },
        { "TXA-18, row 23", Txa + "||||||R", Text, "DocumentReference.securityLabel[0].coding[0]", """{"system":"http://terminology.hl7.org/CodeSystem/v2-0272","code":"R"}""" },
        { "TXA-19, row 3", Txa, Text, "DocumentReference.status", "current" },
        { "TXA-19, row 24", Txa + "|||||||AV", Text, "DocumentReference.status", "current" },
        { "TXA-19, row 25", Txa + "|||||||CA", Text, "DocumentReference.status", "entered-in-error" },
        { "TXA-19, row 25", Txa + "|||||||UN", Text, "DocumentReference.status", "entered-in-error" },
        { "TXA-19, row 25", Txa + "|||||||OB", Text, "DocumentReference.status", "superseded" },
        { "TXA-19, row 26", Txa + "|||||||OB", Text, "DocumentReference._status.extension[0].valueCodeableConcept.coding[0].code", "OB" },
        { "TXA-25, row 32", Txa + "|||||||||||||Discharge summary", Text, "DocumentReference.description", "Discharge summary" },
        { "OBX-5 ED, row 7", Txa, $"OBX|1|ED|PDF||^AP^PDF^Base64^{Pdf}||||||F", "DocumentReference.content[0].attachment.data", Pdf },
        { "OBX-5 ED, row 7", Txa, $"OBX|1|ED|PDF||^AP^PDF^Base64^{Pdf}||||||F", "DocumentReference.content[0].attachment.contentType", "application/pdf" },
        { "ED.3, row 7: whole type", Txa, "OBX|1|ED|X||IGene^IGene^image/svg+xml^A^hello||||||F", "DocumentReference.content[0].attachment.contentType", "image/svg+xml" },
        { "ED.5, row 8: by its bytes", Txa, $"OBX|1|ED|X||^IM^JPEG^Base64^{Pdf}||||||F", "DocumentReference.content[0].attachment.contentType", "application/pdf" },
        { "ED.4 A", Txa, "OBX|1|ED|X||^TEXT^PLAIN^A^hello||||||F", "DocumentReference.content[0].attachment.data", "aGVsbG8=" },
        { "ED.4 Hex", Txa, "OBX|1|ED|X||^TEXT^PLAIN^Hex^68656C6c6f||||||F", "DocumentReference.content[0].attachment.data", "aGVsbG8=" },
        { "ED.5 without padding", Txa, "OBX|1|ED|X||^TEXT^PLAIN^Base64^aGVsbG8||||||F", "DocumentReference.content[0].attachment.data", "aGVsbG8=" },
        { "ED.5 with line breaks", Txa, @"OBX|1|ED|X||^TEXT^PLAIN^Base64^aGVs\.br\bG8=||||||F", "DocumentReference.content[0].attachment.data", "aGVsbG8=" },
        { "OBX-5 RP, row 10", Txa, "OBX|1|RP|X||https://pacs.example/1 2^PACS^IM^JPEG||||||F", "DocumentReference.content[0].attachment", """{"contentType":"image/jpeg","url":"https://pacs.example/1%202","title":"Operation note","creation":"2026-01-02T11:30:00+00:00"}""" },
        { "OBX-5 TX, rows 11, 12", Txa, Text, "DocumentReference.content[0].attachment.data", Convert.ToBase64String("Found well."u8) },
        { "OBX-5 TX, rows 11, 12", Txa, Text, "DocumentReference.content[0].attachment.contentType", "text/plain; charset=utf-8" },
        { "OBX-5 TX, row 11: lines", Txa, "OBX|1|TX|OP||A~B||||||F\rOBX|2|TX|OP||C & D||||||F", "DocumentReference.content[0].attachment.data", Convert.ToBase64String("A\nB\nC & D"u8) },
        { "OBX-5 FT, row 8", Txa, @"OBX|1|FT|OP||A\.br\B||||||F", "DocumentReference.content[0].attachment.data", Convert.ToBase64String("A\nB"u8) },
        { "nothing", Txa, "OBX|1|SN|||||||||X", "DocumentReference.content[0].attachment.extension[0].valueCode", "error" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_row_has_its_element(string row, string txa, string obx, string path, string expected) =>
        Assert.Equal((row, expected), (row, Mapped.Of("MDM^T02", Pid, txa, obx).At(path)));

    [Fact]
    public void A_document_of_fifty_megabytes_is_copied_into_the_Bundle_and_nowhere_else()
    {
        // In base64, as sent: 50 MB.
        var data = new byte[37_500_000];
        "%PDF-1.4"u8.CopyTo(data);
        var base64 = Convert.ToBase64String(data);
        var bytes = Encoding.ASCII.GetBytes($"MSH|^~\\&|A|RCB|B|C|20260704090000||MDM^T02|1|P|2.4\r{Pid}\r{Txa}\rOBX|1|ED|X||^AP^PDF^Base64^{base64}||||||F\r");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var mapped = Hl7Mapping.Map(Er7.Read(bytes), Push.Source);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // The buffer in which the Bundle is written, and the Bundle.
        Assert.True(allocated < bytes.Length * 2.2, $"{allocated / 1e6:0} MB for {bytes.Length / 1e6:0} MB.");
        using var bundle = JsonDocument.Parse(mapped.Bundle!);
        var document = bundle.RootElement.GetProperty("entry")[1].GetProperty("resource");
        Assert.Equal("application/pdf", document.GetProperty("content")[0].GetProperty("attachment").GetProperty("contentType").GetString());
        Assert.True(document.GetProperty("content")[0].GetProperty("attachment").GetProperty("data").ValueEquals(base64));
        var received = FhirIntake.Read(mapped.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
        Assert.All(received.Entries, e => Assert.NotNull(e.Fragment));
    }

    [Fact]
    public void A_document_of_which_nothing_can_be_decoded_is_refused_and_named()
    {
        var mapped = Mapped.Of("MDM^T02", Pid, Txa, "OBX|1|ED|X||^AP^PDF^Base64^JVBERi0x...||||||F");

        Assert.Null(mapped.Message.Bundle);
        Assert.Equal("LHC620 OBX-5, LHC621", mapped.Issues.Replace(", LHC614 EVN-5", ""));
    }

    [Fact]
    public void What_can_be_read_of_a_document_is_taken_and_the_rest_is_named()
    {
        var mapped = Mapped.Of("MDM^T02", Pid, Txa, Text, "OBX|2|ED|X||^AP^PDF^Base64^JVBERi0x...||||||F");

        Assert.Equal("LHC620 OBX[2]-5", mapped.Issues.Replace(", LHC614 EVN-5", ""));
        Assert.Equal("text/plain; charset=utf-8", mapped.At("DocumentReference.content[0].attachment.contentType"));
        Assert.Equal("error", mapped.At("DocumentReference.content[1].attachment.extension[0].valueCode"));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Half_of_a_letter_does_not_pass_for_the_letter(int cut)
    {
        string[] pieces = [Pdf[..cut], Pdf[cut..]];
        Mapped Of(string second) => Mapped.Of("MDM^T02", Pid, Txa, Text, $"OBX|2|ED|X|1|^AP^PDF^Base64^{pieces[0]}", $"OBX|3|ED|X|1|^AP^PDF^Base64^{second}");

        Assert.Equal((Pdf, ""), (Of(pieces[1]).At("DocumentReference.content[1].attachment.data"), Of(pieces[1]).At("DocumentReference.content[2]")));
        Assert.DoesNotContain("LHC62", Of(pieces[1]).Issues, StringComparison.Ordinal);
        var torn = Of("???");
        Assert.Equal("error", torn.At("DocumentReference.content[1].attachment.extension[0].valueCode"));
        Assert.Contains("LHC620 OBX[2]-5", torn.Issues, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_sender_took_back_is_not_in_the_document() =>
        Assert.Equal(
            Convert.ToBase64String("right"u8),
            Mapped.Of("MDM^T02", Pid, Txa, "OBX|1|TX|A||wrong||||||W", "OBX|2|TX|A||right||||||F").At("DocumentReference.content[0].attachment.data"));

    [Fact]
    public void Data_of_an_unknown_kind_is_said_to_be_bytes() =>
        Assert.Equal("application/octet-stream", Mapped.Of("MDM^T02", Pid, Txa, "OBX|1|ED|X||^X^Y^Base64^aGVsbG8=||||||F").At("DocumentReference.content[0].attachment.contentType"));

    [Fact]
    public void A_pointer_that_is_no_URL_is_told_in_words_and_named()
    {
        var mapped = Mapped.Of("MDM^T02", Pid, Txa, Text, @"OBX|2|RP|X||\E\\E\share\E\a b.pdf||||||F");

        Assert.Contains("LHC620 OBX[2]-5", mapped.Issues, StringComparison.Ordinal);
        Assert.EndsWith("a b.pdf", mapped.At("DocumentReference.content[1].attachment.title"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_TXA_is_named() =>
        Assert.Contains("LHC614 TXA[2]", Mapped.Of("MDM^T02", Pid, Txa, Text, Txa.Replace("D1", "D2")).Issues, StringComparison.Ordinal);

    [Fact]
    public void Without_TXA_there_is_no_document_to_take() =>
        Assert.Equal("LHC622", Mapped.Of("MDM^T02", Pid, Text).Issues.Replace(", LHC614 EVN-5", ""));

    [Fact]
    public void The_order_behind_a_document_is_stated_and_referred_to()
    {
        var mapped = Mapped.Of("MDM^T02", Pid, "ORC|NW|P1^OE|F1^RAD||CM", "OBR|1|||71260^CT chest^L", Txa, Text);

        Assert.Equal("completed", mapped.At("ServiceRequest.status"));
        Assert.Equal("ServiceRequest/OE.P1.71260", mapped.At("DocumentReference.context.related[0].reference"));
    }

    [Fact]
    public void A_document_without_a_number_has_the_same_id_whenever_it_is_sent()
    {
        string Id(string text) => Mapped.Of("MDM^T02", Pid, "TXA|1|OP|TX|20260101||202601021130", $"OBX|1|TX|A||{text}||||||F").At("DocumentReference.id");

        Assert.Equal(Id("first"), Id("second"));
    }
}
