using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

// 640 to 649: imports.
public static partial class IssueCodes
{
    /// <summary>No NDJSON by its own word.</summary>
    public static readonly IssueCode NotNdjson = new("LHC640", Error, "not-supported", 415, "Send an import as Content-Type application/fhir+ndjson (or application/ndjson, application/x-ndjson) in UTF-8, as it is or with Content-Encoding: gzip.");

    /// <summary>Too long an import.</summary>
    public static readonly IssueCode ImportTooLarge = new("LHC641", Error, "too-long", 413, $"The body of an import is at most {Limits.ImportBytes / 1024 / 1024 / 1024} GiB, uncompressed; send it in parts. Nothing of it was taken in.");

    /// <summary>Nothing in an import.</summary>
    public static readonly IssueCode ImportEmpty = new("LHC642", Error, "structure", 400, "The import has no line; send a FHIR R4 resource or Bundle as JSON on each line.");

    /// <summary>No such import.</summary>
    public static readonly IssueCode UnknownImport = new("LHC643", Error, "not-found", 404, "This source has no import of this id; those that ended are forgotten after 30 days.");

    /// <summary>Many imports.</summary>
    public static readonly IssueCode TooManyImports = new("LHC644", Error, "throttled", 429, $"This source has {Limits.ImportsWaiting} imports that are not done; send it when some are.");

    /// <summary>The same import twice at once.</summary>
    public static readonly IssueCode ImportBegunAnew = new("LHC645", Error, "conflict", 409, "The same import was begun anew meanwhile, or nothing came for too long; nothing of this one was taken in.");

    /// <summary>A body that cannot be unpacked.</summary>
    public static readonly IssueCode ImportDamaged = new("LHC646", Error, "structure", 400, "The body is no whole gzip; nothing of it was taken in.");

    /// <summary>Another body under the name of one before.</summary>
    public static readonly IssueCode ImportNameTaken = new("LHC647", Error, "conflict", 409, "Under this X-Request-Id another body was taken in before; send this one under its own. Nothing of it was taken in.");
}
