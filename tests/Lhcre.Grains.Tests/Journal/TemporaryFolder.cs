namespace Lhcre.Grains.Tests.Journal;

/// <summary>A folder of one test, gone with it.</summary>
internal sealed class TemporaryFolder
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lhcre-journal-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Remove() => Directory.Delete(Path, recursive: true);
}
