// A front end that calls the grains itself: it looks a person up and pushes, over the Orleans client and Lhcre.Contracts alone. HTTP is the
// simpler way in; this one saves a hop, and gives the record's bytes as they are. The part to copy is Ask, below.
using System.Diagnostics;
using Lhcre.Contracts;
using Lhcre.Record;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

const string Help = """
    Usage: Lhcre.SampleClient look-up KEY [options]                    print a person's merged record, an entry a line
           Lhcre.SampleClient push KEY FILE --source ID --id TEXT      push the FHIR resource in the file

      KEY is the person's pseudonym: the id of the merged Patient.

      --postgres "Host=…"   the database in which the silos find each other; LHCRE_POSTGRES
      --times N             look up so often, and print a line of figures instead of the record   [1]
      --every MS            wait so many milliseconds between two lookups                         [0]
      --source ID           who says it, such as dorset
      --id TEXT             names the push: sent again under the same id, it changes nothing

      LHCRE_CLUSTER         the cluster's name in that database                                   [lhcre]

    Exit codes: 0 answered, 1 nothing is known of this person, 2 wrong usage, 3 no silo can be reached, 4 no answer in time: try again.
    """;

if (args is [] or ["--help" or "-h" or "help", ..])
{
    Console.WriteLine(Help);
    return args is [] ? 2 : 0;
}

var options = Options.Parse(args, Environment.GetEnvironmentVariable);
if (options.Error is { } error)
{
    Console.Error.WriteLine(error);
    Console.Error.WriteLine("See: Lhcre.SampleClient --help");
    return 2;
}

using var host = Connection.To(options.Postgres, Environment.GetEnvironmentVariable("LHCRE_CLUSTER") ?? "lhcre");
try
{
    await host.StartAsync();
}
catch (Exception failure) when (failure is OrleansException or TimeoutException or System.Data.Common.DbException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine("No silo can be reached. Is the database the one that they share, and does one of them run?");
    return 3;
}

var patient = host.Services.GetRequiredService<IClusterClient>().GetGrain<IPatientGrain>(options.Key);
var caller = new Caller("sample", "sample", "TREAT");
try
{
    return options.Verb == "push" ? await Push() : await LookUp();
}
catch (TimeoutException late)
{
    Console.Error.WriteLine(late.Message);
    return 4;
}

async Task<int> LookUp()
{
    var (longest, clock) = (TimeSpan.Zero, new Stopwatch());
    ReadAnswer answer = null!;
    for (var i = 0; i < options.Times; i++)
    {
        clock.Restart();
        answer = await Retry.Ask(() => patient.Read(ReadRequest.Everything, caller), a => a.Status == ReadStatus.Fenced ? Again.AtOnce : Again.No);
        longest = clock.Elapsed > longest ? clock.Elapsed : longest;
        await Task.Delay(options.Every);
    }

    if (answer.Status != ReadStatus.Found)
    {
        Console.Error.WriteLine("Nothing is known of this person.");
        return 1;
    }

    // To be shown to the clinician: the record could not be compared with the journal of late.
    if (answer.IsUnconfirmed)
        Console.Error.WriteLine("This could not be compared with the store of record just now: what was pushed lately may be missing.");
    if (options.Times > 1)
    {
        Console.WriteLine($"{options.Times} lookups answered, the longest after {longest.TotalSeconds:F1} s; version {answer.Version}, {answer.Entries.Length} entries");
        return 0;
    }

    using var output = Console.OpenStandardOutput();
    foreach (var entry in answer.Entries)
    {
        output.Write(entry);
        output.Write("\n"u8);
    }

    return 0;
}

async Task<int> Push()
{
    Fragment fragment;
    try
    {
        fragment = Fragment.Stated(options.Source, await File.ReadAllBytesAsync(options.File));
    }
    catch (Exception failure) when (failure is IOException or ArgumentException or System.Text.Json.JsonException)
    {
        Console.Error.WriteLine("FILE is no FHIR resource with an id.");
        return 2;
    }

    var request = new PushRequest { Source = options.Source, Push = PushId.Of(options.Source, options.Id), Fragments = new FragmentBatch([fragment]) };
    var answer = await Retry.Ask(() => patient.Push(request, caller), a => a.Status switch
    {
        PushStatus.Applied or PushStatus.Unchanged => Again.No,
        PushStatus.Fenced => Again.AtOnce,
        _ => Again.Later,
    });
    Console.WriteLine($"{answer.Status}: on disk, version {answer.Version}");
    return 0;
}

