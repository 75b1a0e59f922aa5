using System.Collections.Concurrent;
using System.Text.Json;
using Hl7.Fhir.Serialization;
using Hl7.Fhir.Utility;

namespace Lhcre.Clients.Tests.Validity;

/// <summary>Reads FHIR bodies as strictly as Hl7.Fhir.R4 can: the default of its deserialiser.</summary>
internal sealed class StrictCheck
{
    private static readonly FhirJsonDeserializer Strict = new(new DeserializerSettings().UsingMode(DeserializationMode.Strict));

    private readonly ConcurrentQueue<string> _faults = new();
    private int _bodies;

    /// <summary>How many bodies were read.</summary>
    public int Bodies => _bodies;

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
}
