using System.Text;
using Lhcre.Clients.Tests.Node;
using Xunit.Abstractions;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>That the two checks see what is wrong.</summary>
public sealed class SchemaCheckTests(ITestOutputHelper log)
{
    private static readonly (string Body, string[] Schema, bool IsStrict)[] Bodies =
    [
        ("""{"resourceType":"Patient","birthDate":"1970-01-01","name":[{"given":["Zoë"]}]}""", [], true),
        ("""{"resourceType":"Patient","birthDate":"01/01/1970"}""", ["Patient.birthDate pattern"], false),
        ("""{"resourceType":"Patient","birthday":"1970-01-01"}""", ["Patient.birthday additionalProperties"], false),
        ("""{"resourceType":"Patient","gender":"f"}""", ["Patient.gender enum"], false),
        ("""{"resourceType":"Patient","name":{"family":"Smith"}}""", ["Patient.name type"], false),
        ("""{"resourceType":"Observation","status":"final"}""", ["Observation.code required"], false),
        ("""{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Patient","active":"true"}}]}""", ["Patient.active type"], false),
        ("""{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Patients"}}]}""", ["Patients discriminator"], false),
        ("""{"resourceType":"Patient","contained":[{"resourceType":"Organization","id":"a b"}]}""", ["Organization.id pattern"], false),
    ];

    [Fact]
    public async Task The_schema_says_what_is_wrong_and_where()
    {
        if (!await NodePackages.Are(log))
            return;
        using var check = new SchemaCheck();

        foreach (var (n, (body, _, _)) in Bodies.Index())
            await check.Take($"{n}", Encoding.UTF8.GetBytes(body));
        var verdict = await check.Verdict();

        Assert.Equal(Bodies.Length, verdict.Bodies);
        foreach (var (n, (body, expected, _)) in Bodies.Index())
            Assert.Equal([body, .. expected], [body, .. verdict.Faults.Where(f => f.Name == $"{n}").Select(f => $"{f.Element} {f.Keyword}")]);
    }

    [Fact]
    public void The_strict_reading_refuses_the_same()
    {
        foreach (var (body, _, isStrict) in Bodies)
        {
            var check = new StrictCheck();
            check.Take("it", Encoding.UTF8.GetBytes(body));
            Assert.True(check.Faults.Count == 0 == isStrict, body);
        }
    }
}
