using System.Text;
using Lhcre.Record;
using Lhcre.Silo.Load;

namespace Lhcre.Silo.Tests.Load;

public class InputTextTests
{
    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"batch"}""", "POST ")]
    [InlineData("""{"type":"batch","id":"b1","resourceType":"Bundle","entry":[""", "POST ")]
    [InlineData("""{"resourceType":"Patient"}""", "POST Patient")]
    [InlineData("""{"id":"p1","resourceType":"Patient"}""", "PUT Patient/p1")]
    [InlineData("""{"resourceType":"Patient","contact":[{"id":"x"}]}""", "POST Patient")]
    [InlineData("""{"resourceType":"Patient","id":"a/b?c"}""", "PUT Patient/a%2Fb%3Fc")]
    [InlineData("\uFEFF{\"resourceType\":\"Patient\"}", "POST Patient")]
    public void A_bundle_goes_to_the_base_and_a_resource_to_its_type_or_id(string json, string expected)
    {
        var text = InputText.Read(Encoding.UTF8.GetBytes(json), out var problem);
        Assert.Null(problem);
        Assert.NotNull(text);
        Assert.Equal(expected, $"{text.Method} {text.Path}");
        Assert.Equal(json.TrimStart('\uFEFF'), Encoding.UTF8.GetString(text.Bytes));
    }

    [Theory]
    [InlineData("", "LHC102")]
    [InlineData(" \r\n\t", "LHC102")]
    [InlineData("hello", "LHC101")]
    [InlineData("MSH|^~\\&|", "LHC101")]
    [InlineData("""{"resourceType":"Patient",""", "LHC101")]
    [InlineData("""{"name":"config"}""", "LHC201")]
    [InlineData("""{"resourceType":7}""", "LHC201")]
    [InlineData("""{"resourceType":"../admin"}""", "LHC201")]
    [InlineData("[]", "LHC201")]
    [InlineData("42", "LHC201")]
    public void What_is_no_fhir_resource_is_not_sent(string json, string code)
    {
        Assert.Null(InputText.Read(Encoding.UTF8.GetBytes(json), out var problem));
        Assert.Equal(code, problem?.Code);
    }

    [Fact]
    public void Text_that_is_no_utf8_is_not_sent()
    {
        Assert.Null(InputText.Read([.. """{"resourceType":"Patient","id":"""u8, (byte)'"', 0xFF, (byte)'"', (byte)'}'], out var problem));
        Assert.Same(IssueCodes.MalformedJson, problem);
    }

    [Fact]
    public void Ten_thousand_levels_are_the_servers_to_refuse()
    {
        var json = "{\"resourceType\":\"Patient\",\"x\":" + new string('[', 10_000) + new string(']', 10_000) + "}";
        Assert.NotNull(InputText.Read(Encoding.UTF8.GetBytes(json), out _));
    }

    [Fact]
    public void The_push_id_names_source_request_and_content()
    {
        string[] ids =
        [
            Id("dorset", """{"resourceType":"Patient"}"""), Id("hampshire", """{"resourceType":"Patient"}"""), Id("dorset", """{"resourceType":"Patient" }"""),
        ];
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.True(Guid.TryParse(id, out _)));
        Assert.Equal(ids[0], Id("dorset", """{"resourceType":"Patient"}"""));

        static string Id(string source, string json) => InputText.Read(Encoding.UTF8.GetBytes(json), out _)!.RequestId(source);
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""", 1)]
    [InlineData("""{"resourceType":"Bundle","entry":[{},{},{}]}""", 3)]
    [InlineData("""{"resourceType":"Bundle"}""", 1)]
    [InlineData("""{"resourceType":"Bundle","entry":[{}""", 1)]
    public void A_bundle_holds_as_many_resources_as_entries(string json, int expected) =>
        Assert.Equal(expected, InputText.Read(Encoding.UTF8.GetBytes(json), out _)?.Resources());
}
