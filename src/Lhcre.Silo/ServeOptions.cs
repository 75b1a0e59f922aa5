using System.Net;
using Lhcre.Record;
using Lhcre.Silo.Mllp;
using Lhcre.Silo.Visits;

namespace Lhcre.Silo;

/// <summary>What <c>serve</c> needs to know, from the command line and the environment. Everything wrong with it is named at once.</summary>
internal sealed partial record ServeOptions
{
    /// <summary>Where to listen; default <c>http://127.0.0.1:8080</c>. Port 0 takes a free one.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:8080";

    /// <summary>The folder of the embedded store (<c>--data</c>, <c>LHCRE_DATA</c>); default <c>./data</c>.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>The silo's own port, 1 to 65535; default 11111.</summary>
    public int SiloPort { get; init; } = 11111;

    /// <summary>The port for Orleans clients, 1 to 65535; default 30000.</summary>
    public int GatewayPort { get; init; } = 30000;

    /// <summary>The absolute URL under which clients reach this server (<c>--base-url</c>, <c>LHCRE_BASE_URL</c>); default the first listening URL.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>
    /// The sources (<c>LHCRE_SOURCES</c>: <c>id=Name,id=Name</c>), which types they supply (<c>LHCRE_SUPPLIES</c>: <c>id=Type+Type,…</c>), what names their
    /// people (<c>LHCRE_PERSON_SYSTEMS</c>: <c>id=URI+URI,…</c>; <c>LHCRE_NUMBER_TRUST</c>: <c>id=01+02+none,…</c>), and after
    /// which time without a contact each is told of as silent (<c>--silent-after</c>, <c>LHCRE_SILENT_AFTER</c>: <c>PT24H,id=PT6H</c>, one minute to a
    /// year); default the three of Wessex, which supply all and are silent after 24 h.
    /// </summary>
    public IReadOnlyList<SourceSystem> Sources { get; init; } = SourceSystem.Wessex;

    /// <summary>The pseudonym key in base64 (<c>LHCRE_PSEUDONYM_KEY</c>), 32 bytes; default the file beside the data.</summary>
    public string? PseudonymKey { get; init; }

    /// <summary>A file with the same (<c>LHCRE_PSEUDONYM_KEY_FILE</c>).</summary>
    public string? PseudonymKeyFile { get; init; }

    /// <summary>
    /// The connection string of the PostgreSQL database that the silos of a cluster share (<c>--postgres</c>, <c>LHCRE_POSTGRES</c>); null for
    /// the embedded store, which is one process alone.
    /// </summary>
    public string? Postgres { get; init; }

    /// <summary>Which cluster of that database to join (<c>LHCRE_CLUSTER</c>): 1 to 64 of a-z, A-Z, 0-9, '-', '_', '.'; default <c>lhcre</c>.</summary>
    public string Cluster { get; init; } = "lhcre";

    /// <summary>The address at which the other silos and grain clients reach this one (<c>POD_IP</c>); default 127.0.0.1.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The silo's name among the others (<c>POD_NAME</c>); default the machine's name and the silo port.</summary>
    public string SiloName => PodName is { Length: > 0 } given ? given : $"{Environment.MachineName}-{SiloPort}";

    /// <summary><c>POD_NAME</c> as given.</summary>
    public string? PodName { get; init; }

    /// <summary>
    /// Most bytes that the warm records of this process may hold (<c>--warm-bytes</c>, <c>LHCRE_WARM_BYTES</c>), 16 MB or more; default 40 % of
    /// the memory that this process may use. Beyond it, the largest idle ones are read from the journal when they are asked for again.
    /// </summary>
    public long WarmBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 10 * 4;

    /// <summary>Most bytes of a record that is handed over to another silo when this one stops, 0 (none is) to 4 MB; default 256 KB.</summary>
    public int HandOverBytes { get; init; } = 256 * 1024;

    /// <summary>
    /// Whether the directory of grains is handed from silo to silo as they come and go (<c>--directory distributed</c>, the default), or is
    /// Orleans' older one (<c>default</c>), which forgets a part of it each time.
    /// </summary>
    public bool HasDistributedDirectory { get; init; } = true;

    /// <summary>For how long nobody takes over a killed silo's part of the distributed directory (<c>--directory-lease</c>): 0 to 60 s; default 5 s.</summary>
    public TimeSpan DirectoryLease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo of a cluster goes on serving once it was told to stop and says that it is not ready (<c>--drain</c>): 0 to 15 s; default
    /// 5 s. Whoever balances the load must have noticed within it. The embedded store does not wait.
    /// </summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Most bytes of answers in the forms that cost something to make, compressed or as XML, which are kept for whoever asks for the same again
    /// (<c>--kept-bytes</c>): 0 keeps none; default 64 MB.
    /// </summary>
    public long KeptBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>
    /// The origins of browser applications that may read here (<c>--cors-origins</c>, <c>LHCRE_CORS_ORIGINS</c>), such as
    /// <c>https://portal.example.nhs.uk</c>; default none.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>
    /// Whether developers work here (<c>--development true</c>, <c>LHCRE_DEVELOPMENT=true</c>): a page at <c>/scalar</c> then shows the HTTP
    /// surface. Default false.
    /// </summary>
    public bool IsDevelopment { get; init; }

