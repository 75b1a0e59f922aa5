using Lhcre.Record;
using Npgsql;

namespace Lhcre.Grains.Journal;

/// <summary>Many appends as the columns of one call of <c>journal_append</c>, whose parameters these are, in their order.</summary>
internal sealed class PostgresAppends
{
    // A lock a key would be too many for a server; one for all would let only one silo write.
    private const uint Stripes = 64;

    private static readonly string Call = $"SELECT journal_append({string.Join(", ", Enumerable.Range(1, 46).Select(number => $"${number}"))})";

    private readonly Entries _index = new(), _uses = new(), _kept = new();
    private readonly List<byte[]?> _indexVersions = [], _delivered = [], _keptVersions = [], _keptBodies = [];
    private readonly List<int> _useStripes = [], _keptStripes = [];
    private readonly List<int> _namedBy = [], _settledBy = [], _unparkedBy = [];
    private readonly List<string?> _namedPatients = [], _namedSources = [], _unparked = [];
    private readonly List<byte[]?> _systems = [], _values = [];
    private readonly List<bool> _isFormer = [];
    private readonly List<long> _settled = [];
    private readonly List<int> _describedBy = [];
    private readonly PostgresPeople _people = new();

    private PostgresAppends(IReadOnlyList<Append> appends, IReadOnlyList<SupportingResource> supporting)
    {
        for (var i = 0; i < appends.Count; i++)
            Add(appends[i], i + 1);
        foreach (var resource in supporting)
            Keep(resource, 0);
    }

    /// <summary>The call that writes appends, each of a patient of its own, and supporting resources that belong to none of them.</summary>
    public static NpgsqlBatchCommand Command(IReadOnlyList<Append> appends, IReadOnlyList<SupportingResource> supporting)
    {
        var columns = new PostgresAppends(appends, supporting);
        var command = new NpgsqlBatchCommand(Call);
        NpgsqlParameter[] arguments =
        [
            PostgresArguments.Texts([.. appends.Select(append => append.Patient.Value)]),
            PostgresArguments.Numbers([.. appends.Select(append => append.OldEpoch)]),
            PostgresArguments.Numbers([.. appends.Select(append => append.NewEpoch)]),
            PostgresArguments.Numbers([.. appends.Select(append => append.Row.Seq)]),
            PostgresArguments.Blobs([.. appends.Select(append => PostgresArguments.Bytes(append.Row.Push))]),
            PostgresArguments.Texts([.. appends.Select(append => PostgresArguments.Storable(append.Source))]),
            PostgresArguments.Numbers([.. appends.Select(append => append.Row.At.UtcTicks)]),
            PostgresArguments.Blobs([.. appends.Select(append => PostgresArguments.Bytes(append.Row.Body))]),
            .. columns._index.WithPatients(), PostgresArguments.Blobs(columns._indexVersions),
            PostgresArguments.Numbers(columns._namedBy),
            PostgresArguments.Texts(columns._namedPatients),
            PostgresArguments.Texts(columns._namedSources),
            PostgresArguments.Blobs(columns._systems),
            PostgresArguments.Blobs(columns._values),
            PostgresArguments.Flags(columns._isFormer),
            .. columns._uses.WithPatients(), PostgresArguments.Blobs(columns._delivered), PostgresArguments.Numbers([.. columns._useStripes.Distinct()]),
            .. columns._kept.WithoutPatients(), PostgresArguments.Blobs(columns._keptVersions), PostgresArguments.Blobs(columns._keptBodies),
            PostgresArguments.Numbers(columns._keptStripes),
            PostgresArguments.Numbers(columns._settledBy), PostgresArguments.Numbers(columns._settled),
            PostgresArguments.Numbers(columns._unparkedBy), PostgresArguments.Texts(columns._unparked),
            PostgresArguments.Numbers(columns._describedBy), .. columns._people.Columns(),
        ];
        command.Parameters.AddRange(arguments);
        return command;
    }

    private void Add(Append append, int number)
    {
        foreach (var entry in append.HighestOfIndex())
        {
            _index.Add(number, append.Patient.Value, entry.Key);
            _indexVersions.Add(PostgresArguments.Bytes(entry.Version));
        }

        foreach (var identifier in append.FormerIdentifiers)
            Name(append, number, identifier, isFormer: true);
        foreach (var identifier in append.LocalIdentifiers)
            Name(append, number, identifier, isFormer: false);
        // Of several of one key the last one's place counts: it is there that the delivery is asked for.
        foreach (var uses in append.Uses.Reverse().GroupBy(use => use.Key).Reverse())
        {
            _uses.Add(number, append.Patient.Value, uses.Key);
            _delivered.Add(Highest(uses.Select(use => use.Delivered)));
            _useStripes.Add(Stripe(uses.Key));
        }

        foreach (var resource in append.Supporting)
            Keep(resource, number);
        foreach (var followUp in append.Settles)
        {
            _settledBy.Add(number);
            _settled.Add(followUp);
        }

        if (append.Person is { } person)
        {
            _describedBy.Add(number);
            _people.Add(person);
        }

        foreach (var parked in append.Unparks)
        {
            _unparkedBy.Add(number);
            _unparked.Add(PostgresArguments.Storable(parked));
        }
    }

    private void Name(Append append, int number, LocalIdentifier identifier, bool isFormer)
    {
        _namedBy.Add(number);
        _namedPatients.Add(append.Patient.Value);
        _namedSources.Add(PostgresArguments.Storable(append.Source));
        _systems.Add(PostgresArguments.Utf8(identifier.System));
        _values.Add(PostgresArguments.Utf8(identifier.Value));
        _isFormer.Add(isFormer);
    }

    private void Keep(SupportingResource resource, int number)
    {
        _kept.Add(number, null, resource.Key);
        _keptVersions.Add(PostgresArguments.Bytes(resource.Version));
        _keptBodies.Add(PostgresArguments.Bytes(resource.Body));
        _keptStripes.Add(Stripe(resource.Key));
    }

    private static byte[]? Highest(IEnumerable<ReadOnlyMemory<byte>?> versions)
    {
        byte[]? highest = null;
        foreach (var version in versions)
        {
            if (version is { } given && (highest is null || given.Span.SequenceCompareTo(highest) > 0))
                highest = PostgresArguments.Bytes(given);
        }

        return highest;
    }

    // The same in every process.
    internal static int Stripe(EntryKey key) => (int)(ContentHash.Of(PostgresArguments.Utf8($"{key.Source}/{key.Reference}")).Bits % Stripes);

    // Keys of entries, and whose append each belongs to.
    private sealed class Entries
    {
        private readonly List<int> _numbers = [];
        private readonly List<string?> _patients = [], _sources = [], _types = [], _ids = [];

        public void Add(int number, string? patient, EntryKey key)
        {
            _numbers.Add(number);
            _patients.Add(patient);
            _sources.Add(PostgresArguments.Storable(key.Source));
            _types.Add(PostgresArguments.Storable(key.Type));
            _ids.Add(PostgresArguments.Storable(key.Id));
        }

        public NpgsqlParameter[] WithPatients() =>
            [PostgresArguments.Numbers(_numbers), PostgresArguments.Texts(_patients), .. WithoutPatients()[1..]];

        public NpgsqlParameter[] WithoutPatients() =>
        [
            PostgresArguments.Numbers(_numbers), PostgresArguments.Texts(_sources), PostgresArguments.Texts(_types), PostgresArguments.Texts(_ids),
        ];
    }
}
