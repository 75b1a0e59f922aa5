using Lhcre.Record;

namespace Lhcre.Silo.Sources;

/// <summary>Where a fragment goes. A closed set.</summary>
internal abstract record Filing
{
    private Filing()
    {
    }

    /// <summary>Into a person's record.</summary>
    public sealed record InRecord(PatientKey Patient) : Filing;

    /// <summary>Among the resources that are about nobody.</summary>
    public sealed record AsSupporting : Filing;

    /// <summary>Aside, until it is known whose it is.</summary>
    public sealed record Parked(IssueCode Code, EntryKey? WaitsFor) : Filing;
}