    /// <summary>
    /// On which port each source is listened to over MLLP (<c>--mllp</c>, <c>LHCRE_MLLP</c>: <c>id=PORT,id=PORT</c>), 1 to 65535; default none. On
    /// loopback alone, unless <see cref="IsBehindGateway"/>.
    /// </summary>
    public IReadOnlyDictionary<string, int> Mllp { get; init; } = new Dictionary<string, int>();

    /// <summary>
    /// A file with the certificate that the MLLP listeners show and its private key (<c>--mllp-certificate</c>, <c>LHCRE_MLLP_CERTIFICATE</c>), PEM, or
    /// PFX without a password: they speak TLS then. Default none.
    /// </summary>
    public string? MllpCertificate { get; init; }

    /// <summary>
    /// The sending facilities (MSH-4) whose HL7 v2 messages are a source's own (<c>LHCRE_MLLP_FACILITIES</c>: <c>id=FAC+FAC,id=FAC</c>); default any.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MllpFacilities { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What senders over MLLP may ask of us.</summary>
    public MllpLimits MllpLimits { get; init; } = new();

    /// <summary>
    /// From where the records of visitors are pulled (<c>--pulls</c>, <c>LHCRE_PULLS</c>: a file); default from nowhere.
    /// </summary>
    public PullPlan Pulls { get; init; } = PullPlan.None;

    /// <summary>Whether other than loopback addresses are listened on (<c>LHCRE_BEHIND_GATEWAY=true</c>). Default false.</summary>
    public bool IsBehindGateway { get; init; }

    /// <summary>Synthetic people that <c>demo</c> pushes, 1 to 10,000; default 60.</summary>
    public int People { get; init; } = 60;

    /// <summary>The help of <c>serve</c>.</summary>
    public const string Help = """
        Usage: Lhcre.Silo serve [options]      serve the merged record (the default verb)
               Lhcre.Silo demo  [options]      the same, with synthetic people pushed through the sources

          --urls URL          where to listen; several with ';' between them   [http://127.0.0.1:8080]
          --data DIR          folder of the embedded store; LHCRE_DATA         [./data]
          --base-url URL      URL under which clients reach this server; LHCRE_BASE_URL        [the first of --urls]
          --silo-port N       Orleans silo port                                [11111]
          --gateway-port N    Orleans gateway port                             [30000]
          --cors-origins LIST origins of browser applications that may read here, such as https://portal.example,
                              with commas between them; LHCRE_CORS_ORIGINS     [none]
          --kept-bytes N      most bytes of answers kept compressed or as XML; 0 keeps none   [64MB]
          --development WORD  true: a page at /scalar shows the HTTP surface (/openapi.json); LHCRE_DEVELOPMENT   [false]
          --people N          demo only: how many people                       [60]
          --silent-after T    tell of a source that makes no contact for so long, as PT24H or
                              PT24H,isle-of-wight=PT6H; LHCRE_SILENT_AFTER     [PT24H]
          --mllp LIST         listen for HL7 v2 over MLLP, as isle-of-wight=2575,dorset=2576: a port for each
                              source; LHCRE_MLLP                               [none]
          --mllp-certificate FILE  certificate and key, PEM, or PFX without a password: MLLP with TLS;
                              LHCRE_MLLP_CERTIFICATE                           [none: without TLS]
          --pulls FILE        from where the records of visitors are pulled; LHCRE_PULLS       [none]

        Several processes (silos) that share a PostgreSQL database; run Lhcre.Silo migrate first:
          --postgres "Host=…" connection string; LHCRE_POSTGRES                [none: the embedded store]
          --warm-bytes N      most bytes of warm records, such as 2GB; LHCRE_WARM_BYTES   [40 % of memory]
          --hand-over-bytes N largest record handed over to another silo at a stop        [256KB]
          --directory NAME    directory of grains: distributed or default      [distributed]
          --directory-lease N seconds before a killed silo's part is taken over, 0 to 60  [5]
          --drain N           seconds to go on serving once told to stop, 0 to 15         [5]

          LHCRE_CLUSTER             the cluster's name in that database        [lhcre]
          POD_IP                    address for the other silos                [127.0.0.1]
          POD_NAME                  the silo's name                            [machine and silo port]

          LHCRE_SOURCES             the sources, as id=Name,id=Name            [dorset, hampshire, isle-of-wight]
          LHCRE_SUPPLIES            the resource types that a source supplies, as id=Type+Type,id=Type   [all]
          LHCRE_PERSON_SYSTEMS      the identifier systems under which a source's people without an NHS number have a record, the
                                    best first, as id=URI+URI,id=URI; CHI and H&C numbers besides   [CHI and H&C numbers]
          LHCRE_NUMBER_TRUST        the verification statuses with which a source's NHS numbers name a person, as
                                    id=01+02+none; none is a number without a status                [01+none]
          LHCRE_MLLP_FACILITIES     the sending facilities (MSH-4) that are a source's own, as id=FAC+FAC,id=FAC   [any]
          LHCRE_PSEUDONYM_KEY       base64 of 32 bytes                         [DIR/pseudonym.key, made at first start;
                                                                               with --postgres it must be given]
          LHCRE_PSEUDONYM_KEY_FILE  a file that holds the same
          LHCRE_BEHIND_GATEWAY      true: listen on other than loopback addresses. There is no access control yet:
                                    only behind a gateway that has it.

        Exit codes: 0 stopped, 2 wrong options, 3 a port, the store or the database cannot be had.
        """;

    /// <summary>Without anything of it: neither a password nor a key must stand in a log.</summary>
    public override string ToString() => nameof(ServeOptions);
}
