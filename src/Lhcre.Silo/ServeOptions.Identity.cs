using Lhcre.Record;

namespace Lhcre.Silo;

/// <content>Who a source's people are.</content>
internal sealed partial record ServeOptions
{
    // id=value+value,id=value: what a source's numbers and identifiers are worth.
    private static IReadOnlyList<SourceSystem> ParseIdentity(Func<string, string?> environment, IReadOnlyList<SourceSystem> sources, List<string> errors)
    {
        var systems = PerSource("LHCRE_PERSON_SYSTEMS", environment, sources, errors);
        foreach (var system in systems.Values.SelectMany(given => given).Where(s => !Uri.IsWellFormedUriString(s, UriKind.Absolute) || NhsNumber.IsSystem(s)))
            errors.Add($"LHCRE_PERSON_SYSTEMS: '{system}' is no URI of an identifier system other than the NHS number's.");
        var trusts = new Dictionary<string, NumberTrust>();
        foreach (var (source, statuses) in PerSource("LHCRE_NUMBER_TRUST", environment, sources, errors))
        {
            if (NumberTrust.TryOf(statuses, out var trust))
                trusts[source] = trust;
            else
                errors.Add($"LHCRE_NUMBER_TRUST: '{source}' takes 01, 02 and none with '+' between them; numbers of another status never name anybody.");
        }

        return
        [
            .. sources.Select(s => s with
            {
                PersonSystems = systems.TryGetValue(s.Id, out var own) ? [.. own, .. SourceSystem.NationalSystems.Except(own)] : s.PersonSystems,
                Trust = trusts.GetValueOrDefault(s.Id, s.Trust),
            }),
        ];
    }

    private static Dictionary<string, string[]> PerSource(string name, Func<string, string?> environment, IReadOnlyList<SourceSystem> sources, List<string> errors)
    {
        var read = new Dictionary<string, string[]>();
        foreach (var item in (environment(name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            var values = parts.Length < 2 ? [] : parts[1].Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (sources.All(s => s.Id != parts[0]))
                errors.Add($"{name}: '{parts[0]}' is none of the sources.");
            else if (values.Length == 0)
                errors.Add($"{name}: '{parts[0]}' needs a value, as id=value+value.");
            else if (!read.TryAdd(parts[0], values))
                errors.Add($"{name}: '{parts[0]}' stands there twice.");
        }

        return read;
    }
}
