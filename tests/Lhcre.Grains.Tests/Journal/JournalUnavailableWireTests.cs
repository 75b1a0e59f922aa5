using Lhcre.Grains.Journal;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;

namespace Lhcre.Grains.Tests.Journal;

/// <summary>A record that cannot be read may be on another silo than whoever asks for it: why it cannot must arrive there.</summary>
public sealed class JournalUnavailableWireTests : IDisposable
{
    private readonly ServiceProvider _services =
        new ServiceCollection().AddSerializer(s => s.AddAssembly(typeof(JournalUnavailableException).Assembly)).BuildServiceProvider();

    // Where SQLite's own texts come from: opening a journal does this otherwise.
    public JournalUnavailableWireTests() => SQLitePCL.Batteries_V2.Init();

    public void Dispose() => _services.Dispose();

    public static TheoryData<string> Faults => ["lost", "late", "read-only", "sqlite", "busy"];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Whatever_the_driver_threw_the_failure_arrives_with_all_that_it_says(string fault)
    {
        var sent = fault switch
        {
            "lost" => PostgresFault.ToCaller(new NpgsqlException("Failed to connect to db.example", new IOException("reset")), outcomeUnknown: true),
            "late" => PostgresFault.ToCaller(new TimeoutException(), outcomeUnknown: true),
            "read-only" => PostgresFault.ToCaller(new PostgresException("cannot execute INSERT", "ERROR", "ERROR", "25006"), outcomeUnknown: false),
            "sqlite" => SqliteFault.ToCaller(new Microsoft.Data.Sqlite.SqliteException("disk I/O error", 10), outcomeUnknown: false),
            _ => JournalUnavailableException.Busy(),
        };

        var serializer = _services.GetRequiredService<Serializer<Exception>>();
        var arrived = Assert.IsType<JournalUnavailableException>(serializer.Deserialize(serializer.SerializeToArray(sent)));

        Assert.Equal((sent.Message, sent.OutcomeUnknown, sent.IsBusy), (arrived.Message, arrived.OutcomeUnknown, arrived.IsBusy));
        // Nothing of the driver's, which knows the address and perhaps what was written.
        Assert.Null(arrived.InnerException);
        Assert.DoesNotContain("db.example", arrived.Message, StringComparison.Ordinal);
    }
}
