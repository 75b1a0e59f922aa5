using System.Collections.Concurrent;
using System.Text;
using Lhcre.Intake.Door;

namespace Lhcre.Intake.Tests.Door;

/// <summary>How often the door and the reading that it stands for agree.</summary>
internal sealed class VerdictTally
{
    private int _accepted;
    private int _rejected;
    private int _handedOver;

    public ConcurrentQueue<string> Disagreements { get; } = [];

    public ConcurrentDictionary<string, int> HandedOverKinds { get; } = [];

    public int Accepted => _accepted;

    public int Rejected => _rejected;

    public int HandedOver => _handedOver;

    public int Total => _accepted + _rejected + _handedOver;

    /// <summary>Today's reading: sound JSON in which the library at its strictest finds nothing.</summary>
    public static bool IsAccepted(byte[] json) => JsonSoundness.Check(json, out _) is null && StrictReading.Report(json, "Resource", "Resource").IsEmpty;

    public void Add(byte[] json, string what)
    {
        var verdict = FastDoor.Check(json);
        switch (verdict)
        {
            case Verdict.Accepted:
                Interlocked.Increment(ref _accepted);
                break;
            case Verdict.Rejected:
                Interlocked.Increment(ref _rejected);
                break;
            default:
                Interlocked.Increment(ref _handedOver);
                HandedOverKinds.AddOrUpdate(what.Split(' ', 2)[^1], 1, (_, n) => n + 1);
                return;
        }

        if (verdict == Verdict.Accepted != IsAccepted(json) && Disagreements.Count < 20)
        {
            var reasons = string.Join("; ", StrictReading.Report(json, "Resource", "Resource").Take(2));
            Disagreements.Enqueue($"{what}: the door says {verdict}; the library: {reasons}\n{Encoding.UTF8.GetString(json)[..Math.Min(json.Length, 6000)]}");
        }
    }

    public override string ToString() =>
        $"{Total} resources: {Accepted} accepted, {Rejected} rejected, {HandedOver} handed over ({string.Join(", ", HandedOverKinds.OrderByDescending(k => k.Value).Take(8).Select(k => $"{k.Key.Trim()} {k.Value}"))})";
}
