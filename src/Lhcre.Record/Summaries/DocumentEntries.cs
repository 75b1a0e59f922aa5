using System.Text;

namespace Lhcre.Record.Summaries;

/// <summary>
/// The resources of a document behind its Composition: those of the sections, and whatever they refer to, so that every reference resolves inside
/// (FHIR R4, documents.html). Served words, in which only what the profiles demand is put in.
/// </summary>
internal sealed class DocumentEntries
{
    // FHIR R4, json.html: the extensions of an element of a primitive type stand in its sibling.
    private static readonly byte[] Unknown = Encoding.UTF8.GetBytes($"\"_reference\":{MandatoryElements.AbsentBecause("unknown")}");

    private readonly PatientRecord _record;
    private readonly List<byte[]> _entries = [];
    private readonly Queue<MergedResource> _toWrite = new();
    private readonly HashSet<string> _known = [];

    private DocumentEntries(PatientRecord record) => _record = record;

    private static ReadOnlySpan<byte> ReferenceMember => "\"reference\":\""u8;

    /// <summary>All entries but the first, in the order of the sections, then of what is referred to.</summary>
    public static List<byte[]> Of(Summary summary, AuthoredResource author)
    {
        var entries = new DocumentEntries(summary.Record);
        if (summary.Patient is { } patient)
            entries.WriteFirst(patient);
        else
            entries.Add(AuthoredResource.UnknownPatient(summary.Record.Key));
        entries.Add(author);
        foreach (var section in summary.Sections)
        {
            foreach (var item in section.Items)
                entries.Add(item.Resource, item.Reference);
            if (section.Absent is { } absent)
                entries.Add(absent);
        }

        while (entries._toWrite.TryDequeue(out var resource))
            entries.Write(resource);
        return entries._entries;
    }

    /// <summary>One entry, the address such that relative references between entries resolve (FHIR R4, bundle.html, "Resolving references").</summary>
    public static byte[] Entry(Addresses addresses, string reference, ReadOnlySpan<byte> resource) =>
        [.. addresses.FullUrlPrefix, .. Encoding.UTF8.GetBytes(reference), .. Rendering.ResourceMember, .. resource, .. "}"u8];

    private void Add(AuthoredResource resource)
    {
        _known.Add(resource.Reference);
        var missing = resource.Reference.StartsWith("Patient/", StringComparison.Ordinal) ? MandatoryElements.Missing("Patient", resource.Bytes, _record.Key, false) : [];
        _entries.Add(Entry(_record.Addresses, resource.Reference, JsonText.Replace(resource.Bytes, missing)));
    }

    private void Add(MergedResource resource, string reference)
    {
        if (_known.Add(reference))
            _toWrite.Enqueue(resource);
    }

    private void WriteFirst(SummaryItem item)
    {
        _known.Add(item.Reference);
        Write(item.Resource);
    }

    private void Write(MergedResource resource)
    {
        var bytes = resource.Resource.Span;
        var edits = MandatoryElements.Missing(resource.Type, bytes, _record.Key, resource.Shown?.Facts.IsEnteredInError == true);
        if (NoneKnownCoding.Of(new SummaryItem(resource)) is { } coding)
            edits.Add(coding);
        foreach (var slot in Layout.Read(bytes).References)
        {
            if (edits.Exists(e => e.Range == slot.Value))
                continue;
            if (Resolved(slot) is { } text)
                edits.Add((slot.Value, Encoding.UTF8.GetBytes(text)));
            else if (LeadsNowhere(slot) && Member(bytes, slot) is { } member)
                edits.Add((member, Unknown));
        }

        edits.Sort((left, right) => left.Range.Start.CompareTo(right.Range.Start));
        _entries.Add(Entry(_record.Addresses, $"{resource.Type}/{resource.Id}", JsonText.Replace(bytes, edits)));
    }

    // What was never received, or is gone: who follows it finds nothing, here or at its source's address. Whatever else the Reference says stays, such as an
    // identifier. What is contained, and what stands at somebody else's address, is not for this record to judge.
    private bool LeadsNowhere(ReferenceSlot slot)
    {
        if (slot.IsUrl || slot.Text.StartsWith('#') || _known.Contains(slot.Text))
            return false;
        if (slot.Text.Split('/') is ["Binary", var idText] && MergedId.TryParse(idText, out var id) && _record.Find("Binary", id, out _) is not null)
            return false;
        return slot.Text.StartsWith($"{_record.Addresses.Base}/", StringComparison.Ordinal)
            || !(slot.Text.StartsWith("http://", StringComparison.Ordinal) || slot.Text.StartsWith("https://", StringComparison.Ordinal));
    }

    // The whole member, its name too; null where the words of its absence stand beside it already, since a name stands only once in an object.
    private static ByteRange? Member(ReadOnlySpan<byte> resource, ReferenceSlot slot)
    {
        var start = slot.Value.Start - ReferenceMember.Length;
        return start >= 0 && resource[start..slot.Value.Start].SequenceEqual(ReferenceMember) && resource.IndexOf("\"_reference\":"u8) < 0
            ? new ByteRange(start, ReferenceMember.Length + slot.Value.Length + 1)
            : null;
    }

    // The new text of a reference, and its target comes along; null where it stays. What is no literal reference into this record stays: contained,
    // elsewhere. A Binary is fetched from where it is served: a scanned letter is no part of a summary.
    private string? Resolved(ReferenceSlot slot)
    {
        if (slot.Text.Split('/') is not [var type, var idText] || !MergedId.TryParse(idText, out var id) || id.Patient != _record.Key || _known.Contains(slot.Text))
            return null;
        if (_record.Find(type, id, out _) is not { } target)
            return slot.IsUrl ? $"{_record.Addresses.Merged}/{slot.Text}" : null;
        if (slot.IsUrl || type == "Binary")
            return $"{_record.Addresses.Merged}/{slot.Text}";
        var reference = $"{type}/{target.Id}";
        Add(target, reference);
        return reference == slot.Text ? null : reference;
    }
}
