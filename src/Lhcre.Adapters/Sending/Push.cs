using System.Net.Http.Headers;

namespace Lhcre.Adapters.Sending;

/// <summary>One request to the record, the same on each try.</summary>
/// <param name="Messages">What is in it, in the order of its entries.</param>
/// <param name="Id">Its <c>X-Request-Id</c>.</param>
internal sealed record Push(IReadOnlyList<QueuedMessage> Messages, Guid Id)
{
    private byte[]? _batch;

    /// <summary>How often it was sent since the sender was made; of what is left of a larger one, together with that.</summary>
    public int Tries { get; set; }

    /// <summary>How many pushes were settled when it was sent last.</summary>
    public long SettledBefore { get; set; }

    public OutgoingKind Kind => Messages[0].Message.Kind;

    /// <summary>Whether its messages are entries of a Bundle that was made here.</summary>
    public bool IsBatch => !Messages[0].Message.GoesAlone;

    /// <summary>The request; made anew for each try, since one can be sent once.</summary>
    public HttpRequestMessage Request(SenderOptions options)
    {
        var @base = $"{options.Server.AbsoluteUri.TrimEnd('/')}/sources/{options.Source}/";
        var isHl7 = Kind == OutgoingKind.Hl7V2;
        var content = new ReadOnlyMemoryContent(IsBatch ? _batch ??= BatchBundle.Write(Messages) : Messages[0].Message.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue(isHl7 ? "x-application/hl7-v2+er7" : "application/fhir+json");
        var request = new HttpRequestMessage(HttpMethod.Post, @base + (isHl7 ? "hl7v2" : "fhir")) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(isHl7 ? "x-application/hl7-v2+er7" : "application/fhir+json"));
        request.Headers.Add("X-Request-Id", Id.ToString());
        if (options.IsBackfill)
            request.Headers.Add("Priority", "u=6");
        return request;
    }
}
