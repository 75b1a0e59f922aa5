using System.Text;

namespace Lhcre.Record;

/// <summary>
/// Names one push of one source, so that sending it again changes nothing: the hash of the source, of the bytes, and of its <c>X-Request-Id</c>, else
/// <c>Bundle.identifier</c>, <c>MessageHeader.id</c> or MSH-10; where a source gives none, a fresh one.
/// </summary>
public readonly record struct PushId(ContentHash Hash)
{
    /// <summary>The id of what <paramref name="source"/> calls <paramref name="text"/>.</summary>
    public static PushId Of(string source, string text) => new(ContentHash.Of(Encoding.UTF8.GetBytes($"{source}\n{text}")));
}
