using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>Writes answers as XML, a few at a time: each costs a hundred times what the same answer costs as JSON.</summary>
internal sealed class XmlAnswers : IDisposable
{
    // Those that wait hold nothing but their request.
    private const int MostWaiting = 16;

    private readonly SemaphoreSlim _places = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    /// <summary>The answer as XML, or why there is none.</summary>
    public async ValueTask<(ReadOnlyMemory<byte> Xml, Issue? Refusal)> Write(Body json, CancellationToken cancellation)
    {
        if (json.Length is null or > Limits.XmlBytes)
            return (default, new Issue(IssueCodes.TooLargeAsXml));
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return (default, new Issue(IssueCodes.TooManyAsXml));
        }

        try
        {
            await _places.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            var bytes = await json.Whole(cancellation);
            return FhirXml.Write(bytes.Span);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
