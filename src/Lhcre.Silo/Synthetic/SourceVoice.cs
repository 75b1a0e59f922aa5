using System.Collections.Immutable;
using System.Text.Encodings.Web;

namespace Lhcre.Silo.Synthetic;

/// <summary>The forms in which a source sends what it knows about a person.</summary>
public enum PushForm
{
    /// <summary><c>transaction</c>: POST of resources without id, <c>urn:uuid</c> fullUrls and references.</summary>
    Transaction,

    /// <summary><c>batch</c>: PUT of resources with the source's own ids, versions and relative references.</summary>
    Batch,

    /// <summary><c>collection</c>: resources with the source's own ids and versions, absolute fullUrls, relative references.</summary>
    Collection,

    /// <summary><c>message</c>: MessageHeader first, <c>Bundle.timestamp</c>, own ids, references by <c>urn:uuid</c> fullUrl.</summary>
    Message,
}

/// <summary>
/// How one source speaks: its forms and its habits of writing JSON, all of them FHIR, so that what holds for one writer's output is not
/// mistaken for what holds for FHIR.
/// </summary>
public sealed record SourceVoice
{
    private SourceVoice(string source) => Source = source;

    /// <summary>Dorset, Hampshire, Isle of Wight.</summary>
    public static ImmutableArray<SourceVoice> Wessex { get; } =
    [
        new("dorset") { Forms = [PushForm.Transaction], SendsSeveralCodings = true },
        new("hampshire") { Forms = [PushForm.Batch, PushForm.Collection], Zulu = true },
        new("isle-of-wight") { Forms = [PushForm.Message], Indented = true, EscapesLetters = true },
    ];

    /// <summary>The source's id.</summary>
    public string Source { get; }

    /// <summary>Its forms: person n is sent in form n modulo their number.</summary>
    public required ImmutableArray<PushForm> Forms { get; init; }

    /// <summary>Instants are written in UTC; otherwise in UK time with its offset.</summary>
    public bool Zulu { get; init; }

    /// <summary>JSON is indented.</summary>
    public bool Indented { get; init; }

    /// <summary>A concept that has two codings is sent with both.</summary>
    public bool SendsSeveralCodings { get; init; }

    /// <summary>Letters beyond ASCII are written as <c>\u</c> escapes; otherwise as UTF-8.</summary>
    public bool EscapesLetters { get; init; }

    internal JavaScriptEncoder Encoder => EscapesLetters ? JavaScriptEncoder.Default : JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The voice of <paramref name="source"/>.</summary>
    /// <exception cref="ArgumentException">It is none of the three.</exception>
    public static SourceVoice Of(string source) =>
        Wessex.FirstOrDefault(v => v.Source == source) ?? throw new ArgumentException("Not one of the three sources of Wessex.", nameof(source));

    /// <summary>A system of the source's own identifiers, such as <c>https://dorset.example/Id/hospital-number</c>.</summary>
    internal string System(string kind) => $"https://{Source}.example/Id/{kind}";
}
