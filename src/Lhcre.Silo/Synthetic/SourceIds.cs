using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Lhcre.Silo.Synthetic;

/// <summary>
/// What one source calls the resources of one person: ids, fullUrls and references. A practice or a doctor has the same id in every
/// person's Bundle of that source.
/// </summary>
internal sealed class SourceIds
{
    public const string Patient = "patient";
    public const string Practice = "practice";
    public const string Hospital = "hospital";
    public const string Gp = "gp";
    public const string Consultant = "consultant";

    private readonly string _source;
    private readonly bool _byUuid;
    private readonly string _personId;
    private readonly Dictionary<string, (string Type, string Id)> _supporting;
    private readonly HashSet<SyntheticFact> _told;

    public SourceIds(SyntheticPerson person, SourceVoice voice, PushForm form)
    {
        _source = voice.Source;
        _byUuid = form is PushForm.Transaction or PushForm.Message;
        _personId = person.Number.ToString("'p'000000", CultureInfo.InvariantCulture);
        var hospital = WessexPlaces.Hospital(voice.Source);
        _supporting = new(StringComparer.Ordinal)
        {
            [Patient] = ("Patient", _personId),
            [Practice] = ("Organization", person.Practice.OdsCode.ToLowerInvariant()),
            [Hospital] = ("Organization", hospital.OdsCode.ToLowerInvariant()),
            [Gp] = ("Practitioner", "gmc" + WessexNames.Practitioner(person.Practice, person.Number % 3).GmcNumber),
            [Consultant] = ("Practitioner", "gmc" + WessexNames.Practitioner(hospital, person.Number % 5).GmcNumber),
        };
        _told = new(person.Tellings.Where(t => t.Source == voice.Source).Select(t => t.Fact), ReferenceEqualityComparer.Instance);
    }

    /// <summary>The source's own id of a resource; null where it leaves that to who receives it.</summary>
    public string Id(string who) => _supporting[who].Id;

    public string Id(SyntheticFact fact) => $"{_personId}-{fact.Number.ToString(CultureInfo.InvariantCulture)}";

    public string FullUrl(string type, string id) => _byUuid ? Uuid(type, id) : $"https://{_source}.example/fhir/{type}/{id}";

    public string Reference(string who) => Reference(_supporting[who].Type, _supporting[who].Id);

    public string? ReferenceTo(SyntheticFact fact) => _told.Contains(fact) ? Reference(fact.Type, Id(fact)) : null;

    private string Reference(string type, string id) => _byUuid ? Uuid(type, id) : $"{type}/{id}";

    private string Uuid(string type, string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{_source}/{type}/{id}"));
        return "urn:uuid:" + UuidOf(hash);
    }

    /// <summary>A uuid made of a hash (RFC 9562, version 8).</summary>
    public static Guid UuidOf(ReadOnlySpan<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[16];
        hash[..16].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
