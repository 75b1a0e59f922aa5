using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Lhcre.Record;

namespace Lhcre.Intake.Door;

/// <summary>
/// Gives the verdict of <see cref="StrictReading.Report"/> on a resource without reading it with the FHIR library: in one pass over its bytes,
/// without objects, by tables made of the library's own metadata.
/// </summary>
internal static class FastDoor
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Limits.JsonDepth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>The verdict on one resource. Bytes that are not sound JSON in the sense of <see cref="JsonSoundness"/> are rejected.</summary>
    public static Verdict Check(ReadOnlySpan<byte> resource)
    {
        var findings = default(NoFindings);
        return Check(resource, ref findings, out _);
    }

    /// <summary>The verdict on one resource, and what <paramref name="findings"/> makes of it.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="findings">What is made of it holds only where it is accepted.</param>
    /// <param name="type">The table of its type; null only where it is not accepted.</param>
    public static Verdict Check<TFindings>(ReadOnlySpan<byte> resource, ref TFindings findings, out TypeTable? type)
        where TFindings : struct, IFindings
    {
        type = null;
        if (!Utf8.IsValid(resource))
            return Verdict.Rejected;
        // The library's own checks of dates and numbers go by the culture of the thread.
        var culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        var reader = new Utf8JsonReader(resource, Options);
        var walk = new ResourceWalk<TFindings>(reader, ref findings);
        try
        {
            walk.Read();
            var verdict = walk.Resource(isContained: false, out type);
            // Behind it nothing may stand: the reader throws where something does.
            return verdict == Verdict.Accepted && walk.Read() ? Verdict.Rejected : verdict;
        }
        catch (JsonException)
        {
            return Verdict.Rejected;
        }
        catch (InvalidOperationException)
        {
            // A text with half of a surrogate pair.
            return Verdict.Undecided;
        }
        finally
        {
            walk.Dispose();
            CultureInfo.CurrentCulture = culture;
        }
    }
}
