using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>Whom a resource says that it is about, in its own words.</summary>
/// <param name="IsStated">Whether it has a subject at all.</param>
/// <param name="References">The literal references of the subject.</param>
/// <param name="Identifiers">
/// The person's identifiers as given here: of a logical reference, a conditional one that nothing in the Bundle fits, or a contained Patient.
/// </param>
internal sealed record Subject(bool IsStated, ImmutableArray<string> References, PersonIdentifiers Identifiers)
{
    private static readonly Subject None = new(false, [], PersonIdentifiers.None);

    /// <summary>Reads the subject of a resource whose references are resolved.</summary>
    public static Subject Of(Fragment fragment, NumberTrust trust)
    {
        var type = fragment.Key.Type;
        var body = fragment.Body;
        if (PatientCompartment.SubjectElement(type) is { } element)
        {
            var members = JsonOutline.Members(body.Span, JsonOutline.Whole(body.Span));
            return members.Find(element) is { } given ? Read(body, [given], trust) : None;
        }

        return PatientCompartment.Contains(type) ? Nested(body, trust) : None;
    }

    private static Subject Read(ReadOnlyMemory<byte> body, IEnumerable<JsonPart> givens, NumberTrust trust)
    {
        var json = body.Span;
        var references = ImmutableArray.CreateBuilder<string>();
        var identifiers = PersonIdentifiers.None;
        foreach (var given in givens)
        {
            var members = JsonOutline.Members(json, given);
            if (JsonOutline.Text(json, members, "reference") is { } reference)
            {
                if (Intake.References.PatientIdentifier(reference) is { } condition)
                    identifiers = identifiers.And(OfCondition(condition, trust));
                else if (reference.StartsWith('#'))
                    identifiers = identifiers.And(OfContainedPatient(json, reference[1..], trust));
                else
                    references.Add(reference);
            }

            if (members.Find("identifier") is { } identifier)
                identifiers = identifiers.And(PersonIdentifiers.OfReference(json, identifier, trust));
        }

        return new Subject(true, references.DrainToImmutable(), identifiers);
    }

    // It has no status, whoever writes it.
    private static PersonIdentifiers OfCondition(Identifier condition, NumberTrust trust) =>
        NhsNumber.IsSystem(condition.System) && !trust.Names(null) ? new PersonIdentifiers([], [condition.Value], false) : PersonIdentifiers.Of(condition);

    private static PersonIdentifiers OfContainedPatient(ReadOnlySpan<byte> json, string id, NumberTrust trust)
    {
        if (JsonOutline.Members(json, JsonOutline.Whole(json)).Find("contained") is not { } contained)
            return PersonIdentifiers.None;
        foreach (var resource in JsonOutline.Items(json, contained))
        {
            var members = JsonOutline.Members(json, resource);
            if (JsonOutline.Text(json, members, "resourceType") == "Patient" && JsonOutline.Text(json, members, "id") == id)
                return PersonIdentifiers.OfPatient(json, resource, trust);
        }

        return PersonIdentifiers.None;
    }

    private static Identifier? ReadIdentifier(ReadOnlySpan<byte> json, JsonPart identifier)
    {
        var members = JsonOutline.Members(json, identifier);
        var (system, value) = (JsonOutline.Text(json, members, "system")?.Trim(), JsonOutline.Text(json, members, "value")?.Trim());
        return string.IsNullOrEmpty(value) ? null : new Identifier(string.IsNullOrEmpty(system) ? null : system, value, null);
    }

    // Appointment, Provenance and their like name the person somewhere inside: every reference to a Patient counts.
    private static Subject Nested(ReadOnlyMemory<byte> body, NumberTrust trust)
    {
        var found = new List<JsonPart>();
        Walk(body.Span, JsonOutline.Whole(body.Span), found);
        var read = Read(body, found, trust);
        return read.References.IsEmpty && read.Identifiers is { Names.IsEmpty: true, Doubted.IsEmpty: true, HasOldOnly: false } ? None : read;
    }

    private static void Walk(ReadOnlySpan<byte> json, JsonPart value, List<JsonPart> found)
    {
        foreach (var item in JsonOutline.Items(json, value))
            Walk(json, item, found);
        var members = JsonOutline.Members(json, value);
        if (NamesPatient(json, members))
            found.Add(value);
        foreach (var member in members)
        {
            if (member.Name != "contained" && (member.Value.IsObject || member.Value.IsArray))
                Walk(json, member.Value, found);
        }
    }

    private static bool NamesPatient(ReadOnlySpan<byte> json, List<JsonMember> members)
    {
        if (JsonOutline.Text(json, members, "reference") is { } reference)
        {
            return Fragment.LocalTarget("", reference) is { Type: "Patient" } || Intake.References.PatientIdentifier(reference) is not null
                || reference.StartsWith('#') || reference.Contains("/Patient/", StringComparison.Ordinal);
        }

        // A logical reference: its identifier is one object, a resource's own are a list.
        return JsonOutline.Text(json, members, "type") is null or "Patient"
            && members.Find("identifier") is { IsObject: true } identifier
            && ReadIdentifier(json, identifier) is { System: { } system } && NhsNumber.IsSystem(system);
    }
}
