using System.Net;
using Lhcre.Record;

namespace Lhcre.Silo.Tests;

public sealed class ServeOptionsTests
{
    [Fact]
    public void Without_anything_the_defaults_of_the_contract_hold()
    {
        var (options, errors) = Parse("");

        Assert.Empty(errors);
        Assert.Equal(("http://127.0.0.1:8080", "./data", 11111, 30000), (options.Urls, options.Data, options.SiloPort, options.GatewayPort));
        Assert.Equal(["dorset", "hampshire", "isle-of-wight"], options.Sources.Select(s => s.Id));
    }

    [Theory]
    [InlineData("--urls http://0.0.0.0:8080", "LHCRE_BEHIND_GATEWAY")]
    [InlineData("--urls http://*:8080", "--urls")]
    [InlineData("--urls ftp://127.0.0.1", "--urls")]
    [InlineData("--urls", "a value is missing")]
    [InlineData("--silo-port 0", "--silo-port")]
    [InlineData("--silo-port 70000", "--silo-port")]
    [InlineData("--silo-port 30000", "must differ")]
    [InlineData("--base-url nowhere", "--base-url")]
    [InlineData("--people many", "--people")]
    [InlineData("--postgres Host=x", "LHCRE_PSEUDONYM_KEY")]
    [InlineData("--postgres Hosst=x", "no connection string")]
    [InlineData("--postgres Port=many;Host=x", "no connection string")]
    [InlineData("--postgres Username=x", "no connection string")]
    [InlineData("--data ./x --postgres Host=x", "choose one")]
    [InlineData("--warm-bytes 15MB", "--warm-bytes")]
    [InlineData("--warm-bytes 2TB", "--warm-bytes")]
    [InlineData("--warm-bytes 99999999999GB", "--warm-bytes")]
    [InlineData("--hand-over-bytes 5MB", "0 to 4MB")]
    [InlineData("--directory none", "distributed, default")]
    [InlineData("--directory-lease 61", "--directory-lease")]
    [InlineData("--drain 16", "--drain")]
    [InlineData("--kept-bytes much", "--kept-bytes")]
    [InlineData("--cors-origins *", "is no origin")]
    [InlineData("--cors-origins portal.example", "is no origin")]
    [InlineData("--cors-origins https://portal.example/app", "is no origin")]
    [InlineData("--cors-origins https://user@portal.example", "is no origin")]
    [InlineData("--cors-origins https://portal.example,file:///x", "file:///x")]
    [InlineData("--mllp 2575", "isle-of-wight=2575")]
    [InlineData("--mllp dorset=0", "isle-of-wight=2575")]
    [InlineData("--mllp dorset=many", "isle-of-wight=2575")]
    [InlineData("--mllp nowhere=2575", "none of the sources")]
    [InlineData("--mllp dorset=2575,dorset=2576", "stands there before")]
    [InlineData("--mllp dorset=2575,hampshire=2575", "stands there before")]
    [InlineData("--mllp dorset=11111", "the silo's own")]
    [InlineData("--mllp-certificate nowhere.pem", "--mllp-certificate")]
    [InlineData("--pulls nowhere.json", "cannot be read")]
    [InlineData("stray", "belongs to no option")]
    [InlineData("--dance", "--dance")]
    public void Wrong_options_are_named(string args, string expected) =>
        Assert.Contains(Parse(args).Errors, e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void All_that_is_wrong_is_named_at_once() =>
        Assert.Equal(3, Parse("--dance --silo-port x --urls ftp://127.0.0.1", ("LHCRE_SOURCES", "")).Errors.Count);

    [Fact]
    public void The_base_URL_is_the_command_lines_before_the_environments()
    {
        Assert.Null(Parse("").Options.BaseUrl);
        Assert.Equal("https://record.example", Parse("", ("LHCRE_BASE_URL", "https://record.example/")).Options.BaseUrl);
        Assert.Equal("https://other.example", Parse("--base-url https://other.example", ("LHCRE_BASE_URL", "https://record.example")).Options.BaseUrl);
        Assert.Contains("--base-url", Assert.Single(Parse("", ("LHCRE_BASE_URL", "nowhere")).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_is_set_by_a_few_options_each_with_a_default()
    {
        var (least, errors) = Parse("", ("LHCRE_POSTGRES", "Host=db"), ("LHCRE_PSEUDONYM_KEY_FILE", "/key"));
        Assert.Empty(errors);
        Assert.Equal(("Host=db", "lhcre", IPAddress.Loopback, true), (least.Postgres, least.Cluster, least.Address, least.HasDistributedDirectory));
        Assert.Equal((256 * 1024, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)), (least.HandOverBytes, least.DirectoryLease, least.Drain));
        Assert.EndsWith("-11111", least.SiloName, StringComparison.Ordinal);
        Assert.InRange(least.WarmBytes, 16 * 1024 * 1024, long.MaxValue);

        var (all, none) = Parse(
            "--postgres Host=db;Password=a=b --warm-bytes 2GB --hand-over-bytes 64kb --directory default --directory-lease 0 --drain 0",
            ("LHCRE_POSTGRES", "Host=other"), ("LHCRE_PSEUDONYM_KEY", "k"), ("LHCRE_CLUSTER", "wessex-1"), ("POD_IP", "10.0.0.7"), ("POD_NAME", "lhcre-2"),
            ("LHCRE_BEHIND_GATEWAY", "true"), ("LHCRE_WARM_BYTES", "20MB"));
        Assert.Empty(none);
        Assert.Equal(("Host=db;Password=a=b", "wessex-1", IPAddress.Parse("10.0.0.7"), "lhcre-2", false), (all.Postgres, all.Cluster, all.Address, all.SiloName, all.HasDistributedDirectory));
        Assert.Equal((2L << 30, 64 * 1024, TimeSpan.Zero, TimeSpan.Zero), (all.WarmBytes, all.HandOverBytes, all.DirectoryLease, all.Drain));
    }

    [Fact]
    public void Sources_are_listened_to_over_MLLP_only_where_their_ports_are_given()
    {
        Assert.Empty(Parse("").Options.Mllp);
        var (options, errors) = Parse("--mllp dorset=2575,isle-of-wight=2576", ("LHCRE_MLLP", "hampshire=2577"), ("LHCRE_MLLP_FACILITIES", "dorset=RBD+RDZ"));

        Assert.Empty(errors);
        Assert.Equal([("dorset", 2575), ("isle-of-wight", 2576)], options.Mllp.Select(m => (m.Key, m.Value)).Order());
        Assert.Equal(["RBD", "RDZ"], options.MllpFacilities["dorset"]);
        Assert.Equal(("hampshire", 2577), Parse("", ("LHCRE_MLLP", "hampshire=2577")).Options.Mllp.Select(m => (m.Key, m.Value)).Single());
        Assert.Contains(Parse("", ("LHCRE_MLLP_FACILITIES", "nowhere=X,dorset=")).Errors, e => e.Contains("'nowhere' is none", StringComparison.Ordinal));
        Assert.Contains(Parse("", ("LHCRE_MLLP_FACILITIES", "nowhere=X,dorset=")).Errors, e => e.Contains("'dorset' needs", StringComparison.Ordinal));
        Assert.False(options.IsBehindGateway);
    }

    [Fact]
    public void Browsers_are_let_in_by_origin_and_by_default_none_is()
    {
        Assert.Empty(Parse("").Options.CorsOrigins);
        var (options, errors) = Parse("--cors-origins https://portal.example/,http://localhost:3000 --kept-bytes 0", ("LHCRE_CORS_ORIGINS", "https://other.example"));

        Assert.Empty(errors);
        Assert.Equal(["https://portal.example", "http://localhost:3000"], options.CorsOrigins);
        Assert.Equal(["https://other.example"], Parse("", ("LHCRE_CORS_ORIGINS", "https://other.example")).Options.CorsOrigins);
        Assert.Equal((64L << 20, 0L), (Parse("").Options.KeptBytes, options.KeptBytes));
    }

    [Theory]
    [InlineData("POD_IP", "somewhere", "POD_IP")]
    [InlineData("POD_IP", "0.0.0.0", "POD_IP")]
    [InlineData("POD_IP", "10.0.0.7", "LHCRE_BEHIND_GATEWAY")]
    [InlineData("LHCRE_CLUSTER", "a cluster", "LHCRE_CLUSTER")]
    [InlineData("LHCRE_WARM_BYTES", "much", "LHCRE_WARM_BYTES")]
    public void A_wrong_environment_is_named(string name, string value, string expected) =>
        Assert.Contains(expected, Assert.Single(Parse("", ("LHCRE_POSTGRES", "Host=db"), ("LHCRE_PSEUDONYM_KEY", "k"), (name, value)).Errors), StringComparison.Ordinal);

    [Fact]
    public void A_data_folder_on_the_command_line_outranks_a_database_in_the_environment()
    {
        var (options, errors) = Parse("--data ./here", ("LHCRE_POSTGRES", "Host=db"));
        Assert.Empty(errors);
        Assert.Equal((null, "./here"), (options.Postgres, options.Data));
    }

    // Who reads a log, or over a shoulder, learns no password.
    [Theory]
    [InlineData("Host=db;Password=s3cret")]
    [InlineData("Hosst=db;Password=s3cret")]
    [InlineData("Password=s3cret;Host=db;Port=s3cret")]
    [InlineData("s3cret")]
    public void No_password_stands_in_any_line(string connection)
    {
        var (options, errors) = Parse($"--postgres {connection} {connection}");

        Assert.DoesNotContain(errors.Append($"{options}"), line => line.Contains("s3cret", StringComparison.Ordinal));
        if (PostgresAddress.IsValid(connection))
            Assert.Equal("db:5432/", PostgresAddress.Shown(connection));
    }

    [Fact]
    public void A_gateway_in_front_allows_other_addresses() =>
        Assert.Empty(Parse("--urls http://0.0.0.0:8080", ("LHCRE_BEHIND_GATEWAY", "true")).Errors);

    [Theory]
    [InlineData("kent=Kent Care Record, sussex", "kent|Kent Care Record,sussex|sussex")]
    [InlineData("", "dorset|Dorset Care Record,hampshire|Hampshire CHIE,isle-of-wight|Isle of Wight")]
    public void Sources_are_configuration(string sources, string expected) =>
        Assert.Equal(expected, string.Join(',', Parse("", ("LHCRE_SOURCES", sources)).Options.Sources.Select(s => $"{s.Id}|{s.Name}")));

    [Fact]
    public void What_a_source_supplies_is_all_unless_it_is_named()
    {
        var (options, errors) = Parse("", ("LHCRE_SUPPLIES", "hampshire=Observation+DiagnosticReport"));

        Assert.Empty(errors);
        Assert.Equal([null, 2, null], options.Sources.Select(s => s.Supplies?.Count));
        Assert.Equal("Hampshire CHIE", options.Sources[1].Name);
    }

    [Theory]
    [InlineData("kent=Observation", "'kent'")]
    [InlineData("dorset=Observation,dorset=Condition", "twice")]
    [InlineData("dorset=Weather", "'Weather'")]
    [InlineData("dorset", "'dorset' needs")]
    [InlineData("dorset=", "'dorset' needs")]
    public void Wrong_supplies_are_named(string supplies, string expected) =>
        Assert.Contains(Parse("", ("LHCRE_SUPPLIES", supplies)).Errors, e => e.StartsWith("LHCRE_SUPPLIES", StringComparison.Ordinal) && e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void What_names_the_people_of_a_source_is_national_unless_it_is_configured()
    {
        var (options, errors) = Parse("", ("LHCRE_PERSON_SYSTEMS", "dorset=https://example.org/mrn+urn:oid:1.2.3"), ("LHCRE_NUMBER_TRUST", "hampshire=01+02"));

        Assert.Empty(errors);
        Assert.Equal(["https://example.org/mrn", "urn:oid:1.2.3", .. SourceSystem.NationalSystems], options.Sources[0].PersonSystems.AsEnumerable());
        Assert.Equal(SourceSystem.NationalSystems, options.Sources[1].PersonSystems);
        Assert.Equal([(true, false), (false, true), (true, false)], options.Sources.Select(s => (s.Trust.Names(null), s.Trust.Names("02"))));
    }

    [Theory]
    [InlineData("LHCRE_PERSON_SYSTEMS", "kent=urn:oid:1.2", "'kent' is none")]
    [InlineData("LHCRE_PERSON_SYSTEMS", "dorset", "'dorset' needs")]
    [InlineData("LHCRE_PERSON_SYSTEMS", "dorset=mrn", "'mrn' is no URI")]
    [InlineData("LHCRE_PERSON_SYSTEMS", "dorset=https://fhir.nhs.uk/Id/nhs-number", "is no URI")]
    [InlineData("LHCRE_NUMBER_TRUST", "dorset=01,dorset=02", "twice")]
    [InlineData("LHCRE_NUMBER_TRUST", "dorset=03", "'dorset' takes 01, 02 and none")]
    public void Wrong_names_of_people_are_named(string name, string value, string expected) =>
        Assert.Contains(Parse("", (name, value)).Errors, e => e.StartsWith(name, StringComparison.Ordinal) && e.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("Kent")]
    [InlineData("kent,kent")]
    [InlineData("1kent")]
    public void Wrong_sources_are_named(string sources) =>
        Assert.Contains(Parse("", ("LHCRE_SOURCES", sources)).Errors, e => e.StartsWith("LHCRE_SOURCES", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "", "24 24 24")]
    [InlineData("--silent-after PT12H", "", "12 12 12")]
    [InlineData("--silent-after=PT12H,isle-of-wight=P2D", "", "12 12 48")]
    [InlineData("--silent-after hampshire=PT6H", "", "24 6 24")]
    [InlineData("", "hampshire=PT1H,P1D", "24 1 24")]
    [InlineData("--silent-after PT12H", "hampshire=PT1H", "12 12 12")]
    public void A_source_is_silent_after_a_day_unless_another_time_is_usual_for_it(string args, string environment, string hours)
    {
        var (options, errors) = Parse(args, ("LHCRE_SILENT_AFTER", environment), ("LHCRE_SUPPLIES", "hampshire=Observation"));

        Assert.Empty(errors);
        Assert.Equal(hours, string.Join(' ', options.Sources.Select(s => s.SilentAfter.TotalHours)));
        Assert.Equal(1, options.Sources[1].Supplies?.Count);
    }

    [Theory]
    [InlineData("soon", "'soon' is not a duration")]
    [InlineData("24", "'24' is not a duration")]
    [InlineData("PT59S", "of PT1M to P366D")]
    [InlineData("P367D", "of PT1M to P366D")]
    [InlineData("P99999999999D", "'P99999999999D' is not a duration")]
    [InlineData("-PT24H", "of PT1M to P366D")]
    [InlineData("kent=PT6H", "'kent' is none")]
    [InlineData("dorset=PT6H,dorset=PT7H", "'dorset' stands there twice")]
    public void A_wrong_silence_is_named(string value, string expected)
    {
        Assert.StartsWith("--silent-after: ", Assert.Single(Parse($"--silent-after {value}").Errors, e => e.Contains(expected, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.StartsWith("LHCRE_SILENT_AFTER: ", Assert.Single(Parse("", ("LHCRE_SILENT_AFTER", value)).Errors, e => e.Contains(expected, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_may_carry_its_value_behind_an_equals_sign() => Assert.Equal("/x", Parse("--data=/x").Options.Data);

    private static (ServeOptions Options, IReadOnlyList<string> Errors) Parse(string args, params (string Name, string Value)[] environment) =>
        ServeOptions.Parse(args.Split(' ', StringSplitOptions.RemoveEmptyEntries), name => environment.FirstOrDefault(e => e.Name == name).Value);
}
