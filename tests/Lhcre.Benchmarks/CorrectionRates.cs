using System.Diagnostics;
using System.Globalization;
using Lhcre.Benchmarks.Stores;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Benchmarks;

/// <summary>
/// How many people a second a source's words are taken back of, and brought back, by as many writers as the product has; against the push of one resource to each of
/// the same records.
/// </summary>
internal static class CorrectionRates
{
    private const int Writers = 4;
    private const int MostPeople = 200;

    /// <summary>Measures it, on both journals.</summary>
    public static IAsyncEnumerable<Figure> Measure(Scale scale) => Store.OnEach(store => Measure(store, scale));

    private static async IAsyncEnumerable<Figure> Measure(Store store, Scale scale)
    {
        await using var silo = await HostedSilo.Start(store.Journal);
        var people = PushedPeople.KnownToAll().Take(Math.Min(scale.People, MostPeople)).ToList();
        var resources = 0;
        foreach (var person in people)
        {
            foreach (var push in person.Pushes())
            {
                var fragments = PushedPeople.Read(push);
                resources += fragments.Length;
                await Change(silo, PushedPeople.Key(person), (grain, caller) => grain.Push(Request(push.Source, push.Source, fragments), caller));
            }
        }

        var rounds = new List<(double Push, double Quarantine, double End)>();
        for (var round = 0; round < Math.Min(scale.Rounds, 3); round++)
        {
            var number = round;
            var quarantine = new Quarantine(PushId.Of("benchmark", $"quarantine {number}"), "dorset", "measured", default, TimeProvider.System.GetUtcNow());
            rounds.Add((
                await Rate(key => Change(silo, key, (grain, caller) => grain.Push(Request($"push {number}", "hampshire", Fragment.Stated("hampshire", Observations.Weight($"w{number}", """{"reference":"Patient/p1"}""", number))), caller))),
                await Rate(key => Change(silo, key, (grain, caller) => grain.Correct(CorrectionRequest.Of(quarantine), caller))),
                await Rate(key => Change(silo, key, (grain, caller) => grain.Correct(CorrectionRequest.Of(new QuarantineEnd(PushId.Of("benchmark", $"end {number}"), "dorset", "measured", quarantine.Id)), caller)))));
        }

        var onePush = Median.Of(rounds, r => r.Push);
        yield return Against($"{store.Name}: one source of three quarantined, records of {resources / people.Count} resources, {Writers} writers: people/s", Median.Of(rounds, r => r.Quarantine), onePush);
        yield return Against($"{store.Name}: brought back: people/s", Median.Of(rounds, r => r.End), onePush);

        async Task<double> Rate(Func<PatientKey, Task> change)
        {
            var start = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = Writers }, async (person, _) => await change(PushedPeople.Key(person)));
            return people.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }

    private static Figure Against(string work, double value, double push) =>
        new(work, Text(value)) { Against = $"pushes of one resource to the same people: {Text(push)}", Ratio = value / push };

    private static async Task Change(HostedSilo silo, PatientKey key, Func<IPatientGrain, Caller, ValueTask<PushAnswer>> change)
    {
        var answer = await change(silo.Grains.GetGrain<IPatientGrain>(key.Value), Caller.Development);
        if (answer.Status != PushStatus.Applied)
            throw new InvalidOperationException($"It ended as {answer.Status}: the rate says nothing.");
    }

    private static PushRequest Request(string push, string source, params IEnumerable<Fragment> fragments) =>
        new() { Source = source, Push = PushId.Of(source, push), Fragments = new FragmentBatch([.. fragments]) };

    private static string Text(double rate) => rate.ToString("0", CultureInfo.InvariantCulture);
}
