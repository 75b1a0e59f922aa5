using System.Text;
using System.Text.Json;

namespace Lhcre.Intake.Tests.Door;

/// <summary>A JSON value that may be changed into anything, also into what no object model would hold: members twice, odd numbers, raw bytes.</summary>
internal sealed class JsonTree
{
    /// <summary>A scalar as it is written; null for an object or array.</summary>
    public string? Raw { get; set; }

    /// <summary>Whether it is an object; of a value that is no scalar.</summary>
    public bool IsObject { get; set; }

    /// <summary>The members of an object, or the items of an array, whose names are empty.</summary>
    public List<(string Name, JsonTree Value)> Children { get; private init; } = [];

    public bool IsArray => Raw is null && !IsObject;

    public static JsonTree Scalar(string raw) => new() { Raw = raw };

    public static JsonTree Array(params JsonTree[] items) => new() { Children = [.. items.Select(i => ("", i))] };

    public static JsonTree Object(params (string Name, JsonTree Value)[] members) => new() { IsObject = true, Children = [.. members] };

    public static JsonTree Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return Of(document.RootElement);
    }

    public JsonTree Copy() => new() { Raw = Raw, IsObject = IsObject, Children = [.. Children.Select(c => (c.Name, c.Value.Copy()))] };

    /// <summary>Becomes another value, in its place.</summary>
    public void Become(JsonTree other)
    {
        var copy = other.Copy();
        (Raw, IsObject) = (copy.Raw, copy.IsObject);
        Children.Clear();
        Children.AddRange(copy.Children);
    }

    /// <summary>It and all inside it, the outer before the inner.</summary>
    public IEnumerable<JsonTree> All() => Children.SelectMany(c => c.Value.All()).Prepend(this);

    public byte[] Bytes()
    {
        var text = new StringBuilder();
        Write(text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static JsonTree Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => Object([.. value.EnumerateObject().Select(m => (m.Name, Of(m.Value)))]),
        JsonValueKind.Array => Array([.. value.EnumerateArray().Select(Of)]),
        _ => Scalar(value.GetRawText()),
    };

    private void Write(StringBuilder text)
    {
        if (Raw is not null)
        {
            text.Append(Raw);
            return;
        }

        text.Append(IsObject ? '{' : '[');
        for (var i = 0; i < Children.Count; i++)
        {
            if (i > 0)
                text.Append(',');
            if (IsObject)
                text.Append('"').Append(Children[i].Name).Append("\":");
            Children[i].Value.Write(text);
        }

        text.Append(IsObject ? '}' : ']');
    }
}
