using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Lhcre.Adapters.Sending;

/// <summary>Resources as the entries of one batch Bundle (FHIR R4 http.html#transaction), each byte for byte as the adapter gave it.</summary>
internal static class BatchBundle
{
    /// <summary>Bytes of an entry beside its resource and its URL, at most.</summary>
    public const int EntryOverhead = 64;

    public static byte[] Write(IReadOnlyList<QueuedMessage> messages)
    {
        var bytes = new ArrayBufferWriter<byte>(64 + messages.Sum(m => m.Message.Body.Length + m.Message.Path.Length + EntryOverhead));
        bytes.Write("""{"resourceType":"Bundle","type":"batch","entry":["""u8);
        for (var n = 0; n < messages.Count; n++)
        {
            var message = messages[n].Message;
            bytes.Write(n == 0 ? "{"u8 : ",{"u8);
            if (message.Kind != OutgoingKind.Delete)
            {
                bytes.Write("\"resource\":"u8);
                bytes.Write(message.Body.Span);
                bytes.Write(","u8);
            }

            // A path is letters, digits, dashes and dots: what is not was refused before (Outgoing.Unfit).
            var method = message.Kind switch { OutgoingKind.Put => "PUT", OutgoingKind.Post => "POST", _ => "DELETE" };
            bytes.Write(Encoding.ASCII.GetBytes($$$"""
                "request":{"method":"{{{method}}}","url":"{{{message.Path}}}"}}
                """));
        }

        bytes.Write("]}"u8);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Whether bytes are one JSON object and nothing else, so that they can stand in a Bundle without harm to the entries beside them.</summary>
    public static bool CanHold(ReadOnlySpan<byte> resource)
    {
        // The reader does not look into strings.
        if (!Utf8.IsValid(resource))
            return false;
        try
        {
            // The record's own limit of depth is lower, and is its own to tell.
            var reader = new Utf8JsonReader(resource, new JsonReaderOptions { MaxDepth = 10_000 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
