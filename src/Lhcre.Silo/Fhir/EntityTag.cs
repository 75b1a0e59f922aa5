using System.Globalization;
using Lhcre.Contracts;
using Lhcre.Record;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Fhir;

/// <summary>
/// The entity tags of answers. All are weak: a resource's is its version, in whatever format, since clients make it of <c>meta.versionId</c>
/// (FHIR http.html#versioning); a Bundle's begins with the record's and names besides whatever else its bytes depend on.
/// </summary>
internal static class EntityTag
{
    /// <summary>Of one resource: its <c>meta.versionId</c>; where it depends on the sources' configuration as well, that and the merge rules besides.</summary>
    public static string OfResource(ReadAnswer answer, Media media) => answer.Sources == 0
        ? string.Create(CultureInfo.InvariantCulture, $"W/\"{answer.Version}{Restricted(answer)}\"")
        : string.Create(CultureInfo.InvariantCulture, $"W/\"{answer.Version}.{PatientRecord.MergeRules}.{answer.Sources:x}{Restricted(answer)}{media.TagSuffix}\"");

    /// <summary>
    /// Of a Bundle: record version, merge rules, how the sources are configured, what is known of them now, whether it is confirmed, and how it
    /// is written.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="person">Whose it is, where the URL does not say so: another person's may be asked for under it later.</param>
    /// <param name="sourceStatus">The generation of what is known of the sources.</param>
    /// <param name="media">How it is written.</param>
    public static string OfBundle(ReadAnswer answer, PatientKey? person, long sourceStatus, Media media) => string.Create(
        CultureInfo.InvariantCulture,
        $"W/\"{answer.Version}.{PatientRecord.MergeRules}.{answer.Sources:x}.{sourceStatus}{Person(person)}{Restricted(answer)}{(answer.IsUnconfirmed ? ".unconfirmed" : "")}{media.TagSuffix}\"");

    /// <summary>Whether a tag is among those of an <c>If-None-Match</c>, compared weakly (RFC 9110 section 13.1.2); <c>*</c> is any.</summary>
    public static bool Matches(StringValues ifNoneMatch, string tag)
    {
        foreach (var line in ifNoneMatch)
        {
            foreach (var range in Members(line))
            {
                var member = line.AsSpan(range);
                if (member is "*" || WithoutWeakness(member).SequenceEqual(WithoutWeakness(tag)))
                    return true;
            }
        }

        return false;
    }

    /// <summary>The newest version that tags of ours name; null where there is none.</summary>
    public static long? NewestVersion(StringValues ifNoneMatch)
    {
        long? newest = null;
        foreach (var line in ifNoneMatch)
        {
            foreach (var range in Members(line))
            {
                var tag = WithoutWeakness(line.AsSpan(range)).Trim('"');
                var end = tag.IndexOf('.');
                if (long.TryParse(end < 0 ? tag : tag[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && !(newest >= version))
                    newest = version;
            }
        }

        return newest;
    }

    // The same version is shown otherwise as long as the person is restricted.
    private static string Restricted(ReadAnswer answer) => answer.IsRestricted ? ".restricted" : "";

    // Eight characters of the pseudonym: two persons who share a version and a URL differ in them.
    private static ReadOnlySpan<char> Person(PatientKey? person) => person is { } key ? $".{key.Value.AsSpan(1, 8)}" : default;

    private static ReadOnlySpan<char> WithoutWeakness(ReadOnlySpan<char> tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    // The members of a list, trimmed. A comma within quotes is none of ours, and splits a tag that matches nothing.
    private static List<Range> Members(string? line)
    {
        var members = new List<Range>(1);
        for (var from = 0; line is not null && from <= line.Length;)
        {
            var comma = line.IndexOf(',', from);
            var to = comma < 0 ? line.Length : comma;
            var (start, end) = (from, to);
            while (start < end && line[start] is ' ' or '\t')
                start++;
            while (end > start && line[end - 1] is ' ' or '\t')
                end--;
            if (end > start)
                members.Add(start..end);
            from = to + 1;
        }

        return members;
    }
}
