using System.Text;

namespace Lhcre.Record.Summaries;

/// <summary>
/// Writes a narrative as FHIR allows it (R4, narrative.html: a subset of XHTML without scripts, forms and styles), every text escaped. Well-formed
/// as XML and as HTML alike.
/// </summary>
internal sealed class Narrative
{
    private readonly StringBuilder _text = new();

    /// <summary>What was written, without an element around it.</summary>
    public string Content => _text.ToString();

    /// <summary>The same as a resource or section carries it in <c>text.div</c>.</summary>
    public string Division => $"<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en-GB\" xml:lang=\"en-GB\">{_text}</div>";

    /// <summary>A paragraph.</summary>
    public void Paragraph(string text) => _text.Append("<p>").Append(Escaped(text)).Append("</p>");

    /// <summary>A list, an item a line; nothing where there are none.</summary>
    public void List(IReadOnlyCollection<string> items)
    {
        if (items.Count == 0)
            return;
        _text.Append("<ul>");
        foreach (var item in items)
            _text.Append("<li>").Append(Escaped(item)).Append("</li>");
        _text.Append("</ul>");
    }

    /// <summary>A table of names and values, the names as headers.</summary>
    public void Facts(string caption, IEnumerable<(string Name, string? Value)> facts)
    {
        _text.Append("<table><caption>").Append(Escaped(caption)).Append("</caption><tbody>");
        foreach (var (name, value) in facts.Where(f => f.Value is not null))
            _text.Append("<tr><th scope=\"row\">").Append(Escaped(name)).Append("</th><td>").Append(Escaped(value!)).Append("</td></tr>");
        _text.Append("</tbody></table>");
    }

    /// <summary>A table, the first cell of each row its header.</summary>
    /// <param name="caption">What it is of.</param>
    /// <param name="columns">The headers.</param>
    /// <param name="rows">The rows.</param>
    public void Table(string caption, IReadOnlyList<string> columns, IEnumerable<NarrativeRow> rows)
    {
        _text.Append("<table><caption>").Append(Escaped(caption)).Append("</caption><thead><tr>");
        foreach (var column in columns)
            _text.Append("<th scope=\"col\">").Append(Escaped(column)).Append("</th>");
        _text.Append("</tr></thead><tbody>");
        foreach (var row in rows)
            Write(row);
        _text.Append("</tbody></table>");
    }

    /// <summary>A text as it stands in XML, as content or in quotes. What XML 1.0 has no place for becomes a question mark in a diamond.</summary>
    public static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                '\t' or '\n' or '\r' => escaped.Append(' '),
                < 0x20 or 0x7F or 0xFFFE or 0xFFFF => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    private void Write(NarrativeRow row)
    {
        _text.Append("<tr>");
        for (var i = 0; i < row.Cells.Count; i++)
        {
            _text.Append(i == 0 ? "<th scope=\"row\">" : "<td>").Append(Escaped(row.Cells[i] ?? ""));
            foreach (var remark in i == 0 ? row.Remarks : [])
                _text.Append("<br/><strong>").Append(Escaped(remark)).Append("</strong>");
            _text.Append(i == 0 ? "</th>" : "</td>");
        }

        _text.Append("</tr>");
    }
}

/// <summary>A row of a narrative's table.</summary>
/// <param name="Cells">One for each column; null for nothing to say.</param>
/// <param name="Remarks">What a reader must not overlook, below the first cell.</param>
internal sealed record NarrativeRow(IReadOnlyList<string?> Cells, IReadOnlyList<string> Remarks);
