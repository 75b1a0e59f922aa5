using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>A person who does not exist, and what two or three sources say of them.</summary>
/// <param name="Number">Which; a near twin has a number of its own.</param>
/// <param name="Key">The key of the record.</param>
/// <param name="Tellings">Every entry, by source.</param>
/// <param name="Pushes">What is pushed, in this order.</param>
internal sealed record SyntheticPerson(int Number, PatientKey Key, ImmutableArray<Telling> Tellings, ImmutableArray<ImmutableArray<Fragment>> Pushes)
{
    private const int Twins = 1_000_000;
    private const int Strangers = 2_000_000;

    private static readonly string[] Sources = ["dorset", "hampshire", "isle-of-wight"];

    /// <summary>The person of this seed and number, and their near twin where they have one.</summary>
    public static IEnumerable<SyntheticPerson> Of(int seed, int number, Rates rates)
    {
        var dice = new Dice(unchecked((seed * 7_919) + (number * 104_729) + 17));
        var hasTwin = dice.Thousandths(rates.Of(HardNegative.NearTwin));
        var (story, identity) = (dice.Between(0, int.MaxValue - 1), dice.Between(0, int.MaxValue - 1));
        yield return new Making(dice.Apart(), rates, number).Person(seed, story, Identity(new Dice(identity), number));
        if (!hasTwin)
            yield break;
        // The same family, birth date and visits; another given name, another number.
        var person = Identity(new Dice(identity), number + Twins);
        var twin = person with { Given = person.Given == Names.Male[3].Text ? Names.Male[7].Text : Names.Male[3].Text, Gender = "male" };
        yield return new Making(dice.Apart(), rates, number + Twins).Person(seed, story, twin);
    }

    /// <summary>Everything pushed, each version once.</summary>
    public IEnumerable<Fragment> Fragments => Tellings.SelectMany(t => t.Versions);

    private static Demographics Identity(Dice dice, int number)
    {
        var isFemale = dice.Thousandths(500);
        var born = new DateOnly(1930, 1, 1).AddDays(dice.Between(0, 27_000));
        return new Demographics(
            Digits(number), dice.Of(isFemale ? Names.Female : Names.Male).Text, dice.Of(Names.Family).Text, isFemale ? "female" : "male", born, null);
    }

    // Of the range that is never issued.
    private static string Digits(int number)
    {
        for (var first9 = 999_000_000 + (number % 900_000); ; first9++)
        {
            if (NhsNumber.TryComplete(first9, out var digits))
                return digits.Digits();
        }
    }

    private static PatientKey KeyOf(int seed, int number)
    {
        var text = new char[PatientKey.Length];
        Array.Fill(text, 'a');
        text[0] = 'p';
        var rest = ((long)seed << 32) | (uint)number;
        for (var i = 1; rest > 0; i++, rest /= 26)
            text[i] = (char)('a' + (rest % 26));
        return PatientKey.Parse(new string(text));
    }

    private sealed class Making(Dice dice, Rates rates, int number)
    {
        private readonly Dictionary<string, SourceVoice> _voices = [];
        private readonly Dictionary<string, EntryKey> _subjects = [];

        public SyntheticPerson Person(int seed, int storySeed, Demographics person)
        {
            foreach (var source in dice.Shuffled(Sources).Take(dice.Thousandths(700) ? 3 : 2))
                _voices[source] = new SourceVoice(source, dice.Apart(), rates);
            foreach (var voice in _voices.Values)
                _subjects[voice.Source] = Introduce(voice, person, number).Key;
            var story = Story.Of(new Dice(storySeed), rates);
            for (var group = 0; group < story.Count; group++)
                Tell(story[group], group);
            if (dice.Thousandths(rates.Of(Perturbation.Stranger, "Patient")))
                AddStranger(story);
            var tellings = _voices.Values.SelectMany(v => v.Tellings).ToImmutableArray();
            return new SyntheticPerson(number, KeyOf(seed, number), tellings, Pushes());
        }

