using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Lhcre.Record;

namespace Lhcre.Benchmarks.Inner;

/// <summary>Work on bytes and numbers: an everyday Observation, a Bundle of 500 entries, an NHS number.</summary>
public class ByteParts
{
    private readonly ArrayBufferWriter<byte> _target = new(1024 * 1024);
    private byte[] _observation = null!;
    private byte[] _indented = null!;
    private byte[][] _entries = null!;
    private NhsNumber _number;

    /// <summary>Makes them.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _observation = Observations.Weight("one", """{"reference":"Patient/p1"}""", 1);
        _indented = ParseRates.Indented(_observation);
        _entries = [.. Enumerable.Repeat(Encoding.UTF8.GetBytes(new string(' ', 1000)), 500)];
        _number = NhsNumber.TryParse("9995000008", out var number) ? number : throw new InvalidOperationException("no NHS number");
    }

    /// <summary>White space out.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> JsonTextMinify() => JsonText.Minify(_indented);

    /// <summary>Where id, meta and references stand.</summary>
    [Benchmark]
    public Layout LayoutRead() => Layout.Read(_observation);

    /// <summary>The comparable values.</summary>
    [Benchmark]
    public Facts FactsReaderRead() => FactsReader.Read("Observation", "one", _observation);

    /// <summary>A Bundle around ready entries.</summary>
    [Benchmark]
    public async Task<int> BundleWriterWrite()
    {
        _target.ResetWrittenCount();
        var bundle = new BundleWriter(
            new BundleHead(BundleHead.SearchSet, 500, DateTimeOffset.UnixEpoch, ("self", "http://127.0.0.1:8080/fhir/Patient/p/$everything")), _entries, 500_000, 500, []);
        await bundle.Write(_target, 512 * 1024, () => ValueTask.CompletedTask);
        return _target.WrittenCount;
    }

    /// <summary>A number as it is typed.</summary>
    [Benchmark]
    public bool NhsNumberTryParse() => NhsNumber.TryParse("999 500 0008", out _);

    /// <summary>A number to a pseudonym.</summary>
    [Benchmark]
    public PatientKey PseudonymKeyFor() => HostedSilo.Pseudonym.For(_number);
}
