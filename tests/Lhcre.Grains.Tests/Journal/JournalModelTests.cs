using CsCheck;
using Lhcre.Grains.Journal;
using Lhcre.Record;
using Lhcre.Record.People;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>Whatever is asked of two journals, in whatever order: both answer the same.</summary>
[Collection(PostgresFixture.Collection.Name)]
public sealed class JournalModelTests(PostgresFixture fixture)
{
    // A call, and what it answered as text. Few patients, keys and versions, so that they meet often.
    private delegate Task<string> Call(IJournal journal);

    private static readonly Gen<PatientKey> Patients = Gen.Int[1, 3].Select(Patient);
    private static readonly Gen<byte> Versions = Gen.Byte[1, 4];
    private static readonly Gen<string> Ids = Gen.OneOf("a", "b", "c");
    private static readonly Gen<DateTimeOffset> Moments = Gen.Int[0, 5].Select(minute => Noon.AddMinutes(minute));
    private static readonly Gen<SupportingResource[]> SupportingResources = Gen.Select(Ids, Versions, Supporting).Array[0, 2];
    private static readonly Gen<ParkedResource[]> ParkedResources =
        Gen.Select(Gen.OneOf("p", "q", "r", "s"), Gen.Int[0, 2], Gen.OneOf("a", "b", null), (id, minute, key) => Parked(id, minute, key))
            .Array[0, 3];

    private static readonly Gen<RefusedLetter[]> Letters =
        Gen.Select(Gen.OneOf("x", "y"), Gen.Int[0, 2], (name, minute) => Letter(name, minute)).Array[1, 2];

    private static readonly Gen<AsideQuery> AsideQueries =
        from code in Gen.OneOf("LHC200", IssueCodes.InvalidValue.Code, null)
        from type in Gen.OneOf("Observation", "ADT^A01", null)
        from since in Gen.Int[-1, 2]
        from before in Gen.Int[0, 3]
        from kind in Gen.OneOf<bool?>(true, false, null)
        from isDiscarded in Gen.Bool
        from after in Gen.OneOf("p", "q", "none", null)
        from afterMinute in Gen.Int[0, 2]
        from limit in Gen.Int[0, 4]
        select new AsideQuery(Source)
        {
            Code = code,
            Type = type,
            Since = since < 0 ? null : Noon.AddMinutes(since),
            Before = before == 0 ? null : Noon.AddMinutes(before),
            IsRefused = kind,
            IsDiscarded = isDiscarded,
            After = after is null ? null : new AsidePlace(Noon.AddMinutes(afterMinute), after),
            Limit = limit,
        };

    private static readonly Gen<LocalIdentifier[]> Identifiers = Ids.Select(value => new LocalIdentifier("mrn", value)).Array[0, 2];

    private static readonly Gen<PersonFacts?> People =
        from family in Gen.OneOf("smith", "smith jones", "jones", "smith;jones", "")
        from given in Gen.OneOf("ann", "anne;bob", "bob", "")
        from born in Gen.OneOf("1980-05-12", "1980-05", "1980", "1980-05-12;1981-01-01", "1980-05-11", "")
        from gender in Gen.OneOf("female", "male", "male;female", "")
        from isTold in Gen.Bool
        select isTold ? Person(family, given, born, gender) : null;

    private static readonly PersonQuery[] Questions =
    [
        .. new[]
        {
            "family=smith&birthdate=1980-05-12", "family=jones&birthdate=1980", "family:exact=smith&birthdate=1980-05", "name=ann&birthdate=1980-05-12",
            "name=a,bob&birthdate=1980-05-11,1980-05", "family=smith&given=bob,anne&birthdate=1980", "family=jo&birthdate=ge1980-05-12",
            "family=smith&birthdate=gt1980-05-12&gender=female", "name=a jones&birthdate=1980-05-12&gender=male,other", "name=b,jones smith&birthdate=1980",
        }.Select(Who),
    ];

