using Lhcre.Intake;
using Lhcre.Record;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Fhir;

/// <summary>The form in which a request wants its answer: media type and content coding; and what is kept of the answer in that form.</summary>
internal sealed class Wanted
{
    private Wanted(Media? media, (ContentCoding? Coding, bool TakesPlain) encoding, (Subset? Part, Issue? Refusal) subset, Negotiation negotiation) =>
        (Media, Coding, TakesPlain, Part, PartRefusal, Negotiation) = (media, encoding.Coding, encoding.TakesPlain, subset.Part, subset.Refusal, negotiation);

    /// <summary>The media type; null where none that it takes is written here.</summary>
    public Media? Media { get; }

    /// <summary>The media type in which it is answered: what it takes, else JSON, in which it is told that there is nothing.</summary>
    public Media Written => Media is null or { Kind: MediaKind.Html } ? Media.FhirJson : Media;

    /// <summary>The coding that it wants most; null where it takes none that there is.</summary>
    public ContentCoding? Coding { get; }

    /// <summary>Whether it takes an answer that is not compressed.</summary>
    public bool TakesPlain { get; }

    /// <summary>Which part of each resource it wants (<c>_summary</c>, <c>_elements</c>); null for the whole.</summary>
    public Subset? Part { get; }

    /// <summary>Why the part that it wants cannot be read; null where it can.</summary>
    public Issue? PartRefusal { get; }

    /// <summary>Whether it is read by people (<c>_pretty=true</c>).</summary>
    public bool IsPretty { get; private init; }

    /// <summary>What all requests share.</summary>
    public Negotiation Negotiation { get; }

    /// <summary>Under what this answer is kept; null where it is not.</summary>
    public KeptForms.Key? Key { get; private set; }

    /// <summary>What is kept of it, which may be of an older version; null where nothing is.</summary>
    public KeptForm? Kept { get; private set; }

    /// <summary>Whose record is read; null where none is.</summary>
    public PatientKey? Person { get; private set; }

    /// <summary>Whether the URL alone says whose it is, and a GET asks for its merged record as it is now.</summary>
    public bool IsOfUrl { get; private set; }

    /// <summary>Whether it is the merged record that is read, whose stamps only ever rise.</summary>
    public bool IsMerged { get; private set; }

    /// <summary>Of a request; where nobody has read it yet, as its URL and headers say.</summary>
    public static Wanted Of(HttpContext http) => http.Features.Get<Wanted>() ?? Read(http, http.Features.GetRequiredFeature<Negotiation>(), hasPage: false);

    /// <summary>Reads it off a request, whose form has been read where it has one.</summary>
    /// <param name="http">The request.</param>
    /// <param name="negotiation">What all requests share.</param>
    /// <param name="hasPage">Whether what is asked for is written as HTML too.</param>
    public static Wanted Read(HttpContext http, Negotiation negotiation, bool hasPage)
    {
        var request = http.Request;
        var form = http.Features.Get<IFormFeature>()?.Form;
        var hasParameters = form is not null || MayHoldControls(request.QueryString.Value);
        var format = hasParameters ? Given("_format") : default;
        var part = hasParameters ? Subset.Read(Present(Given("_summary")), Present(Given("_elements")), FhirElements.Traits) : default;
        var wanted = new Wanted(Accept.Choose(format, request.Headers.Accept, hasPage), ContentCoding.Choose(request.Headers.AcceptEncoding), part, negotiation)
        {
            IsPretty = hasParameters && Given("_pretty") == "true",
        };
        http.Features.Set(wanted);
        return wanted;

        // In the URL, or with the other parameters of a search by POST.
        StringValues Given(string name) => request.Query[name] is { Count: > 0 } || form is null ? request.Query[name] : form[name];
    }

    // What says how to answer begins with an underscore, which may be written as its code: most queries are taken apart only once they are searched by.
    private static bool MayHoldControls(string? query) =>
        query is not null && (query.Contains("?_", StringComparison.Ordinal) || query.Contains("&_", StringComparison.Ordinal) || query.Contains("%5f", StringComparison.OrdinalIgnoreCase));

    private static string[] Present(StringValues values) => [.. values.OfType<string>()];

    /// <summary>Notes whose record is read, and finds what is kept of the answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="person">The person.</param>
    /// <param name="isBundle">Whether a Bundle is asked for, and not one resource: only Bundles are kept.</param>
    /// <param name="isMerged">Whether the merged record is read.</param>
    /// <param name="isOfUrl">Whether the URL alone says whose.</param>
    public void Reads(HttpContext http, PatientKey person, bool isBundle, bool isMerged, bool isOfUrl)
    {
        (Person, IsMerged, IsOfUrl) = (person, isMerged, isMerged && isOfUrl);
        if (isBundle)
            Find(http, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
    }

    /// <summary>Nobody's record is answered after all.</summary>
    public void ReadsNobody() => (Person, IsOfUrl, Key, Kept) = (null, false, null, null);

    /// <summary>What is kept of the answer to this URL, and shows by itself whether it still is; null for nothing.</summary>
    public KeptForm? ReadsKept(HttpContext http)
    {
        Find(http, http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (Kept?.Present is not { } present)
        {
            (Key, Kept) = (null, null);
            return null;
        }

        (Person, IsMerged, IsOfUrl) = (present.Person, true, true);
        return Kept;
    }

    /// <summary>Finds what is kept of an answer that is the same for everybody.</summary>
    public void ReadsCommon(HttpContext http)
    {
        if (!IsPretty)
            Find(http, http.Request.Path);
    }

    // The URL as it came, so that nothing is left out that the answer may depend on.
    private void Find(HttpContext http, string target)
    {
        if (!HttpMethods.IsGet(http.Request.Method) || Media is null || Coding is null)
            return;
        Key = new KeptForms.Key(target, IsOfUrl ? null : Person, Media.Kind, Coding.Name);
        Kept = Negotiation.Forms.Find(Key.Value);
    }
}
