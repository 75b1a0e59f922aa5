using System.Text.Json;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Lhcre.Silo.Operations;

namespace Lhcre.Silo.Sources;

/// <summary>What a source sent and could not be filed, for its operators: <c>/sources/{source}/parked</c>.</summary>
internal sealed class ParkedApi(IJournal journal, Resubmission resubmission, TimeProvider clock) : IDisposable
{
    private const int LongestText = 500;

    // As they are stored: written out, a resource is some ten times as long.
    private const int PageBytes = 4 * 1024 * 1024;
    private const int StepItems = 20;

    // What one operator does here is done before the next: a letter is not filed by one while another discards it.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>A page, oldest first, with how many there are by code.</summary>
    public async Task List(HttpContext http, SourceSystem source)
    {
        if (!await IsJson(http))
            return;
        var question = await ParkedQuestion.Of(http, source);
        if (question.Faults.Count > 0)
            await Answers.Issues(http, question.Faults);
        else
            await Json(http, StatusCodes.Status200OK, await Page(question, http.RequestAborted));
    }

    // Taken from the journal some at a time, since a thousand parked documents would not fit in memory.
    private async Task<ReadOnlyMemory<byte>> Page(ParkedQuestion question, CancellationToken cancellation)
    {
        var (items, bytes) = (new List<Aside>(), 0L);
        for (var step = question.Asked; ; step = step with { After = AsidePlace.Of(items[^1]) })
        {
            step = step with { Limit = Math.Min(StepItems, question.Asked.Limit - items.Count) };
            var page = await journal.Asides(step, cancellation);
            items.AddRange(page.Items);
            bytes += page.Items.Sum(item => (long)item.Body.Length);
            var isMore = page.Items.Count == step.Limit;
            if (!isMore || items.Count == question.Asked.Limit || bytes > PageBytes)
                return ParkedText.Page(question, page with { Items = items }, isMore);
        }
    }

    /// <summary>One of them, whole, discarded or not.</summary>
    public async Task Read(HttpContext http, SourceSystem source, string id)
    {
        if (!await IsJson(http))
            return;
        if (await journal.FindAside(source.Id, id, http.RequestAborted) is { } aside)
            await Json(http, StatusCodes.Status200OK, ParkedText.One(aside));
        else
            await Answers.Issue(http, IssueCodes.NotParked);
    }

    /// <summary>Files it again as if it came now, and tells what became of it; of what was filed by this before, what became of it then.</summary>
    public async Task Resubmit(HttpContext http, SourceSystem source, string id)
    {
        if (!await IsJson(http))
            return;
        await _turn.WaitAsync(http.RequestAborted);
        try
        {
            var (now, push) = (clock.GetUtcNow(), PushId.Of(source.Id, $"resubmit {id}"));
            if (await journal.FindAside(source.Id, id, http.RequestAborted) is not { } aside)
            {
                if (await journal.FindAnswer(push, now - Limits.PushIdMemory, http.RequestAborted) is { } kept)
                    await Json(http, kept.Status, kept.Body);
                else
                    await Answers.Issue(http, IssueCodes.NotParked);
            }
            else if (aside.Discarded is not null)
            {
                await Answers.Issue(http, IssueCodes.Discarded);
            }
            else
            {
                var resubmitted = await resubmission.Take(aside, Callers.Of(http));
                var (status, body) = (Status(resubmitted), ParkedText.Became(aside, resubmitted));
                if (resubmitted.IsOver)
                    await journal.KeepAnswer(push, new KeptAnswer(status, now, null, body), now - Limits.PushIdMemory, CancellationToken.None);
                if (resubmitted.Became == Sources.Became.Unwritten)
                    Answers.RetryAfter(http, resubmitted.Issues[0].Code);
                await Json(http, status, body);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Marks it as not to be filed, with who says so and why; of what was discarded before, who said so first.</summary>
    public async Task Discard(HttpContext http, SourceSystem source, string id)
    {
        if (!await IsJson(http))
            return;
        var (bytes, refusal) = await PushedBody.Read(http.Request, http.RequestAborted);
        if (refusal is not null)
        {
            await Answers.Issue(http, refusal);
            return;
        }

        await _turn.WaitAsync(http.RequestAborted);
        try
        {
            var aside = await journal.FindAside(source.Id, id, http.RequestAborted);
            if (aside is { Discarded: null } && aside.Code != IssueCodes.Withheld.Code)
            {
                if (Why(bytes) is not { } why)
                {
                    await Answers.Issue(http, IssueCodes.DiscardUnexplained);
                    return;
                }

                await journal.Discard(source.Id, id, why, CancellationToken.None);
                // It may have been filed, or discarded by somebody else, just before.
                aside = await journal.FindAside(source.Id, id, CancellationToken.None);
            }

            await (aside is null ? Answers.Issue(http, IssueCodes.NotParked)
                : aside.Discarded is null ? Answers.Issue(http, IssueCodes.WithheldNotDiscarded)
                : Json(http, StatusCodes.Status200OK, ParkedText.One(aside)));
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private Discarding? Why(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return Text("by") is { } by && Text("reason") is { } reason ? new Discarding(clock.GetUtcNow(), by, reason) : null;

            string? Text(string name) =>
                json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var member)
                && member.ValueKind == JsonValueKind.String && member.GetString()!.Trim() is { Length: > 0 and <= LongestText } text ? text : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // The second one where half of a surrogate pair stands in a text.
            return null;
        }
    }

    private static int Status(Resubmitted resubmitted) => resubmitted.Became switch
    {
        Sources.Became.Filed => StatusCodes.Status200OK,
        Sources.Became.Withheld or Sources.Became.Parked => StatusCodes.Status202Accepted,
        _ => resubmitted.Issues.First(i => i.Code.Severity == IssueSeverity.Error).Code.Status,
    };

    private static async Task<bool> IsJson(HttpContext http)
    {
        if (Wanted.Of(http).Written.Kind == MediaKind.Json)
            return true;
        // It is no FHIR, and has no other form.
        await Answers.Issue(http, IssueCodes.NotAcceptable);
        return false;
    }

    private static async Task Json(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.Headers.CacheControl = "no-store, private";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
