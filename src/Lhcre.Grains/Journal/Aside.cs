using System.Text;
using Lhcre.Record;

namespace Lhcre.Grains.Journal;

/// <summary>Something that came and is in no record: parked, or a refused letter. In sight of an operator until it is filed, or for good.</summary>
/// <param name="Id">What comes again has the id that it has already. No patient data in it.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="At">When it came first, by our clock.</param>
/// <param name="Code">The issue code that says why.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="Type">The resource's type, or the message's (<c>ADT^A01</c>, <c>Bundle</c>); empty where that cannot be told.</param>
/// <param name="Body">Its bytes. Of a letter in a list they are left out (<see cref="RefusedLetter.Length"/>).</param>
public abstract record Aside(string Id, string Source, DateTimeOffset At, string Code, string Reason, string Type, ReadOnlyMemory<byte> Body)
{
    /// <summary>By whom it was discarded and why; null where it was not. Discarded, it is never filed.</summary>
    public Discarding? Discarded { get; init; }
}

/// <summary>That something is not to be filed.</summary>
/// <param name="At">When, by our clock.</param>
/// <param name="By">Who says so.</param>
/// <param name="Reason">Why.</param>
public sealed record Discarding(DateTimeOffset At, string By, string Reason);

/// <summary>Something received that cannot be filed in a record yet.</summary>
/// <param name="Id">What is parked again has the id that it has already. No patient data in it.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="At">When it was first parked, by our clock.</param>
/// <param name="Push">In which push.</param>
/// <param name="Code">The issue code that says why.</param>
/// <param name="Reason">The same in words.</param>
/// <param name="Type">The resource's type.</param>
/// <param name="WaitsFor">The key that would settle it once it has a patient; null where only an operator can.</param>
/// <param name="Body">The encoded fragment (<see cref="LogBody"/>), opaque to the journal.</param>
public sealed record ParkedResource(
    string Id,
    string Source,
    DateTimeOffset At,
    PushId Push,
    string Code,
    string Reason,
    string Type,
    EntryKey? WaitsFor,
    ReadOnlyMemory<byte> Body) : Aside(Id, Source, At, Code, Reason, Type, Body);

/// <summary>In which form a letter is.</summary>
public enum LetterForm
{
    /// <summary>HL7 v2, ER7.</summary>
    Hl7V2,

    /// <summary>A FHIR resource or Bundle, as JSON.</summary>
    Fhir,
}

/// <summary>
/// A message of which nothing was taken in and which its sender may not send again, since nobody reads the answer that it got: kept whole, so
/// that a dead letter is never silent.
/// </summary>
/// <param name="Id">As <see cref="Of"/> makes it.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="At">When it was first refused, by our clock.</param>
/// <param name="Code">The issue code that says why.</param>
/// <param name="Reason">The same in words, without what was sent.</param>
/// <param name="Form">In which form it is.</param>
/// <param name="Type">Of the message, such as <c>ADT^A01</c> or <c>Bundle</c>; empty where that cannot be told.</param>
/// <param name="Name">By which its sender finds it: a control id, a line of an import; empty for nothing.</param>
/// <param name="Body">The message, as it came.</param>
public sealed record RefusedLetter(
    string Id,
    string Source,
    DateTimeOffset At,
    string Code,
    string Reason,
    LetterForm Form,
    string Type,
    string Name,
    ReadOnlyMemory<byte> Body) : Aside(Id, Source, At, Code, Reason, Type, Body)
{
    /// <summary>How many bytes the message has, also where they are left out.</summary>
    public int Length { get; init; } = Body.Length;

    /// <summary>A letter, with an id that the same message from the same source has every time.</summary>
    /// <param name="source">Who sent it.</param>
    /// <param name="at">Now.</param>
    /// <param name="code">Why it is refused.</param>
    /// <param name="form">In which form it is.</param>
    /// <param name="type">Of the message; empty where that cannot be told.</param>
    /// <param name="name">By which its sender finds it; empty for nothing.</param>
    /// <param name="body">The message, as it came.</param>
    public static RefusedLetter Of(string source, DateTimeOffset at, IssueCode code, LetterForm form, string type, string name, ReadOnlyMemory<byte> body) =>
        new(ContentHash.Of(Encoding.UTF8.GetBytes($"refused {source} {form} {ContentHash.Of(body.Span).Bits:x32}")).Bits.ToString("x32", null),
            source, at, code.Code, code.Meaning, form, type, name, body);

    /// <summary>Without what its sender calls it.</summary>
    public override string ToString() => $"{Form} letter {Id} refused with {Code}";
}
