using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>
/// Which medicine a <c>medicationReference</c> names: a contained Medication's codings are as good as the resource's own; another of the
/// source's Medications is named by its id, and matched as what it is.
/// </summary>
internal sealed class MedicationReference
{
    private readonly List<(string Id, List<Coding> Codings, string? Words)> _contained = [];
    private string? _reference;
    private string? _display;

    /// <summary><c>medicationReference</c>.</summary>
    public void Take(ref Utf8JsonReader reader) => (_reference, _display) = Concept.Reference(ref reader);

    /// <summary><c>contained</c>, which may stand before the reference or behind it.</summary>
    public void TakeContained(ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            string? id = null, words = null;
            var codings = new List<Coding>();
            while (Json.NextMember(ref reader))
            {
                if (Json.Is(ref reader, "id"u8))
                    id = Json.Text(ref reader);
                else if (Json.Is(ref reader, "code"u8))
                    words = Concept.Read(ref reader, codings);
                else
                    reader.Skip();
            }

            if (id is not null)
                _contained.Add((id, codings, words));
        }
    }

    /// <summary>Adds what the reference names.</summary>
    public void Finish(FactsDraft draft)
    {
        if (_reference?.StartsWith('#') == true)
        {
            foreach (var (_, codings, words) in _contained.Where(c => c.Id == _reference[1..]).Take(1))
                draft.TakeOther(codings, words ?? Concept.Words(_display));
        }
        else if (Concept.OwnId(_reference, "Medication") is { } id)
        {
            draft.Add(FactElement.Medication, "Medication", id);
        }
        else
        {
            draft.TakeOther([], Concept.Words(_display));
        }
    }
}
