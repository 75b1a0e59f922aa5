using System.Text.Json;
using Xunit.Sdk;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>What compares real shapes sees every difference that is not ours to make.</summary>
public sealed class SameWordsTests
{
    private const string Sent = """{"resourceType":"Observation","id":"1","meta":{"versionId":"1"},"valueDecimal":1.50,"note":[{"text":"a\u0062"}],"subject":{"reference":"Patient/1"}}""";

    [Theory]
    [InlineData("1.50", "1.5")]
    [InlineData("\\u0062", "b")]
    [InlineData("\"note\":[{\"text\":\"a\\u0062\"}],", "")]
    [InlineData("[{\"text\"", "[{\"text\":\"b\"},{\"text\"")]
    [InlineData("\"valueDecimal\":1.50,", "\"valueDecimal\":1.50,\"status\":\"final\",")]
    [InlineData("\"valueDecimal\"", "\"valueInteger\"")]
    [InlineData("\"Observation\"", "\"Condition\"")]
    public void A_difference_is_seen_at_the_source_and_in_the_merged_record(string from, string to)
    {
        Assert.Contains(from, Sent, StringComparison.Ordinal);
        var shown = Sent.Replace(from, to, StringComparison.Ordinal);

        Assert.ThrowsAny<XunitException>(() => Hold(shown, isMerged: true));
        Assert.ThrowsAny<XunitException>(() => Hold(shown, isMerged: false));
    }

    [Theory]
    [InlineData("\"id\":\"1\"", "\"id\":\"2\"")]
    [InlineData("\"versionId\":\"1\"", "\"versionId\":\"2\"")]
    [InlineData("[{\"text\"", "[{\"extension\":[{\"url\":\"https://fhir.wessexcarerecords.org.uk/StructureDefinition/source\"}]},{\"text\"")]
    public void In_the_merged_record_id_meta_and_what_is_marked_as_anothers_are_ours(string from, string to)
    {
        Hold(Sent.Replace(from, to, StringComparison.Ordinal), isMerged: true);
        if (!to.Contains("extension", StringComparison.Ordinal))
            Assert.ThrowsAny<XunitException>(() => Hold(Sent.Replace(from, to, StringComparison.Ordinal), isMerged: false));
    }

    [Fact]
    public void A_reference_is_given_back_with_what_stands_in_its_place() => Assert.Equal(
        [new SameWords.Turned("Patient/1", "Patient/2", IsUrl: false)], Hold(Sent.Replace("Patient/1", "Patient/2", StringComparison.Ordinal), isMerged: true));

    private static List<SameWords.Turned> Hold(string shown, bool isMerged) =>
        SameWords.Hold(JsonSerializer.Deserialize<JsonElement>(Sent), JsonSerializer.Deserialize<JsonElement>(shown), isMerged);
}
