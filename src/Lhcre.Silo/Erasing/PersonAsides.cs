using System.Text;
using System.Text.RegularExpressions;
using Lhcre.Grains;
using Lhcre.Grains.Journal;
using Lhcre.Record;

namespace Lhcre.Silo.Erasing;

/// <summary>
/// What of that which is set aside is a person's: by the NHS number, by a reference to something of theirs, or by what a source calls them. All that is set aside is looked at, so
/// it takes as long as there is much of that.
/// </summary>
internal sealed partial class PersonAsides(IJournal journal, PseudonymKey pseudonym, SourceSystems sources)
{
    private const int Page = 200;

    // A shorter one stands in many a message that is about somebody else.
    private const int LeastLetters = 5;

    /// <summary>All that is theirs, discarded or not.</summary>
    public async Task<IReadOnlyList<Aside>> Of(PatientKey patient, CancellationToken cancellation)
    {
        var said = await Said(patient, cancellation);
        var known = new Known(patient, said.Where(f => !f.IsSupporting).Select(f => f.Key).ToHashSet(), Names(said));
        var found = new List<Aside>();
        foreach (var source in sources.All)
        {
            foreach (var isDiscarded in new[] { false, true })
            {
                var query = new AsideQuery(source.Id) { IsDiscarded = isDiscarded, Limit = Page };
                while (await journal.Asides(query, cancellation) is { Items: [.., var last] items })
                {
                    foreach (var aside in items)
                    {
                        if (await IsOf(known, aside, cancellation))
                            found.Add(aside);
                    }

                    query = query with { After = AsidePlace.Of(last) };
                }
            }
        }

        return found;
    }

    /// <summary>What sources call a person, or ever did, beside the NHS number.</summary>
    public async Task<HashSet<(string Source, string System, string Value)>> Names(PatientKey patient, CancellationToken cancellation) => Names(await Said(patient, cancellation));

    private async Task<Fragment[]> Said(PatientKey patient, CancellationToken cancellation) =>
        [.. RecordWords.Rows(await journal.LoadLog(patient, cancellation)).SelectMany(r => r.Fragments)];

    private static HashSet<(string Source, string System, string Value)> Names(Fragment[] said) =>
    [
        .. said.Where(f => f.Key.Type == "Patient")
            .SelectMany(f => f.Facts.Identifiers.Where(i => i.System is not null && !NhsNumber.IsSystem(i.System)).Select(i => (f.Key.Source, i.System!, i.Value))),
    ];

    private async ValueTask<bool> IsOf(Known known, Aside aside, CancellationToken cancellation) => aside switch
    {
        ParkedResource parked => (parked.WaitsFor is { } key && known.Keys.Contains(key)) || LogBody.Read(parked.Body).Any(f => IsOf(known, f)),
        // In a list they have no bodies.
        _ => await journal.FindAside(aside.Source, aside.Id, cancellation) is { } letter && IsOf(known, letter.Source, Encoding.UTF8.GetString(letter.Body.Span)),
    };

    private bool IsOf(Known known, Fragment fragment)
    {
        var (source, facts) = (fragment.Key.Source, fragment.Facts);
        return known.Keys.Contains(fragment.Key)
            || fragment.References.Any(r => r.Target.Type == "Patient" && known.Keys.Contains(r.Target))
            || (facts.SubjectId is { } id && known.Keys.Contains(new EntryKey(source, "Patient", id)))
            || (facts.SubjectIdentifier is { } subject && Names(subject))
            || (fragment.Key.Type == "Patient" && facts.Identifiers.Any(Names));

        bool Names(Identifier identifier) => NhsNumber.IsSystem(identifier.System)
            ? NhsNumber.TryParse(identifier.Value, out var number) && pseudonym.For(number) == known.Patient
            : identifier.System is { } system && known.Names.Contains((source, system, identifier.Value));
    }

    // Of a message that was not understood, its text.
    private bool IsOf(Known known, string source, string text) =>
        Numbers().Matches(text).Any(m => NhsNumber.TryParse(m.Value, out var number) && pseudonym.For(number) == known.Patient)
        || known.Names.Any(n => n.Source == source && n.Value.Length >= LeastLetters && Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(n.Value)}(?!\w)", RegexOptions.CultureInvariant));

    [GeneratedRegex(@"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();

    private sealed record Known(PatientKey Patient, HashSet<EntryKey> Keys, HashSet<(string Source, string System, string Value)> Names);
}
