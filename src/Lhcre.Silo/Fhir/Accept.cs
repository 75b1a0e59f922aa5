using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Fhir;

/// <summary>In which of the media types that are written here a client wants its answer.</summary>
internal static class Accept
{
    // FHIR's own short names (http.html#mime-type); browsers and scripts use them in links.
    private static readonly Dictionary<string, string> Short = new(StringComparer.OrdinalIgnoreCase)
    {
        ["json"] = "application/fhir+json",
        ["xml"] = "application/fhir+xml",
        ["html"] = "text/html",
    };

    /// <summary>
    /// By <c>_format</c> where it is given, which outranks the header (FHIR http.html#parameters); else by <c>Accept</c>: the greatest weight,
    /// among equals the one that is named more precisely, then the one that stands first. Null where nothing of it is written here.
    /// </summary>
    /// <param name="format">The values of <c>_format</c>; more than one is none that can be met.</param>
    /// <param name="accept">The header's values; without any, everything is taken.</param>
    /// <param name="hasPage">Whether what is asked for is written as HTML too.</param>
    public static Media? Choose(StringValues format, StringValues accept, bool hasPage = false)
    {
        if (format.Count > 0 && !string.IsNullOrWhiteSpace(format[0]))
            return format.Count == 1 ? ByFormat(format[0]!, hasPage) : null;
        if (StringValues.IsNullOrEmpty(accept))
            return Media.FhirJson;
        // What nearly every client sends, without reading it apart.
        foreach (var media in Media.All)
        {
            if (accept.Count == 1 && accept[0] == media.Name && (hasPage || media.Kind != MediaKind.Html))
                return media;
        }

        return ByHeader(accept, hasPage);
    }

    // In a URL the plus of fhir+json arrives as a space.
    private static Media? ByFormat(string format, bool hasPage)
    {
        var name = format.Trim().Replace(' ', '+');
        return ByHeader(Short.GetValueOrDefault(name, name), hasPage);
    }

    private static Media? ByHeader(StringValues accept, bool hasPage)
    {
        Weighted[] wanted = [.. Weighted.Read(accept).Where(w => TakesRelease(w))];
        (Media? Media, double Weight, int Precision, int Place) best = default;
        foreach (var media in Written(hasPage))
        {
            // Of all that name it, the most precise one says how much it is wanted.
            var (weight, precision, place) = (0d, 0, 0);
            for (var i = 0; i < wanted.Length; i++)
            {
                if (Precision(wanted[i].Name, media.Name) is var named and > 0 && named > precision)
                    (weight, precision, place) = (wanted[i].Weight, named, i);
            }

            if (weight > best.Weight || (weight > 0 && weight == best.Weight && (precision > best.Precision || (precision == best.Precision && place < best.Place))))
                best = (media, weight, precision, place);
        }

        return best.Media;
    }

    private static IEnumerable<Media> Written(bool hasPage) => hasPage ? Media.All : Media.All.Where(m => m.Kind != MediaKind.Html);

    // 3 for the very name, 2 for all of its kind, 1 for anything, 0 for another.
    private static int Precision(string range, string name)
    {
        if (range.Equals(name, StringComparison.OrdinalIgnoreCase))
            return 3;
        if (range == "*/*" || range == "*")
            return 1;
        return range.EndsWith("/*", StringComparison.Ordinal) && name.StartsWith(range[..^1], StringComparison.OrdinalIgnoreCase) ? 2 : 0;
    }

    // FHIR http.html#version-parameter: a client may name the release that it reads, by its first two numbers.
    private static bool TakesRelease(Weighted wanted) => wanted.Parameter("fhirVersion") is null or "4.0" or "4.0.1";
}
