namespace Lhcre.Adapters.Tests;

/// <summary>A folder that is gone behind the test.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lhcre-adapters-");

    public string Path => _folder.FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A copy of all files as they are at this moment, locks aside: what a kill leaves.</summary>
    public TestFolder Copy(string name)
    {
        var copy = new TestFolder();
        Directory.CreateDirectory(copy.At(name));
        foreach (var file in Directory.EnumerateFiles(At(name)).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var to = File.Create(System.IO.Path.Combine(copy.At(name), System.IO.Path.GetFileName(file)));
            from.CopyTo(to);
        }

        return copy;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
