using System.Text;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Silo.Load;

/// <summary>
/// NHS numbers for synthetic people that have none: the valid ones of the lower half of the test range, 999 000 0000 to 999 499 9999, in order.
/// (The upper half belongs to the people whom <see cref="Synthetic.SyntheticRegion"/> makes, so that both can live in one store.)
/// </summary>
internal sealed class TestNumbers
{
    private const int First = 999_000_000;
    private const int End = 999_500_000;

    private readonly NhsNumber[] _numbers;

    private TestNumbers(NhsNumber[] numbers) => _numbers = numbers;

    /// <summary>The n-th number, from 0.</summary>
    public NhsNumber this[int n] => _numbers[n];

    /// <summary>The first numbers; null where there are not so many (about 454,000).</summary>
    public static TestNumbers? Take(int count)
    {
        var numbers = new NhsNumber[count];
        var n = 0;
        for (var first9 = First; n < count && first9 < End; first9++)
        {
            if (NhsNumber.TryComplete(first9, out var number))
                numbers[n++] = number;
        }

        return n == count ? new TestNumbers(numbers) : null;
    }

    /// <summary>
    /// The same text with <paramref name="number"/> as one more identifier of its Patient: of the one in the Bundle, or of the Patient that the
    /// text itself is. Unchanged where there is no Patient without an NHS number, or more than one (which of them would it be?).
    /// </summary>
    public static byte[] Assign(byte[] json, NhsNumber number)
    {
        try
        {
            var places = new List<Place>();
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = InputText.Depth });
            reader.Read();
            TakeResource(ref reader, places);
            return places is [var place] ? JsonText.Replace(json, [(new ByteRange(place.At, 0), Encoding.UTF8.GetBytes(place.Text(number)))]) : json;
        }
        catch (Exception e) when (InputText.IsMalformed(e))
        {
            // Whoever receives it says what is wrong with it.
            return json;
        }
    }

    // Where an identifier goes in: before the end of the list, or where there is none, a list behind the resourceType.
    private readonly record struct Place(int At, bool InList, bool IsFirst)
    {
        public string Text(NhsNumber number)
        {
            var identifier = $$"""{"system":"{{NhsNumber.System}}","value":"{{number.Digits()}}"}""";
            return InList ? (IsFirst ? identifier : "," + identifier) : $",\"identifier\":[{identifier}]";
        }
    }

    // Reads one resource, from its opening brace to its closing one; of a Bundle, the resources of its entries too.
    private static void TakeResource(ref Utf8JsonReader reader, List<Place> places)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var (isPatient, isBundle, hasNumber, behindType) = (false, false, false, -1);
        Place? list = null;
        var entries = new List<Place>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (type, identifier, entry) =
                (reader.ValueTextEquals("resourceType"u8), reader.ValueTextEquals("identifier"u8), reader.ValueTextEquals("entry"u8));
            reader.Read();
            if (type && reader.TokenType == JsonTokenType.String)
            {
                (isPatient, isBundle) = (reader.ValueTextEquals("Patient"u8), reader.ValueTextEquals("Bundle"u8));
                behindType = (int)reader.BytesConsumed;
            }
            else if (identifier && reader.TokenType == JsonTokenType.StartArray)
            {
                list = TakeIdentifiers(ref reader, out hasNumber);
            }
            else if (entry && reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    TakeEntry(ref reader, entries);
            }
            else
            {
                // An identifier that stands where a list belongs is left alone: nobody can say what its sender meant.
                hasNumber |= identifier;
                reader.Skip();
            }
        }

        if (isPatient && !hasNumber)
            places.Add(list ?? new Place(behindType, false, true));
        if (isBundle)
            places.AddRange(entries);
    }

    private static void TakeEntry(ref Utf8JsonReader reader, List<Place> places)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var resource = reader.ValueTextEquals("resource"u8);
            reader.Read();
            if (resource)
                TakeResource(ref reader, places);
            else
                reader.Skip();
        }
    }

    private static Place TakeIdentifiers(ref Utf8JsonReader reader, out bool hasNumber)
    {
        var empty = true;
        hasNumber = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            empty = false;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var system = reader.ValueTextEquals("system"u8);
                reader.Read();
                if (system && reader.TokenType == JsonTokenType.String)
                    hasNumber |= NhsNumber.IsSystem(reader.GetString());
                else
                    reader.Skip();
            }
        }

        return new Place((int)reader.TokenStartIndex, true, empty);
    }
}
