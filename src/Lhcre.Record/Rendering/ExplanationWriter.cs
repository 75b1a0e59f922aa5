using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Lhcre.Record.Matching;

namespace Lhcre.Record;

/// <summary>
/// Writes what stands behind an id of the merged record as a FHIR <c>Parameters</c>: <c>status</c> (<c>shown</c>, <c>withheld</c> or
/// <c>withdrawn</c>); where it is shown, <c>resource</c>, and a <c>join</c>, <c>addition</c>, <c>notJoined</c> for each; a <c>member</c> for
/// each entry that states it, a <c>former</c> for each that is withdrawn; of a disagreement its <c>element</c>s and a <c>side</c> for each
/// entry; of the Patient a <c>withheld</c> for each that is taken for somebody else's. Entries are referred to at their sources' bases. Of a restricted person it tells
/// what became of the entries, and of none whose it is.
/// </summary>
public static class ExplanationWriter
{
    /// <summary>The Parameters; null where nothing was ever known under this id.</summary>
    /// <param name="record">The record.</param>
    /// <param name="type">The type in the request.</param>
    /// <param name="id">The id in the request; of this person.</param>
    /// <param name="sources">The names of sources.</param>
    public static byte[]? Write(PatientRecord record, string type, MergedId id, SourceSystems sources)
    {
        if (record.Behind is { } whole)
            return Restriction.Shows(type) ? Write(whole, type, id, sources, isRestricted: true) : null;
        return Write(record, type, id, sources, isRestricted: false);
    }

