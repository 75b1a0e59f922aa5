using System.Buffers;
using System.Text;
using System.Text.Json;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>
/// Writes a disagreement as a FHIR <c>DetectedIssue</c>: what, between whom, since when. It names elements and sources, and no value: those
/// stand in the resources that it points at.
/// </summary>
internal static class DisagreementRendering
{
    private const string CodeSystem = "https://fhir.wessexcarerecords.org.uk/CodeSystem/conflict";
    private const string Withheld = "Withheld, since date of birth and name contradict: what ";
    private const string Differ = " differ in ";

    /// <summary>One Bundle entry.</summary>
    /// <param name="addresses">Where the record is served.</param>
    /// <param name="patient">Whose record.</param>
    /// <param name="hasPatient">Whether the record shows a Patient.</param>
    /// <param name="disagreement">What is shown.</param>
    /// <param name="members">The entries on all sides, by key.</param>
    /// <param name="referenceTo">The reference to a side, or to what a source has withdrawn.</param>
    /// <param name="version">The row.</param>
    /// <param name="at">When it is appended.</param>
    public static RenderedSegment Write(
        Addresses addresses, PatientKey patient, bool hasPatient, Disagreement disagreement, IReadOnlyList<Entry> members,
        Func<EntryKey, string> referenceTo, long version, DateTimeOffset at)
    {
        var id = new MergedId(patient, disagreement.Address.Hash()).ToString();
        var target = Rendering.Begin(addresses, "DetectedIssue", id);
        var start = target.WrittenCount;
        target.Write("{\"resourceType\":\"DetectedIssue\",\"id\":\""u8);
        Rendering.Text(target, id);
        target.Write("\",\"meta\":{\"extension\":["u8);
        MetaRendering.WriteContributors(target, members);
        target.Write("],"u8);
        var stampStart = target.WrittenCount;
        MetaRendering.WriteStamp(target, version, at);
        // Since when is a stamp of ours too, and stands with the others.
        target.Write("},\"identifiedDateTime\":\""u8);
        Rendering.Text(target, Rendering.Instant(disagreement.Since));
        target.Write("\""u8);
        var stamp = new ByteRange(stampStart, target.WrittenCount - stampStart);
        var (code, display) = CodeOf(disagreement);
        Rendering.Text(target, $",\"status\":\"final\",\"code\":{{\"coding\":[{{\"system\":\"{CodeSystem}\",\"code\":\"{code}\",\"display\":\"{display}\"}}]}}");
        // A record may know a person of whom no source has sent a Patient yet: a reference leads to something that is there.
        if (hasPatient)
            Rendering.Text(target, $",\"patient\":{{\"reference\":\"Patient/{patient}\"}}");
        target.Write(",\"implicated\":["u8);
        Rendering.Text(target, string.Join(',', disagreement.Sides.Concat(disagreement.Withdrawn).Select(side => Implicated(addresses, side, referenceTo))));
        target.Write("],\"detail\":"u8);
        target.Write(JsonSerializer.SerializeToUtf8Bytes(Detail(disagreement, members)));
        target.Write("}"u8);
        return Rendering.End(target, start, stamp);
    }

    /// <summary>Whether the entry of one tells that the wrong-patient guard withholds a Patient.</summary>
    public static bool TellsOfWithheld(ReadOnlySpan<byte> entry) => entry.IndexOf(Encoding.UTF8.GetBytes($"\"{CodeSystem}\"")) >= 0 && entry.IndexOf(Encoding.UTF8.GetBytes(Withheld)) >= 0;

    /// <summary>What a disagreement that is written here says in words, without the sources; null of a <c>DetectedIssue</c> that a source states.</summary>
    public static string? Anonymous(JsonElement issue)
    {
        if (!issue.TryGetProperty("code", out var code) || !code.TryGetProperty("coding", out var codings) || codings.ValueKind != JsonValueKind.Array
            || !codings.EnumerateArray().Any(c => c.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.String && system.ValueEquals(CodeSystem)))
            return null;
        var detail = issue.GetProperty("detail").GetString()!;
        var differ = detail.IndexOf(Differ, StringComparison.Ordinal) is >= 0 and var start ? $"Sources{detail[start..(detail.IndexOf('.', start) + 1)]}" : "";
        var withdrawn = detail.Contains(Withheld, StringComparison.Ordinal) ? "Withheld, since date of birth and name contradict: what is filed under this NHS number as another Patient."
            : detail.Contains("Withdrawn by ", StringComparison.Ordinal) ? "Withdrawn by one source, still stated by another."
            : "";
        return $"{differ} {withdrawn}".Trim();
    }

    // All Patients are one merged resource: each source's own is named by where it stands. Keys hold nothing that JSON would escape.
    private static string Implicated(Addresses addresses, EntryKey side, Func<EntryKey, string> referenceTo) =>
        side.Type == "Patient"
            ? $"{{\"reference\":\"{referenceTo(side)}\",\"identifier\":{{\"system\":\"{addresses.Source(side.Source)}\",\"value\":\"{side.Reference}\"}},\"display\":\"{side.Source}\"}}"
            : $"{{\"reference\":\"{referenceTo(side)}\"}}";

    private static bool IsOfPatients(Disagreement disagreement) => disagreement.Sides[0].Type == "Patient";

    private static (string Code, string Display) CodeOf(Disagreement disagreement) =>
        IsOfPatients(disagreement) ? ("demographics", "Sources differ in the person's demographics")
        : disagreement.Elements.IsEmpty ? ("withdrawn", "Withdrawn by one source and still stated by another")
        : ("contested", "Sources contradict each other");

    private static string Detail(Disagreement disagreement, IReadOnlyList<Entry> members)
    {
        var sources = string.Join(", ", members.Select(m => m.Key.Source).Distinct());
        var differ = disagreement.Elements.IsEmpty ? "" : $"{sources}{Differ}{string.Join(", ", disagreement.Elements.Select(Comparison.NameOf))}.";
        var withdrawn = disagreement.Withdrawn.IsEmpty
            ? ""
            : IsOfPatients(disagreement)
            ? $"{Withheld}{string.Join(", ", disagreement.Withdrawn.Select(w => w.Source).Distinct())} files under this NHS number as another Patient."
            : $"Withdrawn by {string.Join(", ", disagreement.Withdrawn.Select(w => w.Source).Distinct())}, still stated by {sources}.";
        return $"{differ} {withdrawn}".Trim();
    }
}
