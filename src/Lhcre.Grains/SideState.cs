namespace Lhcre.Grains;

/// <summary>The grain storage for what is small, slow and no record: feeds, jobs, subscriptions. Its host is to configure it.</summary>
public static class SideState
{
    /// <summary>Its name among the grain storages.</summary>
    public const string Name = "side-state";
}
