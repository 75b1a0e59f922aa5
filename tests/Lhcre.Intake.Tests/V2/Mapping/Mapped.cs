using System.Globalization;
using System.Text;
using System.Text.Json;
using Lhcre.Intake.V2;
using Lhcre.Intake.V2.Mapping;

namespace Lhcre.Intake.Tests.V2.Mapping;

/// <summary>A message of the tests, mapped and read as FHIR.</summary>
internal sealed class Mapped
{
    private readonly JsonElement _bundle;

    private Mapped(MappedMessage message)
    {
        Message = message;
        if (message.Bundle is null)
            return;
        _bundle = JsonDocument.Parse(message.Bundle).RootElement;
        Received = FhirIntake.Read(message.Bundle, new Interaction("POST", null, null), Push.Source, Push.Base);
        Assert.False(Received.IsRefused, string.Join("; ", Received.Issues));
        Assert.All(Received.Entries, e => Assert.DoesNotContain(e.Issues, i => i.Code.Code is not ("LHC301" or "LHC302" or "LHC303" or "LHC711")));
    }

    public MappedMessage Message { get; }

    /// <summary>What the door makes of it; null where it was refused.</summary>
    public Received? Received { get; }

    /// <summary>An NHS number of the test range that passes its check.</summary>
    public static string Ann { get; } = Push.Ann.Digits();

    /// <summary>A message of an event with these segments behind MSH and EVN.</summary>
    public static Mapped Of(string type, params IEnumerable<string> segments) =>
        OfText($"MSH|^~\\&|PAS|RCB|LHCRE|WX|20260704090000||{type}|1|P|2.4\rEVN||202607040855|||op^Ord|202607040830\r{string.Join('\r', segments)}\r");

    /// <summary>A whole message.</summary>
    public static Mapped OfText(string er7)
    {
        var message = Hl7Message.Parse(Encoding.UTF8.GetBytes(er7), out var fault);
        Assert.True(message is not null, fault?.Code.Code);
        return new Mapped(Hl7Mapping.Map(message, Push.Source));
    }

    /// <summary>The resources of a type.</summary>
    public List<JsonElement> All(string type) =>
        [.. _bundle.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource")).Where(r => r.GetProperty("resourceType").GetString() == type)];

    /// <summary>What stands at a path that begins with a resource type, such as <c>Patient.name[1].given[0]</c>; empty where there is nothing.</summary>
    public string At(string path)
    {
        var steps = path.Split('.');
        var (type, which) = Step(steps[0]);
        if (All(type).ElementAtOrDefault(which ?? 0) is not { ValueKind: JsonValueKind.Object } at)
            return "";
        foreach (var step in steps[1..])
        {
            var (name, index) = Step(step);
            if (!at.TryGetProperty(name, out at))
                return "";
            if (index is { } i)
            {
                if (i >= at.GetArrayLength())
                    return "";
                at = at[i];
            }
        }

        return at.ValueKind == JsonValueKind.String ? at.GetString()! : at.GetRawText();
    }

    /// <summary>The codes of its issues with where they stand, such as <c>LHC615 PID-7</c>.</summary>
    public string Issues => string.Join(", ", Message.Issues.Select(i => $"{i.Code.Code} {i.Expression ?? i.Diagnostics}".Trim()));

    private static (string Name, int? Index) Step(string step) =>
        step.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at
            ? (step[..at], int.Parse(step[(at + 1)..^1], CultureInfo.InvariantCulture))
            : (step, null);
}
