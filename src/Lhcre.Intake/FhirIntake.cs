using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Intake;

/// <summary>
/// Reads what a source pushes as FHIR R4 JSON: bytes in, fragments and issues out. Pure: the same bytes give the same answer, and nothing is
/// thrown whatever they are. All issues of a push are told at once.
/// </summary>
public static class FhirIntake
{
    /// <summary>Reads one push.</summary>
    /// <param name="body">The request's body as sent; not looked at for a DELETE. It is not kept: fragments hold copies.</param>
    /// <param name="interaction">What the request asks for.</param>
    /// <param name="source">The source's id.</param>
    /// <param name="sourceBase">The absolute URL of this source's own FHIR base, without a slash at its end.</param>
    /// <param name="trust">Which of its NHS numbers name anybody; null for <see cref="NumberTrust.Usual"/>.</param>
    public static Received Read(ReadOnlyMemory<byte> body, Interaction interaction, string source, string sourceBase, NumberTrust? trust = null)
    {
        ArgumentNullException.ThrowIfNull(interaction);
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(sourceBase);
        var request = RequestOf(interaction);
        if (interaction.Method == "DELETE")
            return ReadSingle(Draft.Of(request, null, default), source, sourceBase, trust);
        if (body.Span.StartsWith("\uFEFF"u8))
            body = body[3..];
        if (JsonSoundness.Check(body.Span, out var root) is { } unsound)
            return new Received { Issues = [unsound] };
        body = body.Slice(root.Range.Start, root.Range.Length);
        if (!root.IsObject)
            return new Received { Issues = [new Issue(IssueCodes.NoResourceType)] };
        var members = JsonOutline.Members(body.Span, JsonOutline.Whole(body.Span));
        return JsonOutline.Text(body.Span, members, "resourceType") == "Bundle" && interaction is { Method: "POST", Type: null or "Bundle", Id: null }
            ? ReadBundle(BundleEnvelope.Read(body.Span, members, sourceBase), body, source, sourceBase, trust)
            : ReadSingle(Draft.Of(request, JsonOutline.Whole(body.Span), body), source, sourceBase, trust);
    }

    // A path is read as strictly as an entry's request.
    private static EntryRequest RequestOf(Interaction interaction)
    {
        var (method, type, id) = interaction;
        Issue? fault = null;
        if (method is not ("POST" or "PUT" or "DELETE") || type is null || (id is null) != (method == "POST"))
            fault = new Issue(IssueCodes.InteractionNotSupported, type is null ? "Only a Bundle is taken at the base." : null);
        else if (!FhirTypes.IsResource(type))
            fault = new Issue(IssueCodes.UnknownType, type);
        else if (id is not null && !EntryKey.IsValidId(id))
            fault = new Issue(IssueCodes.InvalidId, id);
        return new EntryRequest(method, type, id, fault, false);
    }

    private static Received ReadSingle(Draft draft, string source, string sourceBase, NumberTrust? trust)
    {
        draft.Identify(source, []);
        return new Received { Entries = Entries(null, [draft], null, sourceBase, trust) };
    }

    private static Received ReadBundle(BundleEnvelope envelope, ReadOnlyMemory<byte> body, string source, string sourceBase, NumberTrust? trust)
    {
        var drafts = envelope.Entries.Select(e => Draft.Of(e, body)).ToList();
        var occurrences = new Dictionary<ContentHash, int>();
        foreach (var draft in drafts)
            draft.Identify(source, occurrences);
        if (envelope.Kind == BundleKind.Transaction)
            RefuseDoubled(drafts);
        var entries = Entries(envelope.Kind, drafts, envelope.Time, sourceBase, trust);
        return new Received
        {
            Bundle = envelope.Kind,
            PushId = envelope.Identifier ?? drafts.Find(d => d.Type == "MessageHeader")?.OwnId?.Trim(),
            Time = envelope.Time,
            Issues = envelope.Kind == BundleKind.Transaction ? [.. envelope.Issues, .. OfTransaction(entries)] : envelope.Issues,
            Entries = entries,
        };
    }

    private static void RefuseDoubled(List<Draft> drafts)
    {
        var first = new Dictionary<EntryKey, int>();
        foreach (var draft in drafts)
        {
            if (draft.Key is { } key && !first.TryAdd(key, draft.Index))
                draft.Issues.Add(new Issue(IssueCodes.DuplicateEntry, $"As Bundle.entry[{first[key]}].", $"Bundle.entry[{draft.Index}]"));
        }
    }

