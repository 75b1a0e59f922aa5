using System.Diagnostics;
using System.Formats.Tar;
using System.Text.Json;
using System.Xml;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;

namespace Lhcre.Silo.Tests.RealShapes;

/// <summary>A FHIR file that nobody here wrote, as JSON.</summary>
/// <param name="Name">Where it stands in its folder or archive.</param>
/// <param name="Json">Its bytes as they are; of an XML file, what the FHIR library makes of it.</param>
internal sealed record RealFile(string Name, byte[] Json);

/// <summary>Reads files of examples, without unpacking anything to disk.</summary>
internal static class RealFiles
{
    private static readonly FhirXmlDeserializer Xml = new(new DeserializerSettings().UsingMode(DeserializationMode.NoOverflow));
    private static readonly BaseFhirJsonSerializer Serializer = new(ModelInfo.ModelInspector);

    /// <summary>
    /// The JSON and XML files of a folder and those below it, by name. XML that the library makes no resource of is given as it is: that it
    /// is no JSON is for the push to say.
    /// </summary>
    public static IEnumerable<RealFile> Below(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.GetRelativePath(folder, path);
            if (Path.GetExtension(path) is ".json" or ".xml")
                yield return new RealFile(name, Path.GetExtension(path) == ".xml" ? FromXml(path) : File.ReadAllBytes(path));
        }
    }

    /// <summary>The JSON files of a <c>.tar.xz</c>, in its order.</summary>
    public static IEnumerable<RealFile> Within(string archive)
    {
        using var xz = Process.Start(new ProcessStartInfo("xz", ["-dc", archive]) { RedirectStandardOutput = true })!;
        using (var tar = new TarReader(xz.StandardOutput.BaseStream))
        {
            while (tar.GetNextEntry() is { } entry)
            {
                if (!entry.Name.EndsWith(".json", StringComparison.Ordinal) || entry.DataStream is not { } data)
                    continue;
                var bytes = new byte[data.Length];
                data.ReadExactly(bytes);
                yield return new RealFile(entry.Name, bytes);
            }
        }

        xz.WaitForExit();
        Assert.Equal(0, xz.ExitCode);
    }

    private static byte[] FromXml(string path)
    {
        try
        {
            using var reader = XmlReader.Create(path);
            Xml.TryDeserializeResource(reader, out var resource, out _);
            if (resource is null)
                return File.ReadAllBytes(path);
            using var json = new MemoryStream();
            using (var writer = new Utf8JsonWriter(json))
                Serializer.Serialize(resource, writer);
            return json.ToArray();
        }
        catch (ArgumentException)
        {
            // What the library throws of an element that stands in the wrong place.
            return File.ReadAllBytes(path);
        }
    }
}
