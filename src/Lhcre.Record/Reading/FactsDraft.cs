using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>
/// The facts of one resource while it is read: what every type has, and the places for what its type's method of
/// <see cref="ComparedElements"/> finds.
/// </summary>
internal sealed class FactsDraft(string type)
{
    // When a source says itself, outside meta, that it wrote this down. In the order in which they are believed.
    private static readonly string[] RecordingElements = ["issued", "recordedDate", "recorded", "dateAsserted", "authoredOn", "created", "date"];

    private readonly string? _subjectElement = PatientCompartment.SubjectElement(type);
    private readonly bool _isNested = PatientCompartment.SubjectElement(type) is null && PatientCompartment.Contains(type) && type != "Patient";
    private readonly List<Identifier> _identifiers = [];
    private readonly List<Coding> _security = [];
    private readonly List<FactPart> _parts = [];
    private readonly List<Coding> _concept = [];
    private HashSet<string>? _patients;
    private string? _versionId;
    private DateTimeOffset? _lastUpdated;
    private DateTimeOffset? _recorded;
    private int _recordedBy = int.MaxValue;
    private string? _subjectId;
    private Identifier? _subjectIdentifier;
    private string? _nhsNumberStatus;
    private readonly List<Coding> _codes = [];
    private readonly List<Coding> _otherCodes = [];
    private MedicationReference? _medication;
    private string? _words;
    private string? _otherWords;
    private ClinicalDate _when;
    private ClinicalDate _start;
    private string? _status;
    private bool _isEnteredInError;

    /// <summary>Which medicine it is where it stands in another resource.</summary>
    public MedicationReference Medication => _medication ??= new MedicationReference();

    /// <summary>Takes the member at whose name the reader stands.</summary>
    public void Take(ref Utf8JsonReader reader)
    {
        if (_subjectElement is not null && reader.ValueTextEquals(_subjectElement))
            TakeSubject(ref reader);
        else if (Json.Is(ref reader, "meta"u8))
            TakeMeta(ref reader);
        else if (Json.Is(ref reader, "identifier"u8))
            TakeIdentifiers(ref reader);
        else if (Json.Is(ref reader, "status"u8))
            TakeStatus(Json.Text(ref reader));
        else if (!TakeRecording(ref reader))
            TakeAnother(ref reader);
    }

    /// <summary>What the resource says.</summary>
    public void TakeCodes(ref Utf8JsonReader reader) => _words = Concept.Read(ref reader, _codes) ?? _words;

    /// <summary>What it says by another element, which counts where the first one has no coding.</summary>
    public void TakeOtherCodes(ref Utf8JsonReader reader) => TakeOther([], Concept.Read(ref reader, _otherCodes));

    /// <summary>The same of a concept that was read already.</summary>
    public void TakeOther(IEnumerable<Coding> codings, string? words)
    {
        _otherCodes.AddRange(codings);
        // Of several the first in order: which one is named first says nothing.
        if (words is not null && (_otherWords is null || string.CompareOrdinal(words, _otherWords) < 0))
            _otherWords = words;
    }

    /// <summary>The dateTime by which the resource is dated.</summary>
    public void TakeWhen(ref Utf8JsonReader reader) => _when = ClinicalDate.Parse(Json.Text(ref reader));

    /// <summary>The same from the start of a Period, which counts where there is no dateTime.</summary>
    public void TakeStart(ref Utf8JsonReader reader) => _start = ClinicalDate.Parse(Concept.Start(ref reader));

