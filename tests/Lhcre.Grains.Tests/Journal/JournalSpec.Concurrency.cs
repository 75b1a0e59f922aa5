using Lhcre.Grains.Journal;
using Lhcre.Record;
using static Lhcre.Grains.Tests.Journal.JournalExamples;

namespace Lhcre.Grains.Tests.Journal;

public abstract partial class JournalSpec
{
    [Fact]
    public async Task What_64_writers_of_16_patients_are_told_is_committed_is_there_once_and_in_order()
    {
        const int writers = 64, patients = 16, rowsEach = 8;

        var told = await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var committed = new List<(PatientKey Patient, long Seq, PushId Push)>();
            var patient = Patient(100 + writer % patients);
            while (committed.Count < rowsEach)
            {
                // As an activation that loads, appends, and is fenced by the others all the time.
                var head = (await Journal.Load(patient, None)).Head;
                var row = Row(head.Seq + 1, $"{writer}");
                var append = Append(patient, 1) with
                {
                    OldEpoch = head.Epoch,
                    NewEpoch = head.Epoch + 1,
                    Row = row,
                    Index = [new(Key($"{writer}-{row.Seq}"), Version(1))],
                };
                if (await Journal.Append(append, None) == AppendOutcome.Committed)
                    committed.Add((patient, row.Seq, row.Push));
            }

            return committed;
        })));

        foreach (var group in told.SelectMany(committed => committed).GroupBy(row => row.Patient))
        {
            var record = await Journal.Load(group.Key, None);
            Assert.Equal(Enumerable.Range(1, writers / patients * rowsEach).Select(seq => (long)seq), record.Rows.Select(row => row.Seq));
            Assert.Equal(group.OrderBy(row => row.Seq).Select(row => (row.Seq, row.Push)), record.Rows.Select(row => (row.Seq, row.Push)));
        }

        var keys = told.SelectMany((committed, writer) => committed.Select(row => (Key: Key($"{writer}-{row.Seq}"), row.Patient))).ToList();
        Assert.Equal(keys.Select(key => (PatientKey?)key.Patient), await Journal.FindPatients([.. keys.Select(key => key.Key)], None));
    }

    [Fact]
    public async Task Appends_of_one_patient_that_wait_together_are_taken_in_the_order_of_their_coming()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 100).Select(seq => Journal.Append(Append(Ann, seq), None)));

        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Committed, outcome));
        Assert.Equal(100, (await Journal.Load(Ann, None)).Head.Seq);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_beforehand_does_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Journal.Append(Append(Ann, 1), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Journal.Load(Ann, cancelled));

        Assert.Equal("(0, 0): ", await Loaded(Ann));
    }

    [Fact]
    public async Task A_closed_journal_is_unavailable_and_says_that_nothing_was_written()
    {
        await Journal.DisposeAsync();
        await Journal.DisposeAsync();

        var write = await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Append(Append(Ann, 1), None));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => Journal.Load(Ann, None));

        Assert.False(write.OutcomeUnknown);
        await Reopen();
        Assert.Equal("(0, 0): ", await Loaded(Ann));
    }
}