        private Telling Introduce(SourceVoice voice, Demographics person, int whose)
        {
            var done = new Perturbations();
            bool Happens(Perturbation perturbation, bool canApply)
            {
                var happens = canApply && dice.Thousandths(rates.Of(perturbation, "Patient"));
                done = happens ? done.With(perturbation) : done;
                return happens;
            }

            var says = person;
            // One slip a source: two of them are somebody else.
            if (Happens(Perturbation.TransposedBirthDate, person.BirthDate.Day <= 12 && person.BirthDate.Day != person.BirthDate.Month))
                says = says with { BirthDate = new DateOnly(person.BirthDate.Year, person.BirthDate.Day, person.BirthDate.Month) };
            else if (Happens(Perturbation.MaidenName, person.Gender == "female"))
                says = says with { Family = person.Family == Names.Family[0].Text ? Names.Family[3].Text : Names.Family[0].Text };
            else if (Happens(Perturbation.ShortGivenName, Names.Short(person.Given) is not null))
                says = says with { Given = Names.Short(person.Given)! };
            Happens(Perturbation.Diacritics, Names.Plain(says.Given) != says.Given || Names.Plain(says.Family) != says.Family);
            says = says with { Deceased = Happens(Perturbation.Deceased, true) ? true : dice.Thousandths(500) ? false : null };
            var fact = new TrueFact { Number = 0, Type = "Patient", Person = person };
            return voice.Add(new Telling
            {
                Fact = fact,
                Person = whose,
                Says = fact with { Person = says },
                Key = voice.NewKey("Patient"),
                Done = done,
                Manner = dice.Between(0, 1_000_000),
            });
        }

        private void Tell(FactGroup facts, int group)
        {
            var tellers = dice.Thousandths(300) ? 1 : dice.Thousandths(640) ? 2 : 3;
            foreach (var voice in dice.Shuffled(_voices.Values.OrderBy(v => v.Source, StringComparer.Ordinal)).Take(tellers))
            {
                // Whoever tells a part only was there: it happened at their place, and they know the minute.
                var isPartial = facts.Facts.Length > 1 && dice.Thousandths(50);
                foreach (var fact in facts.Facts)
                {
                    if (!isPartial || fact.Results.IsEmpty && dice.Thousandths(500))
                        Tell(fact, voice, facts.Negative, group, isPartial);
                }
            }
        }

        private void Tell(TrueFact fact, SourceVoice voice, HardNegative? negative, int group, bool isExact)
        {
            var first = _voices.Values.Select(v => v.Of(fact.Number)).FirstOrDefault(t => t is not null);
            var telling = voice.Add(new Teller(dice, rates, fact, first, isExact).Tell(voice, number) with
            {
                Subject = _subjects[voice.Source],
                Negative = negative,
                Group = group,
            });
            if (telling.Names.Any(n => n.StartsWith("http", StringComparison.Ordinal)) && dice.Thousandths(rates.Of(Perturbation.SaidTwice, fact.Type)))
                voice.AddAgain(telling);
        }

        // Somebody with another name and birth date under the same number, with some of the same codes at the same minutes.
        private void AddStranger(List<FactGroup> story)
        {
            var voice = dice.Of(_voices.Values.OrderBy(v => v.Source, StringComparer.Ordinal).ToList());
            var own = _voices.Values.First().Of(0)!.Fact.Person!;
            var isMale = own.Gender == "female";
            var other = own with
            {
                Given = isMale ? "Kwame" : "Priya",
                Family = own.Family == "Blackmore" ? "Chalke" : "Blackmore",
                Gender = isMale ? "male" : "female",
                BirthDate = own.BirthDate.AddDays(3_333),
            };
            var fact = new TrueFact { Number = 0, Type = "Patient", Person = other };
            var done = new Perturbations().With(Perturbation.Stranger);
            var stranger = voice.Add(new Telling { Fact = fact, Person = number + Strangers, Says = fact, Key = voice.NewKey("Patient"), Done = done });
            foreach (var copied in dice.Shuffled(story.SelectMany(g => g.Facts).Where(f => f.Results.IsEmpty)).Take(6))
            {
                var telling = new Teller(dice, rates, copied, null, isExact: false).Tell(voice, number + Strangers);
                voice.Add(telling with { Done = telling.Done | done, Subject = stranger.Key });
            }
        }

        private ImmutableArray<ImmutableArray<Fragment>> Pushes()
        {
            var bySource = _voices.Values.Select(v => v.Tellings.SelectMany(t => t.Versions).ToList()).ToList();
            foreach (var fragments in bySource)
                fragments.AddRange(fragments.Where(_ => dice.Thousandths(rates.Of(Perturbation.Resent, ""))).ToList());
            if (!dice.Thousandths(rates.Of(Perturbation.Disorder, "")))
                return [.. bySource.Select(f => f.ToImmutableArray())];
            var pieces = ImmutableArray.CreateBuilder<ImmutableArray<Fragment>>();
            var rest = dice.Shuffled(bySource.SelectMany(f => f)).AsSpan();
            while (!rest.IsEmpty)
            {
                var piece = rest[..Math.Min(rest.Length, dice.Between(1, 30))];
                pieces.Add([.. piece]);
                rest = rest[piece.Length..];
            }

            return pieces.ToImmutable();
        }
    }
}
