namespace Lhcre.Record;

/// <summary>A correction in bytes (<c>Log/FORMAT.md</c>).</summary>
internal static class CorrectionRow
{
    /// <summary>The bytes of the shortest.</summary>
    public const int LeastBytes = 1 + ContentHash.Length + 1 + 1 + 8 + 1 + 1;

    private const byte OfQuarantine = 1;
    private const byte OfEnd = 2;
    private const byte OfErasure = 3;

    public static void Write(LogWriter writer, Correction correction)
    {
        writer.Byte(correction switch { Quarantine => OfQuarantine, Erasure => OfErasure, _ => OfEnd });
        writer.Hash(correction.Id.Hash);
        writer.Text(correction.Source);
        writer.Text(correction.Reason);
        switch (correction)
        {
            case Quarantine { From: var from, To: var to }:
                writer.Ticks(from);
                writer.Ticks(to);
                break;
            case Erasure erasure:
                writer.Ticks(erasure.Held);
                writer.Byte((byte)erasure.Cause);
                writer.Text(erasure.By);
                break;
            default:
                writer.Hash(((QuarantineEnd)correction).Of.Hash);
                break;
        }
    }

    public static Correction Read(ref LogReader reader)
    {
        var kind = reader.Byte();
        var (id, source, reason) = (new PushId(reader.Hash()), reader.RequiredName(), reader.Required());
        return kind switch
        {
            OfQuarantine => new Quarantine(id, source, reason, reader.Ticks() ?? default, reader.Ticks()),
            OfEnd => new QuarantineEnd(id, source, reason, new PushId(reader.Hash())),
            OfErasure => ReadErasure(ref reader, id, source, reason),
            _ => throw new InvalidDataException($"A row is damaged, or of a later release: it holds a correction of kind {kind}."),
        };
    }

    private static Erasure ReadErasure(ref LogReader reader, PushId id, string source, string reason)
    {
        var (held, cause) = (reader.Ticks(), (ErasureCause)reader.Byte());
        return new Erasure(id, source, reason, reader.Required(), held, cause);
    }
}
