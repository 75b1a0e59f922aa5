namespace Lhcre.Record.Matching;

/// <summary>What a term of rule 2 is.</summary>
internal enum TermKind : byte
{
    /// <summary>A coding of the concept.</summary>
    Code = 1,

    /// <summary>The concept's words, where it has no coding.</summary>
    Words = 2,

    /// <summary>The class of an Encounter.</summary>
    Class = 3,

    /// <summary>A visit's number within its organisation.</summary>
    Visit = 4,

    /// <summary>A result of a report, by the cluster that it is in.</summary>
    Result = 5,

    /// <summary>The hash of an attachment.</summary>
    Attachment = 6,
}

/// <summary>One thing by which an entry may state the same fact as another one of its type: it must share a term and agree in the date.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="System">The code system, or the organisation of a visit; null where there is none.</param>
/// <param name="Value">The code, words, number or hash.</param>
internal readonly record struct Term(TermKind Kind, string? System, string Value);