    private static byte[]? Write(PatientRecord record, string type, MergedId id, SourceSystems sources, bool isRestricted)
    {
        var resource = record.Find(type, id, out _);
        ImmutableArray<EntryKey> asked = resource is null ? KeysOf(record, type, id) : [];
        if (resource is null && asked.IsEmpty)
            return null;
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("resourceType", "Parameters");
            writer.WriteStartArray("parameter");
            var draft = new Draft(writer, record, sources, isRestricted);
            if (resource is not null)
                draft.Shown(resource, record.Explain(resource));
            else
                draft.NotShown([.. asked.Select(record.Entry).OfType<Entry>()]);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    // The merged Patient's id names no member: all Patients are one.
    private static ImmutableArray<EntryKey> KeysOf(PatientRecord record, string type, MergedId id)
    {
        if (id.Member is not { } hash)
            return type == "Patient" ? [.. record.Entries.ToArray().Select(e => e.Key).Where(k => k.Type == "Patient")] : [];
        return record.KeyOf(hash) is { } key && key.Type == type ? [key] : [];
    }

    private sealed class Draft(Utf8JsonWriter writer, PatientRecord record, SourceSystems sources, bool isRestricted)
    {
        public void Shown(MergedResource resource, Explanation explanation)
        {
            Parameter("status", w => w.WriteString("valueCode", "shown"));
            Parameter("resource", w => Reference(w, resource));
            foreach (var member in explanation.Members)
                Group("member", () => Member(member, ReferenceEquals(member, explanation.Shown)));
            foreach (var join in explanation.Joins)
            {
                Group("join", () =>
                {
                    if (!isRestricted)
                    {
                        Parameter("left", w => w.WriteString("valueUri", Url(join.Left)));
                        Parameter("right", w => w.WriteString("valueUri", Url(join.Right)));
                    }

                    Parameter("rule", w => w.WriteNumber("valueInteger", join.Rule));
                    // An identifier tells who gave it.
                    if (!isRestricted)
                        Parameter("through", w => w.WriteString("valueString", join.Through));
                });
            }

            foreach (var addition in isRestricted ? [] : explanation.Additions)
            {
                Group("addition", () =>
                {
                    Parameter("element", w => w.WriteString("valueString", addition.Element));
                    if (addition.Value is { } value)
                        Parameter("value", w => w.WriteString("valueString", value));
                    Parameter("source", w => w.WriteString("valueCode", addition.Source));
                });
            }

            foreach (var apart in explanation.Aparts.Where(a => !isRestricted || Restriction.Shows(a.Other.Type)))
            {
                Group("notJoined", () =>
                {
                    Parameter("resource", w => Reference(w, apart.Other));
                    Parameter("kind", w => w.WriteString("valueCode", apart.Kind));
                    Parameter("why", w => w.WriteString("valueString", isRestricted && apart.Kind == "withdrawn" ? apart.Kind : apart.Why));
                });
            }

            foreach (var former in explanation.Former)
                Former(former);
            if (resource.Disagreement is { } disagreement)
                Disagreement(resource, disagreement);
            // One merged Patient is shown, whoever else is filed under the same number.
            foreach (var withheld in resource.Type == "Patient" ? record.Withheld.Where(e => e.Key.Type == "Patient") : [])
                Group("withheld", () => Withheld(withheld));
        }

        public void NotShown(IReadOnlyList<Entry> entries)
        {
            var isWithheld = entries.Any(e => e.IsLive);
            Parameter("status", w => w.WriteString("valueCode", isWithheld ? "withheld" : "withdrawn"));
            if (isWithheld)
                WhyWithheld();
            foreach (var entry in entries.Where(e => e.IsLive))
                Group("member", () => Member(entry, isShown: false));
            foreach (var entry in entries.Where(e => !e.IsLive))
                Former(entry.Key);
        }

        private void Withheld(Entry entry)
        {
            WhyWithheld();
            Member(entry, isShown: false);
        }

        private void WhyWithheld()
        {
            Parameter("code", w => w.WriteString("valueCode", IssueCodes.Withheld.Code));
            Parameter("reason", w => w.WriteString("valueString", IssueCodes.Withheld.Meaning));
        }

        private void Disagreement(MergedResource resource, Disagreement disagreement)
        {
            foreach (var element in disagreement.Elements)
                Parameter("element", w => w.WriteString("valueString", Comparison.NameOf(element)));
            foreach (var member in record.MembersBehind(resource))
                Group("side", () => Member(member, isShown: false));
            foreach (var withdrawn in disagreement.Withdrawn)
                Former(withdrawn);
        }

        private void Member(Entry member, bool isShown)
        {
            Source(member.Key);
            Version(member);
            if (member.Recorded is { } recorded)
                Parameter("recorded", w => w.WriteString("valueInstant", Rendering.Instant(recorded)));
            Parameter("row", w => w.WriteString("valueString", member.Seq.ToString(CultureInfo.InvariantCulture)));
            Parameter("shown", w => w.WriteBoolean("valueBoolean", isShown));
            if (member.Facts.IsEnteredInError)
                Parameter("enteredInError", w => w.WriteBoolean("valueBoolean", true));
        }

        private void Former(EntryKey key) => Group("former", () =>
        {
            Source(key);
            if (record.Entry(key) is not { } entry)
                return;
            Version(entry);
            Parameter("withdrawal", w => w.WriteString("valueCode", entry.Kind switch
            {
                FragmentKind.Deleted when entry.Version.IsAbsence => "not-stated",
                FragmentKind.Deleted => "deleted",
                FragmentKind.Moved => "another-person",
                _ => "left",
            }));
        });

        private void Source(EntryKey key)
        {
            if (isRestricted)
                return;
            Parameter("source", w => w.WriteString("valueCode", key.Source));
            Parameter("name", w => w.WriteString("valueString", sources.Name(key.Source)));
            Parameter("reference", w => w.WriteString("valueUri", Url(key)));
        }

        // The source's own word for it, and the time by which it counts; a stamp that is ours says nothing of the source.
        private void Version(Entry entry)
        {
            if (!isRestricted && entry.Version is { IsAbsence: false, VersionId: { } id } && !string.IsNullOrWhiteSpace(id))
                Parameter("version", w => w.WriteString("valueString", id.Trim()));
            if (entry.Version is { IsDeclared: true, Time: { } time })
                Parameter("versionTime", w => w.WriteString("valueInstant", Rendering.Instant(time)));
        }

        private string Url(EntryKey key) => $"{record.Addresses.Source(key.Source)}/{key.Reference}";

        private static void Reference(Utf8JsonWriter writer, MergedResource resource)
        {
            writer.WriteStartObject("valueReference");
            writer.WriteString("reference", $"{resource.Type}/{resource.Id}");
            writer.WriteEndObject();
        }

        private void Group(string name, Action parts)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteStartArray("part");
            parts();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        private void Parameter(string name, Action<Utf8JsonWriter> value)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            value(writer);
            writer.WriteEndObject();
        }
    }
}
