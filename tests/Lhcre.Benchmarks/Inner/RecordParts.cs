using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using Lhcre.Record;

namespace Lhcre.Benchmarks.Inner;

/// <summary>The parts of a push: codec and merge, of one person's Bundle and of one resource.</summary>
public class RecordParts
{
    private ImmutableArray<Fragment> _fragments;
    private ReadOnlyMemory<byte> _body;
    private PatientRecord _record = null!;
    private RecordRow _first = null!;
    private RecordRow _next = null!;

    /// <summary>How many resources the person has.</summary>
    [Params(50, 500)]
    public int Resources { get; set; }

    /// <summary>Makes a person.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var person = PushedPeople.KnownToAll(Resources).First();
        _fragments = [.. person.Pushes().SelectMany(p => PushedPeople.Read(p))];
        var empty = PatientRecord.Empty(PushedPeople.Key(person), PushedPeople.Addresses);
        _first = PushedPeople.Row(empty, "first", _fragments);
        _body = _first.Body;
        _record = Merge.Apply(empty, _first);
        _next = PushedPeople.Row(_record, "next", [Fragment.Stated("dorset", Observations.Weight("next", """{"reference":"Patient/p1"}""", 1))]);
    }

    /// <summary>Fragments to a row's bytes.</summary>
    [Benchmark]
    public ReadOnlyMemory<byte> LogBodyWrite() => LogBody.Write(_fragments);

    /// <summary>A row's bytes to fragments.</summary>
    [Benchmark]
    public Fragment[] LogBodyRead() => LogBody.Read(_body);

    /// <summary>The whole Bundle into an empty record.</summary>
    [Benchmark]
    public PatientRecord MergeApplyAll() => Merge.Apply(PatientRecord.Empty(_record.Key, PushedPeople.Addresses), _first);

    /// <summary>One more resource.</summary>
    [Benchmark]
    public PatientRecord MergeApplyOne() => Merge.Apply(_record, _next);
}
