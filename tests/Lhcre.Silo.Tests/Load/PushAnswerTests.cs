using System.Text;
using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public class PushAnswerTests
{
    private static readonly InputText Bundle = Text("""{"resourceType":"Bundle","entry":[{},{},{},{}]}""");
    private static readonly InputText Resource = Text("""{"resourceType":"Patient"}""");

    [Fact]
    public void Every_entry_counts_by_its_status_and_those_not_taken_in_give_a_reason()
    {
        var answer = Read(Bundle, Reply.Entries(
            ("201 Created", null),
            ("200 OK", Reply.Outcome("LHC251", "white space")),
            ("202 Accepted", Reply.Outcome("LHC302", "no number")),
            ("422 Unprocessable Entity", Reply.Outcome("LHC202", "birthDate"))));
        Assert.Equal((1, 1, 1, 1), (answer.Created, answer.Known, answer.Parked, answer.Refused));
        Assert.Equal([new PushIssue(false, 2, "LHC302", "no number"), new PushIssue(true, 3, "LHC202", "birthDate")], answer.Issues);
    }

    [Theory]
    [InlineData("202 Accepted", "LHC303")]
    [InlineData("422 Unprocessable Entity", "LHC202")]
    public void Of_several_issues_those_that_say_why_are_told(string status, string expected)
    {
        var answer = Read(Bundle, Reply.Entries((status, """
            {"resourceType":"OperationOutcome","issue":[
              {"severity":"warning","code":"value","details":{"coding":[{"code":"LHC251"}]}},
              {"severity":"warning","code":"not-found","details":{"coding":[{"code":"LHC303"}]}},
              {"severity":"error","code":"value","details":{"coding":[{"code":"LHC202"}]}}]}
            """)));
        Assert.Equal(expected, Assert.Single(answer.Issues).Code);
    }

    [Fact]
    public void An_entry_without_status_or_reason_is_refused_and_says_so()
    {
        var answer = Read(Bundle, new Reply(200, """{"resourceType":"Bundle","entry":[{},{"response":{"status":"500"}},{"response":{"status":"2"}}]}"""));
        Assert.Equal((0, 3), (answer.Created + answer.Known + answer.Parked, answer.Refused));
        Assert.Equal(["The answer has no status for this entry.", "Status 500, no reason given.", "The answer has no status for this entry."], answer.Issues.Select(i => i.Reason));
    }

    [Fact]
    public void A_bundle_refused_as_a_whole_counts_all_its_entries_and_names_those_at_fault()
    {
        var answer = Read(Bundle, Reply.Refused(422, "LHC203", "status is missing", "Bundle.entry[2].resource.status"));
        Assert.Equal(4, answer.Refused);
        Assert.Equal([new PushIssue(true, 2, "LHC203", "status is missing")], answer.Issues);
    }

    [Theory]
    [InlineData("Bundle", null)]
    [InlineData("Bundle.entry[x]", null)]
    [InlineData("Bundle.entry[12", null)]
    [InlineData("Bundle.entry[12]", 12)]
    [InlineData(null, null)]
    public void The_entry_is_read_from_the_expression(string? expression, int? entry) =>
        Assert.Equal(entry, Assert.Single(Read(Bundle, Reply.Refused(400, "LHC407", "no request", expression)).Issues).Entry);

    [Theory]
    [InlineData(201, "", 1, 0, 0)]
    [InlineData(200, "", 1, 0, 0)]
    [InlineData(204, "", 1, 0, 0)]
    [InlineData(202, "LHC303", 0, 1, 0)]
    [InlineData(422, "LHC202", 0, 0, 1)]
    [InlineData(500, "", 0, 0, 1)]
    [InlineData(301, "", 0, 0, 1)]
    public void A_single_resource_counts_by_the_status_of_the_answer(int status, string code, int acknowledged, int parked, int refused)
    {
        var answer = Read(Resource, code.Length == 0 ? new Reply(status) : Reply.Refused(status, code, "why"));
        Assert.Equal((acknowledged, parked, refused), (answer.Created + answer.Known, answer.Parked, answer.Refused));
        Assert.Equal(parked + refused, answer.Issues.Count);
        if (code.Length > 0)
            Assert.Equal(code, answer.Issues[0].Code);
    }

    [Theory]
    [InlineData(200, "<html>welcome</html>")]
    [InlineData(200, """{"resourceType":"Patient"}""")]
    [InlineData(200, """{"resourceType":"Bundle","entry":7}""")]
    [InlineData(200, "[]")]
    [InlineData(200, "")]
    [InlineData(404, "<html>not here</html>")]
    [InlineData(404, """{"resourceType":"OperationOutcome"}""")]
    [InlineData(400, """{"resourceType":"OperationOutcome","issue":[]}""")]
    public void A_bundle_that_something_else_answered_is_not_taken_for_acknowledged(int status, string body)
    {
        var answer = Read(Bundle, new Reply(status, body));
        Assert.Equal((0, 4), (answer.Created + answer.Known + answer.Parked, answer.Refused));
        Assert.Contains($"HTTP {status}", Assert.Single(answer.Issues).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reason_is_the_diagnostics_else_the_text_else_the_type_of_issue()
    {
        var answer = Read(Resource, new Reply(400, """
            {"resourceType":"OperationOutcome","issue":[
              {"code":"value","details":{"text":"in words"}},{"code":"value"},{},7,
              {"code":"value","diagnostics":"exactly","details":{"text":"in words","coding":[{"system":"s"},{"code":"LHC202"}]}}]}
            """));
        Assert.Equal(["in words", "value", "No reason is given.", "No reason is given.", "exactly"], answer.Issues.Select(i => i.Reason));
        Assert.Equal("LHC202", answer.Issues[4].Code);
        Assert.Equal(1, answer.Refused);
    }

    [Fact]
    public void An_empty_bundle_has_an_empty_answer() =>
        Assert.Equal(new PushAnswer(0, 0, 0, 0, []) with { Issues = [] }, Read(Bundle, new Reply(200, """{"resourceType":"Bundle"}""")) with { Issues = [] });

    private static PushAnswer Read(InputText text, Reply reply) => PushAnswer.Read(reply.Status, Encoding.UTF8.GetBytes(reply.Body), text);

    private static InputText Text(string json) => InputText.Read(Encoding.UTF8.GetBytes(json), out _)!;
}
