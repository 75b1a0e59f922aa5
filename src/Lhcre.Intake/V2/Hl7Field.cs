using System.Text;

namespace Lhcre.Intake.V2;

/// <summary>One field of a segment: nothing, or one or more repetitions. A view; cheap to make and to copy.</summary>
public readonly struct Hl7Field
{
    private readonly Hl7Syntax? _syntax;
    private readonly ReadOnlyMemory<byte> _bytes;

    internal Hl7Field(Hl7Syntax syntax, ReadOnlyMemory<byte> bytes) => (_syntax, _bytes) = (syntax, bytes);

    /// <summary>Nothing was sent.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>Two quotation marks were sent, the null value of the standard.</summary>
    public bool IsNull => _bytes.Span.SequenceEqual("\"\""u8);

    /// <summary>The repetitions in their order; none where the field is empty.</summary>
    public IReadOnlyList<Hl7Repetition> Repetitions
    {
        get
        {
            if (_syntax is null || _bytes.IsEmpty)
                return [];
            var repetitions = new List<Hl7Repetition>(1);
            var rest = _bytes;
            for (var end = _syntax.EndOfRepetition(rest.Span); end < rest.Length; end = _syntax.EndOfRepetition(rest.Span))
            {
                repetitions.Add(new Hl7Repetition(_syntax, rest[..end]));
                rest = rest[(end + 1)..];
            }

            repetitions.Add(new Hl7Repetition(_syntax, rest));
            return repetitions;
        }
    }

    /// <summary>The first component of the first repetition, as <see cref="Hl7Repetition.Value"/>.</summary>
    public string? Value => First.Value;

    /// <summary>The field as it was sent, with all separators and escapes.</summary>
    public string Raw => Encoding.UTF8.GetString(_bytes.Span);

    private Hl7Repetition First => _syntax is null ? default : new Hl7Repetition(_syntax, _bytes[.._syntax.EndOfRepetition(_bytes.Span)]);

    /// <summary>A component (from 1) of the first repetition, as <see cref="Hl7Repetition.this"/>.</summary>
    public string? Component(int component) => First[component];
}

/// <summary>
/// One repetition of a field. Values are unescaped, and null where nothing was sent, nothing but white space, or the null value <c>""</c>.
/// </summary>
/// <remarks>
/// Nearly all components are one value, in which senders leave an ampersand unescaped ("A&amp;E", "U&amp;E", "Smith &amp; Partners"): they are
/// taken whole. Where the data type gives a component subcomponents (a CX's authority, an XPN's family name), ask for <see cref="Sub"/>.
/// </remarks>
public readonly struct Hl7Repetition
{
    private readonly Hl7Syntax? _syntax;
    private readonly ReadOnlyMemory<byte> _bytes;

    internal Hl7Repetition(Hl7Syntax syntax, ReadOnlyMemory<byte> bytes) => (_syntax, _bytes) = (syntax, bytes);

    /// <summary>The first component.</summary>
    public string? Value => this[1];

    /// <summary>The repetition as it was sent, with all separators and escapes.</summary>
    public string Raw => Encoding.UTF8.GetString(_bytes.Span);

    /// <summary>A component (from 1), as one value: whole, but for subcomponent separators at its end, which separate it from nothing.</summary>
    public string? this[int component] => _syntax?.Value(_syntax.WithoutEmptyEnd(_syntax.Component(_bytes, component)));

    /// <summary>A subcomponent (from 1) of a component (from 1).</summary>
    public string? Sub(int component, int sub) => _syntax is null ? null : _syntax.Value(_syntax.Subcomponent(_syntax.Component(_bytes, component), sub));

    /// <summary>
    /// All of it, separators included: for what has no components (ST, TX, FT, NM), where senders leave <c>&amp;</c> and <c>^</c> unescaped and a
    /// text would otherwise end at them.
    /// </summary>
    public string? Text() => _syntax?.Value(_bytes);

    /// <summary>
    /// All of a component (from 1) in UTF-8, unescaped: for what is large, such as the base64 of an ED. A view of the message where it has no
    /// escape; empty where nothing was sent.
    /// </summary>
    public ReadOnlyMemory<byte> Utf8(int component) => _syntax is null ? default : _syntax.Utf8(_syntax.Component(_bytes, component));
}
