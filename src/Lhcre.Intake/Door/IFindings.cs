using System.Text.Json;

namespace Lhcre.Intake.Door;

/// <summary>What a walk makes of a resource beside the verdict. A struct, so that a walk that makes nothing of it pays nothing.</summary>
internal interface IFindings
{
    /// <summary>The walk has come to the value of an element that has a role; the reader stands on its first token.</summary>
    void Begin(Role role, ref Utf8JsonReader reader);

    /// <summary>The walk has read the value, which begins at <paramref name="start"/>; the reader stands on its last token.</summary>
    void End(Role role, int start, ref Utf8JsonReader reader);
}

/// <summary>Makes nothing of it.</summary>
internal readonly struct NoFindings : IFindings
{
    public void Begin(Role role, ref Utf8JsonReader reader)
    {
    }

    public void End(Role role, int start, ref Utf8JsonReader reader)
    {
    }
}
