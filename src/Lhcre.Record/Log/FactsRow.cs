using System.Collections.Immutable;

namespace Lhcre.Record;

/// <summary>
/// The facts of one fragment or entry in bytes. Their layout belongs to the reader that made them, whose number stands in the envelope: that
/// of every reader there was is known here for ever.
/// </summary>
internal static class FactsRow
{
    // The reader that knew no date, words or parts.
    private const byte WithoutParts = 1;

    private const int LeastIdentifierBytes = 3;
    private const int LeastCodingBytes = 2;
    private const int LeastPartBytes = 3;

    private const byte HasSubjectIdentifier = 1;
    private const byte NamesSeveralPatients = 2;
    private const byte IsEnteredInError = 4;

    /// <summary>Writes what this release's reader made.</summary>
    public static void Write(LogWriter writer, Facts facts)
    {
        writer.Text(facts.VersionId);
        writer.Ticks(facts.LastUpdated);
        writer.Ticks(facts.Recorded);
        writer.Text(facts.SubjectId);
        writer.Byte((byte)((facts.SubjectIdentifier is null ? 0 : HasSubjectIdentifier)
            | (facts.NamesSeveralPatients ? NamesSeveralPatients : 0) | (facts.IsEnteredInError ? IsEnteredInError : 0)));
        if (facts.SubjectIdentifier is { } subject)
            WriteIdentifier(writer, subject);
        writer.Number(facts.Identifiers.Length);
        foreach (var identifier in facts.Identifiers)
            WriteIdentifier(writer, identifier);
        writer.Text(facts.NhsNumberStatus);
        WriteCodings(writer, facts.Codes);
        WriteCodings(writer, facts.Security);
        writer.Text(facts.Words);
        writer.Byte((byte)facts.When.Precision);
        if (facts.When.Precision != Precision.None)
            writer.Number(facts.When.Number);
        writer.Number(facts.Parts.Length);
        foreach (var part in facts.Parts)
        {
            writer.Byte((byte)part.Element);
            writer.Text(part.Form);
            writer.Text(part.Value);
        }
    }

    /// <summary>Reads facts.</summary>
    /// <param name="reader">A log body or the state of a chunk.</param>
    /// <param name="ofVersion">The version id of the fragment, which is mostly the same text.</param>
    /// <param name="madeBy">The number of the facts reader that made them.</param>
    public static Facts Read(ref LogReader reader, string? ofVersion, byte madeBy)
    {
        var (versionId, lastUpdated, recorded, subjectId) = (reader.Text(), reader.Ticks(), reader.Ticks(), reader.Text());
        var flags = reader.Byte();
        Identifier? subject = (flags & HasSubjectIdentifier) != 0 ? ReadIdentifier(ref reader) : null;
        var identifiers = ImmutableArray.CreateBuilder<Identifier>(reader.Count(LeastIdentifierBytes));
        while (identifiers.Count < identifiers.Capacity)
            identifiers.Add(ReadIdentifier(ref reader));
        return new Facts
        {
            VersionId = versionId == ofVersion ? ofVersion : versionId,
            LastUpdated = lastUpdated,
            Recorded = recorded,
            SubjectId = subjectId,
            SubjectIdentifier = subject,
            NamesSeveralPatients = (flags & NamesSeveralPatients) != 0,
            Identifiers = identifiers.MoveToImmutable(),
            NhsNumberStatus = reader.Name(),
            Codes = ReadCodings(ref reader),
            Security = ReadCodings(ref reader),
            Words = madeBy == WithoutParts ? null : reader.Text(),
            When = madeBy == WithoutParts ? default : ReadDate(ref reader),
            IsEnteredInError = (flags & IsEnteredInError) != 0,
            Parts = madeBy == WithoutParts ? [] : ReadParts(ref reader),
        };
    }

    private static void WriteIdentifier(LogWriter writer, Identifier identifier)
    {
        writer.Text(identifier.System);
        writer.Text(identifier.Value);
        writer.Text(identifier.TypeCode);
    }

    private static Identifier ReadIdentifier(ref LogReader reader) => new(reader.Name(), reader.Text() ?? "", reader.Name());

    private static void WriteCodings(LogWriter writer, ImmutableArray<Coding> codings)
    {
        writer.Number(codings.Length);
        foreach (var coding in codings)
        {
            writer.Text(coding.System);
            writer.Text(coding.Code);
        }
    }

    private static ImmutableArray<Coding> ReadCodings(ref LogReader reader)
    {
        var codings = ImmutableArray.CreateBuilder<Coding>(reader.Count(LeastCodingBytes));
        while (codings.Count < codings.Capacity)
            codings.Add(new Coding(reader.Name(), reader.Name() ?? ""));
        return Recurring.Codings(codings.MoveToImmutable());
    }

    private static ClinicalDate ReadDate(ref LogReader reader)
    {
        var precision = (Precision)reader.Byte();
        var date = new ClinicalDate(precision, precision == Precision.None ? 0 : reader.Number());
        return date.IsPossible ? date : throw new InvalidDataException("Facts are damaged: they hold a date that does not exist.");
    }

    private static ImmutableArray<FactPart> ReadParts(ref LogReader reader)
    {
        var parts = ImmutableArray.CreateBuilder<FactPart>(reader.Count(LeastPartBytes));
        while (parts.Count < parts.Capacity)
        {
            var (element, form, value) = ((FactElement)reader.Byte(), reader.RequiredName(), reader.Required());
            parts.Add(new FactPart(element, form, FactPart.Recurs(element) ? Recurring.Text(value) : value));
        }

        return parts.MoveToImmutable();
    }
}
