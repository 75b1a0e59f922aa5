using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Lhcre.Silo.Imports;

/// <summary>
/// The lines of a piece as they are stored: each behind as many line ends as stand between it and the one before, compressed. What a blank line
/// held is not kept.
/// </summary>
internal sealed class PieceText
{
    /// <summary>From so many bytes on a piece is full: 1 MiB. A longer line is a piece of its own.</summary>
    public const int Full = 1024 * 1024;

    /// <summary>From so many lines on it is full too: 512. What is interrupted is carried out again from the beginning of its piece.</summary>
    public const int MostLines = 512;

    // Lines that are blank, or were refused at the door: more of them between two lines than this begin a piece.
    private const long MostBetween = 1024;

    // Fast rather than small: an import is read once.
    private const int Quality = 1;
    private const int Window = 22;

    private readonly ArrayBufferWriter<byte> _text = new();

    /// <summary>The number of the first line.</summary>
    public long First { get; private set; }

    /// <summary>The number of the last line; 0 for none.</summary>
    public long Last { get; private set; }

    /// <summary>How many lines there are that are not blank.</summary>
    public int Lines { get; private set; }

    /// <summary>Whether this line still belongs to it.</summary>
    public bool HasRoomFor(ImportLine line) =>
        Lines == 0 || (Lines < MostLines && _text.WrittenCount + line.Bytes.Length <= Full && line.Number - Last <= MostBetween);

    /// <summary>Adds a line, which comes behind the last one.</summary>
    public void Add(ImportLine line)
    {
        if (Lines == 0)
            First = Last = line.Number;
        var between = (int)(line.Number - Last);
        _text.GetSpan(between)[..between].Fill((byte)'\n');
        _text.Advance(between);
        _text.Write(line.Bytes.Span);
        (Last, Lines) = (line.Number, Lines + 1);
    }

    /// <summary>The stored form; empty from then on.</summary>
    public byte[] Take()
    {
        var packed = new byte[sizeof(int) + BrotliEncoder.GetMaxCompressedLength(_text.WrittenCount)];
        BinaryPrimitives.WriteInt32LittleEndian(packed, _text.WrittenCount);
        if (!BrotliEncoder.TryCompress(_text.WrittenSpan, packed.AsSpan(sizeof(int)), out var length, Quality, Window))
            throw new InvalidOperationException("A piece could not be compressed into the most that it may take.");
        _text.ResetWrittenCount();
        (First, Last, Lines) = (0, 0, 0);
        return packed[..(sizeof(int) + length)];
    }

    /// <summary>The lines of a stored form, of which the first has this number.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static IReadOnlyList<ImportLine> Read(ReadOnlyMemory<byte> stored, long first)
    {
        if (stored.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(stored.Span) is var length && length < 0)
            throw new InvalidDataException("A piece of an import has no length.");
        var text = new byte[length];
        if (!BrotliDecoder.TryDecompress(stored.Span[sizeof(int)..], text, out var written) || written != text.Length)
            throw new InvalidDataException("A piece of an import cannot be unpacked.");
        var lines = new List<ImportLine>();
        var number = first;
        for (var begin = 0; begin < text.Length; number++)
        {
            var end = text.AsSpan(begin).IndexOf((byte)'\n') is >= 0 and var found ? begin + found : text.Length;
            if (end > begin)
                lines.Add(new ImportLine(number, text.AsMemory(begin..end)));
            begin = end + 1;
        }

        return lines;
    }
}
