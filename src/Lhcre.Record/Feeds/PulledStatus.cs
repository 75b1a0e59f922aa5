using System.Globalization;

namespace Lhcre.Record;

/// <summary>What a reader of one person's record is told of a source that was asked for it, since the person's home may be there.</summary>
/// <param name="Source">The source.</param>
/// <param name="Code">How it went: one of 730 to 739.</param>
/// <param name="Since">Since when it is so: when the source was first asked without an answer; of one that answered, when it did.</param>
/// <param name="Held">When it last answered, so that what it said then is shown; null where nothing of it is here.</param>
public sealed record PulledStatus(SourceSystem Source, IssueCode Code, DateTimeOffset Since, DateTimeOffset? Held)
{
    /// <summary>What a reader is to be told.</summary>
    public Issue Issue => new(Code, Code == IssueCodes.PullKnowsNobody || Code == IssueCodes.PullInPart
        ? $"{Source.Name}: answered {Seconds(Since)}"
        : $"{Source.Name}: asked {Seconds(Since)}{(Held is { } held ? $"; what is shown of it is of {Seconds(held)}" : "")}", null, Source.Id);

    /// <summary>The same as an error, for whoever takes no incomplete answer; null where nothing is missing.</summary>
    public Issue? Error => Code.Severity == IssueSeverity.Information ? null : Issue with { Code = IssueCodes.SourceMissing };

    /// <summary>Its part of the header, such as <c>wales; missing-since=2026-11-22T06:00:00Z</c>; null where nothing is missing.</summary>
    public string? Header => Code.Severity == IssueSeverity.Information ? null
        : Code == IssueCodes.PullInPart ? $"{Source.Id}; in-part"
        : $"{Source.Id}; missing-since={Seconds(Since)}";

    private static string Seconds(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
