using System.Buffers;
using System.Text.Json;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What is set aside, as JSON of our own: it is no FHIR, since what is refused is none either.</summary>
internal static class ParkedText
{
    /// <summary>A page: <c>{"source", "total", "totals": {code: number}, "parked": […], "next"}</c>.</summary>
    public static ReadOnlyMemory<byte> Page(ParkedQuestion question, AsidePage page) => Write(writer =>
    {
        writer.WriteString("source", question.Asked.Source);
        writer.WriteNumber("total", page.Totals.Where(t => question.Asked.Code is null || t.Key == question.Asked.Code).Sum(t => t.Value));
        writer.WriteStartObject("totals");
        foreach (var (code, count) in page.Totals)
            writer.WriteNumber(code, count);
        writer.WriteEndObject();
        writer.WriteStartArray("parked");
        foreach (var item in page.Items)
        {
            writer.WriteStartObject();
            WriteItem(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (page.Items.Count == question.Asked.Limit)
            writer.WriteString("next", question.Next(AsidePlace.Of(page.Items[^1])));
    });

    /// <summary>One, with what else there is to say of it.</summary>
    public static ReadOnlyMemory<byte> One(Aside item, Action<Utf8JsonWriter>? more = null) => Write(writer =>
    {
        WriteItem(writer, item);
        more?.Invoke(writer);
    });

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteItem(Utf8JsonWriter writer, Aside item)
    {
        writer.WriteString("id", item.Id);
        writer.WriteString("kind", item is RefusedLetter ? "refused" : "parked");
        writer.WriteString("received", item.At);
        writer.WriteString("code", item.Code);
        writer.WriteString("reason", item.Reason);
        if (item.Discarded is { } discarded)
        {
            writer.WriteStartObject("discarded");
            writer.WriteString("at", discarded.At);
            writer.WriteString("by", discarded.By);
            writer.WriteString("reason", discarded.Reason);
            writer.WriteEndObject();
        }

        if (item is RefusedLetter letter)
            WriteLetter(writer, letter);
        else if (item is ParkedResource parked)
            WriteResource(writer, parked);
    }

    private static void WriteResource(Utf8JsonWriter writer, ParkedResource parked)
    {
        var fragment = LogBody.Read(parked.Body)[0];
        writer.WriteString("resourceType", parked.Type);
        writer.WriteString("resourceId", fragment.Key.Id);
        if (parked.WaitsFor is { } awaited)
            writer.WriteString("waitsFor", awaited.Reference);
        if (fragment.Kind == FragmentKind.Stated)
        {
            writer.WritePropertyName("resource");
            writer.WriteRawValue(fragment.AsSent.Span, skipInputValidation: true);
        }
        else
        {
            writer.WriteBoolean("isDelete", true);
        }
    }

    // Its bytes only where it is asked for by itself: a list of letters may be a list of scanned documents. Bytes, since what could not be read
    // need not be text.
    private static void WriteLetter(Utf8JsonWriter writer, RefusedLetter letter)
    {
        writer.WriteString("form", letter.Form == LetterForm.Hl7V2 ? "hl7v2" : "fhir");
        if (letter.Type.Length > 0)
            writer.WriteString("messageType", letter.Type);
        if (letter.Name.Length > 0)
            writer.WriteString("name", letter.Name);
        writer.WriteNumber("length", letter.Length);
        if (letter.Body.Length > 0)
            writer.WriteBase64String("message", letter.Body.Span);
    }
}