    private static readonly Gen<Func<RecordHead, long[], Append>> Appends =
        from patient in Patients
        from fits in Gen.Frequency(
            (5, Gen.Const((Epoch: 0, Seq: 0))), (1, Gen.Select(Gen.Int[-1, 1], Gen.Int[-1, 1], (epoch, seq) => (Epoch: epoch, Seq: seq))))
        from claims in Gen.Int[0, 2]
        from push in Gen.Int // no two pushes have one id
        from index in Gen.Select(Ids, Versions, At).Array[0, 3]
        from identifiers in Identifiers
        from former in Identifiers
        from supporting in SupportingResources
        from uses in Gen.Select(Ids, Versions.Select(Gen.Bool, (version, held) => held ? version : (byte?)null), Use).Array[0, 2]
        from settles in Gen.Int[0, 3].Array[0, 2]
        from unparks in Gen.OneOf("p", "q", "r").Array[0, 1]
        from withholds in ParkedResources
        from person in People
        select (Func<RecordHead, long[], Append>)((head, pending) => new Append
        {
            Patient = patient,
            OldEpoch = Math.Max(0, head.Epoch + fits.Epoch),
            NewEpoch = Math.Max(0, head.Epoch + fits.Epoch) + claims,
            Row = Row(Math.Max(1, head.Seq + 1 + fits.Seq), $"{patient.Value} {push}"),
            Source = Source,
            Index = [.. index],
            LocalIdentifiers = [.. identifiers],
            FormerIdentifiers = [.. former],
            Supporting = [.. supporting],
            Uses = [.. uses],
            Settles = [.. settles.Where(nth => nth < pending.Length).Select(nth => pending[nth])],
            Unparks = [.. unparks],
            Withholds = [.. withholds],
            Person = person,
        });

