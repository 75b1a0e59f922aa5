using Lhcre.Record;
using Microsoft.AspNetCore.Http.Features;

namespace Lhcre.Silo.Fhir;

/// <summary>In which form each request is answered, and what is kept of answers in these forms.</summary>
internal sealed class Negotiation(ServeOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>The forms of warm answers.</summary>
    public KeptForms Forms { get; } = new(options.KeptBytes);

    /// <summary>Answers as XML.</summary>
    public XmlAnswers Xml { get; } = new();

    /// <summary>The clock by which answers are dated.</summary>
    public TimeProvider Clock => clock;

    /// <summary>When this process began to answer: what it knows of the sources is not older.</summary>
    public DateTimeOffset Began { get; } = clock.GetUtcNow();

    /// <summary>Answers in a form that the client takes, or tells it that there is none.</summary>
    /// <param name="handle">Answers.</param>
    /// <param name="hasPage">Whether the answer is written as HTML too.</param>
    public static RequestDelegate Negotiated(RequestDelegate handle, bool hasPage = false) => http =>
        HttpMethods.IsPost(http.Request.Method) && Query.IsForm(http.Request) ? AnswerForm(http, handle, hasPage) : Answer(http, handle, hasPage);

    private static async Task AnswerForm(HttpContext http, RequestDelegate handle, bool hasPage)
    {
        try
        {
            await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (InvalidDataException)
        {
            // Over 1,024 parameters, a name over 2,048 characters or a value over 4 MiB (FormOptions).
            throw new BadHttpRequestException("The form is larger than forms are read here.");
        }

        await Answer(http, handle, hasPage);
    }

    private static Task Answer(HttpContext http, RequestDelegate handle, bool hasPage)
    {
        var wanted = (hasPage ? null : http.Features.Get<Wanted>()) ?? Wanted.Read(http, http.Features.GetRequiredFeature<Negotiation>(), hasPage);
        return wanted.Media is null ? Answers.Issue(http, IssueCodes.NotAcceptable)
            : wanted.Coding is null ? Answers.Issue(http, IssueCodes.NoContentCoding)
            : wanted.PartRefusal is { } refusal ? Answers.Issues(http, refusal)
            : handle(http);
    }

    /// <inheritdoc/>
    public void Dispose() => Xml.Dispose();
}
