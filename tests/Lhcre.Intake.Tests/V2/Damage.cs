using System.Text;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Damages a message as careless senders, broken lines and hostile ones do: fields, segments, separators, charsets, bytes.</summary>
internal sealed class Damage(Random random)
{
    private static readonly string[] Odd =
    [
        "", " ", "\"\"", "0", "-1", "1e400", "99999999999999999999", "NaN", "20261341", "2026", "20260229", "202603021300+9999", "20260302130000.123456789+0100", "00000000", "^", "^^^^^^", "~", "~~",
        "&", "&&", "a&b&c^d&e~f^g", "\\", "\\F\\", "\\.br\\", "\\X00\\", "\\XFF\\", "\\XED\\A\\X80\\", "\\.sp20\\", "\\C2842\\", "\u0000", "\u0001", "\u001b", "\u0085", "\u202e", "\ud83d\ude00", "\uffff", "<script>", "{\"a\":1}",
        "^^^NHS^NH", "9999999999^^^NHS^NH", "1^^^A&not a uri&URI^MR", "urn:oid:1.2.3", "http://[", "../../x", "A01", "${template}", "F", "D", "X", "W", "ED", "NM", "SN", "RP", "DTM", "RDZ^AP^PDF^Base64^!!!", ">^^:^", "<=^1^-^x",
    ];

    private static readonly string[] Charsets = ["8859/1", "8859/3", "ASCII", "UNICODE UTF-16", "GB 18030-2000", "BIG-5", "EBCDIC", "~", "\"\""];
    private static readonly string[] Separators = [@"|^~\&", @"|^~\&#", @"|^~\\&", "|^~", "|^", "|", "$*%?@", "|||||", "^|~\\&", "|^~\\^", "||", " ^~\\&", "|aBcD", "!\u00a7~\\&"];

    /// <summary>One to four damages of a message.</summary>
    public byte[] Of(string message)
    {
        var (segments, end) = (message.Split('\r', StringSplitOptions.RemoveEmptyEntries).ToList(), "\r");
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            switch (random.Next(14))
            {
                case < 6:
                    Field(segments);
                    break;
                case 6:
                    segments.RemoveAt(random.Next(segments.Count));
                    break;
                case 7:
                    segments.Insert(random.Next(segments.Count + 1), Pick(segments));
                    break;
                case 8:
                    Swap(segments);
                    break;
                case 9:
                    segments.Insert(random.Next(segments.Count + 1), Pick<string>(["PID|2||X", "ZZZ", "NTE|1||more\nlines", "MSH|^~\\&|second", "OBX|1|NM", "pid|1", "\u000b", "BTS|1", "OBR", "ORC|CA"]));
                    break;
                case 10:
                    // The separators of the whole, as somebody who knows them would write it, or of the header alone.
                    segments[0] = segments[0].Replace(@"MSH|^~\&", "MSH" + Pick(Separators), StringComparison.Ordinal);
                    break;
                case 11:
                    end = Pick<string>(["\n", "\r\n", "\n\r", "\r\r", "", "\u0085", "\v", "\u001c\r"]);
                    break;
                case 12:
                    segments[0] = segments[0].Replace("UNICODE UTF-8", Pick(Charsets), StringComparison.Ordinal);
                    break;
                default:
                    Multiply(segments);
                    break;
            }

            if (segments.Count == 0)
                return [];
        }

        var bytes = Encode(string.Concat(segments.Select(s => s + end)));
        for (var n = random.Next(3) == 0 ? random.Next(1, 4) : 0; n > 0 && bytes.Length > 0; n--)
            bytes = Bytes(bytes);
        return bytes;
    }

    private void Field(List<string> segments)
    {
        var at = random.Next(segments.Count);
        var fields = segments[at].Split('|');
        var field = random.Next(fields.Length);
        fields[field] = random.Next(4) switch
        {
            0 => Pick(Odd),
            1 => fields[field] + Pick(Odd),
            2 => Part(fields[field], '^'),
            _ => Pick(segments[random.Next(segments.Count)].Split('|')),
        };
        segments[at] = string.Join('|', fields);
    }

    private string Part(string field, char separator)
    {
        var parts = field.Split(separator);
        parts[random.Next(parts.Length)] = Pick(Odd);
        return string.Join(separator, parts);
    }

    private void Swap(List<string> segments)
    {
        var (a, b) = (random.Next(segments.Count), random.Next(segments.Count));
        (segments[a], segments[b]) = (segments[b], segments[a]);
    }

    // Much of something, now and then very much.
    private void Multiply(List<string> segments)
    {
        var at = random.Next(segments.Count);
        var times = random.Next(20) == 0 ? 5_000 : 50;
        if (random.Next(2) == 0)
            segments[at] += string.Concat(Enumerable.Repeat(Pick(["|", "~", "^", "&", "\\", "x", "\\.sp20\\", "~a^b&c"]), times));
        else
            segments.InsertRange(at, Enumerable.Repeat(segments[at], times / 10));
    }

    private byte[] Encode(string text) => random.Next(12) switch
    {
        0 => Encoding.Latin1.GetBytes(text),
        1 => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)],
        2 => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
        3 => Encoding.BigEndianUnicode.GetBytes(text),
        4 => [0x0B, .. Encoding.UTF8.GetBytes(text), 0x1C, 0x0D],
        _ => Encoding.UTF8.GetBytes(text),
    };

    private byte[] Bytes(byte[] bytes)
    {
        var from = random.Next(bytes.Length);
        var to = Math.Min(from + random.Next(1, 40), bytes.Length);
        return random.Next(5) switch
        {
            0 => bytes[..from],
            1 => [.. bytes[..from], .. bytes[to..]],
            2 => [.. bytes[..to], .. bytes[from..]],
            3 => [.. bytes[..from], (byte)random.Next(256), .. bytes[(from + 1)..]],
            _ => [.. bytes[..from], .. (byte[])[0xC3, 0x28, 0xFF], .. bytes[to..]],
        };
    }

    private T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];
}
