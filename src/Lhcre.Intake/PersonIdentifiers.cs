using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// The identifiers of one person as far as they name that person: without the NHS numbers that the sender itself doubts or calls old. Those are shown as
/// sent, and nothing is filed by them.
/// </summary>
/// <param name="Names">By what the person may be named, NHS numbers among them, each with a value.</param>
/// <param name="Doubted">The values of NHS numbers whose verification status does not let them name anybody.</param>
/// <param name="HasOldOnly">Whether there are NHS numbers, and all of them are old ones.</param>
internal sealed record PersonIdentifiers(ImmutableArray<Identifier> Names, ImmutableArray<string> Doubted, bool HasOldOnly)
{
    /// <summary>No identifier.</summary>
    public static PersonIdentifiers None { get; } = new([], [], false);

    /// <summary>Reads the <c>identifier</c> list of a Patient.</summary>
    public static PersonIdentifiers OfPatient(ReadOnlySpan<byte> json, JsonPart patient, NumberTrust trust) =>
        JsonOutline.Members(json, patient).Find("identifier") is not { } given ? None
        : Settle(Read(json, given.IsObject ? [given] : JsonOutline.Items(json, given)), trust);

    /// <summary>Reads the <c>identifier</c> of a logical reference.</summary>
    public static PersonIdentifiers OfReference(ReadOnlySpan<byte> json, JsonPart identifier, NumberTrust trust) => Settle(Read(json, [identifier]), trust);

    /// <summary>These, as names.</summary>
    public static PersonIdentifiers Of(Identifier identifier) => new([identifier], [], false);

    /// <summary>All of both.</summary>
    public PersonIdentifiers And(PersonIdentifiers other) => new(Names.AddRange(other.Names), Doubted.AddRange(other.Doubted), HasOldOnly || other.HasOldOnly);

    // A number that has ended gives way to one that has not; alone it is all there is, and may have been ended by mistake.
    private static PersonIdentifiers Settle(List<Given> given, NumberTrust trust)
    {
        var numbers = given.FindAll(g => NhsNumber.IsSystem(g.System));
        var present = numbers.FindAll(n => !n.IsOld);
        if (present.Exists(n => !n.HasEnd))
            present.RemoveAll(n => n.HasEnd);
        var names = given.Except(numbers).Concat(present.Where(n => trust.Names(n.Status)));
        return new PersonIdentifiers(
            [.. names.Select(n => new Identifier(n.System, n.Value, null))],
            [.. present.Where(n => !trust.Names(n.Status)).Select(n => n.Value)],
            numbers.Count > 0 && present.Count == 0);
    }

    private static List<Given> Read(ReadOnlySpan<byte> json, List<JsonPart> identifiers)
    {
        var read = new List<Given>(identifiers.Count);
        foreach (var identifier in identifiers)
        {
            var members = JsonOutline.Members(json, identifier);
            if (JsonOutline.Text(json, members, "value")?.Trim() is not { Length: > 0 } value)
                continue;
            var system = JsonOutline.Text(json, members, "system")?.Trim();
            var end = members.Find("period") is { } period ? JsonOutline.Text(json, JsonOutline.Members(json, period), "end") : null;
            read.Add(new Given(
                string.IsNullOrEmpty(system) ? null : system, value, StatusOf(json, members), JsonOutline.Text(json, members, "use") == "old", end is not null));
        }

        return read;
    }

    private static string? StatusOf(ReadOnlySpan<byte> json, List<JsonMember> identifier)
    {
        if (identifier.Find("extension") is not { } extensions)
            return null;
        foreach (var extension in JsonOutline.Items(json, extensions))
        {
            var members = JsonOutline.Members(json, extension);
            if (JsonOutline.Text(json, members, "url") is VerificationStatus.Extension or VerificationStatus.FormerExtension
                && members.Find("valueCodeableConcept") is { } concept)
                return VerificationStatus.Of(CodeOf(json, concept)) ?? "";
        }

        return null;
    }

    private static string? CodeOf(ReadOnlySpan<byte> json, JsonPart concept)
    {
        if (JsonOutline.Members(json, concept).Find("coding") is not { } codings)
            return null;
        foreach (var coding in codings.IsObject ? [codings] : JsonOutline.Items(json, codings))
        {
            if (JsonOutline.Text(json, JsonOutline.Members(json, coding), "code")?.Trim() is { Length: > 0 } code)
                return code;
        }

        return null;
    }

    private sealed record Given(string? System, string Value, string? Status, bool IsOld, bool HasEnd);
}
