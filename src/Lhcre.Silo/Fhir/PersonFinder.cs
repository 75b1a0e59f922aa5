using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.Searching;

namespace Lhcre.Silo.Fhir;

/// <summary>Whose record a query asks for: by id, by NHS number, or by what a source calls the person.</summary>
internal sealed class PersonFinder(IJournal journal, PseudonymKey pseudonym, IReadOnlyList<SourceSystem> sources)
{
    /// <summary>
    /// Whether somebody could be found by it: only an NHS number says by itself whose it is; what a source calls a person means nothing without its system.
    /// </summary>
    public static bool IsNamed(PersonAsked asked) => asked.Id is not null || !string.IsNullOrEmpty(asked.System) || NhsNumber.TryParse(asked.Value, out _);

    /// <summary>Whether it is what a source calls the person, which of a restricted person nobody is answered by (<see cref="Contracts.ReadRequest.IsByLocalIdentifier"/>).</summary>
    public static bool IsLocal(PersonAsked asked) => asked.Id is null && !(string.IsNullOrEmpty(asked.System) || NhsNumber.IsSystem(asked.System));

    /// <summary>The NHS number that a person is asked for by; null where it is by something else.</summary>
    public static NhsNumber? NumberOf(PersonAsked asked) =>
        asked.Id is null && NhsNumber.TryParse(asked.Value, out var number) && (string.IsNullOrEmpty(asked.System) || NhsNumber.IsSystem(asked.System)) ? number : null;

    /// <summary>The person; null where nobody, or more than one, is known by that.</summary>
    public async ValueTask<PatientKey?> Find(PersonAsked asked, CancellationToken cancellation)
    {
        if (asked.Id is { } id)
            return PatientKey.TryParse(id, out var patient) ? patient : null;
        if (asked.Value is not { } value)
            return null;
        if (NumberOf(asked) is { } number)
            return pseudonym.For(number);
        if (string.IsNullOrEmpty(asked.System) || NhsNumber.IsSystem(asked.System))
            return null;
        var found = new HashSet<PatientKey>();
        foreach (var source in sources)
            found.UnionWith(await journal.FindPatients(source.Id, new LocalIdentifier(asked.System, value), cancellation));
        return found.Count == 1 ? found.First() : null;
    }
}
