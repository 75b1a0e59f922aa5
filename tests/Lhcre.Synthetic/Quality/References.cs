using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Synthetic.Quality;

/// <summary>
/// References of a merged record that lead nowhere: to a merged id that no resource of the record has, or away to the source although the
/// record shows what they mean.
/// </summary>
internal static class References
{
    /// <summary>How many there are.</summary>
    public static int Dangling(PatientRecord record)
    {
        var present = new HashSet<string>();
        foreach (var resource in record.All)
            present.Add($"{resource.Type}/{resource.Id}");
        var dangling = 0;
        foreach (var resource in record.All)
            dangling += Of(resource.Resource.Span).Count(reference => !present.Contains(reference) && !IsRightlyAway(record, reference));
        return dangling;
    }

    /// <summary>Every <c>reference</c> of a resource but those to what it contains.</summary>
    public static List<string> Of(ReadOnlySpan<byte> resource)
    {
        var references = new List<string>();
        var reader = new Utf8JsonReader(resource);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("reference"u8))
                continue;
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && !text.StartsWith('#'))
                references.Add(text);
        }

        return references;
    }

    private static bool IsRightlyAway(PatientRecord record, string reference)
    {
        var start = $"{record.Addresses.Base}/sources/";
        if (!reference.StartsWith(start, StringComparison.Ordinal) || reference[start.Length..].Split('/') is not [var source, "fhir", var type, var id])
            return false;
        // What was withdrawn or is withheld is shown nowhere.
        return record.ResourceOf(new EntryKey(source, type, id)) is null;
    }
}
