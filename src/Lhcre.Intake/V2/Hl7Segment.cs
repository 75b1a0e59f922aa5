namespace Lhcre.Intake.V2;

/// <summary>One segment of a message. Its fields are found when the first of them is asked for.</summary>
public sealed class Hl7Segment
{
    private readonly Hl7Syntax _syntax;
    private readonly ReadOnlyMemory<byte> _line;

    // Where each field begins, and one beyond the last field's end; in an MSH the first of them is MSH-2.
    private int[]? _starts;

    internal Hl7Segment(Hl7Syntax syntax, string name, int index, int occurrence, ReadOnlyMemory<byte> line)
    {
        (_syntax, _line) = (syntax, line);
        (Name, Index, Occurrence) = (name, index, occurrence);
    }

    /// <summary>Three capital letters and digits, such as <c>PID</c>.</summary>
    public string Name { get; }

    /// <summary>Which of the message's segments it is, from 0.</summary>
    public int Index { get; }

    /// <summary>Which of the message's segments of this name it is, from 1.</summary>
    public int Occurrence { get; }

    /// <summary>The number of the last field that was sent, be it empty.</summary>
    public int FieldCount => Starts.Length - 1 + Offset;

    private int[] Starts => _starts ??= FindStarts();

    // The field separator behind the name is MSH-1 itself.
    private int Offset => Name == "MSH" ? 1 : 0;

    /// <summary>A field, numbered as in the standard (MSH-1 is the field separator, MSH-2 the encoding characters); empty where it was not sent.</summary>
    public Hl7Field this[int field]
    {
        get
        {
            var (starts, at) = (Starts, field - 1 - Offset);
            if (field == 1 && Offset == 1)
                return new Hl7Field(Hl7Syntax.Literal, _line.Slice(3, 1));
            return at >= 0 && at < starts.Length - 1
                ? new Hl7Field(field == 2 && Offset == 1 ? Hl7Syntax.Literal : _syntax, _line[starts[at]..(starts[at + 1] - 1)])
                : default;
        }
    }

    private int[] FindStarts()
    {
        var line = _line.Span;
        var starts = new int[line.Count(_syntax.Field) + 1];
        var at = 3;
        for (var i = 0; i < starts.Length - 1; i++)
        {
            at += line[at..].IndexOf(_syntax.Field) + 1;
            starts[i] = at;
        }

        starts[^1] = line.Length + 1;
        return starts;
    }
}
