using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Silo.Synthetic;

/// <summary>Writes what one source tells about one person as the FHIR Bundle that this source would send.</summary>
public sealed class SourceBundle
{
    // Practices and doctors were entered once, long before anybody came to see them.
    private static readonly DateTimeOffset FirstEntered = new(2020, 1, 6, 9, 0, 0, TimeSpan.Zero);

    private readonly SyntheticPerson _person;
    private readonly SourceVoice _voice;
    private readonly PushForm _form;
    private readonly SourceIds _ids;
    private readonly FhirJson _fhir;
    private int _resources;

    private SourceBundle(SyntheticPerson person, SourceVoice voice, FhirJson fhir)
    {
        _person = person;
        _voice = voice;
        _form = voice.Forms[person.Number % voice.Forms.Length];
        _ids = new SourceIds(person, voice, _form);
        _fhir = fhir;
    }

    /// <summary>The Bundle: Patient, practice, hospital, two doctors, and one resource for each telling of that source.</summary>
    public static SyntheticPush Write(SyntheticPerson person, SourceVoice voice)
    {
        using var fhir = new FhirJson(voice);
        var bundle = new SourceBundle(person, voice, fhir);
        bundle.Write();
        return new SyntheticPush(voice.Source, fhir.Finish(), bundle._resources);
    }

    private void Write()
    {
        var json = _fhir.Json;
        json.WriteStartObject();
        _fhir.Text("resourceType", "Bundle");
        _fhir.Text("type", _form.ToString().ToLowerInvariant());
        if (_form == PushForm.Message)
            _fhir.Date("timestamp", SyntheticRegion.AsOf, DatePrecision.Instant);
        json.WriteStartArray("entry");
        if (_form == PushForm.Message)
            MessageHeader();
        Supporting();
        foreach (var telling in _person.Tellings)
        {
            if (telling.Source == _voice.Source)
                Fact(telling);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void MessageHeader()
    {
        // The id of a message names its content, so that other content of the same person is another message.
        var text = string.Create(CultureInfo.InvariantCulture, $"{_voice.Source} {_person.Seed} {_person.Number} {_person.Tellings.Length}");
        var uuid = SourceIds.UuidOf(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        _fhir.Json.WriteStartObject();
        _fhir.Text("fullUrl", $"urn:uuid:{uuid}");
        _fhir.Object("resource", () =>
        {
            _fhir.Text("resourceType", "MessageHeader");
            _fhir.Text("id", uuid.ToString());
            _fhir.Object("eventCoding", () =>
            {
                _fhir.Text("system", _voice.System("event"));
                _fhir.Text("code", "record-update");
            });
            _fhir.Object("source", () =>
            {
                _fhir.Text("name", _voice.Source);
                _fhir.Text("endpoint", $"https://{_voice.Source}.example/fhir");
            });
            _fhir.ReferenceList("focus", [_ids.Reference(SourceIds.Patient)]);
        });
        _fhir.Json.WriteEndObject();
    }

    private void Supporting()
    {
        var hospital = WessexPlaces.Hospital(_voice.Source);
        Entry("Organization", _ids.Id(SourceIds.Practice), FirstEntered, 1, () => PersonJson.Organisation(_fhir, _person.Practice));
        Entry("Organization", _ids.Id(SourceIds.Hospital), FirstEntered, 1, () => PersonJson.Organisation(_fhir, hospital));
        Entry("Practitioner", _ids.Id(SourceIds.Gp), FirstEntered, 1, () =>
            PersonJson.Practitioner(_fhir, WessexNames.Practitioner(_person.Practice, _person.Number % 3)));
        Entry("Practitioner", _ids.Id(SourceIds.Consultant), FirstEntered, 1, () =>
            PersonJson.Practitioner(_fhir, WessexNames.Practitioner(hospital, _person.Number % 5)));
        Entry("Patient", _ids.Id(SourceIds.Patient), SyntheticRegion.AsOf.AddDays(-(_person.Number % 300)), 3, () =>
            PersonJson.Patient(_fhir, _person, _voice, _ids.Reference(SourceIds.Practice)));
    }

    private void Fact(Telling telling)
    {
        var fact = telling.Fact;
        Entry(fact.Type, _ids.Id(fact), fact.When.AddDays(7), 1 + (fact.Number % 3), () =>
        {
            if (telling.IdentifierOf is { } owner)
                _fhir.Identifier(SourceVoice.Of(owner).System(fact.Type.ToLowerInvariant()), $"{_ids.Id(fact)}");
            fact.Write(new FactJson(_fhir, _ids, telling));
        });
    }

    private void Entry(string type, string id, DateTimeOffset updated, int version, Action content)
    {
        _resources++;
        _fhir.Json.WriteStartObject();
        _fhir.Text("fullUrl", _ids.FullUrl(type, id));
        _fhir.Object("resource", () =>
        {
            _fhir.Text("resourceType", type);
            if (_form != PushForm.Transaction)
                _fhir.Text("id", id);
            _fhir.Object("meta", () =>
            {
                if (_form is PushForm.Batch or PushForm.Collection)
                {
                    _fhir.Text("versionId", version.ToString(CultureInfo.InvariantCulture));
                    _fhir.Date("lastUpdated", updated, DatePrecision.Instant);
                }

                _fhir.Json.WriteStartArray("profile");
                _fhir.Json.WriteStringValue("https://fhir.hl7.org.uk/StructureDefinition/UKCore-" + type);
                _fhir.Json.WriteEndArray();
            });
            content();
        });
        if (_form is PushForm.Batch or PushForm.Transaction)
        {
            _fhir.Object("request", () =>
            {
                _fhir.Text("method", _form == PushForm.Batch ? "PUT" : "POST");
                _fhir.Text("url", _form == PushForm.Batch ? $"{type}/{id}" : type);
            });
        }

        _fhir.Json.WriteEndObject();
    }
}
