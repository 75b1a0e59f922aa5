namespace Lhcre.Silo.Tests.Load;

/// <summary>A folder of files that is gone when the test is over.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lhcre-load-").FullName;

    /// <summary>Writes a file, and the folders above it; gives its path.</summary>
    public string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A Bundle with one Patient of that family name and without any identifier.</summary>
    public static string Person(string family) =>
        $$$"""{ "resourceType": "Bundle", "type": "batch", "entry": [ { "resource": { "resourceType": "Patient", "name": [ { "family": "{{{family}}}" } ] }, "request": { "method": "POST", "url": "Patient" } } ] }""";

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
