using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Tests.Http;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Tests.Negotiating;

public sealed class EntityTagTests
{
    private static readonly PatientKey Ann = PatientKey.Parse(TestSilo.PatientId("9995000008"));
    private static readonly PatientKey Ben = PatientKey.Parse(TestSilo.PatientId("9999900003"));
    private static readonly Media Xml = Media.All.First(m => m.Kind == MediaKind.Xml);

    [Fact]
    public void A_resources_tag_is_its_version_in_whatever_format() => Assert.All(
        Media.All, media => Assert.Equal("W/\"7\"", EntityTag.OfResource(new ReadAnswer { Status = ReadStatus.Found, Version = 7 }, media)));

    public static TheoryData<string, ReadAnswer, bool, long, bool> Differences => new()
    {
        { "version", Found(8), false, 0, false },
        { "sources", Found(7) with { Sources = 2 }, false, 0, false },
        { "unconfirmed", Found(7) with { IsUnconfirmed = true }, false, 0, false },
        { "person", Found(7), true, 0, false },
        { "what is known of the sources", Found(7), false, 1, false },
        { "format", Found(7), false, 0, true },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void A_Bundles_tag_differs_in(string what, ReadAnswer answer, bool isOfBen, long sourceStatus, bool isXml)
    {
        var one = EntityTag.OfBundle(Found(7), Ann, 0, Media.FhirJson);
        var other = EntityTag.OfBundle(answer, isOfBen ? Ben : Ann, sourceStatus, isXml ? Xml : Media.FhirJson);

        Assert.True(one != other, what);
        Assert.False(EntityTag.Matches(one, other), what);
        Assert.Equal(answer.Version, EntityTag.NewestVersion(other));
        // What may stand in an entity tag (RFC 9110 section 8.8.3).
        Assert.Matches("^W/\"[!#-~]+\"$", other);
    }

    [Theory]
    [InlineData("W/\"7\"", true)]
    [InlineData("\"7\"", true)]
    [InlineData("*", true)]
    [InlineData("\"6\", W/\"7\"", true)]
    [InlineData("\"6\" ,\t\"7\" ", true)]
    [InlineData("", false)]
    [InlineData(",,", false)]
    [InlineData("7", false)]
    [InlineData("\"77\"", false)]
    [InlineData("w/\"7\"", false)]
    [InlineData("\"7", false)]
    public void Matches(string ifNoneMatch, bool expected) => Assert.Equal(expected, EntityTag.Matches(ifNoneMatch, "W/\"7\""));

    [Theory]
    [InlineData("W/\"7.2.ab.0\"", 7)]
    [InlineData("\"7\"", 7)]
    [InlineData("\"3.1\", \"12.1\", \"5\"", 12)]
    [InlineData("\"foreign\", \"5.1\"", 5)]
    [InlineData("\"hab12\"", null)]
    [InlineData("\"-5\"", null)]
    [InlineData("\"99999999999999999999\"", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    public void The_newest_version_is_read_back(string ifNoneMatch, int? expected) => Assert.Equal(expected, EntityTag.NewestVersion(ifNoneMatch));

    [Fact]
    public void Several_headers_are_one_list()
    {
        var headers = new StringValues(["\"1\"", "\"7.x\""]);
        Assert.Equal(7, EntityTag.NewestVersion(headers));
        Assert.True(EntityTag.Matches(headers, "W/\"1\""));
    }

    private static ReadAnswer Found(long version) => new() { Status = ReadStatus.Found, Version = version, Sources = 1 };
}
