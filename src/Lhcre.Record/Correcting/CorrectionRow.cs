namespace Lhcre.Record;

/// <summary>A correction in bytes (<c>Log/FORMAT.md</c>).</summary>
internal static class CorrectionRow
{
    /// <summary>The bytes of the shortest.</summary>
    public const int LeastBytes = 1 + ContentHash.Length + 1 + 1 + 8 + 8;

    private const byte OfQuarantine = 1;
    private const byte OfEnd = 2;

    public static void Write(LogWriter writer, Correction correction)
    {
        writer.Byte(correction is Quarantine ? OfQuarantine : OfEnd);
        writer.Hash(correction.Id.Hash);
        writer.Text(correction.Source);
        writer.Text(correction.Reason);
        if (correction is Quarantine { From: var from, To: var to })
        {
            writer.Ticks(from);
            writer.Ticks(to);
        }
        else
        {
            writer.Hash(((QuarantineEnd)correction).Of.Hash);
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
            _ => throw new InvalidDataException($"A row is damaged, or of a later release: it holds a correction of kind {kind}."),
        };
    }
}
