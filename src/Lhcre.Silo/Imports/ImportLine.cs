using System.Text.Json;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Silo.Imports;

/// <summary>A line of an import.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Bytes">Its text, without the line's end.</param>
internal readonly record struct ImportLine(long Number, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The <c>resourceType</c>; null where there is none, or the text is no JSON up to there.</summary>
    public string? Type()
    {
        var reader = new Utf8JsonReader(Bytes.Span, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("resourceType"u8);
                reader.Read();
                if (isType)
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // No JSON, or no UTF-8 (which the reader reports as an invalid operation): whoever reads it whole says so.
        }

        return null;
    }

    /// <summary>
    /// Whether others are better off when this one is carried out before them: they may refer to it. Where it comes later it is only dearer,
    /// since what waits for a Patient is parked, and what waits for the others is written again.
    /// </summary>
    public bool IsFirst() => Type() is not { } type || type is "Patient" or "Bundle" || PatientCompartment.MaySupport(type);

    /// <summary>Reads it as one push: a Bundle as POSTed to the base, a resource as POSTed to its type.</summary>
    /// <param name="source">The source's id.</param>
    /// <param name="sourceBase">Its own base.</param>
    /// <param name="trust">Which of its NHS numbers name anybody; null for <see cref="NumberTrust.Usual"/>.</param>
    public Received Read(string source, string sourceBase, NumberTrust? trust = null)
    {
        var bytes = Bytes.Span.StartsWith("\uFEFF"u8) ? Bytes[3..] : Bytes;
        var type = (this with { Bytes = bytes }).Type();
        var received = FhirIntake.Read(bytes, new Interaction("POST", type is null or "Bundle" ? null : type, null), source, sourceBase, trust);
        // At the base it would be told that only a Bundle is taken there.
        return type is null && !received.IsRefused ? new Received { Issues = [new Issue(IssueCodes.NoResourceType)] } : received;
    }
}
