using System.Text;

namespace Lhcre.Record;

/// <summary>Where the record is served, for <c>fullUrl</c>s and for references that leave it. From configuration, never from a request.</summary>
/// <param name="Base">The absolute URL of the server, without a slash at its end, such as <c>http://127.0.0.1:8080</c>.</param>
public sealed record Addresses(string Base)
{
    /// <summary>The FHIR base of the merged record.</summary>
    public string Merged { get; } = $"{Base}/fhir";

    /// <summary>The FHIR base of one source.</summary>
    public string Source(string source) => $"{Base}/sources/{source}/fhir";

    /// <summary>Stands for these addresses in what is stored for them.</summary>
    internal ContentHash Hash { get; } = ContentHash.Of(Encoding.UTF8.GetBytes(Base));

    internal byte[] FullUrlPrefix { get; } = Encoding.UTF8.GetBytes($"{{\"fullUrl\":\"{Base}/fhir/");
}
