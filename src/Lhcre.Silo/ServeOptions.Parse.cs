using System.Net;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo;

/// <summary>Reading and checking.</summary>
internal sealed partial record ServeOptions
{
    private const long LeastWarm = 16 * 1024 * 1024;

    private static readonly TimeSpan LeastSilence = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MostSilence = TimeSpan.FromDays(366);

    private static readonly Dictionary<string, Func<ServeOptions, Given, ServeOptions>> Settings = new()
    {
        ["--urls"] = (options, given) => options with { Urls = given.Value },
        ["--data"] = (options, given) => options with { Data = given.Value },
        ["--base-url"] = (options, given) => options with { BaseUrl = given.Value.TrimEnd('/') },
        ["--silo-port"] = (options, given) => options with { SiloPort = given.Number(1, 65535) },
        ["--gateway-port"] = (options, given) => options with { GatewayPort = given.Number(1, 65535) },
        ["--people"] = (options, given) => options with { People = given.Number(1, 10_000) },
        ["--silent-after"] = (options, given) => options with { Sources = ParseSilence(given, options.Sources) },
        ["--mllp"] = (options, given) => options with { Mllp = ParseMllp(given, options.Sources) },
        ["--mllp-certificate"] = (options, given) => options with { MllpCertificate = given.Value },
        ["--pulls"] = (options, given) => options with { Pulls = PullPlanFile.Read(given, options.Sources) },
        ["--postgres"] = (options, given) => options with { Postgres = given.Value },
        ["--cors-origins"] = (options, given) => options with { CorsOrigins = given.Origins() },
        ["--development"] = (options, given) => options with { IsDevelopment = given.OneOf("false", "true") == "true" },
        ["--kept-bytes"] = (options, given) => options with { KeptBytes = given.Bytes(0, long.MaxValue) },
        ["--warm-bytes"] = (options, given) => options with { WarmBytes = given.Bytes(LeastWarm, long.MaxValue) },
        ["--hand-over-bytes"] = (options, given) => options with { HandOverBytes = (int)given.Bytes(0, 4 * 1024 * 1024) },
        ["--directory"] = (options, given) => options with { HasDistributedDirectory = given.OneOf("distributed", "default") == "distributed" },
        ["--directory-lease"] = (options, given) => options with { DirectoryLease = TimeSpan.FromSeconds(given.Number(0, 60)) },
        ["--drain"] = (options, given) => options with { Drain = TimeSpan.FromSeconds(given.Number(0, 15)) },
    };

    /// <summary>Reads the options; with errors, each in one line, the options are not to be used.</summary>
    public static (ServeOptions Options, IReadOnlyList<string> Errors) Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var errors = new List<string>();
        var options = OfEnvironment(name => environment(name) is { Length: > 0 } value ? value : null, errors);
        var seen = new HashSet<string>();
        for (var i = 0; i < args.Count; i++)
        {
            // A connection string has equals signs of its own: only what stands before the first one is the option's name.
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (!Settings.TryGetValue(name, out var set))
            {
                errors.Add(name.StartsWith("--", StringComparison.Ordinal) ? $"{name}: no such option." : "There is an argument that belongs to no option.");
                continue;
            }

            value ??= ++i < args.Count ? args[i] : null;
            if (value is null)
            {
                errors.Add($"{name}: a value is missing.");
                continue;
            }

            seen.Add(name);
            options = set(options, new Given(name, value, errors));
        }

