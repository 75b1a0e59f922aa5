using System.Buffers;

namespace Lhcre.Adapters;

/// <summary>By which door a message goes to the record, and what is asked there. The numbers stand in outbox files.</summary>
public enum OutgoingKind : byte
{
    /// <summary>A resource under its own id; many share one batch Bundle.</summary>
    Put = 1,

    /// <summary>A resource whose id, if it has one, stands in it; many share one batch Bundle.</summary>
    Post = 2,

    /// <summary>A resource is withdrawn; many share one batch Bundle.</summary>
    Delete = 3,

    /// <summary>A Bundle as the source made it: a push of its own.</summary>
    Bundle = 4,

    /// <summary>An HL7 v2 message: a push of its own, to <c>/sources/{source}/hl7v2</c>.</summary>
    Hl7V2 = 5,
}

/// <summary>
/// Something that is to go to the record. Messages of one <see cref="Person"/> arrive in the order in which they were appended; those of
/// different people may overtake each other.
/// </summary>
public sealed class Outgoing
{
    private static readonly SearchValues<char> IdCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");

    internal Outgoing(OutgoingKind kind, string person, string path, ReadOnlyMemory<byte> body) =>
        (Kind, Person, Path, Body) = (kind, person, path, body);

    /// <summary>What is asked.</summary>
    public OutgoingKind Kind { get; }

    /// <summary>Whose it is, in whatever words this source names somebody; empty for what is about nobody (all of that keeps one order).</summary>
    public string Person { get; }

    /// <summary><c>Type/id</c> or <c>Type</c> below the source's base; empty for a Bundle and for HL7 v2.</summary>
    public string Path { get; }

    /// <summary>The resource, Bundle or HL7 v2 message as it is sent; empty for a withdrawal.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Whether it is a push of its own.</summary>
    internal bool GoesAlone => Kind is OutgoingKind.Bundle or OutgoingKind.Hl7V2;

    /// <summary>A resource, created or updated under its own id.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="type">Such as <c>Observation</c>.</param>
    /// <param name="id">The resource's id at this source: 1 to 64 letters, digits, dashes and dots (FHIR datatypes.html#id).</param>
    /// <param name="resource">The resource in JSON, UTF-8.</param>
    public static Outgoing Put(string person, string type, string id, ReadOnlyMemory<byte> resource) =>
        new(OutgoingKind.Put, person, $"{type}/{id}", resource);

    /// <summary>A resource that has no id of this source's, or has it in itself.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="type">Such as <c>Observation</c>.</param>
    /// <param name="resource">The resource in JSON, UTF-8.</param>
    public static Outgoing Post(string person, string type, ReadOnlyMemory<byte> resource) => new(OutgoingKind.Post, person, type, resource);

    /// <summary>This source withdraws a resource.</summary>
    /// <param name="person">Whose it was.</param>
    /// <param name="type">Such as <c>Observation</c>.</param>
    /// <param name="id">The resource's id at this source.</param>
    public static Outgoing Delete(string person, string type, string id) => new(OutgoingKind.Delete, person, $"{type}/{id}", default);

    /// <summary>A Bundle of any type that the record takes.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="bundle">The Bundle in JSON, UTF-8.</param>
    public static Outgoing Bundle(string person, ReadOnlyMemory<byte> bundle) => new(OutgoingKind.Bundle, person, "", bundle);

    /// <summary>An HL7 v2 message in ER7, one message.</summary>
    /// <param name="person">Whose it is.</param>
    /// <param name="message">From MSH on, in the charset that MSH-18 names.</param>
    public static Outgoing Hl7V2(string person, ReadOnlyMemory<byte> message) => new(OutgoingKind.Hl7V2, person, "", message);

    /// <summary>Without a word of the content, and without ids: a source's own ids are patient data.</summary>
    public override string ToString() => $"{Kind}, {Body.Length} bytes";

    /// <summary>
    /// Why it cannot be sent at all, so that it is refused here and never sent; null where it can. That is not for the factories to say: one bad row
    /// of a source must not stop its adapter.
    /// </summary>
    internal string? Unfit() => Kind switch
    {
        OutgoingKind.Bundle or OutgoingKind.Hl7V2 => null,
        OutgoingKind.Post when !IsType(Path) => "The resource type is not letters.",
        OutgoingKind.Put or OutgoingKind.Delete when !IsReference(Path) => "The type is not letters, or the id not 1 to 64 letters, digits, dashes and dots.",
        OutgoingKind.Put or OutgoingKind.Post when !Sending.BatchBundle.CanHold(Body.Span) => "The resource is not one JSON object.",
        _ => null,
    };

    // A FHIR id (datatypes.html#id).
    private static bool IsReference(string path) => path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0
        && IsType(path[..slash]) && path.Length - slash - 1 is > 0 and <= 64 && path.AsSpan(slash + 1).IndexOfAnyExcept(IdCharacters) < 0;

    private static bool IsType(string type) => type.Length is > 0 and <= 64 && type.All(char.IsAsciiLetter);
}

/// <summary>A message that stands in the outbox.</summary>
/// <param name="Sequence">Its place, from 1, without gaps.</param>
/// <param name="Message">The message.</param>
public sealed record QueuedMessage(long Sequence, Outgoing Message)
{
    /// <summary>Bytes that it takes of the outbox's bound.</summary>
    internal int Size => Message.Body.Length + Storage.Frame.MessageOverhead + Message.Person.Length + Message.Path.Length;

    /// <inheritdoc cref="Outgoing.ToString"/>
    public override string ToString() => $"{Sequence}: {Message}";
}
