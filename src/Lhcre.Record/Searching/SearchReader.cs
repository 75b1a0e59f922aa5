using System.Text.Json;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>
/// Reads the searchable values of a resource in one pass over its bytes. What has the wrong shape is passed over: what is served need not be
/// sound FHIR in every element.
/// </summary>
internal ref struct SearchReader
{
    private const int MostScratchValues = 4_096;

    [ThreadStatic]
    private static List<SearchValue>? _scratch;

    private readonly List<SearchValue> _values;
    private ushort _lastGroup;

    private SearchReader(List<SearchValue> values) => _values = values;

    /// <summary>Reads all values of a resource, in the order of the text.</summary>
    /// <param name="resource">The resource alone.</param>
    /// <param name="elements">What is read of its type.</param>
    public static SearchValue[] Read(ReadOnlySpan<byte> resource, ElementTree elements)
    {
        var values = _scratch ??= new List<SearchValue>(64);
        values.Clear();
        var reader = new Utf8JsonReader(resource, Limits.JsonReader);
        if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            new SearchReader(values).Members(ref reader, elements.Root, 0);
        var read = values.ToArray();
        if (values.Capacity > MostScratchValues)
            _scratch = null;
        return read;
    }

    private void Members(ref Utf8JsonReader reader, ElementTree.Node node, ushort group)
    {
        while (Json.NextMember(ref reader))
        {
            ElementTree.Node? known = null;
            foreach (var child in node.Children)
            {
                if (!reader.ValueTextEquals(child.Name))
                    continue;
                known = child;
                break;
            }

            reader.Read();
            if (known is null)
                reader.Skip();
            else
                Element(ref reader, known, group);
        }
    }

    private void Element(ref Utf8JsonReader reader, ElementTree.Node node, ushort group)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            // Each way of reading begins at the same place.
            foreach (var read in node.Reads)
            {
                var copy = reader;
                Value(ref copy, read, group);
            }

            if (node.Children.IsEmpty || reader.TokenType != JsonTokenType.StartObject)
                reader.Skip();
            else
                Members(ref reader, node, _lastGroup == ushort.MaxValue ? _lastGroup : ++_lastGroup);
        }
    }

    private readonly void Value(ref Utf8JsonReader reader, ElementRead read, ushort group)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return;
        switch (read.Kind)
        {
            case SearchKind.Token:
                Token(ref reader, read, group);
                break;
            case SearchKind.Date:
                Date(ref reader, read, group);
                break;
            case SearchKind.Reference:
                Reference(ref reader, read, group);
                break;
            case SearchKind.String:
                Words(ref reader, read, group);
                break;
            case SearchKind.Quantity when reader.TokenType == JsonTokenType.StartObject:
                var start = reader.TokenStartIndex;
                reader.Skip();
                Add(read, group, ValueForm.Quantity, SearchValue.At(start, (int)(reader.BytesConsumed - start)));
                break;
            case SearchKind.Number when reader.TokenType == JsonTokenType.Number:
                Add(read, group, ValueForm.Number, Place(ref reader));
                break;
            case SearchKind.Uri when reader.TokenType == JsonTokenType.String:
                Add(read, group, ValueForm.Text, Place(ref reader));
                break;
        }
    }

    // What it is shows in its shape: CodeableConcept, Coding, Identifier, ContactPoint, code, boolean.
    private readonly void Token(ref Utf8JsonReader reader, ElementRead read, ushort group)
    {
        if (read.Only == "exists")
        {
            Add(read, group, ValueForm.Exists, SearchValue.Nowhere);
            return;
        }

        if (reader.TokenType is JsonTokenType.String or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Number)
        {
            Add(read, group, ValueForm.Code, Place(ref reader));
            return;
        }

        if (!Json.Enters(ref reader))
            return;
        long system = SearchValue.Nowhere, code = SearchValue.Nowhere;
        var before = _values.Count;
        var isOfSystem = read.Only is null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "coding"u8))
            {
                for (var items = Items.Of(ref reader); items.Next(ref reader);)
                    Token(ref reader, read, group);
            }
            else if (Json.Is(ref reader, "system"u8))
            {
                isOfSystem |= read.Only is { } only && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(only);
                if (!read.IsContact)
                    system = Place(ref reader);
            }
            else if (Json.Is(ref reader, "code"u8) || Json.Is(ref reader, "value"u8))
            {
                code = Place(ref reader);
            }
            else if (read.IsContact && Json.Is(ref reader, "use"u8))
            {
                system = Place(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        if (!isOfSystem)
            return;
        if (system != SearchValue.Nowhere || code != SearchValue.Nowhere)
            _values.Add(new SearchValue(system, code, read.Slot, group, ValueForm.Coded));
        else if (_values.Count == before)
            Add(read, group, ValueForm.Present, SearchValue.Nowhere);
    }

    private readonly void Reference(ref Utf8JsonReader reader, ElementRead read, ushort group)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Add(read, group, ValueForm.Reference, Place(ref reader));
            return;
        }

        if (!Json.Enters(ref reader))
            return;
        var before = _values.Count;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "reference"u8))
            {
                if (Place(ref reader) is not SearchValue.Nowhere and var place)
                    Add(read, group, ValueForm.Reference, place);
            }
            else if (Json.Is(ref reader, "identifier"u8))
            {
                Identifier(ref reader, read, group);
            }
            else
            {
                reader.Skip();
            }
        }

        if (_values.Count == before)
            Add(read, group, ValueForm.Present, SearchValue.Nowhere);
    }

    private readonly void Identifier(ref Utf8JsonReader reader, ElementRead read, ushort group)
    {
        if (!Json.Enters(ref reader))
            return;
        long system = SearchValue.Nowhere, value = SearchValue.Nowhere;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "system"u8))
                system = Place(ref reader);
            else if (Json.Is(ref reader, "value"u8))
                value = Place(ref reader);
            else
                reader.Skip();
        }

        _values.Add(new SearchValue(system, value, read.Slot, group, ValueForm.Identified));
    }

    // A date, a Period, or the outer limits of a Timing.
    private readonly void Date(ref Utf8JsonReader reader, ElementRead read, ushort group)
    {
        if (StatedDates.Read(ref reader) is { } dates)
            _values.Add(new SearchValue(dates.From, dates.To, read.Slot, group, ValueForm.Dates));
    }

    // A text, or each text of a HumanName or an Address.
    private readonly void Words(ref Utf8JsonReader reader, ElementRead read, ushort group)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            Add(read, group, ValueForm.Text, Place(ref reader));
            return;
        }

        if (!Json.Enters(ref reader))
            return;
        while (Json.NextMember(ref reader))
        {
            var isWords = !(reader.ValueTextEquals("use"u8) || reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("id"u8));
            reader.Read();
            for (var items = Items.Of(ref reader); items.Next(ref reader);)
            {
                if (isWords && reader.TokenType == JsonTokenType.String)
                    Add(read, group, ValueForm.Text, Place(ref reader));
                else
                    reader.Skip();
            }
        }
    }

    private readonly void Add(ElementRead read, ushort group, ValueForm form, long place) =>
        _values.Add(new SearchValue(SearchValue.Nowhere, place, read.Slot, group, form));

    // Where a text or another simple value stands, without its quotes.
    private static long Place(ref Utf8JsonReader reader)
    {
        var isText = reader.TokenType == JsonTokenType.String;
        if (!isText && reader.TokenType is not (JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False))
        {
            reader.Skip();
            return SearchValue.Nowhere;
        }

        return SearchValue.At(reader.TokenStartIndex + (isText ? 1 : 0), reader.ValueSpan.Length);
    }
}
