using Lhcre.Silo.Synthetic;

namespace Lhcre.Silo.Load;

/// <summary>One of the people whom the demo pushed: all made up, so that the name and number may be shown.</summary>
/// <param name="NhsNumber">As a clinician types it: <c>999 500 0008</c>.</param>
/// <param name="Name">Given and family name.</param>
/// <param name="BirthDate">Date of birth.</param>
/// <param name="Kind">Resident, student or holiday maker.</param>
/// <param name="Resources">Resources that each source pushed.</param>
public sealed record DemoPerson(string NhsNumber, string Name, DateOnly BirthDate, PersonKind Kind, IReadOnlyDictionary<string, int> Resources);

/// <summary>What the demo pushed.</summary>
/// <param name="People">Everybody, in the order in which they were made.</param>
/// <param name="Pushes">Pushes answered.</param>
/// <param name="Acknowledged">Resources that are in the record now.</param>
/// <param name="Refused">Reasons of what was not; empty unless something is wrong with this program.</param>
/// <param name="Unreachable">Why the server could not be reached; null where it could.</param>
public sealed record DemoResult(IReadOnlyList<DemoPerson> People, int Pushes, long Acknowledged, IReadOnlyList<string> Refused, string? Unreachable);

/// <summary>Pushes synthetic people through the three sources of a server, as those sources would.</summary>
public static class DemoPush
{
    /// <summary>How many people there are unless somebody says otherwise: 60.</summary>
    public const int DefaultPeople = 60;

    private const int AtATime = 4;

    /// <summary>Pushes people 0 to <paramref name="people"/> - 1 of the region. May be repeated without harm.</summary>
    /// <param name="http">Any client: absolute URLs are used.</param>
    /// <param name="server">The server, such as <c>http://127.0.0.1:8080</c>.</param>
    /// <param name="time">Waits between tries.</param>
    /// <param name="people">How many.</param>
    /// <param name="progress">Is told how many people are done.</param>
    /// <param name="stop">Ends it early; then the result is of what was done so far.</param>
    public static async Task<DemoResult> Run(
        HttpClient http, Uri server, TimeProvider time, int people = DefaultPeople, IProgress<int>? progress = null, CancellationToken stop = default)
    {
        var clients = SourceVoice.Wessex.ToDictionary(v => v.Source, v => new SourceClient(http, server, v.Source, time), StringComparer.Ordinal);
        var tally = new LoadTally(null);
        var pushed = new DemoPerson?[people];
        var (done, unreachable) = (0, (string?)null);
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = halt.Token };
        try
        {
            await Parallel.ForEachAsync(SyntheticRegion.People(people), options, async (person, _) =>
            {
                var resources = new Dictionary<string, int>(StringComparer.Ordinal);
                foreach (var push in person.Pushes())
                {
                    var end = await clients[push.Source].Push(new InputText(HttpMethod.Post, "", push.Bundle), halt.Token, halt.Token);
                    if (end is PushEnd.Answered answered)
                        tally.Answered($"{push.Source} {person}", null, answered.Answer);
                    if (end is PushEnd.Unreachable or PushEnd.NoBase)
                        unreachable = end is PushEnd.Unreachable nobody ? nobody.Reason : ((PushEnd.NoBase)end).Reason;
                    if (end is not PushEnd.Answered)
                    {
                        await halt.CancelAsync();
                        return;
                    }

                    resources[push.Source] = push.Resources;
                }

                pushed[person.Number] = new DemoPerson(Typed(person.NhsNumber.Digits()), person.Name, person.BirthDate, person.Kind, resources);
                progress?.Report(Interlocked.Increment(ref done));
            });
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            // Stopped, or nobody there: the result says so.
        }

        var now = tally.Now;
        return new DemoResult([.. pushed.OfType<DemoPerson>()], now.Pushes, now.Created + now.Known, [.. tally.FirstRefusals.Select(r => r.ToString())], unreachable);
    }

    private static string Typed(string digits) => $"{digits[..3]} {digits[3..6]} {digits[6..]}";
}
