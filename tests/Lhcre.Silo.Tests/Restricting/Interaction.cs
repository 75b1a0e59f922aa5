using Lhcre.Silo.Tests.Http;

namespace Lhcre.Silo.Tests.Restricting;

/// <summary>One request, of one kind of interaction.</summary>
/// <param name="Kind">The interaction as the server offers it: method and path.</param>
/// <param name="Path">What is asked for.</param>
/// <param name="Form">What is posted as a form, or as a Parameters resource; null for nothing.</param>
/// <param name="Accept">In which form it is answered.</param>
/// <param name="IsStrict">Whether by <c>Prefer: handling=strict</c>.</param>
internal sealed record Interaction(string Kind, string Path, string? Form = null, string Accept = "application/fhir+json", bool IsStrict = false)
{
    public string Method => Kind.Split(' ')[0];

    public async Task<Answer> Answered(TestSilo silo, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), Path);
        if (Form is not null)
            request.Content = Form.StartsWith('{') ? TestSilo.Fhir(Form) : new StringContent(Form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        request.Headers.TryAddWithoutValidation("Accept", Accept);
        if (IsStrict)
            request.Headers.TryAddWithoutValidation("Prefer", "handling=strict");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await silo.Client.SendAsync(request);
        return new Answer(response.StatusCode, response.Headers, response.Content.Headers, await response.Content.ReadAsStringAsync());
    }
}
