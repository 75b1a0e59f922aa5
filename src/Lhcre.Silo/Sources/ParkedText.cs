using System.Buffers;
using System.Text.Json;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>What is set aside, as JSON of our own: it is no FHIR, since what is refused is none either.</summary>
internal static class ParkedText
{
    /// <summary>A page: <c>{"source", "total", "totals": {code: number}, "parked": […], "next"}</c>.</summary>
    public static ReadOnlyMemory<byte> Page(ParkedQuestion question, AsidePage page, bool isMore) => Write(writer =>
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
        if (isMore)
            writer.WriteString("next", question.Next(AsidePlace.Of(page.Items[^1])));
    });

    /// <summary>One, as it stands in a page; a letter with its bytes.</summary>
    public static ReadOnlyMemory<byte> One(Aside item) => Write(writer => WriteItem(writer, item));

    /// <summary>
    /// What became of one that was resubmitted: <c>{"id", "kind", "became", "outcome"}</c>. What <c>became</c> says is <c>filed</c>,
    /// <c>withheld</c>, <c>parked</c>, <c>refused</c> or <c>unwritten</c>; the outcome, an OperationOutcome, why.
    /// </summary>
    public static ReadOnlyMemory<byte> Became(Aside item, Resubmitted resubmitted) => Write(writer =>
    {
        writer.WriteString("id", item.Id);
        writer.WriteString("kind", Kind(item));
        writer.WriteString("became", resubmitted.Became switch
        {
            Sources.Became.Filed => "filed",
            Sources.Became.Withheld => "withheld",
            Sources.Became.Parked => "parked",
            Sources.Became.Refused => "refused",
            _ => "unwritten",
        });
        writer.WritePropertyName("outcome");
        OperationOutcome.Write(writer, resubmitted.Issues);
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
        writer.WriteString("kind", Kind(item));
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

    private static string Kind(Aside item) => item is RefusedLetter ? "refused" : "parked";

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
