using System.Text;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Tests.Synthetic;

/// <summary>What a push says, read strictly.</summary>
internal static class ReadBundles
{
    private static readonly FhirJsonDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    /// <summary>The Bundle; fails the test with every issue that the strict parser has.</summary>
    public static Bundle Read(SyntheticPush push)
    {
        Strict.TryDeserializeResource(Encoding.UTF8.GetString(push.Bundle), out var resource, out var issues);
        Assert.Empty(issues.Select(i => i.Message));
        return Assert.IsType<Bundle>(resource);
    }

    /// <summary>The resources, the MessageHeader left out.</summary>
    public static IEnumerable<Resource> Resources(SyntheticPush push) =>
        Read(push).Entry.Select(e => e.Resource!).Where(r => r is not MessageHeader);

    /// <summary>The entries; each has a resource and a fullUrl.</summary>
    public static List<(string FullUrl, Resource Resource, Bundle.RequestComponent? Request)> Entries(SyntheticPush push) =>
        [.. Read(push).Entry.Select(e => (e.FullUrl!, e.Resource!, e.Request))];

    /// <summary>Every literal reference in a resource.</summary>
    public static IEnumerable<string> References(Base resource)
    {
        if (resource is ResourceReference { Reference: { } text })
            yield return text;
        foreach (var (_, value) in resource.EnumerateElements())
        {
            var parts = value is Base one ? [one] : (value as IEnumerable<Base>) ?? [];
            foreach (var reference in parts.SelectMany(References))
                yield return reference;
        }
    }
}
