using System.Text;
using Lhcre.Silo.Load;
using Lhcre.Silo.Tests.Http;
using Lhcre.Silo.Tests.Mllp;
using static Lhcre.Silo.Tests.Data.Examples;

namespace Lhcre.Silo.Tests.Load;

/// <summary>Files of HL7 v2 messages, by the same verb as files of FHIR.</summary>
[Collection(nameof(TestSilo))]
public sealed class LoadHl7Tests(TestSilo silo) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.json", false)]
    [InlineData("a.hl7", true)]
    [InlineData("A.HL7", true)]
    [InlineData("a.txt", false)]
    [InlineData("a.txt", true, "MSH|^~\\&|")]
    [InlineData("a", true, "FHS|^~\\&|")]
    [InlineData("a.dat", true, "\uFEFFBHS|^~\\&|")]
    [InlineData("a.dat", true, "\r\n\vMSH|^~\\&|")]
    [InlineData("a.json", false, "MSH|^~\\&|")]
    public void A_file_is_HL7_by_its_name_or_by_how_it_begins(string name, bool isHl7, string text = "{}")
    {
        var file = InputFile.Find([_folder.Write(name, text)], out _).Single();

        Assert.Equal(isHl7, file.IsHl7);
        Assert.Equal(isHl7 || name.EndsWith(".json", StringComparison.Ordinal) ? 1 : 0, InputFile.Find([_folder.Path], out _).Count);
    }

    [Fact]
    public async Task Every_message_of_a_batch_is_pushed_and_what_is_refused_is_told_by_its_number()
    {
        string[] people = [FreshNhsNumber(), FreshNhsNumber()];
        var batch = Messages.Segments("FHS|^~\\&", "BHS|^~\\&")
            + Messages.Person("b1-" + people[0], people[0])
            + Messages.Segments(Messages.Header("b2-" + people[0], "XYZ^Z99"), "PID|1||1")
            + Messages.Person("b3-" + people[1], people[1])
            + Messages.Segments("BTS|3", "FTS|1");
        _folder.Write("drop.hl7", batch.Replace("\r", "\r\n", StringComparison.Ordinal));

        Assert.Equal(1, await Load());
        Assert.Matches(@"2 acknowledged \(0 new, 2 updated or unchanged\), 0 parked, 1 refused", _output.ToString());
        Assert.Contains("refused    drop.hl7 message 2: LHC610", _output.ToString(), StringComparison.Ordinal);
        foreach (var nhs in people)
            Assert.NotEmpty(await silo.Everything(nhs));
    }

    [Fact]
    public async Task A_message_of_somebody_unknown_counts_as_parked()
    {
        var nhs = FreshNhsNumber();
        _folder.Write("drop.hl7", Messages.Person("p-" + nhs, nhs).Replace($"~{nhs}^^^NHS^NH", "", StringComparison.Ordinal));

        Assert.Equal(0, await Load());
        Assert.Matches("0 acknowledged .*, 1 parked, 0 refused", _output.ToString());
        Assert.Contains("parked     LHC302: 1", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "MSA|AA|1", 1, 0, 0, false)]
    [InlineData(200, "MSA|AA|1\rERR||PID^1|101^Required field missing^HL70357|W|LHC302^Parked^L", 0, 1, 0, false)]
    [InlineData(422, "MSA|AE|1\rERR|||207|E|LHC405^Several^L", 0, 0, 1, false)]
    [InlineData(400, "MSA|AR|1", 0, 0, 1, false)]
    [InlineData(503, "MSA|AE|1\rERR|||207|E|LHC902^Down^L", 0, 0, 1, true)]
    public void An_acknowledgement_is_read_as_the_answer_to_one_resource(int status, string rest, int known, int parked, int refused, bool isNotNow)
    {
        var answer = PushAnswer.Read(status, Encoding.UTF8.GetBytes($"MSH|^~\\&|A|B|C|D|20260101||ACK|1|P|2.5.1\r{rest}\r"), InputText.OfMessage([], out _)!);

        Assert.Equal((known, parked, refused, isNotNow), (answer.Known, answer.Parked, answer.Refused, answer.IsNotNow));
        Assert.Equal(parked + refused, answer.Issues.Count);
    }

    [Fact]
    public void The_codes_of_an_older_version_are_read_too()
    {
        var answer = PushAnswer.Read(400, "MSH|^~\\&|A|B|C|D|20260101||ACK|1|P|2.3\rMSA|AR|1\rERR|PID^1^3^101&Required&HL70357&LHC612&No person&L\r"u8.ToArray(), InputText.OfMessage([], out _)!);

        Assert.Equal(("LHC612", "No person"), (answer.Issues.Single().Code, answer.Issues.Single().Reason));
    }

    private Task<int> Load() => LoadCommand.Run([_folder.Path, "--source", "isle-of-wight", "--to", silo.Url], _output, _error, CancellationToken.None);
}
