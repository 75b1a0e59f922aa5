using Lhcre.Grains.Feeds;
using Lhcre.Intake;
using Lhcre.Record;
using Lhcre.Silo.Corrections;
using Lhcre.Silo.Erasing;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Imports;
using Lhcre.Silo.Operations;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo;

/// <summary>The HTTP surface, path by path. Paths are a contract.</summary>
internal static class Routes
{
    /// <summary><c>/fhir</c>: the merged record.</summary>
    public static void MapMerged(this WebApplication app, Addresses addresses)
    {
        var api = app.Services.GetRequiredService<MergedApi>();
        var record = app.Services.GetRequiredService<RecordApi>();
        var history = app.Services.GetRequiredService<HistoryApi>();
        var summary = app.Services.GetRequiredService<SummaryApi>();
        var erase = app.Services.GetRequiredService<EraseApi>();
        var metadata = CapabilityStatement.Merged(addresses);
        var version = VersionOf(metadata);
        var feeds = app.Services.GetRequiredService<SourceFeeds>();
        var fhir = app.MapGroup("/fhir");
        fhir.TellSourceStatus(feeds);
        Get(fhir, "/metadata", http => Answers.Common(http, metadata, version));
        Get(fhir, "/$source-status", http => SourceStatusApi.Answer(http, feeds));
        Get(fhir, "/_history", http => history.OfRecord(http, null));
        Get(fhir, "/{type}/_history", http => history.OfRecord(http, Value(http, "type")));
        Get(fhir, "/{type}/{id}/_history", http => history.OfResource(http, Value(http, "type"), Value(http, "id")));
        Get(fhir, "/{type}/{id}/_history/{version}", http => api.ReadVersion(http, Value(http, "type"), Value(http, "id"), Value(http, "version")));
        Get(fhir, "/{type}", http => record.Search(http, Value(http, "type")));
        Get(fhir, "/{type}/{id}", http => api.Read(http, Value(http, "type"), Value(http, "id")));
        Get(fhir, "/Patient/{id}/$everything", http => record.Everything(http, Value(http, "id")));
        fhir.MapPost("/Patient/{id}/$everything", Json(http => record.Everything(http, Value(http, "id"))));
        Summary("/Patient/{id}/$summary", http => summary.OfPerson(http, Value(http, "id")));
        Summary("/Patient/$summary", summary.OfNamed);
        Get(fhir, "/{type}/{id}/$explain", http => api.Explain(http, Value(http, "type"), Value(http, "id")));
        fhir.MapPost("/{type}/{id}/$explain", Json(http => api.Explain(http, Value(http, "type"), Value(http, "id"))));
        fhir.MapPost("/Patient/{id}/$erase", Json(http => erase.Erase(http, Value(http, "id"))));
        fhir.MapPost("/{type}/_search", Json(http => record.Search(http, Value(http, "type"))));
        fhir.Map("/", Browsers.NothingHere);

        void Summary(string pattern, RequestDelegate handle) =>
            fhir.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head, HttpMethods.Post], Negotiation.Negotiated(handle, hasPage: true));
    }

    /// <summary><c>/sources/{source}/fhir</c>: each source's own base; and what is parked of it. One that is pulled from is read there, and not pushed to.</summary>
    public static void MapSources(this WebApplication app, IReadOnlyList<SourceSystem> pushing, IReadOnlyList<SourceSystem> pulled, Addresses addresses)
    {
        var push = app.Services.GetRequiredService<PushApi>();
        var read = app.Services.GetRequiredService<SourceReadApi>();
        var hl7 = app.Services.GetRequiredService<Hl7Api>();
        var parked = app.Services.GetRequiredService<ParkedApi>();
        var feed = app.Services.GetRequiredService<FeedApi>();
        var imports = app.Services.GetRequiredService<ImportApi>();
        var corrections = app.Services.GetRequiredService<CorrectionApi>();
        var erase = app.Services.GetRequiredService<EraseApi>();
        var moves = app.Services.GetRequiredService<MoveApi>();
        var known = pushing.Concat(pulled).ToDictionary(s => s.Id);
        var metadata = known.Values.ToDictionary(s => s, s => CapabilityStatement.Source(addresses, s));
        var versions = metadata.ToDictionary(m => m.Key, m => VersionOf(m.Value));

        Get(app, "/sources/{source}/$status", Pushing(feed.Status));
        app.MapPost("/sources/{source}/$heartbeat", Json(Pushing(feed.Heartbeat)));
        Get(app, "/sources/{source}/parked", Of(parked.List));
        Get(app, "/sources/{source}/parked/{id}", Of((http, source) => parked.Read(http, source, Value(http, "id"))));
        app.MapPost("/sources/{source}/parked/{id}/$resubmit", Json(Of((http, source) => parked.Resubmit(http, source, Value(http, "id")))));
        app.MapPost("/sources/{source}/parked/{id}/$discard", Json(Of((http, source) => parked.Discard(http, source, Value(http, "id")))));
        app.MapPost("/sources/{source}/hl7v2", Pushing(hl7.Push));
        app.MapPost("/sources/{source}/$quarantine", Json(Of(corrections.Quarantine)));
        app.MapPost("/sources/{source}/$withdraw", Json(Of(corrections.Withdraw)));
        app.MapPost("/sources/{source}/$move", Json(Of(moves.Move)));
        app.MapPost("/sources/{source}/$release", Json(Of(corrections.Release)));
        Get(app, "/sources/{source}/corrections", Of(corrections.List));
        Get(app, "/sources/{source}/corrections/{id}", Of((http, source) => corrections.Get(http, source, Value(http, "id"))));
        Get(app, "/sources/{source}/leases", Of(erase.Leases));
        app.MapPost("/sources/{source}/$import", Json(Pushing(imports.Post)));
        Get(app, "/sources/{source}/imports", Pushing(imports.List));
        Get(app, "/sources/{source}/imports/{id}", Pushing((http, source) => imports.Get(http, source, Value(http, "id"))));
        app.MapDelete("/sources/{source}/imports/{id}", Json(Pushing((http, source) => imports.Cancel(http, source, Value(http, "id")))));
        var fhir = app.MapGroup("/sources/{source}/fhir");
        Get(fhir, "/metadata", Of((http, source) => Answers.Common(http, metadata[source], versions[source])));
        Get(fhir, "/{type}", Of((http, source) => read.Search(http, source, Value(http, "type"))));
        Get(fhir, "/{type}/{id}", Of((http, source) => read.Read(http, source, Value(http, "type"), Value(http, "id"))));
        Get(fhir, "/Patient/{id}/$everything", Of((http, source) => read.Everything(http, source, Value(http, "id"))));
        fhir.MapPost("/Patient/{id}/$everything", Json(Of((http, source) => read.Everything(http, source, Value(http, "id")))));
        fhir.MapPost("/{type}/_search", Json(Of((http, source) => read.Search(http, source, Value(http, "type")))));
        fhir.MapPost("/", Json(Pushing((http, source) => push.Push(http, source, new Interaction("POST", null, null)))));
        fhir.MapPost("/{type}", Json(Pushing((http, source) => push.Push(http, source, new Interaction("POST", Value(http, "type"), null)))));
        fhir.MapPut("/{type}/{id}", Json(Pushing((http, source) => push.Push(http, source, new Interaction("PUT", Value(http, "type"), Value(http, "id"))))));
        fhir.MapDelete("/{type}/{id}", Json(Pushing((http, source) => push.Push(http, source, new Interaction("DELETE", Value(http, "type"), Value(http, "id"))))));

        RequestDelegate Pushing(Func<HttpContext, SourceSystem, Task> handle) =>
            Of((http, source) => pulled.Contains(source) ? Answers.Issue(http, IssueCodes.PulledNotPushed) : handle(http, source));

        RequestDelegate Of(Func<HttpContext, SourceSystem, Task> handle) => http =>
            known.TryGetValue(Value(http, "source"), out var source) ? handle(http, source) : Answers.Issue(http, IssueCodes.UnknownSource);
    }

    /// <summary><c>/health</c>: for whoever keeps the process running.</summary>
    public static void MapHealth(this WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(http => http.Response.WriteAsync("live")));
        app.MapMethods("/health/ready", [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)readiness.Answer);
    }

    private static void Get(IEndpointRouteBuilder routes, string pattern, RequestDelegate handle) =>
        routes.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], Json(handle));

    private static RequestDelegate Json(RequestDelegate handle) => Negotiation.Negotiated(handle);

    private static string VersionOf(byte[] content) => $"h{ContentHash.Of(content).Bits:x32}";

    private static string Value(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;
}
