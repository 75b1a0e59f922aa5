using Lhcre.Contracts;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Imports;
using Lhcre.Silo.Sources;

namespace Lhcre.Silo.Corrections;

/// <summary>What an operator takes back, and brings back: <c>POST /sources/{source}/$quarantine</c> and <c>$release</c>, and how far that is.</summary>
internal sealed class CorrectionApi(IGrainFactory grains, CorrectionRounds rounds, FreshPushId freshPushId, TimeProvider clock, ILogger<CorrectionApi> logger)
{
    private const int LongestReason = 500;

    /// <summary>
    /// What the source sent <c>from</c> then until before <c>to</c> counts no longer, for everybody or for one <c>person</c>: 202 with <c>Content-Location</c> once that is
    /// on disk. The same again gets the same.
    /// </summary>
    public async Task Quarantine(HttpContext http, SourceSystem source)
    {
        if (await Given(http, "from", "to", "person", "reason") is not { } given)
            return;
        var now = clock.GetUtcNow();
        if (!Instant.TryRead(given.GetValueOrDefault("from"), out var from) || !Instant.TryRead(given.GetValueOrDefault("to"), out var to))
            await Answers.Issue(http, IssueCodes.CorrectionUnclear, "from and to are instants with their zone.");
        else if (given.TryGetValue("person", out var person) && !PatientKey.TryParse(person, out _))
            await Answers.Issue(http, IssueCodes.CorrectionUnclear, "person is the id of a merged Patient.");
        else if (from >= to)
            await Answers.Issue(http, IssueCodes.StretchEmpty);
        else if (to > now)
            await Answers.Issue(http, IssueCodes.StretchAhead);
        else
            await Order(http, new CorrectionRequest { Id = Id(http, source, "quarantine"), Source = source.Id, Reason = given.GetValueOrDefault("reason", ""), From = from, To = to, Lane = Lane.Backfill }, person, now);
    }

    /// <summary>
    /// What the source sent <c>from</c> then (default: ever), and all that it still sends, counts no longer, for everybody or for one <c>person</c>, also for whoever is
    /// heard of only from now on. Answers as a quarantine does.
    /// </summary>
    public async Task Withdraw(HttpContext http, SourceSystem source)
    {
        if (await Given(http, "from", "person", "reason") is not { } given)
            return;
        var (now, from) = (clock.GetUtcNow(), default(DateTimeOffset));
        if (given.TryGetValue("from", out var text) && !Instant.TryRead(text, out from))
            await Answers.Issue(http, IssueCodes.CorrectionUnclear, "from is an instant with its zone.");
        else if (given.TryGetValue("person", out var person) && !PatientKey.TryParse(person, out _))
            await Answers.Issue(http, IssueCodes.CorrectionUnclear, "person is the id of a merged Patient.");
        else if (from > now)
            await Answers.Issue(http, IssueCodes.StretchAhead);
        else
            await Order(http, new CorrectionRequest { Id = Id(http, source, "withdraw"), Source = source.Id, Reason = given.GetValueOrDefault("reason", ""), From = from, IsCarried = person is not null, Lane = Lane.Backfill }, person, now);
    }

    /// <summary>The <c>quarantine</c> or <c>move</c> of that id is over: it is as if there had been none. Answers as it does.</summary>
    public async Task Release(HttpContext http, SourceSystem source)
    {
        if (await Given(http, "quarantine", "move", "reason") is not { } given)
            return;
        var named = CorrectionText.Id(given.GetValueOrDefault("quarantine") ?? given.GetValueOrDefault("move", ""));
        if ((await Jobs(source)).FirstOrDefault(j => j.Request.Id == named && j.Request.Ends is null) is not { } quarantine)
            await Answers.Issue(http, IssueCodes.UnknownQuarantine);
        else
            await Order(http, new CorrectionRequest { Id = Id(http, source, "release"), Source = source.Id, Reason = given.GetValueOrDefault("reason", ""), Ends = named, Lane = Lane.Backfill }, quarantine.Person, clock.GetUtcNow());
    }

