using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lhcre.Record;

/// <summary>
/// Reads <see cref="Facts"/> from a resource's bytes in one pass, without the FHIR object model. <see cref="Number"/> goes up with every
/// change of what it reads: rows made by an older reader are read again when they are next loaded.
/// </summary>
public static class FactsReader
{
    /// <summary>The number of this reader, journalled in every row.</summary>
    public const byte Number = 1;

    // When a source says itself, outside meta, that it wrote this down. In the order in which they are believed.
    private static readonly string[] RecordingElements = ["issued", "recordedDate", "recorded", "dateAsserted", "authoredOn", "created", "date"];

    /// <summary>Reads the facts of one resource.</summary>
    /// <param name="type">Its <c>resourceType</c>.</param>
    /// <param name="id">Its <c>id</c>.</param>
    /// <param name="resource">Its JSON.</param>
    /// <exception cref="JsonException">The bytes are not one JSON object, or a text that is read is not Unicode.</exception>
    public static Facts Read(string type, string id, ReadOnlySpan<byte> resource)
    {
        var draft = new Draft(PatientCompartment.SubjectElement(type));
        try
        {
            Take(draft, resource);
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException(Layout.NotUnicode, exception);
        }

        return draft.Finish(type, id);
    }

    private static void Take(Draft draft, ReadOnlySpan<byte> resource)
    {
        var reader = new Utf8JsonReader(resource, Limits.JsonReader);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("A resource is a JSON object.");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            draft.Take(name, ref reader);
        }
    }

    // One resource being read. Every Take leaves the reader at the end of the value that it was given.
    private sealed class Draft(string? subjectElement)
    {
        private readonly ImmutableArray<Identifier>.Builder _identifiers = ImmutableArray.CreateBuilder<Identifier>();
        private readonly ImmutableArray<Coding>.Builder _codes = ImmutableArray.CreateBuilder<Coding>();
        private readonly ImmutableArray<Coding>.Builder _security = ImmutableArray.CreateBuilder<Coding>();
        private readonly HashSet<string> _patients = new(StringComparer.Ordinal);
        private readonly DateTimeOffset?[] _recording = new DateTimeOffset?[RecordingElements.Length];
        private string? _versionId;
        private DateTimeOffset? _lastUpdated;
        private string? _subjectId;
        private Identifier? _subjectIdentifier;
        private string? _nhsNumberStatus;

        public void Take(string name, ref Utf8JsonReader reader)
        {
            if (name == subjectElement)
                TakeSubject(ref reader);
            else if (name == "meta")
                TakeMeta(ref reader);
            else if (name == "identifier")
                ForEach(ref reader, (Draft d, ref Utf8JsonReader r) => d.TakeIdentifier(ref r));
            else if (name is "code" or "vaccineCode" or "medicationCodeableConcept" && reader.TokenType == JsonTokenType.StartObject)
                TakeConcept(ref reader, _codes);
            else if (Array.IndexOf(RecordingElements, name) is var rank and >= 0 && reader.TokenType == JsonTokenType.String)
                _recording[rank] = Instant(reader.GetString());
            else
                TakePatients(ref reader);
        }

        public Facts Finish(string type, string id)
        {
            var nested = subjectElement is null && PatientCompartment.Contains(type) && type != "Patient";
            return new Facts
            {
                VersionId = _versionId,
                LastUpdated = _lastUpdated,
                Recorded = _lastUpdated ?? _recording.FirstOrDefault(r => r is not null),
                SubjectId = type == "Patient" ? id : _subjectId ?? (nested && _patients.Count == 1 ? _patients.First() : null),
                SubjectIdentifier = _subjectIdentifier,
                NamesSeveralPatients = nested && _patients.Count > 1,
                Identifiers = _identifiers.DrainToImmutable(),
                NhsNumberStatus = type == "Patient" ? _nhsNumberStatus : null,
                Codes = Recurring.Codings(_codes.DrainToImmutable()),
                Security = Recurring.Codings(_security.DrainToImmutable()),
            };
        }

        private delegate void Step(Draft draft, ref Utf8JsonReader reader);

        private delegate void Member(string name, ref Utf8JsonReader reader);

        // A list, or the single value that some send in its place.
        private void ForEach(ref Utf8JsonReader reader, Step step)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                step(this, ref reader);
                return;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                step(this, ref reader);
        }

        private static void ForEachMember(ref Utf8JsonReader reader, Member member)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                return;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                member(name, ref reader);
            }
        }

        private static string? Text(ref Utf8JsonReader reader)
        {
            if (reader.TokenType == JsonTokenType.String)
                return reader.GetString();
            reader.Skip();
            return null;
        }

        private void TakeSubject(ref Utf8JsonReader reader) => ForEachMember(ref reader, (string name, ref Utf8JsonReader r) =>
        {
            if (name == "reference")
                _subjectId = PatientId(Text(ref r)) ?? _subjectId;
            else if (name == "identifier" && r.TokenType == JsonTokenType.StartObject)
                _subjectIdentifier = ReadIdentifier(ref r);
            else
                r.Skip();
        });

        private void TakeMeta(ref Utf8JsonReader reader) => ForEachMember(ref reader, (string name, ref Utf8JsonReader r) =>
        {
            if (name == "versionId")
                _versionId = Text(ref r);
            else if (name == "lastUpdated")
                _lastUpdated = Instant(Text(ref r));
            else if (name == "security")
                ForEach(ref r, static (Draft d, ref Utf8JsonReader c) => TakeCoding(ref c, d._security));
            else
                r.Skip();
        });

        private void TakeIdentifier(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                reader.Skip();
            else if (ReadIdentifier(ref reader) is { } identifier)
                _identifiers.Add(identifier);
        }

        private Identifier? ReadIdentifier(ref Utf8JsonReader reader)
        {
            string? system = null, value = null, type = null, status = null;
            ForEachMember(ref reader, (string name, ref Utf8JsonReader r) =>
            {
                if (name == "system")
                    system = Text(ref r)?.Trim();
                else if (name == "value")
                    value = Text(ref r)?.Trim();
                else if (name == "type")
                    type = FirstCode(ref r);
                else if (name == "extension")
                    ForEach(ref r, (Draft _, ref Utf8JsonReader e) => status = ReadStatus(ref e) ?? status);
                else
                    r.Skip();
            });
            if (NhsNumber.IsSystem(system))
                _nhsNumberStatus ??= status;
            return string.IsNullOrEmpty(value) ? null : new Identifier(string.IsNullOrEmpty(system) ? null : Recurring.Text(system), value, type);
        }

        private static string? ReadStatus(ref Utf8JsonReader reader)
        {
            string? url = null, code = null;
            ForEachMember(ref reader, (string name, ref Utf8JsonReader r) =>
            {
                if (name == "url")
                    url = Text(ref r);
                else if (name == "valueCodeableConcept")
                    code = FirstCode(ref r);
                else
                    r.Skip();
            });
            return url == VerificationStatus.Extension ? VerificationStatus.Of(code) : null;
        }

        private static string? FirstCode(ref Utf8JsonReader reader)
        {
            var codings = ImmutableArray.CreateBuilder<Coding>();
            TakeConcept(ref reader, codings);
            return codings.Count > 0 ? codings[0].Code : null;
        }

        private static void TakeConcept(ref Utf8JsonReader reader, ImmutableArray<Coding>.Builder codings) =>
            ForEachMember(ref reader, (string name, ref Utf8JsonReader r) =>
            {
                if (name != "coding" || r.TokenType != JsonTokenType.StartArray)
                {
                    r.Skip();
                    return;
                }

                while (r.Read() && r.TokenType != JsonTokenType.EndArray)
                    TakeCoding(ref r, codings);
            });

        private static void TakeCoding(ref Utf8JsonReader reader, ImmutableArray<Coding>.Builder codings)
        {
            string? system = null, code = null;
            ForEachMember(ref reader, (string name, ref Utf8JsonReader r) =>
            {
                if (name == "system")
                    system = Text(ref r);
                else if (name == "code")
                    code = Text(ref r);
                else
                    r.Skip();
            });
            if (!string.IsNullOrEmpty(code))
                codings.Add(new Coding(Recurring.TextOrNull(system), Recurring.Text(code)));
        }

        // Types whose subject is nested are about the Patients that they refer to anywhere.
        private void TakePatients(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
                return;
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("reference"u8))
                    continue;
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && PatientId(reader.GetString()) is { } patient)
                    _patients.Add(patient);
            }
        }

        private static string? PatientId(string? reference) =>
            reference is not null && Fragment.LocalTarget("", reference) is { Type: "Patient" } target ? target.Id : null;

        // A date without a time, or a time without a zone, is not an instant, and is not made one; nor is the 0001-01-01T00:00:00Z that
        // software writes where it has none.
        private static DateTimeOffset? Instant(string? text) =>
            text is { Length: > 19 } && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            && instant.UtcTicks > 0
                ? instant
                : null;
    }
}
