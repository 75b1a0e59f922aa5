using System.Text.Json;

namespace Lhcre.Record;

/// <summary>What one push may ask of us. Every limit has its own issue code, and is documented where sources read it.</summary>
public static class Limits
{
    /// <summary>Levels of JSON: 64, resource and Bundle included.</summary>
    public const int JsonDepth = 64;

    /// <summary>Entries in a Bundle: 10,000.</summary>
    public const int BundleEntries = 10_000;

    /// <summary>
    /// Values in one resource, every member and list item at every level counted: 100,000. A clinical resource has some thousands at most, and
    /// each of them that is wrong costs some kilobytes until all reasons are told.
    /// </summary>
    public const int ResourceValues = 100_000;

    /// <summary>Levels of XHTML in a narrative: 100.</summary>
    public const int NarrativeDepth = 100;

    /// <summary>Bytes of a request body: 64 MiB.</summary>
    public const int BodyBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of the body of an import, uncompressed: 16 GiB, some fifteen million resources. A line is a push: <see cref="BodyBytes"/>.</summary>
    public const long ImportBytes = 16L * 1024 * 1024 * 1024;

    /// <summary>Pages of what is pulled of one person from one source: 200.</summary>
    public const int PulledPages = 200;

    /// <summary>Imports of one source that are not done: 100. They are carried out one after the other.</summary>
    public const int ImportsWaiting = 100;

    /// <summary>Bytes of JSON of an answer that is written as XML: 4 MiB. Each becomes some fifty of objects on the way.</summary>
    public const int XmlBytes = 4 * 1024 * 1024;

    /// <summary>Characters of a diagnostic text, or of an expression, that quote what was sent: 1,000; what is longer ends in an ellipsis.</summary>
    public const int QuotedCharacters = 1000;

    /// <summary>Values in one search, all parameters and what commas divide together: 1,000. Each may be compared with each resource.</summary>
    public const int SearchValues = 1_000;

    /// <summary>How far ahead of our clock a version may be before it is parked: 24 hours.</summary>
    public static TimeSpan ClockAhead { get; } = TimeSpan.FromHours(24);

    /// <summary>How long a push id gets its first answer again: 30 days.</summary>
    public static TimeSpan PushIdMemory { get; } = TimeSpan.FromDays(30);

    internal static JsonReaderOptions JsonReader => new() { MaxDepth = JsonDepth, CommentHandling = JsonCommentHandling.Disallow };
}
