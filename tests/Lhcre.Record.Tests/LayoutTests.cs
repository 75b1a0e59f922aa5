using System.Text;

namespace Lhcre.Record.Tests;

public class LayoutTests
{
    [Theory]
    [InlineData("""{"reference":"Patient/1"}""", "Patient/1", false)]
    [InlineData("""{"url":"Binary/1"}""", "Binary/1", true)]
    [InlineData("""{"url":"urn:uuid:00000000-0000-0000-0000-000000000001"}""", "urn:uuid:00000000-0000-0000-0000-000000000001", true)]
    [InlineData("""{"url":"https://example.org/fhir/Binary/1"}""", "https://example.org/fhir/Binary/1", true)]
    public void References_and_urls_of_binaries_are_found_and_told_apart(string member, string text, bool isUrl)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"resourceType":"DocumentReference","content":[{"attachment":{{member}}}]}""");

        var slot = Assert.Single(Layout.Read(json).References);

        Assert.Equal((text, isUrl), (slot.Text, slot.IsUrl));
        Assert.Equal(text, Encoding.UTF8.GetString(slot.Value.Of(json)));
    }

    [Fact]
    public void Other_urls_are_no_references() =>
        Assert.Empty(Layout.Read("""{"resourceType":"Patient","extension":[{"url":"https://example.org/ext"}]}"""u8).References);
}
