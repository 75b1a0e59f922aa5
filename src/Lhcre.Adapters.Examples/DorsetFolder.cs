using System.Security.Cryptography;
using System.Text.Json;

namespace Lhcre.Adapters.Examples;

/// <summary>Dorset: a folder into which an export writes FHIR Bundles, each a push of its own.</summary>
internal static class DorsetFolder
{
    private const string Help = """
        Lhcre.Adapters.Examples dorset --folder DIR [OPTIONS]

        Pushes every *.json of a folder, a FHIR Bundle each, in the order of their names, and moves it to done/ below the folder.
        Whoever writes a file there writes it under another name first and renames it, so that no half file is read.

          --folder DIR    where the Bundles come
        """;

    /// <summary>Runs it; gives its exit code.</summary>
    public static async Task<int> Run(string[] args, CancellationToken stop)
    {
        var adapter = AdapterRun.Read(args, Help, new() { ["--folder"] = null, ["--source"] = "dorset" }, out var exitCode);
        if (adapter is null)
            return exitCode;
        var folder = Directory.CreateDirectory(adapter["--folder"]);
        var done = Directory.CreateDirectory(Path.Combine(folder.FullName, "done"));
        return await adapter.Run((outbox, token) => Round(folder, done, outbox, token), stop);
    }

    private static async Task Round(DirectoryInfo folder, DirectoryInfo done, Outbox outbox, CancellationToken stop)
    {
        foreach (var file in folder.EnumerateFiles("*.json").OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            var bytes = await File.ReadAllBytesAsync(file.FullName, stop);
            // The outbox keeps this together with the Bundle: killed between here and the move, the file is not taken twice.
            var cursor = $"{file.Name} {Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8))}";
            if (cursor != outbox.Cursor)
                await outbox.Append([Outgoing.Bundle(Person(bytes), bytes)], cursor, stop);
            file.MoveTo(Path.Combine(done.FullName, file.Name), overwrite: true);
        }
    }

    // Whose it is: what the record keeps in order. A Bundle that nobody can read goes too: the record says what is wrong with it.
    private static string Person(byte[] bytes)
    {
        try
        {
            using var bundle = JsonDocument.Parse(bytes);
            if (!bundle.RootElement.TryGetProperty("entry", out var entries))
                return "";
            foreach (var entry in entries.EnumerateArray())
            {
                if (!entry.TryGetProperty("resource", out var resource))
                    continue;
                if (resource.GetProperty("resourceType").GetString() == "Patient" && resource.TryGetProperty("id", out var id))
                    return $"Patient/{id.GetString()}";
                foreach (var name in (string[])["subject", "patient"])
                {
                    if (resource.TryGetProperty(name, out var subject) && subject.TryGetProperty("reference", out var reference))
                        return reference.GetString() ?? "";
                }
            }

            return "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }
}
