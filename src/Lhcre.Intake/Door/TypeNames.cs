using System.Buffers;

namespace Lhcre.Intake.Door;

/// <summary>How FHIR writes the names of its types.</summary>
internal static class TypeNames
{
    /// <summary>All that they are made of.</summary>
    public static SearchValues<byte> Letters { get; } = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"u8);
}
