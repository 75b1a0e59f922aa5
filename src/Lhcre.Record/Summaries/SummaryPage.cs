using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Record.Summaries;

/// <summary>
/// Writes a record's summary as a page for people (<c>text/html; charset=utf-8</c>): the narratives of <see cref="SummaryDocument"/> under headings. It stands
/// alone, with no script and nothing that is fetched, and can be read by a screen reader and on paper.
/// </summary>
public static class SummaryPage
{
    private const string Style =
        "body{font:1rem/1.5 Arial,sans-serif;color:#212b32;background:#fff;margin:0 auto;padding:1rem;max-width:75rem}"
        + "h1{font-size:2rem;margin:0 0 1rem}h2{font-size:1.5rem;margin:2rem 0 .5rem;border-bottom:.25rem solid #005eb8}"
        + "table{border-collapse:collapse;width:100%;margin:0 0 1rem}caption{text-align:left;font-weight:bold;padding:.5rem 0}"
        + "th,td{text-align:left;vertical-align:top;padding:.5rem;border-bottom:1px solid #aeb7bd;overflow-wrap:anywhere}"
        + "strong{display:inline-block;margin-top:.25rem;padding:.125rem .5rem;border-left:.25rem solid #d5281b}"
        + "a{color:#005eb8}a:focus{outline:.25rem solid #ffeb3b;color:#212b32}"
        + "@media print{body{max-width:none;padding:0}section{break-inside:avoid-page}nav{display:none}}";

    /// <summary>The <c>Content-Security-Policy</c> under which it is whole: nothing but its own style.</summary>
    public static string ContentSecurityPolicy { get; } =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The page in bytes (UTF-8). The same arguments give the same bytes.</summary>
    /// <inheritdoc cref="SummaryDocument.Write(PatientRecord, SourceSystems, DateTimeOffset, IReadOnlyList{Issue}?)" path="/param"/>
    public static byte[] Write(PatientRecord record, SourceSystems sources, DateTimeOffset now, IReadOnlyList<Issue>? notices = null)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(sources);
        var summary = Summary.Of(record, sources, now, notices ?? []);
        // The title goes into a browser's history: it names nobody.
        var page = new StringBuilder("<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"/>")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/><meta name=\"robots\" content=\"noindex\"/><meta name=\"referrer\" content=\"no-referrer\"/>")
            .Append("<title>Patient summary</title><style>").Append(Style).Append("</style></head><body><header><h1>Patient summary</h1>")
            .Append(summary.Overview.Content).Append("</header><nav aria-label=\"Sections\"><ul>");
        foreach (var section in summary.Sections)
            page.Append("<li><a href=\"#s-").Append(section.Code.Code).Append("\">").Append(Narrative.Escaped(section.Title)).Append("</a></li>");
        page.Append("</ul></nav><main>");
        foreach (var section in summary.Sections)
        {
            page.Append("<section aria-labelledby=\"s-").Append(section.Code.Code).Append("\"><h2 id=\"s-").Append(section.Code.Code).Append("\">")
                .Append(Narrative.Escaped(section.Title)).Append("</h2>").Append(section.Narrative.Content).Append("</section>");
        }

        return Encoding.UTF8.GetBytes(page.Append("</main></body></html>\n").ToString());
    }
}
