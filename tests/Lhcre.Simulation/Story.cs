using System.Text;
using Lhcre.Intake;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>A person as the sources know them.</summary>
internal sealed record Person(int Number, NhsNumber Nhs, PatientKey Key)
{
    /// <inheritdoc/>
    public override string ToString() => $"person {Number}";
}

/// <summary>One thing that a source says: a version of a resource, or that it is gone.</summary>
/// <param name="Fragment">What is said.</param>
/// <param name="Clue">What of it tells whose it is.</param>
/// <param name="Person">Whose it is; null for what is nobody's, and for a DELETE.</param>
internal sealed record Statement(Fragment Fragment, PersonClue Clue, Person? Person);

/// <summary>One push of a source, which it sends until it is acknowledged, and sometimes again.</summary>
internal sealed class StoryPush(int number, string source, Statement[] statements)
{
    public int Number { get; } = number;

    public string Source { get; } = source;

    public Statement[] Statements { get; } = statements;

    public PushId Id { get; } = PushId.Of(source, $"push {number}");

    /// <summary>Of what it is all that its source says of the person, who then is one; null where it leaves out what has not changed.</summary>
    public SourceExtent? Extent { get; init; }

    /// <summary>Whether everything in it has been acknowledged.</summary>
    public bool IsAcknowledged { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"push {Number} of {Source}";
}

/// <summary>
/// What a few sources say of a few people, from a seed: few ids, identifiers and times, so that versions, references, clusters and moves
/// meet all the time.
/// </summary>
internal sealed partial class Story
{
    /// <summary>Who pushes.</summary>
    public static readonly string[] Sources = ["dorset", "hampshire", "isle-of-wight"];

    /// <summary>Who is pulled from.</summary>
    public const string Pulled = "wales";

    private const string Mrn = "https://example.org/mrn";