/// <summary>Whether a call is to be made again.</summary>
internal enum Again
{
    No,

    /// <summary>The record has moved: the next call reaches it.</summary>
    AtOnce,

    /// <summary>The journal is away or busy.</summary>
    Later,
}

/// <summary>Calls that may have to be made again. Both kinds may: a read changes nothing, and a push is known by its id.</summary>
internal static class Retry
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(1);

    /// <summary>Asks until it is answered.</summary>
    /// <exception cref="TimeoutException">It was not, for 30 s.</exception>
    public static async Task<T> Ask<T>(Func<ValueTask<T>> call, Func<T, Again> judge)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience)
        {
            try
            {
                var answer = await call();
                switch (judge(answer))
                {
                    case Again.No:
                        return answer;
                    case Again.Later:
                        await Task.Delay(LongPause);
                        break;
                    default:
                        await Task.Delay(Pause);
                        break;
                }
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                // A silo was killed, a gateway was lost, the record's journal cannot be read: nothing is known of what became of the call.
                await Task.Delay(Pause);
            }
        }

        throw new TimeoutException($"No answer for {Patience.TotalSeconds:F0} s.");
    }
}

/// <summary>The client as it should be set up.</summary>
internal static class Connection
{
    // A silo that was killed answers nothing: a call to it waits for the whole of this, and a clinician with it.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(4);
    private const int MostTries = 5;

    public static IHost To(string postgres, string cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client => client
            .UseAdoNetClustering(o => (o.Invariant, o.ConnectionString) = ("Npgsql", postgres))
            .Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (cluster, "lhcre"))
            .Configure<ClientMessagingOptions>(o => o.ResponseTimeout = AnswerWithin)
            // Which silos there are to call is asked of the database so often: by default once a minute.
            .Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = TimeSpan.FromSeconds(5))
            .UseConnectionRetryFilter(Tries()));
        return builder.Build();
    }

    private static Func<Exception, CancellationToken, Task<bool>> Tries()
    {
        var tries = 0;
        return async (_, stop) =>
        {
            if (++tries >= MostTries)
                return false;
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
            return true;
        };
    }
}

/// <summary>The command line.</summary>
internal sealed record Options(string Verb, string Key)
{
    public string File { get; private init; } = "";

    public string Postgres { get; private init; } = "";

    public string Source { get; private init; } = "";

    public string Id { get; private init; } = "";

    public int Times { get; private init; } = 1;

    public int Every { get; private init; }

    public string? Error { get; private init; }

    public static Options Parse(string[] args, Func<string, string?> environment)
    {
        var options = new Options(args[0], args.ElementAtOrDefault(1) ?? "") { Postgres = environment("LHCRE_POSTGRES") ?? "" };
        var first = 2;
        if (options.Verb == "push")
            options = options with { File = args.ElementAtOrDefault(first++) ?? "" };
        for (var i = first; i < args.Length; i += 2)
        {
            var value = args.ElementAtOrDefault(i + 1) ?? "";
            options = args[i] switch
            {
                "--postgres" => options with { Postgres = value },
                "--source" => options with { Source = value },
                "--id" => options with { Id = value },
                "--times" => options with { Times = int.TryParse(value, out var times) ? times : 0 },
                "--every" => options with { Every = int.TryParse(value, out var every) ? every : -1 },
                _ => options with { Error = $"{args[i]}: no such option." },
            };
        }

        return options with { Error = options.Error ?? options.Wrong() };
    }

    private string? Wrong() => this switch
    {
        { Verb: not ("look-up" or "push") } => $"'{Verb}' is no verb.",
        _ when !PatientKey.TryParse(Key, out _) => "KEY is 'p' or 'u' and 26 characters of a-z and 2-7.",
        { Postgres: "" } => "--postgres or LHCRE_POSTGRES is missing.",
        { Times: < 1 } or { Every: < 0 } => "--times is a number from 1, --every one from 0.",
        { Verb: "push", Source: "" } or { Verb: "push", Id: "" } or { Verb: "push", File: "" } => "push needs FILE, --source and --id.",
        _ => null,
    };
}
