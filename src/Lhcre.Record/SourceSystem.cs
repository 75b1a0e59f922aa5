using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Lhcre.Record;

/// <summary>
/// A place that pushes what it knows: its <see cref="Id"/> stands in paths, rows and contributor extensions, its <see cref="Name"/> is
/// for people. Sources are configuration: a new area is a new entry, no code.
/// </summary>
public sealed record SourceSystem
{
    /// <summary>Most characters of an id: 32.</summary>
    public const int MaxIdLength = 32;

    /// <summary>24 h.</summary>
    public static readonly TimeSpan UsualSilence = TimeSpan.FromHours(24);

    /// <summary>A source.</summary>
    /// <param name="id">1 to 32 characters: a lower-case letter, then lower-case letters, digits and dashes.</param>
    /// <param name="name">Shown to people; the id where none is given.</param>
    /// <param name="supplies">The resource types that it may ever supply; null for all.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> has another shape.</exception>
    public SourceSystem(string id, string? name = null, IEnumerable<string>? supplies = null)
    {
        if (!IsValidId(id))
            throw new ArgumentException($"'{id}' is no source id: 1 to {MaxIdLength} of a-z, 0-9 and '-', a letter first.", nameof(id));
        Id = id;
        Name = name ?? id;
        Supplies = supplies?.ToFrozenSet();
    }

    /// <summary>The id, such as <c>isle-of-wight</c>.</summary>
    public string Id { get; }

    /// <summary>The name for people, such as <c>Isle of Wight</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// The resource types that it supplies; null for all. It refuses nothing: it tells readers that nothing of another type is to be expected,
    /// whoever the person is.
    /// </summary>
    public FrozenSet<string>? Supplies { get; init; }

    /// <summary>For how long it may make no contact before it is told of as silent; default 24 h.</summary>
    public TimeSpan SilentAfter { get; init; } = UsualSilence;

    /// <summary>Which NHS numbers of its name a person; default those that are verified, or come without a status.</summary>
    public NumberTrust Trust { get; init; } = NumberTrust.Usual;

    /// <summary>
    /// The identifier systems whose values each name one person at this source, the best first: under them a person without a verified NHS number has
    /// a record. Default the national ones (<see cref="NationalSystems"/>): that a hospital's number names a person is never guessed.
    /// </summary>
    public ImmutableArray<string> PersonSystems { get; init; } = NationalSystems;

    /// <summary>
    /// The numbers of people who are registered in Scotland (CHI) and Northern Ireland (Health and Care), as English systems send them. Sources: NHS
    /// Data Dictionary, COMMUNITY HEALTH INDEX NUMBER and HEALTH AND CARE NUMBER; the OID of CHI as in NHS North West Genomics' CodeSystem
    /// NationalHealthIdentifiers and Patients Know Best's identifier systems, the other URI as in the former.
    /// </summary>
    public static ImmutableArray<string> NationalSystems { get; } = ["urn:oid:2.16.840.1.113883.2.1.3.2.4.16.53", "https://fhir.nhs.uk/Id/hsc-number"];

    /// <summary>The three sources of Wessex, the default configuration.</summary>
    public static IReadOnlyList<SourceSystem> Wessex { get; } =
        [new("dorset", "Dorset Care Record"), new("hampshire", "Hampshire CHIE"), new("isle-of-wight", "Isle of Wight")];

    /// <summary>Whether <paramref name="id"/> has the shape of a source id.</summary>
    public static bool IsValidId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= MaxIdLength }
        && char.IsAsciiLetterLower(id[0])
        && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