    private static readonly DateTimeOffset Then = new(2026, 1, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly string[] Shapes = ["Observation", "Observation", "Observation", "Observation", "Encounter", "Condition", "Patient", "Practitioner", "PractitionerRole", "Organization"];

    private readonly Dice _dice;
    private readonly bool _looksUp;
    private readonly int _sources;
    private readonly bool _isQuarantined;
    private readonly bool _mayMove;
    private readonly bool _isEven;
    private int _pushes;
    private int _corrections;
    private int _words;

    /// <summary>A story.</summary>
    public Story(Dice dice, int seed)
    {
        // The first stories are told without, so that what is broken in one place is seen there soon.
        (_mayMove, _isEven) = (seed > 40 && seed % 3 == 0, seed % 2 == 0);
        _dice = dice;
        IsDeclared = dice.OneIn(2);
        _looksUp = dice.OneIn(2);
        _sources = dice.Between(1, 3);
        _isQuarantined = dice.OneIn(2);
        People = [.. Enumerable.Range(1, dice.Between(1, 3)).Select(Someone)];
    }

    /// <summary>Whether every version carries its source's own time, so that the record is a function of what was said alone.</summary>
    public bool IsDeclared { get; }

    /// <summary>Whether somebody quarantines what sources sent, or moves it, now and then.</summary>
    public bool IsCorrected => _isQuarantined || IsMoved;

    /// <summary>Whether people visit, whose words another source has: they are pulled, and erased when the lease ends.</summary>
    public bool IsVisited => !IsCorrected && !_looksUp;

    /// <summary>All pulls so far.</summary>
    public List<StoryPush> Visited { get; } = [];

    /// <summary>Whether somebody moves what a source filed under the wrong person, now and then.</summary>
    public bool IsMoved => _mayMove && People.Length > 1 && !IsUnnumbered;

    /// <summary>All corrections so far.</summary>
    public List<StoryCorrection> Corrections { get; } = [];

    /// <summary>Whether some Patients come without a number: then what their source calls the person is all that there is, until the number comes.</summary>
    public bool IsUnnumbered => _looksUp && People.Length == 2;

    /// <summary>The sources as they are configured for it.</summary>
    public IReadOnlyList<SourceSystem>? Configured => IsUnnumbered ? [.. Sources.Select(s => new SourceSystem(s) { PersonSystems = [Mrn] })] : null;

    /// <summary>Under which keys a person's words may be: of the number, and of what each source calls the person.</summary>
    public IEnumerable<PatientKey> Keys(Person person) =>
        IsUnnumbered ? [person.Key, .. Sources.Select(s => SimulatedCluster.Pseudonym.For(s, Mrn, Called(person)))] : [person.Key];

    /// <summary>Everybody in it.</summary>
    public Person[] People { get; }

    /// <summary>All pushes so far.</summary>
    public List<StoryPush> Pushes { get; } = [];

    /// <summary>Tells the next push.</summary>
    public StoryPush Next()
    {
        var source = Sources[_dice.Below(_sources)];
        var mostly = _dice.Of(People);
        var statements = new List<Statement>();
        for (var count = _dice.Between(1, 4); count > 0; count--)
        {
            var person = _dice.OneIn(4) ? _dice.Of(People) : mostly;
            statements.Add(Say(source, person));
        }

        // What has a version is told as a whole now and then: of the others nobody could say which came first.
        var push = IsDeclared && !(IsMoved && _isEven) && _dice.OneIn(5)
            ? Whole(source, mostly, [.. statements.DistinctBy(s => s.Fragment.Key)])
            : new StoryPush(++_pushes, source, [.. statements.DistinctBy(s => s.Fragment.Key)]);
        Pushes.Add(push);
        return push;
    }

    /// <summary>Orders a quarantine, or ends one.</summary>
    /// <param name="now">When.</param>
    public StoryCorrection Correct(DateTimeOffset now)
    {
        if (IsMoved && (!_isQuarantined || _dice.OneIn(2)))
            return Move();
        var inForce = QuarantinesInForce.ToList();
        if (inForce.Count > 0 && _dice.OneIn(2))
            return End(_dice.Of(inForce));
        var from = now.AddMinutes(-_dice.Below(240));
        DateTimeOffset? to = _dice.OneIn(3) ? null : from.AddSeconds(_dice.Below(1 + (int)(now - from).TotalSeconds));
        var source = Sources[_dice.Below(_sources)];
        return Ordered(new Quarantine(PushId.Of("quarantine", $"{++_corrections}"), source, "a wrong mapping", _dice.OneIn(3) ? default : from, to), now);
    }

    /// <summary>Ends a quarantine.</summary>
    public StoryCorrection End(Quarantine quarantine) =>
        Ordered(new QuarantineEnd(PushId.Of("end", $"{++_corrections}"), quarantine.Source, "mended", quarantine.Id), default);

    /// <summary>The quarantines that nobody has ended.</summary>
    public IEnumerable<Quarantine> QuarantinesInForce => Lhcre.Record.Corrections.Of(Corrections.Select(c => c.Correction)).InForce;

    /// <summary>Whether what a source says, and by what it is found, is under correction now.</summary>
    public bool IsUnsettled(string source) =>
        Corrections.Any(c => c.Correction.Source == source && !c.IsDone) || QuarantinesInForce.Any(q => q.Source == source && q.To is null);

    /// <summary>Somebody comes, and is pulled.</summary>
    public StoryPush Visit()
    {
        var person = _dice.Of(People);
        var said = Enumerable.Range(0, _dice.Between(1, 4)).Select(_ => Say(Pulled, person)).Where(s => s.Person is not null || s.Clue is PersonClue.Nobody);
        Visited.Add(new StoryPush(Visited.Count + 1, Pulled, [.. said.DistinctBy(s => s.Fragment.Key)]));
        return Visited[^1];
    }

    private StoryCorrection Ordered(Correction correction, DateTimeOffset at, PatientKey? of = null)
    {
        var ordered = new StoryCorrection(_corrections, correction, at, of is { } record ? [record] : [.. People.SelectMany(Keys)]);
        Corrections.Add(ordered);
        return ordered;
    }

    private StoryPush Whole(string source, Person person, Statement[] statements)
    {
        var patient = new EntryKey(source, "Patient", $"p{person.Number}");
        Statement[] own =
        [
            .. statements.Where(s => s.Person == person).Select(s => s with { Clue = new PersonClue.Named(person.Nhs, patient) }),
            .. statements.Where(s => s.Clue is PersonClue.Nobody),
        ];
        return new StoryPush(++_pushes, source, own)
        {
            Extent = own.Any(s => s.Person == person) ? new SourceExtent(source, Then.AddHours(_dice.Below(200)), _dice.OneIn(2) ? [] : ["Observation"]) : null,
        };
    }

    /// <summary>
    /// Whether a push is to be held back: a source that gives a resource no version says the next thing of it when the last one is
    /// acknowledged, since nothing else tells which is which. What has a version may go in any order.
    /// </summary>
    public bool MustWait(StoryPush push) => Pushes.TakeWhile(p => p != push).Any(earlier =>
        !earlier.IsAcknowledged && earlier.Source == push.Source
        && earlier.Statements.Any(s => push.Statements.Any(t => s.Fragment.Key == t.Fragment.Key && !(s.Fragment.Version.IsDeclared && t.Fragment.Version.IsDeclared))));

    private Statement Say(string source, Person person)
    {
        var type = _dice.Of(Shapes);
        var id = type switch
        {
            // Without numbers in their pushes a person is known by the Patient, who then is one person's for good.
            "Patient" => _looksUp || !_dice.OneIn(8) ? $"p{person.Number}" : $"p{_dice.Of(People).Number}",
            // A resource is mostly one person's; with another id in the same place it moves.
            "Practitioner" or "PractitionerRole" or "Organization" => $"{_dice.Between(1, 2)}",
            _ => _dice.OneIn(6) ? $"{_dice.Between(1, 4)}" : $"{person.Number}-{_dice.Between(1, 4)}",
        };
        var key = new EntryKey(source, type, id);
        DateTimeOffset? time = IsDeclared || _dice.OneIn(2) ? Then.AddHours(_dice.Below(200)) : null;
        if (_dice.OneIn(7) && type != "Patient")
            return new Statement(Fragment.Deleted(key, time), new PersonClue.OwnKey(key), null);

        var isNumbered = type != "Patient" || !IsUnnumbered || _dice.OneIn(3);
        var fragment = Fragment.Stated(
            source, Encoding.UTF8.GetBytes(Json(key, person, isNumbered).Replace('\'', '"')), time: time, stampRule: _dice.OneIn(2) ? StampRule.AboveLive : StampRule.Arrival);
        if (fragment.IsSupporting)
            return new Statement(fragment, PersonClue.Nobody.One, null);
        var patient = new EntryKey(source, "Patient", $"p{person.Number}");
        if (!isNumbered)
            return new Statement(fragment, new PersonClue.LookUp(patient, [new Identifier(Mrn, Called(person), null)], IssueCodes.NoNhsNumber), person);
        return _looksUp && type != "Patient" && _dice.OneIn(2)
            ? new Statement(fragment, new PersonClue.LookUp(patient, [], IssueCodes.UnknownPerson), person)
            : new Statement(fragment, new PersonClue.Named(person.Nhs, patient), person);
    }

    private static string Called(Person person) => $"{person.Number}";

    private string Json(EntryKey key, Person person, bool isNumbered)
    {
        var text = new StringBuilder($"{{'resourceType':'{key.Type}','id':'{key.Id}'");
        // The same words again are no news; otherwise every statement has words of its own.
        var words = _dice.OneIn(6) ? 0 : ++_words;
        switch (key.Type)
        {
            case "Patient":
                var number = isNumbered ? $"{{'system':'{NhsNumber.System}','value':'{person.Nhs.Digits()}'}}," : "";
                text.Append($",'identifier':[{number}{{'system':'{Mrn}','value':'{Called(person)}'}}],'name':[{{'text':'{words}'}}]");
                break;
            case "Practitioner" or "Organization":
                text.Append($",'name':[{{'text':'{words}'}}]");
                break;
            case "PractitionerRole":
                text.Append($",'practitioner':{Reference("Practitioner", 2)},'organization':{Reference("Organization", 2)},'specialty':[{{'text':'{words}'}}]");
                break;
            default:
                text.Append(Identified(person)).Append($",'subject':{{'reference':'Patient/p{person.Number}'}},'note':[{{'text':'{words}'}}]").Append(References(person));
                break;
        }

        return text.Append('}').ToString();
    }

    private string Identified(Person person) =>
        _dice.OneIn(2) ? $",'identifier':[{{'system':'https://example.org/ids','value':'{person.Number}-{_dice.Between(1, 3)}'}}]" : "";

    private string References(Person person) => _dice.Below(5) switch
    {
        0 => $",'performer':[{Reference("Practitioner", 2)}]",
        1 => $",'performer':[{Reference("PractitionerRole", 2)},{Reference("Organization", 2)}]",
        2 => $",'encounter':{{'reference':'Encounter/{person.Number}-{_dice.Between(1, 4)}'}}",
        3 => $",'hasMember':[{{'reference':'Observation/{person.Number}-{_dice.Between(1, 4)}'}},{{'reference':'Practitioner/3'}}]",
        _ => "",
    };

    private string Reference(string type, int ids) => $"{{'reference':'{type}/{_dice.Between(1, ids)}'}}";

    private static Person Someone(int number)
    {
        var first9 = 999_000_000 + (10 * number);
        NhsNumber nhs;
        while (!NhsNumber.TryComplete(first9, out nhs))
            first9++;
        return new Person(number, nhs, SimulatedCluster.Pseudonym.For(nhs));
    }
}
