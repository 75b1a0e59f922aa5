using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <content>Moves from one person to another, in those stories in which somebody orders them.</content>
internal sealed partial class Story
{
    // The same people, and nothing said yet.
    private Story(Story other)
    {
        (_dice, _looksUp, _sources, IsDeclared, People) = (other._dice, other._looksUp, other._sources, other.IsDeclared, other.People);
    }

    /// <summary>Ends a move.</summary>
    public StoryCorrection End(Move move) =>
        Ordered(new QuarantineEnd(PushId.Of("end", $"{++_corrections}"), move.Source, "it was right", move.Id), default, From(move));

    /// <summary>The moves that nobody has ended.</summary>
    public IEnumerable<Move> MovesInForce => Lhcre.Record.Corrections.Of(Corrections.Select(c => c.Correction)).Moves;

    /// <summary>Whose record a move is out of.</summary>
    public PatientKey From(Move move) => Corrections.First(c => c.Correction == move).Next;

    // Out of one person's record into another's: some entries, or a Patient with all that is filed under them.
    private StoryCorrection Move()
    {
        var inForce = MovesInForce.ToList();
        if (inForce.Count > 0 && _dice.OneIn(3))
            return End(_dice.Of(inForce));
        var (source, from) = (Sources[_dice.Below(_sources)], _dice.Of(People));
        var to = _dice.Of([.. People.Where(p => p != from)]);
        var isUnit = _dice.OneIn(3);
        EntryKey[] said = [.. Pushes.Where(p => p.Source == source).SelectMany(p => p.Statements).Where(s => s.Person == from && s.Fragment.Key.Type != "Patient").Select(s => s.Fragment.Key).Distinct()];
        EntryKey[] entries = isUnit ? [new EntryKey(source, "Patient", $"p{from.Number}")]
            : said.Length > 0 && !_dice.OneIn(4) ? [.. _dice.Shuffled(said).Take(_dice.Between(1, 3)).Order()]
            : [.. Enumerable.Range(0, _dice.Between(1, 3)).Select(_ => new EntryKey(source, "Observation", _dice.OneIn(4) ? $"{_dice.Between(1, 4)}" : $"{from.Number}-{_dice.Between(1, 4)}")).Distinct().Order()];
        var id = PushId.Of("move", $"{++_corrections}");
        return Ordered(new Move(id, source, "another person's", id, IsHere: false, to.Key, [.. entries], isUnit ? $"p{from.Number}" : null), default, from.Key);
    }

    /// <summary>The same said again, and nobody corrects it: each thing filed under whom it is told to be of.</summary>
    public Story Filed(Func<EntryKey, Person, Person> under)
    {
        var story = new Story(this);
        foreach (var push in Pushes)
        {
            Statement[] statements = [.. push.Statements.Select(s => s.Person is { } person && under(s.Fragment.Key, person) is var other && other != person
                ? s with { Person = other, Clue = new PersonClue.Named(other.Nhs, new EntryKey(push.Source, "Patient", $"p{other.Number}")) } : s)];
            story.Pushes.Add(new StoryPush(push.Number, push.Source, statements));
        }

        return story;
    }
}
