using System.Text;

namespace Lhcre.Adapters.Tests;

/// <summary>Made-up messages, and what an outbox holds in words that can be compared.</summary>
internal static class Texts
{
    public static readonly Guid Identity = new("6f1c6a2e-0000-4000-8000-000000000001");

    public static Outgoing Observation(string person, int id, int value = 0, int padding = 0) => Outgoing.Put(
        person,
        "Observation",
        $"o{id}",
        Encoding.UTF8.GetBytes($$"""{"resourceType":"Observation","id":"o{{id}}","status":"final","valueInteger":{{value}},"note":[{"text":"{{new string('x', padding)}}"}]}"""));

    /// <summary>Everything that a fresh reader finds, settled or not.</summary>
    public static List<string> All(Outbox outbox)
    {
        using var reader = outbox.Reader();
        var found = new List<string>();
        while (reader.Next() is { } frame)
            found.AddRange(frame.Messages.Select(m => $"{m.Sequence} {Of(m.Message)}"));
        return found;
    }

    /// <summary>What a sender would find.</summary>
    public static List<string> Unsettled(Outbox outbox)
    {
        using var reader = outbox.Reader();
        var found = new List<string>();
        while (reader.Next() is { } frame)
            found.AddRange(frame.Messages.Where(m => !outbox.IsSettled(m.Sequence)).Select(m => $"{m.Sequence} {Of(m.Message)}"));
        return found;
    }

    public static string Of(Outgoing message) => $"{message.Kind} {message.Person} {message.Path} {Encoding.UTF8.GetString(message.Body.Span)}";
}
