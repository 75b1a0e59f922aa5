using System.Numerics;
using System.Text;
using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake.Door;

/// <summary>
/// One pass over one resource, member by member against the tables of its types. It ends at the first thing that settles the verdict; the
/// reader stands somewhere inside the resource then, else on its last token.
/// </summary>
/// <typeparam name="TFindings">What is made of the resource on the way.</typeparam>
internal ref struct ResourceWalk<TFindings>
    where TFindings : struct, IFindings
{
    private readonly ref TFindings _findings;
    private Utf8JsonReader _reader;
    private Scratch _scratch;

    /// <summary>A walk from where the reader stands: on the first token of a resource.</summary>
    public ResourceWalk(Utf8JsonReader reader, ref TFindings findings)
    {
        _reader = reader;
        _findings = ref findings;
    }

    /// <summary>Reads on.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="JsonException">Something stands behind the resource, or what stands there is no JSON.</exception>
    public bool Read() => _reader.Read();

    /// <summary>Gives back what the walk has taken.</summary>
    public readonly void Dispose() => _scratch.Dispose();

    /// <summary>Walks one resource.</summary>
    /// <param name="isContained">Whether it stands in another one's <c>contained</c>, where it may contain none itself.</param>
    /// <param name="type">The table of its type; null where it has none.</param>
    public Verdict Resource(bool isContained, out TypeTable? type)
    {
        type = _reader.TokenType == JsonTokenType.StartObject ? TypeOfResource() : null;
        return type is null ? Verdict.Rejected : Object(type, isContained);
    }

    // The first resourceType counts, wherever it stands; the reader is not moved.
    private readonly TypeTable? TypeOfResource()
    {
        var ahead = _reader;
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isType = ahead.ValueTextEquals("resourceType"u8);
            ahead.Read();
            if (isType)
                return ahead.TokenType == JsonTokenType.String ? ResourceTypes.Find(ahead.ValueIsEscaped ? Encoding.UTF8.GetBytes(ahead.GetString()!) : ahead.ValueSpan) : null;
            ahead.Skip();
        }

        return null;
    }

    private Verdict Object(TypeTable type, bool isContained)
    {
        var members = default(Members);
        var lists = _scratch.ListCount;
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            var verdict = Member(type, ref members, isContained);
            if (verdict != Verdict.Accepted)
                return verdict;
        }

        if ((members.Plain | members.Extra) == 0 || ((members.Plain | members.Extra) & type.Required) != type.Required)
            return Verdict.Rejected;
        return _scratch.ListCount == lists || PrimitiveList.AreWhole(_scratch.Close(lists)) ? Verdict.Accepted : Verdict.Rejected;
    }

    private Verdict Member(TypeTable type, ref Members members, bool isContained)
    {
        var name = Text();
        var isExtra = name is [(byte)'_', ..];
        var element = type.Find(isExtra ? name[1..] : name);
        if (element is null)
            return type.IsResource && name.SequenceEqual("resourceType"u8) ? ResourceType(ref members) : Unknown(type, isExtra ? name[1..] : name, isExtra, members);
        if (isExtra && !element.Kind.IsPrimitive())
            return Verdict.Rejected;
        if (isContained && element.Kind == ElementKind.Resource && element.IsList)
            return Verdict.Rejected;
        if (!members.Add(element, isExtra))
            return Verdict.Rejected;
        // The value of one type and the extensions of another: the library takes some of these.
        if (element.IsChoice && !members.IsOneChoice(element))
            return Verdict.Undecided;
        _reader.Read();
        if (element.Role == Role.None || isExtra)
            return Values(type, element, isExtra, members);
        var (start, depth) = ((int)_reader.TokenStartIndex, _reader.CurrentDepth);
        var verdict = Values(type, element, isExtra, members);
        if (verdict == Verdict.Accepted)
            _findings.Add(new Place(element.Role, new ByteRange(start, (int)_reader.BytesConsumed - start), depth));
        return verdict;
    }

    // What stands under one name: one value, or the list that is expected.
    private Verdict Values(TypeTable type, Element element, bool isExtra, Members members)
    {
        if (element.IsList)
            return _reader.TokenType == JsonTokenType.StartArray ? List(element, isExtra, isContained: type.IsResource) : Verdict.Rejected;
        if (_reader.TokenType != JsonTokenType.StartArray)
            return Value(element, isExtra, isContained: false);
        // Into a value that its other half has made, the library reads a list too.
        return !members.HasBoth(element) ? Verdict.Rejected : element.IsChoice ? Verdict.Undecided : List(element, isExtra, isContained: false);
    }

    private static Verdict Unknown(TypeTable type, ReadOnlySpan<byte> name, bool isExtra, Members members)
    {
        if (!type.IsOfChoice(Encoding.UTF8.GetString(name), out var bit))
            return Verdict.Rejected;
        // A type that the choice has not, or that there is not. By itself it is wrong; beside another type of the choice the library may take it.
        return isExtra || members.Has(bit) || name.ContainsAnyExcept(TypeNames.Letters) ? Verdict.Undecided : Verdict.Rejected;
    }

    private Verdict List(Element element, bool isExtra, bool isContained)
    {
        var (count, nulls, isPrimitive) = (0, 0ul, element.Kind.IsPrimitive());
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            if (_reader.TokenType == JsonTokenType.Null)
            {
                if (!isPrimitive)
                    return Verdict.Rejected;
                if (count >= PrimitiveList.Tracked)
                    return Verdict.Undecided;
                nulls |= 1ul << count;
            }
            else
            {
                var verdict = Value(element, isExtra, isContained);
                if (verdict != Verdict.Accepted)
                    return verdict;
            }

            count++;
        }

        if (count == 0 || (isPrimitive && BitOperations.PopCount(nulls) == count))
            return Verdict.Rejected;
        if (isPrimitive && element.IsList)
            _scratch.Add(new PrimitiveList(element.Bit, count, nulls));
        return Verdict.Accepted;
    }

    // One value that is no list and may not be null.
    private Verdict Value(Element element, bool isExtra, bool isContained)
    {
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject when isExtra:
                return Object(ResourceTypes.OfPrimitive, isContained: false);
            case JsonTokenType.StartObject when element.Kind == ElementKind.Complex:
                return Object(element.Type!, isContained: false);
            case JsonTokenType.StartObject when element.Kind == ElementKind.Resource:
                return Resource(isContained, out _);
            case JsonTokenType.String when !isExtra && element.Kind >= ElementKind.String:
                return Primitives.IsValid(Text(), element) ? Verdict.Accepted : Verdict.Rejected;
            case JsonTokenType.Number when !isExtra && element.Kind.IsPrimitive():
                return Numbers.Check(ref _reader, element);
            case JsonTokenType.True or JsonTokenType.False when !isExtra && element.Kind == ElementKind.Boolean:
                return Verdict.Accepted;
            default:
                return element.Kind == ElementKind.Other ? Verdict.Undecided : Verdict.Rejected;
        }
    }

    // The first one is the type; a second one the library passes over, whatever it is.
    private Verdict ResourceType(ref Members members)
    {
        if (members.HasType)
            return Verdict.Undecided;
        members.HasType = true;
        _reader.Read();
        return Verdict.Accepted;
    }

    // The text of a string or of a name, without escapes. It may be gone when the next one is asked for.
    private ReadOnlySpan<byte> Text()
    {
        if (!_reader.ValueIsEscaped)
            return _reader.ValueSpan;
        var text = _scratch.Text(_reader.ValueSpan.Length);
        return text[.._reader.CopyString(text)];
    }
}
