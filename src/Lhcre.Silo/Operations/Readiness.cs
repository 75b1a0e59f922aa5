using System.Text.Json;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Operations;

/// <summary>
/// Whether this process takes requests: the silo has joined, the journal was reached since the start, and nobody has asked it to stop. A
/// journal lost later stands in the body and not in the status, since warm reads go on.
/// </summary>
internal sealed class Readiness(IJournal journal, IHostApplicationLifetime lifetime, TimeProvider clock)
{
    // Whoever asks gives up after a second, and takes a silo whose database hangs for one that does.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private volatile bool _hasReachedJournal;

    /// <summary>Whether somebody has asked it to stop.</summary>
    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary><c>GET /health/ready</c>: 200 or 503, <c>{"joined", "journal", "draining"}</c>.</summary>
    public async Task Answer(HttpContext http)
    {
        var joined = lifetime.ApplicationStarted.IsCancellationRequested;
        var draining = IsDraining;
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
            await journal.FindPatients([new EntryKey("health", "Patient", "none")], cancellation).WaitAsync(Patience, clock, cancellation);
            _hasReachedJournal = true;
            return true;
        }
        catch (Exception failure) when (failure is JournalUnavailableException or TimeoutException)
        {
            return false;
        }
    }
}
