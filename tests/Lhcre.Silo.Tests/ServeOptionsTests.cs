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
    [InlineData("--postgres Host=x", "--postgres")]
    [InlineData("--dance", "--dance")]
    public void Wrong_options_are_named(string args, string expected) =>
        Assert.Contains(Parse(args).Errors, e => e.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void All_that_is_wrong_is_named_at_once() =>
        Assert.Equal(3, Parse("--dance --silo-port x --urls ftp://127.0.0.1", ("LHCRE_SOURCES", "")).Errors.Count);

    [Fact]
    public void A_gateway_in_front_allows_other_addresses() =>
        Assert.Empty(Parse("--urls http://0.0.0.0:8080", ("LHCRE_BEHIND_GATEWAY", "true")).Errors);

    [Theory]
    [InlineData("kent=Kent Care Record, sussex", "kent|Kent Care Record,sussex|sussex")]
    [InlineData("", "dorset|Dorset Care Record,hampshire|Hampshire CHIE,isle-of-wight|Isle of Wight")]
    public void Sources_are_configuration(string sources, string expected) =>
        Assert.Equal(expected, string.Join(',', Parse("", ("LHCRE_SOURCES", sources)).Options.Sources.Select(s => $"{s.Id}|{s.Name}")));

    [Theory]
    [InlineData("Kent")]
    [InlineData("kent,kent")]
    [InlineData("1kent")]
    public void Wrong_sources_are_named(string sources) =>
        Assert.Contains(Parse("", ("LHCRE_SOURCES", sources)).Errors, e => e.StartsWith("LHCRE_SOURCES", StringComparison.Ordinal));

    [Fact]
    public void An_option_may_carry_its_value_behind_an_equals_sign() => Assert.Equal("/x", Parse("--data=/x").Options.Data);

    private static (ServeOptions Options, IReadOnlyList<string> Errors) Parse(string args, params (string Name, string Value)[] environment) =>
        ServeOptions.Parse(args.Split(' ', StringSplitOptions.RemoveEmptyEntries), name => environment.FirstOrDefault(e => e.Name == name).Value);
}
