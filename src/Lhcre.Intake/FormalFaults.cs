using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hl7.Fhir.Introspection;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>A resource without its formal faults, and one warning for each that it had.</summary>
internal sealed record MendedResource(byte[] Json, ImmutableArray<Issue> Faults);

/// <summary>
/// Mends what is wrong with the form alone, by FHIR's own definitions: a list made of a single value, or a single value of a list of one;
/// white space trimmed from codes, ids, URIs and dates; empty arrays, objects and texts, nulls and unknown elements left out. No value is
/// changed or left out: what is copied is copied byte for byte, and what does not fit stays, to be refused.
/// </summary>
internal sealed class FormalFaults
{
    // Types that have no white space around their values (FHIR R4, datatypes). A string may have it, and keeps it.
    private static readonly HashSet<string> Trimmed =
        ["code", "id", "uri", "url", "canonical", "oid", "uuid", "date", "dateTime", "instant", "time"];

    private readonly ImmutableArray<Issue>.Builder _faults = ImmutableArray.CreateBuilder<Issue>();
    private readonly MemoryStream _mended;

    private FormalFaults(MemoryStream mended) => _mended = mended;

    /// <summary>The mended resource; null where its form has no fault.</summary>
    /// <param name="resource">Sound JSON, an object.</param>
    /// <param name="type">Its <c>resourceType</c>, a known one.</param>
    /// <param name="path">The root of the expressions.</param>
    public static MendedResource? Mend(ReadOnlyMemory<byte> resource, string type, string path)
    {
        using var document = JsonDocument.Parse(resource, new JsonDocumentOptions { MaxDepth = JsonSoundness.Options.MaxDepth });
        using var mended = new MemoryStream(resource.Length);
        var faults = new FormalFaults(mended);
        faults.WriteObject(document.RootElement, ElementShape.OfResource(type)!, path);
        return faults._faults.Count == 0 ? null : new MendedResource(mended.ToArray(), faults._faults.ToImmutable());
    }

    // Every Write says whether it wrote a value; where it did not, the caller leaves the member or item out.
    private bool WriteObject(JsonElement value, ClassMapping type, string path)
    {
        var start = _mended.Length;
        _mended.WriteByte((byte)'{');
        var any = false;
        foreach (var member in value.EnumerateObject())
        {
            var before = _mended.Length;
            if (any)
                _mended.WriteByte((byte)',');
            _mended.WriteByte((byte)'"');
            _mended.Write(JsonMarshal.GetRawUtf8PropertyName(member));
            _mended.Write("\":"u8);
            if (WriteMember(member, value, type, path))
                any = true;
            else
                _mended.SetLength(before);
        }

        if (!any)
        {
            _mended.SetLength(start);
            if (!value.EnumerateObject().MoveNext())
                Report(IssueCodes.EmptyElement, path);
            return false;
        }

        _mended.WriteByte((byte)'}');
        return true;
    }

    private bool WriteMember(JsonProperty member, JsonElement owner, ClassMapping type, string path)
    {
        var name = member.Name;
        if (name == "resourceType" && type.IsResource)
            return Copy(member.Value);
        if (ElementShape.Of(type, name) is not { } shape)
        {
            if (ElementShape.MayMeanKnown(type, name))
                return Copy(member.Value);
            return LeaveOut(IssueCodes.UnknownElement, $"{path}.{name}");
        }

        var elementPath = $"{path}.{shape.Element}";
        var value = member.Value;
        if (value.ValueKind == JsonValueKind.Null)
            return LeaveOut(IssueCodes.EmptyElement, elementPath);
        if (shape.IsList)
            return WriteList(value, shape, elementPath, IsPaired(name, owner));
        if (value.ValueKind != JsonValueKind.Array)
            return WriteItem(value, shape.Type, elementPath);
        switch (value.GetArrayLength())
        {
            case 0:
                return LeaveOut(IssueCodes.EmptyElement, elementPath);
            case 1:
                Report(IssueCodes.ListExpected, elementPath);
                return WriteItem(value[0], shape.Type, elementPath);
            default:
                return Copy(value);
        }
    }

    // given and _given belong together by position: nothing may be left out of either.
    private static bool IsPaired(string name, JsonElement owner) =>
        owner.TryGetProperty(name.StartsWith('_') ? name[1..] : "_" + name, out var other) && other.ValueKind == JsonValueKind.Array;

    private bool WriteList(JsonElement value, ElementShape shape, string path, bool isPaired)
    {
        if (value.ValueKind != JsonValueKind.Array)
            Report(IssueCodes.ListExpected, path);
        var items = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        if (items.All(i => i.ValueKind == JsonValueKind.Null))
            return LeaveOut(IssueCodes.EmptyElement, path);
        var start = _mended.Length;
        _mended.WriteByte((byte)'[');
        var any = false;
        for (var i = 0; i < items.Length; i++)
        {
            var before = _mended.Length;
            if (any)
                _mended.WriteByte((byte)',');
            if (isPaired ? WritePaired(items[i], shape.Type, $"{path}[{i}]") : WriteItem(items[i], shape.Type, $"{path}[{i}]"))
                any = true;
            else
                _mended.SetLength(before);
        }

        if (!any)
        {
            _mended.SetLength(start);
            return false;
        }

        _mended.WriteByte((byte)']');
        return true;
    }

    private bool WritePaired(JsonElement item, ClassMapping type, string path)
    {
        if (item.ValueKind == JsonValueKind.Null)
            return Copy(item);
        return WriteItem(item, type, path) || WriteNull();
    }

    private bool WriteItem(JsonElement value, ClassMapping type, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return LeaveOut(IssueCodes.EmptyElement, path);
            case JsonValueKind.Object:
                return WriteObjectItem(value, type, path);
            case JsonValueKind.String when type.IsFhirPrimitive:
                return WriteText(value, type.Name, path);
            default:
                return Copy(value);
        }
    }

    private bool WriteObjectItem(JsonElement value, ClassMapping type, string path)
    {
        if (type.IsFhirPrimitive)
            return value.EnumerateObject().MoveNext() ? Copy(value) : LeaveOut(IssueCodes.EmptyElement, path);
        if (!type.IsResource)
            return WriteObject(value, type, path);
        var name = value.TryGetProperty("resourceType", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        return ElementShape.OfResource(name) is { } resource ? WriteObject(value, resource, path) : Copy(value);
    }

    private bool WriteText(JsonElement value, string type, string path)
    {
        var text = value.GetString()!;
        if (text.Length == 0 && type is "string" or "markdown")
            return LeaveOut(IssueCodes.EmptyElement, path);
        var trimmed = Trimmed.Contains(type) ? text.Trim() : text;
        if (trimmed.Length == text.Length || trimmed.Length == 0)
            return Copy(value);
        Report(IssueCodes.TrimmedValue, path);
        _mended.WriteByte((byte)'"');
        _mended.Write(JsonEncodedText.Encode(trimmed, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
        _mended.WriteByte((byte)'"');
        return true;
    }

    private bool Copy(JsonElement value)
    {
        _mended.Write(JsonMarshal.GetRawUtf8Value(value));
        return true;
    }

    private bool WriteNull()
    {
        _mended.Write("null"u8);
        return true;
    }

    private bool LeaveOut(IssueCode code, string path)
    {
        Report(code, path);
        return false;
    }

    private void Report(IssueCode code, string path)
    {
        if (_faults.Count < ReceivedEntry.MaxIssues)
            _faults.Add(new Issue(code, Expression: path));
    }
}
