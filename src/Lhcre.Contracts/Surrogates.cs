using Lhcre.Record;

namespace Lhcre.Contracts;

/// <summary>A <see cref="PushId"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.push-id")]
public struct PushIdSurrogate
{
    /// <summary>The 128 bits.</summary>
    [Id(0)]
    public UInt128 Bits { get; set; }
}

/// <summary>Between <see cref="PushId"/> and the wire.</summary>
[RegisterConverter]
public sealed class PushIdConverter : IConverter<PushId, PushIdSurrogate>
{
    /// <inheritdoc/>
    public PushId ConvertFromSurrogate(in PushIdSurrogate surrogate) => new(new ContentHash(surrogate.Bits));

    /// <inheritdoc/>
    public PushIdSurrogate ConvertToSurrogate(in PushId value) => new() { Bits = value.Hash.Bits };
}

/// <summary>A <see cref="FragmentBatch"/> on the wire: a log body.</summary>
[GenerateSerializer, Immutable, Alias("lhcre.fragments")]
public struct FragmentBatchSurrogate
{
    /// <summary>The encoded fragments.</summary>
    [Id(0)]
    public byte[] Body { get; set; }
}

/// <summary>Between <see cref="FragmentBatch"/> and the wire.</summary>
[RegisterConverter]
public sealed class FragmentBatchConverter : IConverter<FragmentBatch, FragmentBatchSurrogate>
{
    /// <inheritdoc/>
    public FragmentBatch ConvertFromSurrogate(in FragmentBatchSurrogate surrogate) => new([.. LogBody.Read(surrogate.Body)]);

    /// <inheritdoc/>
    public FragmentBatchSurrogate ConvertToSurrogate(in FragmentBatch value) => new() { Body = LogBody.Write(value.Fragments).ToArray() };
}
