namespace Lhcre.Benchmarks.Load;

/// <summary>What the load client is to send.</summary>
internal enum LoadWork
{
    /// <summary>The same GET again and again, for a while.</summary>
    Get,

    /// <summary>Each source's Bundle of synthetic people, once each.</summary>
    Bundles,

    /// <summary>One Observation of a synthetic person a request, once each.</summary>
    Singles,

    /// <summary>The same as <see cref="Bundles"/>, as <c>load</c> sends them: of the least urgency.</summary>
    Backfill,

    /// <summary>HL7 v2 messages over MLLP, once each.</summary>
    Messages,
}

/// <summary>One line to the load client.</summary>
/// <param name="Work">What to send.</param>
/// <param name="Port">The server's port on 127.0.0.1.</param>
/// <param name="Connections">Connections, each with one request at a time.</param>
/// <param name="Path">For a GET: the path.</param>
/// <param name="Seconds">For a GET: how long. For pushes: after how long no more are begun; 0 for never.</param>
/// <param name="First">For pushes: the number of the first person, or Observation.</param>
/// <param name="Count">For pushes: how many people, Observations or messages.</param>
/// <param name="PerSecond">
/// For pushes: how many are due in a second, whether those before them were answered or not; times count from when each was due. 0 for one after the other.
/// </param>
/// <param name="IsHeld">Whether the client says once it has everything ready, and begins at the next line that it reads.</param>
internal sealed record LoadOrder(
    LoadWork Work, int Port, int Connections, string Path = "/", double Seconds = 0, int First = 0, int Count = 0, double PerSecond = 0, bool IsHeld = false);

/// <summary>One line from the load client.</summary>
/// <param name="Requests">Requests answered with 2xx, and no entry refused.</param>
/// <param name="Failures">Requests answered otherwise.</param>
/// <param name="Resources">Resources sent.</param>
/// <param name="Sent">Bytes of bodies sent.</param>
/// <param name="Received">Bytes of bodies received.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Median">Milliseconds of the median request.</param>
/// <param name="P99">Milliseconds within which 99 of 100 requests were answered.</param>
internal sealed record LoadResult(int Requests, int Failures, int Resources, long Sent, long Received, double Seconds, double Median, double P99)
{
    /// <summary>Requests answered in a second.</summary>
    public double Rate => Requests / Seconds;
}
