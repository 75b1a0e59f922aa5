namespace Lhcre.Intake.Door;

/// <summary>What a walk makes of a resource beside the verdict. A struct, so that a walk that makes nothing of it pays nothing.</summary>
internal interface IFindings
{
    /// <summary>An element that has a role has been read.</summary>
    void Add(Place place);
}

/// <summary>Makes nothing of it.</summary>
internal readonly struct NoFindings : IFindings
{
    public void Add(Place place)
    {
    }
}
