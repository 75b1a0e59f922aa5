namespace Lhcre.Intake.Door;

/// <summary>What the door says of a resource. What it says is never other than what <see cref="StrictReading.Report"/> says.</summary>
internal enum Verdict
{
    /// <summary>The FHIR library finds nothing wrong with it.</summary>
    Accepted,

    /// <summary>The library finds something wrong with it: what, only the library tells.</summary>
    Rejected,

    /// <summary>The library has to read it: it is lenient, or odd, in a way that is not worth repeating here.</summary>
    Undecided,
}