    /// <summary><c>identifier</c>, or a single one.</summary>
    public void TakeIdentifiers(ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (Identification.Read(ref reader, ref _nhsNumberStatus) is { } identifier)
                _identifiers.Add(identifier);
        }
    }

    /// <summary><c>authoredOn</c> where it also dates the resource.</summary>
    public void TakeAuthoredOn(ref Utf8JsonReader reader)
    {
        var text = Json.Text(ref reader);
        _when = ClinicalDate.Parse(text);
        TakeRecorded(Array.IndexOf(RecordingElements, "authoredOn"), text);
    }

    /// <summary>A statement, where there is one.</summary>
    public void Add(FactElement element, string form, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            _parts.Add(new FactPart(element, Recurring.Text(form), FactPart.Recurs(element) ? Recurring.Text(value) : value));
    }

    /// <summary>A list of concepts: their codings, or the words of one that has none.</summary>
    public void AddConcepts(ref Utf8JsonReader reader, FactElement element)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
            Add(element, Concept.Forms(ref reader));
    }

    /// <summary>A Coding; its words count for nothing.</summary>
    public void AddCoding(ref Utf8JsonReader reader, FactElement element)
    {
        _concept.Clear();
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
            Concept.ReadCoding(ref reader, _concept);
        foreach (var coding in _concept)
            Add(element, coding.System ?? "", coding.Code);
    }

    /// <summary>The source's own ids of the resources of a type that are referred to.</summary>
    public void AddReferences(ref Utf8JsonReader reader, FactElement element, string target)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
            Add(element, target, Concept.OwnId(Concept.Reference(ref reader).Reference, target));
    }

    /// <summary>Values in their forms.</summary>
    public void Add(FactElement element, IEnumerable<(string Form, string Value)> values)
    {
        foreach (var (form, value) in values)
            Add(element, form, value);
    }

    /// <summary>
    /// The code of a status that is a concept: HL7's own, else the first. <c>entered-in-error</c> is no value of it, but takes the resource back.
    /// </summary>
    public void AddStatus(ref Utf8JsonReader reader, FactElement element)
    {
        _concept.Clear();
        if (reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } text)
            _concept.Add(new Coding(null, text)); // as STU3 had it
        else
            Concept.Read(ref reader, _concept);
        if (_concept.Any(c => c.Code == "entered-in-error"))
            _isEnteredInError = true;
        else if (_concept.Count > 0)
            Add(element, "", _concept.FirstOrDefault(c => c.System?.StartsWith("http://terminology.hl7.org/", StringComparison.Ordinal) == true, _concept[0]).Code);
    }

    /// <summary>All that was found.</summary>
    public Facts Finish(string id)
    {
        _medication?.Finish(this);
        var codes = _codes.Count > 0 ? _codes : _otherCodes;
        Add(FactElement.Status, "", ComparedElements.StatusOf(type, _status));
        if (type == "Encounter")
        {
            foreach (var visit in _identifiers.Where(i => i.System is null))
                Add(FactElement.Visit, "", visit.Value);
        }

        return new Facts
        {
            VersionId = _versionId,
            LastUpdated = _lastUpdated,
            Recorded = _lastUpdated ?? _recorded,
            SubjectId = type == "Patient" ? id : _subjectId ?? (_patients is { Count: 1 } ? _patients.First() : null),
            SubjectIdentifier = _subjectIdentifier,
            NamesSeveralPatients = _patients is { Count: > 1 },
            Identifiers = [.. _identifiers],
            NhsNumberStatus = type == "Patient" ? _nhsNumberStatus : null,
            Codes = Recurring.Codings([.. codes]),
            Words = codes.Count == 0 ? _words ?? _otherWords : null,
            When = _when.Precision != Precision.None ? _when : _start,
            IsEnteredInError = _isEnteredInError,
            Parts = SortedParts(),
            Security = Recurring.Codings([.. _security]),
        };
    }

    private ImmutableArray<FactPart> SortedParts()
    {
        if (_parts.Count == 0)
            return [];
        _parts.Sort();
        var parts = ImmutableArray.CreateBuilder<FactPart>(_parts.Count);
        foreach (var part in _parts)
        {
            if (parts.Count == 0 || parts[^1] != part)
                parts.Add(part);
        }

        return parts.DrainToImmutable();
    }

    private void TakeStatus(string? status)
    {
        if (status == "entered-in-error")
            _isEnteredInError = true;
        else
            _status = status;
    }

    private bool TakeRecording(ref Utf8JsonReader reader)
    {
        for (var rank = 0; rank < RecordingElements.Length; rank++)
        {
            if (!reader.ValueTextEquals(RecordingElements[rank]))
                continue;
            reader.Read();
            TakeRecorded(rank, Json.Text(ref reader));
            return true;
        }

        return false;
    }

    private void TakeRecorded(int rank, string? text)
    {
        if (rank < _recordedBy && Instant(text) is { } instant)
            (_recorded, _recordedBy) = (instant, rank);
    }

    private void TakeSubject(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (!Json.Enters(ref reader))
            return;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "reference"u8))
                _subjectId = Concept.OwnId(Json.Text(ref reader), "Patient") ?? _subjectId;
            else if (Json.Is(ref reader, "identifier"u8))
                _subjectIdentifier = Identification.Read(ref reader, ref _nhsNumberStatus) ?? _subjectIdentifier;
            else
                reader.Skip();
        }
    }

    private void TakeMeta(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "versionId"u8))
            {
                _versionId = Json.Text(ref reader);
            }
            else if (Json.Is(ref reader, "lastUpdated"u8))
            {
                _lastUpdated = Instant(Json.Text(ref reader));
            }
            else if (Json.Is(ref reader, "security"u8))
            {
                for (var items = Items.Of(ref reader); items.Next(ref reader);)
                    Concept.ReadCoding(ref reader, _security);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    // Types whose subject is nested are about the Patients that they refer to anywhere.
    private void TakeAnother(ref Utf8JsonReader reader)
    {
        if (!_isNested)
        {
            reader.Skip();
            return;
        }

        reader.Read();
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !Json.Is(ref reader, "reference"u8))
                continue;
            if (reader.TokenType == JsonTokenType.String && Concept.OwnId(reader.GetString(), "Patient") is { } patient)
                (_patients ??= new HashSet<string>(StringComparer.Ordinal)).Add(patient);
        }
    }

    // A date without a time, or a time without a zone, is not an instant, and is not made one; nor is the 0001-01-01T00:00:00Z that
    // software writes where it has none.
    private static DateTimeOffset? Instant(string? text) =>
        text is { Length: > 19 } && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-')
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
        && instant.UtcTicks > 0
            ? instant
            : null;
}