        if (seen.Contains("--data") && seen.Contains("--postgres"))
            errors.Add("--data and --postgres: choose one, the embedded store or the database.");
        else if (seen.Contains("--data"))
            options = options with { Postgres = null };
        options = options with { IsBehindGateway = environment("LHCRE_BEHIND_GATEWAY") == "true" };
        options.Check(options.IsBehindGateway, errors);
        return (options, errors);
    }

    private static ServeOptions OfEnvironment(Func<string, string?> environment, List<string> errors)
    {
        var options = new ServeOptions
        {
            Data = environment("LHCRE_DATA") ?? "./data",
            Postgres = environment("LHCRE_POSTGRES"),
            Cluster = environment("LHCRE_CLUSTER") ?? "lhcre",
            PodName = environment("POD_NAME"),
            PseudonymKey = environment("LHCRE_PSEUDONYM_KEY"),
            PseudonymKeyFile = environment("LHCRE_PSEUDONYM_KEY_FILE"),
            BaseUrl = environment("LHCRE_BASE_URL")?.TrimEnd('/'),
            Sources = ParseIdentity(environment, ParseSupplies(environment("LHCRE_SUPPLIES"), ParseSources(environment("LHCRE_SOURCES"), errors), errors), errors),
        };
        if (environment("LHCRE_WARM_BYTES") is { } bytes)
            options = options with { WarmBytes = new Given("LHCRE_WARM_BYTES", bytes, errors).Bytes(LeastWarm, long.MaxValue) };
        if (environment("LHCRE_DEVELOPMENT") is { } development)
            options = options with { IsDevelopment = new Given("LHCRE_DEVELOPMENT", development, errors).OneOf("false", "true") == "true" };
        if (environment("LHCRE_CORS_ORIGINS") is { } origins)
            options = options with { CorsOrigins = new Given("LHCRE_CORS_ORIGINS", origins, errors).Origins() };
        if (environment("LHCRE_SILENT_AFTER") is { } silence)
            options = options with { Sources = ParseSilence(new Given("LHCRE_SILENT_AFTER", silence, errors), options.Sources) };
        if (environment("LHCRE_MLLP") is { } mllp)
            options = options with { Mllp = ParseMllp(new Given("LHCRE_MLLP", mllp, errors), options.Sources) };
        if (environment("LHCRE_PULLS") is { } pulls)
            options = options with { Pulls = PullPlanFile.Read(new Given("LHCRE_PULLS", pulls, errors), options.Sources) };
        options = options with
        {
            MllpCertificate = environment("LHCRE_MLLP_CERTIFICATE"),
            MllpFacilities = ParseFacilities(environment("LHCRE_MLLP_FACILITIES"), options.Sources, errors),
        };
        if (environment("POD_IP") is not { } address)
            return options;
        if (IPAddress.TryParse(address, out var parsed))
            return options with { Address = parsed };
        errors.Add($"POD_IP: '{address}' is no IP address.");
        return options;
    }

    private void Check(bool behindGateway, List<string> errors)
    {
        foreach (var url in Urls.Split(';'))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                errors.Add($"--urls: '{url}' is no http URL.");
            else if (!behindGateway && !IsLoopback(uri))
                errors.Add($"--urls: '{url}' {Reachable}");
        }

        if (BaseUrl is { } baseUrl && !(Uri.TryCreate(baseUrl, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
            errors.Add($"--base-url: '{baseUrl}' is no http URL.");
        if (SiloPort == GatewayPort)
            errors.Add("--silo-port and --gateway-port must differ.");
        CheckMllp(errors);
        if (Postgres is not null)
            CheckCluster(behindGateway, errors);
    }

    // Not a word of the connection string in a message: what is wrong with it may be the password.
    private void CheckCluster(bool behindGateway, List<string> errors)
    {
        if (!PostgresAddress.IsValid(Postgres!))
            errors.Add(PostgresAddress.Expected);
        if (string.IsNullOrEmpty(PseudonymKey) && string.IsNullOrEmpty(PseudonymKeyFile))
            errors.Add(Silo.PseudonymKeyFile.Required);
        if (Cluster.Length > 64 || !Cluster.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            errors.Add("LHCRE_CLUSTER: a cluster's name is 1 to 64 letters, digits, '-', '_' and '.'.");
        if (SiloName.Length > 128)
            errors.Add("POD_NAME: a silo's name is 1 to 128 characters.");
        if (Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any))
            errors.Add($"POD_IP: '{Address}' is nobody's address; give the one at which the other silos reach this one.");
        else if (!behindGateway && !IPAddress.IsLoopback(Address))
            errors.Add($"POD_IP: '{Address}' {Reachable}");
    }

    private const string Reachable =
        "is reachable from outside, and there is no access control yet. Set LHCRE_BEHIND_GATEWAY=true only behind a gateway that has it.";

    private static bool IsLoopback(Uri uri) => uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static IReadOnlyList<SourceSystem> ParseSources(string? text, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(text))
            return SourceSystem.Wessex;
        var sources = new List<SourceSystem>();
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (!SourceSystem.IsValidId(parts[0]))
                errors.Add($"LHCRE_SOURCES: '{parts[0]}' is no source id: 1 to {SourceSystem.MaxIdLength} of a-z, 0-9 and '-', a letter first.");
            else if (sources.Any(s => s.Id == parts[0]))
                errors.Add($"LHCRE_SOURCES: '{parts[0]}' stands there twice.");
            else
                sources.Add(new SourceSystem(parts[0], parts.Length > 1 ? parts[1] : null));
        }

        return sources;
    }

    private static IReadOnlyList<SourceSystem> ParseSupplies(string? text, IReadOnlyList<SourceSystem> sources, List<string> errors)
    {
        var supplies = new Dictionary<string, string[]>();
        foreach (var item in (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            var types = parts.Length < 2 ? [] : parts[1].Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (sources.All(s => s.Id != parts[0]))
                errors.Add($"LHCRE_SUPPLIES: '{parts[0]}' is none of the sources.");
            else if (!supplies.TryAdd(parts[0], types))
                errors.Add($"LHCRE_SUPPLIES: '{parts[0]}' stands there twice.");
            else if (types.Length == 0)
                errors.Add($"LHCRE_SUPPLIES: '{parts[0]}' needs the types that it supplies, as Type+Type.");
            errors.AddRange(types.Where(t => !FhirTypes.IsResource(t)).Select(t => $"LHCRE_SUPPLIES: '{t}' is not a FHIR R4 resource type."));
        }

        return [.. sources.Select(s => supplies.TryGetValue(s.Id, out var types) ? new SourceSystem(s.Id, s.Name, types) : s)];
    }

    // What is given is all there is: the command line's takes the place of the environment's, also for sources that it does not name.
    private static IReadOnlyList<SourceSystem> ParseSilence(Given given, IReadOnlyList<SourceSystem> sources)
    {
        var usual = SourceSystem.UsualSilence;
        var own = new Dictionary<string, TimeSpan>();
        foreach (var item in given.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            var duration = given.Duration(parts[^1], LeastSilence, MostSilence);
            if (parts.Length == 1)
                usual = duration;
            else if (sources.All(s => s.Id != parts[0]))
                given.Errors.Add($"{given.Name}: '{parts[0]}' is none of the sources.");
            else if (!own.TryAdd(parts[0], duration))
                given.Errors.Add($"{given.Name}: '{parts[0]}' stands there twice.");
        }

        return [.. sources.Select(s => s with { SilentAfter = own.GetValueOrDefault(s.Id, usual) })];
    }
}
