namespace Lhcre.Adapters.Tests.Examples;

/// <summary>The worked examples as they are built: in a folder of their own, with what they need and nothing else.</summary>
internal static class ExampleProgram
{
    public static string Path { get; } = System.IO.Path.Combine(
        AppContext.BaseDirectory.Replace(System.IO.Path.Combine("tests", "Lhcre.Adapters.Tests"), System.IO.Path.Combine("src", "Lhcre.Adapters.Examples"), StringComparison.Ordinal),
        "Lhcre.Adapters.Examples.dll");
}
