using System.Text.Json;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>What an entry of a batch or transaction asks for; <see cref="Fault"/> says why it cannot be taken.</summary>
internal sealed record EntryRequest(string Method, string? Type, string? Id, Issue? Fault, bool HasCondition)
{
    private static readonly string[] Conditions = ["ifNoneExist", "ifMatch", "ifNoneMatch", "ifModifiedSince"];

    /// <summary>The request of an entry of a message, collection or document: its <c>resource.id</c> counts.</summary>
    public static readonly EntryRequest None = new("POST", null, null, null, false);

    /// <summary>Reads <c>entry.request</c>.</summary>
    public static EntryRequest Read(ReadOnlySpan<byte> json, JsonPart? request, string sourceBase, string path)
    {
        if (request is not { IsObject: true } given)
            return Refused("POST", IssueCodes.InvalidRequest, null, path);
        var members = JsonOutline.Members(json, given);
        var method = JsonOutline.Text(json, members, "method");
        var url = JsonOutline.Text(json, members, "url");
        if (method is null || url is null || members.DistinctBy(m => m.Name).Count() != members.Count)
            return Refused(method ?? "POST", IssueCodes.InvalidRequest, null, path);
        if (method is not ("POST" or "PUT" or "DELETE"))
        {
            var code = method is "GET" or "HEAD" or "PATCH" ? IssueCodes.InteractionNotSupported : IssueCodes.InvalidRequest;
            return Refused(method, code, method, $"{path}.method");
        }

        var parts = Relative(url, sourceBase).Split('/');
        if (parts.Length != (method == "POST" ? 1 : 2) || parts[0].Length == 0 || !parts[0].All(char.IsAsciiLetter))
            return Refused(method, IssueCodes.InteractionNotSupported, $"{method} {url}", $"{path}.url");
        var (type, id) = (parts[0], parts.ElementAtOrDefault(1));
        if (!FhirTypes.IsResource(type))
            return Refused(method, IssueCodes.UnknownType, type, $"{path}.url");
        if (id is not null && !EntryKey.IsValidId(id))
            return Refused(method, IssueCodes.InvalidId, id, $"{path}.url");
        return new EntryRequest(method, type, id, null, members.Any(m => Conditions.Contains(m.Name) && m.Value.Kind != JsonTokenType.Null));
    }

    private static EntryRequest Refused(string method, IssueCode code, string? said, string path) =>
        new(method, null, null, new Issue(code, said, path), false);

    private static string Relative(string url, string sourceBase) =>
        url.StartsWith(sourceBase + "/", StringComparison.Ordinal) ? url[(sourceBase.Length + 1)..] : url.TrimStart('/');
}
