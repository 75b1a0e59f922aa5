using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Silo.Fhir;

/// <summary>An answer as it went out: small, or in a form that cost something to make (compressed, or as XML).</summary>
/// <param name="Tag">The entity tag of the answer of which it is the form.</param>
/// <param name="Version">The version of the record in it.</param>
/// <param name="Bytes">The form. Not to be changed.</param>
/// <param name="Present">By what it shows that it is still the answer; null where the answer has to be looked for to know.</param>
internal sealed record KeptForm(string Tag, long Version, ReadOnlyMemory<byte> Bytes, PresentAnswer? Present = null);

/// <summary>What an answer was made of, beside the URL that asked for it: while that is so, it is the answer.</summary>
/// <param name="Person">Whose merged record, by the URL alone.</param>
/// <param name="Sources">How the sources are configured (<see cref="ReadAnswer.Sources"/>).</param>
/// <param name="SourceStatus">The generation of what is known of the sources.</param>
/// <param name="StillThat">Asks the record whether it is still of this version.</param>
/// <param name="Endpoint">What the URL leads to.</param>
internal sealed record PresentAnswer(PatientKey Person, int Sources, uint SourceStatus, ReadRequest StillThat, Endpoint? Endpoint);

/// <summary>
/// The forms of warm answers, kept as long as their entity tag is the present one and there is room: the one that was asked for longest ago
/// goes first. What is asked for once is not kept, so that a walk through all records throws out nothing.
/// </summary>
/// <param name="mostBytes">Room for all forms together, in bytes; 0 keeps nothing.</param>
internal sealed class KeptForms(long mostBytes)
{
    // Of one form: the room is for many.
    private const int Share = 8;

    // Of answers that are sent as they are, the small ones: others cost little more to put together than to send.
    private const int MostPlain = 128 * 1024;

    // What a form costs beside its bytes: its key, its place in the order.
    private const int Overhead = 512;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, LinkedListNode<(Key Key, KeptForm Form)>> _forms = [];
    private readonly LinkedList<(Key Key, KeptForm Form)> _newestFirst = [];
    private readonly Dictionary<(Key Key, string Tag), Task<KeptForm>> _making = [];
    private readonly int[] _seen = new int[mostBytes == 0 ? 0 : 16 * 1024];
    private long _bytes;

    /// <summary>What an answer is kept under: the URL as it was asked for, whose it is where that does not say so, and the form.</summary>
    internal readonly record struct Key(string Target, PatientKey? Person, MediaKind Media, string Coding)
    {
        /// <summary>Whether it is the answer as it is.</summary>
        public bool IsPlain => Media == MediaKind.Json && Coding == ContentCoding.Identity.Name;

        /// <summary>Without the URL, which may name a person.</summary>
        public override string ToString() => $"{Media}, {Coding}";
    }

    /// <summary>The bytes that are kept.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock)
                return _bytes;
        }
    }

    /// <summary>What is kept; null for nothing. It may be of another version than the present one: its tag tells.</summary>
    public KeptForm? Find(Key key)
    {
        lock (_lock)
        {
            if (!_forms.TryGetValue(key, out var node))
                return null;
            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value.Form;
        }
    }

    /// <summary>Whether a form of so many bytes is to be kept: it was asked for before, lately, and there is room.</summary>
    /// <param name="key">The form.</param>
    /// <param name="plainBytes">The answer's bytes; null where they are not known.</param>
    public bool IsWorthKeeping(Key key, long? plainBytes)
    {
        // Compressed clinical JSON is a tenth or less of it.
        if (_seen.Length == 0 || !(plainBytes <= (key.IsPlain ? Math.Min(mostBytes, MostPlain) : mostBytes)))
            return false;
        var mark = key.GetHashCode();
        ref var seen = ref _seen[(uint)mark % (uint)_seen.Length];
        var isSeen = seen == mark;
        seen = mark;
        return isSeen;
    }

    /// <summary>The form, made once however many ask for it at the same time, and kept if there is room for it.</summary>
    /// <param name="key">What it is kept under.</param>
    /// <param name="tag">The entity tag of the answer.</param>
    /// <param name="version">The version of the record in it.</param>
    /// <param name="present">By what it shows that it is still the answer; null where nothing does.</param>
    /// <param name="make">Makes it; for all who wait, so that it does not end when one of them goes.</param>
    public Task<KeptForm> Make(Key key, string tag, long version, PresentAnswer? present, Func<ValueTask<ReadOnlyMemory<byte>>> make)
    {
        TaskCompletionSource<KeptForm> made;
        lock (_lock)
        {
            if (_forms.TryGetValue(key, out var node) && node.Value.Form.Tag == tag)
                return Task.FromResult(node.Value.Form);
            if (_making.TryGetValue((key, tag), out var task))
                return task;
            made = new TaskCompletionSource<KeptForm>(TaskCreationOptions.RunContinuationsAsynchronously);
            _making.Add((key, tag), made.Task);
        }

        return MakeFor(made, key, form => new KeptForm(tag, version, form, present), tag, make);
    }

    private async Task<KeptForm> MakeFor(
        TaskCompletionSource<KeptForm> made, Key key, Func<ReadOnlyMemory<byte>, KeptForm> keep, string tag, Func<ValueTask<ReadOnlyMemory<byte>>> make)
    {
        try
        {
            var form = keep(await make());
            Keep(key, form);
            made.SetResult(form);
            return form;
        }
        catch (Exception failure)
        {
            // An edge: whoever waits for this must not wait for ever, whatever it was.
            made.SetException(failure);
            throw;
        }
        finally
        {
            lock (_lock)
                _making.Remove((key, tag));
        }
    }

    private void Keep(Key key, KeptForm form)
    {
        lock (_lock)
        {
            if (_forms.TryGetValue(key, out var before))
            {
                // Made from an older version, and slower than the newer one.
                if (before.Value.Form.Version > form.Version)
                    return;
                Forget(before);
            }

            if (Cost(form) > mostBytes / Share)
                return;
            _forms[key] = _newestFirst.AddFirst((key, form));
            _bytes += Cost(form);
            while (_bytes > mostBytes)
                Forget(_newestFirst.Last!);
        }
    }

    /// <summary>Lets go of every form of a person's answers.</summary>
    public void Forget(PatientKey person)
    {
        lock (_lock)
        {
            foreach (var node in _forms.Values.Where(n => n.Value.Key.Person == person || n.Value.Form.Present?.Person == person || n.Value.Key.Target.Contains(person.Value, StringComparison.Ordinal)).ToList())
                Forget(node);
        }
    }

    private void Forget(LinkedListNode<(Key Key, KeptForm Form)> node)
    {
        _newestFirst.Remove(node);
        _forms.Remove(node.Value.Key);
        _bytes -= Cost(node.Value.Form);
    }

    private static long Cost(KeptForm form) => form.Bytes.Length + Overhead;
}