    private static readonly Gen<Call> Calls = Gen.Frequency(
        (8, Appends.Select(append => (Call)(async journal =>
        {
            var fitting = append(default, []);
            var head = (await journal.Load(fitting.Patient, default)).Head;
            return await Appended(journal, append(head, await PendingIds(journal)));
        }))),
        (3, Gen.Select(Patients, Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 5], (patient, live, history, misfit) => (Call)(async journal =>
        {
            var (head, chunks, _) = await journal.Load(patient, default);
            var log = await journal.LoadLog(patient, default);
            var (from, to) = (log.Rows.Count == 0 ? head.Seq + 1 : log.Rows[0].Seq, Math.Min(head.Seq, head.SnapSeq + live));
            var historyTo = Math.Min(to, from + history - 1);
            var fold = new Fold
            {
                Patient = patient,
                Epoch = head.Epoch + (misfit == 1 ? 1 : 0),
                OldSnapSeq = head.SnapSeq,
                NewSnapSeq = to + (misfit == 2 ? 1 : 0),
                Live = to < 1 ? [] : [Chunk(chunks.Count == 0 ? 1 : chunks[^1].Number + 1, 1, to)],
                Dropped = misfit == 3 ? [] : [.. chunks.Take(live).Select(chunk => chunk.Number)],
                History = historyTo < from ? [] : [Chunk(log.History.Count + 1, from, historyTo)],
            };
            return $"fold {await journal.Fold(fold, default)} {Text(await journal.LoadLog(patient, [2, 5], default))}";
        }))),
        (2, Gen.Select(Patients, People, Gen.Int[-1, 0]).Array[0, 2].Select(people => (Call)(async journal =>
        {
            var described = new List<PersonDescription>();
            foreach (var (patient, person, misfit) in people.DistinctBy(p => p.Item1))
                described.Add(new PersonDescription(patient, (await journal.Load(patient, default)).Head.Seq + misfit, person ?? PersonFacts.None));
            await journal.Describe(described, default);
            return "describe";
        }))),
        (2, SupportingResources.Select(resources => (Call)(async journal =>
        {
            await journal.KeepSupporting(resources, default);
            return "keep supporting";
        }))),
        (2, ParkedResources.Select(resources => (Call)(async journal =>
        {
            await journal.Park(resources, default);
            return "park";
        }))),
        (1, Gen.OneOf("p", "q", "r", "s").Array[0, 2].Select(ids => (Call)(async journal =>
        {
            await journal.Unpark(ids, default);
            return "unpark";
        }))),
        (2, Gen.Int[0, 4].Array[0, 3].Select(nths => (Call)(async journal =>
        {
            var pending = await PendingIds(journal);
            await journal.Settle([.. nths.Select(nth => nth < pending.Length ? pending[nth] : 1000 + nth)], default);
            return "settle";
        }))),
        (2, Gen.Select(Ids, Moments, Moments, (push, at, since) => (Call)(async journal =>
        {
            // As in life, an answer is not kept from before the time that is asked for.
            await journal.KeepAnswer(Push(push), new KeptAnswer(200, at > since ? at : since, null, Row(1).Body), Noon, default);
            return Text(await journal.FindAnswer(Push(push), since, default));
        }))),
        (1, Letters.Select(letters => (Call)(async journal =>
        {
            await journal.Refuse(letters, default);
            return "refuse";
        }))),
        (1, Gen.Select(Gen.OneOf("p", "q", "r", Letter("x").Id), Gen.Int[0, 9], (id, minute) => (Call)(async journal =>
        {
            await journal.Discard(Source, id, Discarded($"at {minute}", minute), default);
            return Text(await journal.FindAside(Source, id, default));
        }))),
        (2, AsideQueries.Select(query => (Call)(async journal =>
            $"{Text(await journal.Asides(query, default))} {Lines((await journal.ParkedResolvable(query.Limit, default)).Select(Text))}"))));

    [Fact]
    public Task Any_calls_in_any_order_get_the_same_answers_from_SQLite_and_from_the_simulated_journal() => Calls.Array[1, 25].SampleAsync(
        async calls =>
        {
            var folder = new TemporaryFolder();
            await using (var sqlite = await SqliteJournal.Open(folder.Path, "fingerprint", default))
                await AnswerAlike(calls, sqlite);
            folder.Remove();
        },
        iter: 60,
        threads: 2);

    [Fact]
    public async Task Any_calls_in_any_order_get_the_same_answers_from_PostgreSQL_and_from_the_simulated_journal()
    {
        var database = await fixture.Migrated();
        await Calls.Array[1, 25].SampleAsync(
            async calls =>
            {
                await PostgresFixture.Clear(database);
                await using var postgres = await PostgresJournal.Open(database, "fingerprint", default);
                await AnswerAlike(calls, postgres);
            },
            iter: 15,
            threads: 1);
    }

    // Refused where it takes in what was discarded.
    private static async Task<string> Appended(IJournal journal, Append append)
    {
        try
        {
            return $"append {await journal.Append(append, default)}";
        }
        catch (JournalUnavailableException failure)
        {
            return $"append refused {failure.OutcomeUnknown}";
        }
    }

    private static async Task AnswerAlike(Call[] calls, IJournal journal)
    {
        await using var simulated = new SimulatedJournal();
        foreach (var call in calls)
        {
            Assert.Equal(await call(simulated), await call(journal));
            Assert.Equal(await All(simulated), await All(journal));
        }
    }

    private static async Task<long[]> PendingIds(IJournal journal) =>
        [.. (await journal.FollowUps(0, 100, default)).Select(followUp => followUp.Id)];

    private static async Task<string> All(IJournal journal)
    {
        EntryKey[] keys = [Key("a"), Key("b"), Key("c"), Key("a", "Practitioner"), Key("b", "Practitioner"), Key("c", "Practitioner")];
        var records = new List<string>();
        for (var number = 1; number <= 3; number++)
        {
            records.Add(Text(await journal.Load(Patient(number), default)));
            records.Add(Text(await journal.LoadLog(Patient(number), default)));
        }

        records.Add(string.Join(' ', await journal.Heads([Patient(2), Patient(9), Patient(1)], default)));
        var named = new List<PatientKey>();
        foreach (var value in new[] { "a", "b", "c" })
            named.AddRange(await journal.FindPatients(Source, new LocalIdentifier("mrn", value), default));
        var found = new List<string>();
        foreach (var question in Questions)
            found.Add(string.Join(' ', await journal.FindPeople(question, 2, default)));
        var (unfindable, last) = await journal.Unfindable(null, 2, default);
        found.Add($"{string.Join(' ', unfindable)} to {last}, behind {Patient(2)} {string.Join(' ', (await journal.Unfindable(Patient(2), 2, default)).Patients)}");
        return Lines(
            [
                Lines(records),
                Lines(found),
                Lines((await journal.FindPatients(keys, default)).Select(patient => patient?.Value ?? "nobody")),
                Lines(named.Select(patient => patient.Value)),
                Lines((await journal.FindSupporting(keys, default)).Select(Text)),
                Lines((await journal.ParkedFor(keys, default)).Select(Text)),
                Text(await journal.Asides(new AsideQuery(Source), default)),
                Text(await journal.Asides(new AsideQuery(Source) { IsDiscarded = true }, default)),
                Lines((await journal.FollowUps(0, 100, default)).Select(Text)),
            ]);
    }

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);
}
