using System.Collections.Concurrent;
using System.Text.Json;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>Reads FHIR bodies as strictly as Hl7.Fhir.R4 can: the default of its deserialiser.</summary>
internal sealed class StrictCheck
{
    private static readonly FhirJsonDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    private static readonly FhirXmlDeserializer StrictXml = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    // The code with which XML is refused that would lose or change a value.
    private const string NotAsXml = "LHC115";

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<string> _notAsXml = new();
    private int _bodies;
    private int _inBoth;

    /// <summary>How many bodies were read.</summary>
    public int Bodies => _bodies;

    /// <summary>How many were read as XML as well.</summary>
    public int InBoth => _inBoth;

    /// <summary>Which of these are refused as XML, since the library cannot write them without a change, and where.</summary>
    public IReadOnlyCollection<string> RefusedAsXml => _notAsXml;

    /// <summary>What is wrong, and with which.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Reads a body. May be called from several threads.</summary>
    public void Take(string name, ReadOnlySpan<byte> body)
    {
        Interlocked.Increment(ref _bodies);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 128 });
        try
        {
            Strict.TryDeserializeResource(ref reader, out _, out var issues);
            foreach (var issue in issues)
                _faults.Enqueue($"{name}: {issue.Message}");
        }
        catch (Exception e) when (e is JsonException or CodedException)
        {
            _faults.Enqueue($"{name}: {e.Message}");
        }
    }

    /// <summary>Reads a body in both of FHIR's formats, which are to say the same.</summary>
    public void TakeBoth(string name, ReadOnlySpan<byte> json, byte[] xml)
    {
        Interlocked.Increment(ref _inBoth);
        using var reader = XmlReader.Create(new MemoryStream(xml));
        try
        {
            StrictXml.TryDeserializeResource(reader, out var resource, out var issues);
            foreach (var fault in issues)
                _faults.Enqueue($"{name} as XML: {fault.Message}");
            if (resource is OperationOutcome { Issue: [var issue] } && issue.Details?.Coding is [{ Code: NotAsXml }])
                _notAsXml.Enqueue($"{name}: {string.Join(' ', issue.Expression)}");
            else if (resource is not null && FormatDifference.Find(json, resource) is { } difference)
                _faults.Enqueue($"{name} says something else as XML: {difference}");
        }
        catch (Exception e) when (e is XmlException or CodedException)
        {
            _faults.Enqueue($"{name} as XML: {e.Message}");
        }
    }
}
