namespace Lhcre.Cluster.Tests.Load;

/// <summary>One thing that a push says of a person.</summary>
/// <param name="Person">Of whom.</param>
/// <param name="Reference">The resource, <c>Type/id</c> at the source.</param>
/// <param name="Value">The value in it; null for a Patient.</param>
internal sealed record Statement(Person Person, string Reference, int? Value);

/// <summary>A push with an id of its own, under which it may be sent until it is acknowledged.</summary>
internal sealed record Push(string Id, string Source, HttpMethod Method, string Path, string Body, IReadOnlyList<Statement> Statements)
{
    /// <summary>One resource.</summary>
    public static Push Put(string id, string source, Statement said, string resource) =>
        new(id, source, HttpMethod.Put, $"sources/{source}/fhir/{said.Reference}", resource, [said]);

    /// <summary>Several: a transaction where they are of one person, else a batch.</summary>
    public static Push Bundle(string id, string source, IReadOnlyList<(Statement Said, string Resource)> entries)
    {
        var type = entries.Select(e => e.Said.Person).Distinct().Count() == 1 ? "transaction" : "batch";
        var texts = entries.Select(e => $$$"""{"resource":{{{e.Resource}}},"request":{"method":"PUT","url":"{{{e.Said.Reference}}}"}}""");
        var body = $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', texts)}}]}""";
        return new Push(id, source, HttpMethod.Post, $"sources/{source}/fhir", body, [.. entries.Select(e => e.Said)]);
    }

    /// <summary>The request, as often as it is asked for.</summary>
    public Call Call => new(Method, Path, Body, Id);
}
