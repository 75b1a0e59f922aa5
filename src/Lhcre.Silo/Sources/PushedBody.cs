using System.Buffers;
using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>Reads a request's body whole, within the documented limits.</summary>
internal static class PushedBody
{
    /// <summary>The bytes, or why there are none to take.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IssueCode? Refusal)> Read(HttpRequest request, CancellationToken cancellation)
    {
        if (!IsFhirJson(request))
            return (default, IssueCodes.WrongContentType);
        return await Whole(request, cancellation);
    }

    /// <summary>The same of a body of any type.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IssueCode? Refusal)> Whole(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > Limits.BodyBytes)
            return (default, IssueCodes.BodyTooLarge);

        var buffer = new ArrayBufferWriter<byte>((int)Math.Max(request.ContentLength ?? 0, 1024));
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellation);
            if (buffer.WrittenCount + read.Buffer.Length > Limits.BodyBytes)
                return (default, IssueCodes.BodyTooLarge);
            foreach (var segment in read.Buffer)
                buffer.Write(segment.Span);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return (buffer.WrittenMemory, null);
        }
    }

    private static bool IsFhirJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return false;
        var parts = request.ContentType?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        return parts is [var media, .. var parameters]
            && (media.Equals("application/fhir+json", StringComparison.OrdinalIgnoreCase)
                || media.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            && parameters.All(p => !p.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
                || p["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
