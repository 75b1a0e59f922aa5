using System.Globalization;
using System.Text;

namespace Lhcre.Record.Reading;

/// <summary>
/// Units as they are compared (CLINICAL.md, "after unit equivalence"): <see cref="Of"/> gives equal units for equal amounts. What is not in
/// <see cref="UnitTable"/> is compared by its text, which case, a plural and annotation braces aside must be the same.
/// </summary>
internal static class Units
{
    private const int Places = 1 << 10;

    // Texts beyond this are not units.
    private const int MostCharacters = 64;

    // Of D-dimer: two units that differ by half, told apart by an annotation only.
    private static readonly string[] CountingNotes = ["FEU", "DDU"];

    private static readonly Unit None = Unknown("");

    // The units of every push are the same few: a table of fixed size, as of Recurring.
    private static readonly Known?[] Table = new Known?[Places];

    /// <summary>The unit of a UCUM code or of its name; of nothing, one without a name.</summary>
    public static Unit Of(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return None;
        if (text.Length > MostCharacters)
            return Unknown(text);
        ref var place = ref Table[text.GetHashCode(StringComparison.Ordinal) & (Places - 1)];
        var known = Volatile.Read(ref place);
        if (known?.Text == text)
            return known.Unit;
        known = new Known(text, Read(text));
        Volatile.Write(ref place, known);
        return known.Unit;
    }

    private static Unit Read(string text)
    {
        var compact = Compact(text);
        var (bare, note) = Bare(compact);
        if (TryRead(bare) is { } unit)
            return note.Length == 0 ? unit : unit with { Name = $"{unit.Name} {note}" };
        return Unknown(compact.Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal));
    }

    private static Unit? TryRead(string text)
    {
        var parts = UnitTable.WholeOf(text).Split('/');
        if (parts.Length == 1)
            return UnitTable.Counted(text) is { } simple ? Named(simple.Name, simple.Factor) : PowerOfTen(text) is { } power ? new Unit("", power) : null;
        var above = parts[0].Length == 0 ? new Unit("1", ExactNumber.One) : UnitTable.Counted(parts[0]);
        if (above is null && PowerOfTen(parts[0]) is { } count)
            above = new Unit("1", count);
        if (above is null)
            return null;
        var factor = above.Factor;
        var below = new List<string>(parts.Length - 1);
        foreach (var part in parts.Skip(1))
        {
            if (UnitTable.Per(part) is not { } per || factor.Times(per.Factor) is not { } product)
                return null;
            factor = product;
            below.Add(per.Name);
        }

        below.Sort(StringComparer.Ordinal);
        return Named($"{(above.Name == "1" ? "" : above.Name)}/{string.Join('/', below)}", factor);
    }

    // A volume in a volume is what laboratories give as a fraction or in per cent. Grams in grams and moles in moles stay what they are:
    // HbA1c of 48 mmol/mol is not 4.8 %.
    private static Unit Named(string name, ExactNumber factor) => name switch
    {
        "1" => new Unit("", factor),
        "L/L" => new Unit("%", new ExactNumber(factor.Digits, factor.Exponent + 2)),
        _ => new Unit(name, factor),
    };

    // 10*9, 10^9, x10^9, 10E9: UCUM writes the first.
    private static ExactNumber? PowerOfTen(string text)
    {
        var rest = text.AsSpan().TrimStart("xX*");
        if (!rest.StartsWith("10"))
            return null;
        rest = rest[2..];
        var power = rest.TrimStart("*^eE");
        return power.Length < rest.Length && int.TryParse(power, NumberStyles.None, CultureInfo.InvariantCulture, out var exponent) && exponent <= 18
            ? new ExactNumber(1, exponent)
            : null;
    }

    // Without white space, in ASCII: micro as u, a raised figure behind a figure as a power.
    private static string Compact(string text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
                continue;
            if (Raised(c) is not { } figure)
            {
                compact.Append(c switch { '\u00B5' or '\u03BC' => 'u', '×' => 'x', '·' => '.', _ => c });
                continue;
            }

            if (compact.ToString().EndsWith("10", StringComparison.Ordinal))
                compact.Append('^');
            compact.Append(figure);
        }

        return compact.ToString();
    }

    private static char? Raised(char c) => c switch
    {
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁰' or (>= '⁴' and <= '⁹') => (char)('0' + (c - '⁰')),
        _ => null,
    };

    // UCUM: what stands in braces does not change the unit. Body surface and the units of D-dimer do, whatever they stand in.
    private static (string Unit, string Note) Bare(string text)
    {
        var note = CountingNotes.FirstOrDefault(n => text.Contains(n, StringComparison.OrdinalIgnoreCase)) ?? "";
        var bare = text;
        if (note.Length > 0)
            bare = bare.Replace($"({note})", "", StringComparison.OrdinalIgnoreCase).Replace($"{note}", "", StringComparison.OrdinalIgnoreCase);
        bare = bare.Replace("{1.73", "1.73", StringComparison.Ordinal);
        for (var open = bare.IndexOf('{', StringComparison.Ordinal); open >= 0; open = bare.IndexOf('{', StringComparison.Ordinal))
        {
            var close = bare.IndexOf('}', open);
            if (close < 0)
                break;
            // An annotation alone may name the unit: {tablet}.
            bare = open == 0 && close == bare.Length - 1 ? bare[1..^1] : bare.Remove(open, close - open + 1);
        }

        return (bare.TrimEnd('}'), note);
    }

    // Words for people, such as tablet or Tablets: how they are written says nothing.
    private static Unit Unknown(string name)
    {
        var folded = name.Any(char.IsDigit) || name.Contains('/', StringComparison.Ordinal) ? name : Folded.Text(name);
        return new Unit(folded.Length > 4 && folded[^1] == 's' ? folded[..^1] : folded.Length > 0 ? folded : name, ExactNumber.One) { IsKnown = false };
    }

    private sealed record Known(string Text, Unit Unit);
}