    private static IEnumerable<Issue> OfTransaction(ImmutableArray<ReceivedEntry> entries)
    {
        if (entries.Any(e => e.IsRefused))
            yield return new Issue(IssueCodes.TransactionRefused);
        if (entries.Select(e => e.Person).OfType<PersonClue.Named>().Select(n => n.Number).Distinct().Count() > 1)
            yield return new Issue(IssueCodes.SeveralPersons);
    }

    private static ImmutableArray<ReceivedEntry> Entries(BundleKind? kind, List<Draft> drafts, DateTimeOffset? time, string sourceBase, NumberTrust? trust)
    {
        trust ??= NumberTrust.Usual;
        var references = new References(drafts, sourceBase);
        var fragments = drafts.Select(d => FragmentOf(d, references, time)).ToImmutableArray();
        var clues = PersonClues.Of(kind, fragments, trust);
        var entries = ImmutableArray.CreateBuilder<ReceivedEntry>(drafts.Count);
        foreach (var (draft, fragment, clue) in drafts.Zip(fragments, clues))
        {
            if (clue is PersonClue.Unknowable unknowable)
                draft.Issues.Add(new Issue(unknowable.Code, null, SubjectPath(draft)));
            if (fragment is { Kind: FragmentKind.Stated, Key.Type: "Patient" } && !PersonClues.Identifiers(fragment, trust).Doubted.IsEmpty)
                draft.Issues.Add(new Issue(IssueCodes.NumberNotUsed, null, SubjectPath(draft)));
            entries.Add(new ReceivedEntry
            {
                Index = draft.Index,
                Method = draft.Method,
                Key = draft.Key,
                Fragment = fragment,
                Person = clue,
                Issues = [.. draft.Issues.OrderByDescending(i => i.Code.Severity).Take(ReceivedEntry.MaxIssues)],
            });
        }

        return entries.MoveToImmutable();
    }

    // Null where the entry is refused or is not kept. Reads as far as it can all the same, so that every reason is told.
    private static Fragment? FragmentOf(Draft draft, References references, DateTimeOffset? time)
    {
        if (!draft.IsRead)
            return draft is { Method: "DELETE", IsRefused: false, Key: { } withdrawn } ? Fragment.Deleted(withdrawn, time) : null;
        var mended = ReadStrictly(draft);
        if (draft.IsRefused || draft.Key is not { } key)
            return null;
        var unresolved = new SortedSet<string>(StringComparer.Ordinal);
        var asSent = references.Resolve(draft.Sent, draft.Reading?.Layout, key.Id, draft.FullUrl, unresolved);
        ReadOnlyMemory<byte>? shown = null;
        if (mended is not null)
        {
            unresolved.Clear();
            shown = references.Resolve(mended, null, key.Id, draft.FullUrl, unresolved);
        }

        draft.Issues.AddRange(unresolved.Select(reference => new Issue(IssueCodes.UnresolvedReference, reference, draft.Path)));
        return Fragment.Stated(key.Source, asSent, shown, time, draft.Method == "PUT" ? StampRule.AboveLive : StampRule.Arrival);
    }

    // The resource without its formal faults, where it had any and nothing else is wrong with it.
    private static byte[]? ReadStrictly(Draft draft)
    {
        ImmutableArray<Issue> reasons = draft.Reading is null ? StrictReading.Report(draft.Sent.Span, draft.Type!, draft.Path) : [];
        // The library lets an id end in a line break, which nobody could ask for.
        if (reasons.IsEmpty && draft.OwnId?.Trim() == draft.OwnId)
            return null;
        var mended = FormalFaults.Mend(draft.Sent, draft.Type!, draft.Path);
        if (mended is not null)
            reasons = StrictReading.Check(mended.Json, draft.Type!, draft.Path);
        draft.Issues.AddRange(reasons.IsEmpty && mended is not null ? mended.Faults : reasons);
        return reasons.IsEmpty ? mended?.Json : null;
    }

    private static string SubjectPath(Draft draft) =>
        draft.Type == "Patient" ? $"{draft.Path}.identifier"
        : PatientCompartment.SubjectElement(draft.Type!) is { } element ? $"{draft.Path}.{element}"
        : draft.Path;
}
