using System.Text;

namespace Lhcre.Record.Tests.Reading;

/// <summary>Facts in few words.</summary>
internal static class ReadFacts
{
    /// <summary>The facts of a resource; <c>'</c> stands for <c>"</c>.</summary>
    public static Facts Of(string type, string members) => FactsReader.Read(type, "own", Encoding.UTF8.GetBytes($"{{{members}}}".Replace('\'', '"')));

    /// <summary>Its parts, each as <c>Element form=value</c>.</summary>
    public static string Parts(string type, string members) =>
        string.Join("; ", Of(type, members).Parts.Select(p => $"{p.Element} {(p.Form.Length > 0 ? $"{p.Form}={p.Value}" : p.Value)}"));

    /// <summary>The parts of an element, each as <c>form=value</c>.</summary>
    public static string Of(FactElement element, string type, string members) =>
        string.Join("; ", Of(type, members).Parts.Where(p => p.Element == element).Select(p => $"{p.Form}={p.Value}"));
}
