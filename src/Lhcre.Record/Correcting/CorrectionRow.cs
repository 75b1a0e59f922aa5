namespace Lhcre.Record;

/// <summary>A correction in bytes (<c>Log/FORMAT.md</c>).</summary>
internal static class CorrectionRow
{
    /// <summary>The bytes of the shortest.</summary>
    public const int LeastBytes = 1 + ContentHash.Length + 1 + 1 + 8 + 1 + 1;

    private const int LeastEntryBytes = 2;

    private const byte OfQuarantine = 1;
    private const byte OfEnd = 2;
    private const byte OfErasure = 3;
    private const byte OfMove = 16;
    private const byte OfMoved = 17;

    public static void Write(LogWriter writer, Correction correction)
    {
        writer.Byte(correction switch
        {
            Quarantine { Move: null } => OfQuarantine,
            Quarantine => OfMoved,
            Erasure => OfErasure,
            Move => OfMove,
            _ => OfEnd,
        });
        writer.Hash(correction.Id.Hash);
        writer.Text(correction.Source);
        writer.Text(correction.Reason);
        switch (correction)
        {
            case Quarantine { From: var from, To: var to } quarantine:
                writer.Ticks(from);
                writer.Ticks(to);
                if (quarantine.Move is { } move)
                    writer.Hash(move.Hash);
                break;
            case Erasure erasure:
                writer.Ticks(erasure.Held);
                writer.Byte((byte)erasure.Cause);
                writer.Text(erasure.By);
                break;
            case Move moved:
                writer.Hash(moved.Of.Hash);
                writer.Byte(moved.IsHere ? (byte)1 : (byte)0);
                writer.Text(moved.Other.Value);
                writer.Text(moved.Unit);
                writer.Number(moved.Entries.Length);
                foreach (var entry in moved.Entries)
                {
                    writer.Text(entry.Type);
                    writer.Text(entry.Id);
                }

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
            OfMoved => new Quarantine(id, source, reason, reader.Ticks() ?? default, reader.Ticks()) { Move = new PushId(reader.Hash()) },
            OfMove => ReadMove(ref reader, id, source, reason),
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

    private static Move ReadMove(ref LogReader reader, PushId id, string source, string reason)
    {
        var (of, isHere) = (new PushId(reader.Hash()), reader.Byte() == 1);
        if (!PatientKey.TryParse(reader.Required(), out var other))
            throw new InvalidDataException("A row is damaged: a move names no record.");
        var unit = reader.Text();
        var entries = new EntryKey[reader.Count(LeastEntryBytes)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new EntryKey(source, Recurring.Text(reader.RequiredName()), reader.Required());
        return new Move(id, source, reason, of, isHere, other, [.. entries], unit);
    }
}
