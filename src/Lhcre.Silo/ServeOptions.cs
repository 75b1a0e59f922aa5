using System.Globalization;
using System.Net;
using Lhcre.Record;

namespace Lhcre.Silo;

/// <summary>What <c>serve</c> needs to know, from the command line and the environment. Everything wrong with it is named at once.</summary>
internal sealed record ServeOptions
{
    /// <summary>Where to listen; default <c>http://127.0.0.1:8080</c>. Port 0 takes a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>The folder of the embedded store (<c>--data</c>, <c>LHCRE_DATA</c>); default <c>./data</c>.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>The silo's own port, 1 to 65535; default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for Orleans clients, 1 to 65535; default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>The absolute URL under which clients reach this server; default the first listening URL.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The sources (<c>LHCRE_SOURCES</c>: <c>id=Name,id=Name</c>); default the three of Wessex.</summary>
    public IReadOnlyList<SourceSystem> Sources { get; init; } = SourceSystem.Wessex;

    /// <summary>The pseudonym key in base64 (<c>LHCRE_PSEUDONYM_KEY</c>), 32 bytes; default the file beside the data.</summary>
    public string? PseudonymKey { get; init; }

    /// <summary>A file with the same (<c>LHCRE_PSEUDONYM_KEY_FILE</c>).</summary>
    public string? PseudonymKeyFile { get; init; }

    /// <summary>Synthetic people that <c>demo</c> pushes, 1 to 10,000; default 60.</summary>
    public int People { get; init; } = 60;

    /// <summary>The help of <c>serve</c>.</summary>
    public const string Help = """
        Usage: Lhcre.Silo serve [options]      serve the merged record (the default verb)
               Lhcre.Silo demo  [options]      the same, with synthetic people pushed through the sources

          --urls URL          where to listen; several with ';' between them   [http://127.0.0.1:8080]
          --data DIR          folder of the embedded store; LHCRE_DATA         [./data]
          --base-url URL      URL under which clients reach this server        [the first of --urls]
          --silo-port N       Orleans silo port                                [11111]
          --gateway-port N    Orleans gateway port                             [30000]
          --people N          demo only: how many people                       [60]

          LHCRE_SOURCES             the sources, as id=Name,id=Name            [dorset, hampshire, isle-of-wight]
          LHCRE_PSEUDONYM_KEY       base64 of 32 bytes                         [DIR/pseudonym.key, made at first start]
          LHCRE_PSEUDONYM_KEY_FILE  a file that holds the same
          LHCRE_BEHIND_GATEWAY      true: listen on other than loopback addresses. There is no access control yet:
                                    only behind a gateway that has it.

        Exit codes: 0 stopped, 2 wrong options, 3 a port or the store cannot be had.
        """;

    /// <summary>Reads the options; with errors, each in one line, the options are not to be used.</summary>
    public static (ServeOptions Options, IReadOnlyList<string> Errors) Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        var errors = new List<string>();
        var options = new ServeOptions
        {
            Data = environment("LHCRE_DATA") is { Length: > 0 } data ? data : "./data",
            PseudonymKey = environment("LHCRE_PSEUDONYM_KEY"),
            PseudonymKeyFile = environment("LHCRE_PSEUDONYM_KEY_FILE"),
            Sources = ParseSources(environment("LHCRE_SOURCES"), errors),
        };
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].Split('=', 2) is [var left, var right] ? (left, right) : (args[i], null);
            if (name is not ("--urls" or "--data" or "--base-url" or "--silo-port" or "--gateway-port" or "--people"))
            {
                errors.Add(name == "--postgres"
                    ? "--postgres: this release keeps its journal in the embedded store only; use --data."
                    : $"{name}: no such option.");
                continue;
            }

            value ??= ++i < args.Count ? args[i] : null;
            if (value is null)
            {
                errors.Add($"{name}: a value is missing.");
                continue;
            }

            options = name switch
            {
                "--urls" => options with { Urls = value },
                "--data" => options with { Data = value },
                "--base-url" => options with { BaseUrl = value.TrimEnd('/') },
                "--silo-port" => options with { SiloPort = Number(name, value, 65535, errors) },
                "--gateway-port" => options with { GatewayPort = Number(name, value, 65535, errors) },
                _ => options with { People = Number(name, value, 10_000, errors) },
            };
        }

        Check(options, environment("LHCRE_BEHIND_GATEWAY") == "true", errors);
        return (options, errors);
    }

    private static void Check(ServeOptions options, bool behindGateway, List<string> errors)
    {
        foreach (var url in options.Urls.Split(';'))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                errors.Add($"--urls: '{url}' is no http URL.");
            else if (!behindGateway && !IsLoopback(uri))
                errors.Add($"--urls: '{url}' is reachable from outside, and there is no access control yet. Set LHCRE_BEHIND_GATEWAY=true only behind a gateway that has it.");
        }

        if (options.BaseUrl is { } baseUrl && !(Uri.TryCreate(baseUrl, UriKind.Absolute, out var parsed) && parsed.Scheme is "http" or "https"))
            errors.Add($"--base-url: '{baseUrl}' is no http URL.");
        if (options.SiloPort == options.GatewayPort)
            errors.Add("--silo-port and --gateway-port must differ.");
    }

    private static bool IsLoopback(Uri uri) => uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static int Number(string name, string value, int most, List<string> errors)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
            return number;
        errors.Add($"{name}: '{value}' is not a number of 1 to {most}.");
        return 1;
    }

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
}
