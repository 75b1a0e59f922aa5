using System.Text.Json;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Operations;

/// <summary>
/// Whether this process takes requests: the silo has joined, the journal was reached since the start, and nobody has asked it to stop. A
/// journal lost later stands in the body and not in the status, since warm reads go on.
/// </summary>
internal sealed class Readiness(IJournal journal, IHostApplicationLifetime lifetime)
{
    private volatile bool _hasReachedJournal;

    /// <summary><c>GET /health/ready</c>: 200 or 503, <c>{"joined", "journal", "draining"}</c>.</summary>
    public async Task Answer(HttpContext http)
    {
        var joined = lifetime.ApplicationStarted.IsCancellationRequested;
        var draining = lifetime.ApplicationStopping.IsCancellationRequested;
        var reachable = await Reach(http.RequestAborted);
        http.Response.StatusCode = joined && _hasReachedJournal && !draining ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            JsonSerializer.Serialize(new { joined, journal = reachable ? "reachable" : "unreachable", draining }), http.RequestAborted);
    }

    private async Task<bool> Reach(CancellationToken cancellation)
    {
        try
        {
            await journal.FindPatients([new EntryKey("health", "Patient", "none")], cancellation);
            _hasReachedJournal = true;
            return true;
        }
        catch (JournalUnavailableException)
        {
            return false;
        }
    }
}