    /// <summary>One of them, and how far it is.</summary>
    public async Task Get(HttpContext http, SourceSystem source, string id)
    {
        var jobs = await Jobs(source);
        if (jobs.FirstOrDefault(j => j.Request.Id == CorrectionText.Id(id)) is { } job)
            await Send(http, StatusCodes.Status200OK, job, jobs);
        else
            await Answers.Issue(http, IssueCodes.UnknownQuarantine);
    }

    /// <summary>All of a source, the latest first.</summary>
    public async Task List(HttpContext http, SourceSystem source)
    {
        var jobs = await Jobs(source);
        await ImportAnswers.Send(http, StatusCodes.Status200OK, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("source", source.Id);
            writer.WriteStartArray("corrections");
            foreach (var job in jobs.Reverse())
                CorrectionText.Write(writer, job, IsEnded(job, jobs), clock.GetUtcNow());
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>Orders a correction of one person's record: 202 with <c>Content-Location</c>. The same again gets the same.</summary>
    public Task Order(HttpContext http, CorrectionRequest request, string person, string by) => Order(http, request, person, clock.GetUtcNow(), by);

    /// <summary>Whether the same was ordered already.</summary>
    public async Task<bool> Known(CorrectionRequest request, string person)
    {
        var jobs = await grains.GetGrain<ICorrectionJobsGrain>(request.Source).List();
        return CorrectionJob.Same(jobs, new CorrectionJob { Request = request, At = default, Person = person }) is not null;
    }

    /// <summary>The id of an order: of what its caller calls it, else a fresh one.</summary>
    public PushId Id(HttpContext http, SourceSystem source, string kind) =>
        http.Request.Headers["X-Request-Id"] is [{ Length: > 0 } name] ? PushId.Of(source.Id, $"{kind} {name}") : freshPushId();

    private async Task Order(HttpContext http, CorrectionRequest request, string? person, DateTimeOffset now, string? by = null)
    {
        var job = await grains.GetGrain<ICorrectionJobsGrain>(request.Source).Order(new CorrectionJob { Request = request, At = now, Person = person, By = by });
        CorrectionLog.Ordered(logger, CorrectionText.Id(job.Request.Id), request.Source);
        rounds.Wake();
        http.Response.Headers.ContentLocation = CorrectionText.Path(job);
        await Send(http, StatusCodes.Status202Accepted, job, [job]);
    }

    private Task Send(HttpContext http, int status, CorrectionJob job, IReadOnlyList<CorrectionJob> all) =>
        ImportAnswers.Send(http, status, writer => CorrectionText.Write(writer, job, IsEnded(job, all), clock.GetUtcNow()));

    private static bool IsEnded(CorrectionJob job, IReadOnlyList<CorrectionJob> all) => all.Any(j => j.Request.Ends == job.Request.Id);

    private async Task<IReadOnlyList<CorrectionJob>> Jobs(SourceSystem source) => await grains.GetGrain<ICorrectionJobsGrain>(source.Id).List();

    // Each at most once; null where it was refused. A misspelt person would take back everybody's.
    private static async Task<Dictionary<string, string>?> Given(HttpContext http, params string[] names)
    {
        var given = new Dictionary<string, string>();
        foreach (var (name, value) in (await Query.Of(http)).Parameters.Where(p => p.Key is not ("_format" or "_pretty")))
        {
            if (!names.Contains(name) || !given.TryAdd(name, value) || (name == "reason" && value.Length > LongestReason))
            {
                await Answers.Issue(http, IssueCodes.CorrectionUnclear, $"Each once, in the URL or in a Parameters resource: {string.Join(", ", names)}; a reason has at most {LongestReason} characters.");
                return null;
            }
        }

        return given;
    }
}
