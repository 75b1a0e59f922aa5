using System.Globalization;
using Lhcre.Record;

namespace Lhcre.Silo;

/// <summary>Reading and checking what concerns HL7 v2.</summary>
internal sealed partial record ServeOptions
{
    // What is given is all there is, as with the other lists: the command line's takes the place of the environment's.
    private static Dictionary<string, int> ParseMllp(Given given, IReadOnlyList<SourceSystem> sources)
    {
        var ports = new Dictionary<string, int>();
        foreach (var item in given.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length < 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
                given.Errors.Add($"{given.Name}: '{item}' is not a source and its port, such as isle-of-wight=2575.");
            else if (sources.All(s => s.Id != parts[0]))
                given.Errors.Add($"{given.Name}: '{parts[0]}' is none of the sources.");
            else if (ports.ContainsValue(port) || !ports.TryAdd(parts[0], port))
                given.Errors.Add($"{given.Name}: '{item}' names a source or a port that stands there before.");
        }

        return ports;
    }

    private static Dictionary<string, IReadOnlyList<string>> ParseFacilities(string? text, IReadOnlyList<SourceSystem> sources, List<string> errors)
    {
        var facilities = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var item in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            var named = parts.Length < 2 ? [] : parts[1].Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (sources.All(s => s.Id != parts[0]))
                errors.Add($"LHCRE_MLLP_FACILITIES: '{parts[0]}' is none of the sources.");
            else if (named.Length == 0)
                errors.Add($"LHCRE_MLLP_FACILITIES: '{parts[0]}' needs the facilities that are its own, as FAC+FAC.");
            else if (!facilities.TryAdd(parts[0], named))
                errors.Add($"LHCRE_MLLP_FACILITIES: '{parts[0]}' stands there twice.");
        }

        return facilities;
    }

    private void CheckMllp(List<string> errors)
    {
        if (Mllp.Values.FirstOrDefault(port => port == SiloPort || port == GatewayPort) is var taken and not 0)
            errors.Add($"--mllp: port {taken} is the silo's own.");
        if (MllpCertificate is { } file && Silo.Mllp.MllpCertificate.Fault(file) is { } fault)
            errors.Add($"--mllp-certificate: {fault}");
    }
}
