namespace Lhcre.Record;

/// <summary>Where something stands: the number of a live chunk, and its place in it. The default is nowhere yet.</summary>
internal readonly record struct ChunkPlace(int Chunk, int Index)
{
    /// <summary>Whether it stands in a chunk.</summary>
    public bool IsSomewhere => Chunk != 0;
}
