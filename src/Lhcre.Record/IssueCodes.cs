using static Lhcre.Record.IssueSeverity;

namespace Lhcre.Record;

/// <summary>
/// Every issue code there is. 1xx the request, 2xx the FHIR content, 3xx who the person is, 4xx Bundles and interactions, 5xx reading,
/// 6xx HL7 v2 and imports, 7xx who a person is, where at home, and what is undone, 9xx ourselves. Codes are only ever added.
/// </summary>
public static partial class IssueCodes
{
    /// <summary>The body is no JSON.</summary>
    public static readonly IssueCode MalformedJson = new("LHC101", Error, "structure", 400, "The body is not well-formed JSON.");

    /// <summary>Nothing was sent.</summary>
    public static readonly IssueCode EmptyBody = new("LHC102", Error, "structure", 400, "The body is empty; send a FHIR R4 resource as JSON.");

    /// <summary>Too deep.</summary>
    public static readonly IssueCode TooDeep = new("LHC103", Error, "too-long", 400, $"The JSON is nested deeper than {Limits.JsonDepth} levels.");

    /// <summary>Too long.</summary>
    public static readonly IssueCode BodyTooLarge = new("LHC104", Error, "too-long", 413, $"The body is larger than {Limits.BodyBytes / 1024 / 1024} MiB; send it in parts.");

    /// <summary>Not JSON by its own word.</summary>
    public static readonly IssueCode WrongContentType = new("LHC105", Error, "not-supported", 415, "Send Content-Type application/fhir+json or application/json, in UTF-8; a search by POST is sent as application/x-www-form-urlencoded.");

    /// <summary>The client wants what we do not write.</summary>
    public static readonly IssueCode NotAcceptable = new("LHC106", Error, "not-supported", 406, "Answers are FHIR R4; accept application/fhir+json, application/json, application/fhir+xml, application/xml, text/xml or */* (or name one in _format).");

    /// <summary>No such source.</summary>
    public static readonly IssueCode UnknownSource = new("LHC107", Error, "not-found", 404, "No source of this name is configured.");

    /// <summary>No such path.</summary>
    public static readonly IssueCode UnknownPath = new("LHC108", Error, "not-found", 404, "Nothing is served at this path.");

    /// <summary>Path exists, method does not.</summary>
    public static readonly IssueCode MethodNotAllowed = new("LHC109", Error, "not-supported", 405, "This path does not take this method.");

    /// <summary>The merged record is read only.</summary>
    public static readonly IssueCode MergedIsReadOnly = new("LHC110", Error, "not-supported", 405, "The merged record is read only; push to /sources/{source}/fhir.");

    /// <summary>A request that HTTP itself refuses.</summary>
    public static readonly IssueCode BadRequest = new("LHC111", Error, "structure", 400, "The request cannot be read: its HTTP, form or Parameters are not well-formed.");

    /// <summary>No coding of the answer that the client takes.</summary>
    public static readonly IssueCode NoContentCoding = new("LHC112", Error, "not-supported", 406, "Answers are sent as they are, or compressed as gzip, br or zstd; Accept-Encoding rules all of these out.");

    /// <summary>Too much to be written as XML.</summary>
    public static readonly IssueCode TooLargeAsXml = new("LHC113", Error, "too-costly", 406, $"This answer is larger than the {Limits.XmlBytes / 1024 / 1024} MiB of JSON that are written as XML; ask for JSON, or for less at once.");

    /// <summary>Too many want XML.</summary>
    public static readonly IssueCode TooManyAsXml = new("LHC114", Error, "throttled", 429, "Too many answers are being written as XML; ask for JSON, or again after Retry-After.");

    /// <summary>It cannot be said in XML.</summary>
    public static readonly IssueCode NotAsXml = new("LHC115", Error, "not-supported", 406, "This answer cannot be written as XML without losing or changing a value; ask for JSON.");

    /// <summary>No resource type.</summary>
    public static readonly IssueCode NoResourceType = new("LHC201", Error, "structure", 400, "There is no resourceType, or it is not a FHIR R4 resource type.");

    /// <summary>A value is wrong.</summary>
    public static readonly IssueCode InvalidValue = new("LHC202", Error, "value", 422, "A value does not fit its FHIR type.");

    /// <summary>A required element is missing or a cardinality is broken.</summary>
    public static readonly IssueCode InvalidStructure = new("LHC203", Error, "structure", 422, "An element is missing, doubled or of the wrong kind.");

    /// <summary>A code is not of its value set.</summary>
    public static readonly IssueCode InvalidCode = new("LHC204", Error, "code-invalid", 422, "A code is not one of those that FHIR requires here.");

    /// <summary>A narrative is no XHTML.</summary>
    public static readonly IssueCode InvalidNarrative = new("LHC205", Error, "value", 422, "The narrative is not XHTML as FHIR allows it.");

    /// <summary>The library failed on it.</summary>
    public static readonly IssueCode Unreadable = new("LHC206", Error, "exception", 422, "The resource cannot be read as FHIR R4.");

    /// <summary>The id has the wrong shape.</summary>
    public static readonly IssueCode InvalidId = new("LHC207", Error, "value", 400, "An id is 1 to 64 letters, digits, dashes and dots.");

    /// <summary>Too much in one resource.</summary>
    public static readonly IssueCode ResourceTooLarge = new("LHC208", Error, "too-costly", 413, $"The resource has more than {Limits.ResourceValues} values; send it in parts.");

    /// <summary>White space around a value.</summary>
    public static readonly IssueCode TrimmedValue = new("LHC251", Warning, "value", 200, "Accepted as sent; the merged record leaves out the white space around this value.");

    /// <summary>A single value where a list belongs, or the reverse.</summary>
    public static readonly IssueCode ListExpected = new("LHC252", Warning, "structure", 200, "Accepted as sent; the merged record makes a list of this single value, or a single value of this list of one.");

    /// <summary>Nothing in it.</summary>
    public static readonly IssueCode EmptyElement = new("LHC253", Warning, "structure", 200, "Accepted as sent; the merged record leaves out this empty element.");

    /// <summary>Not FHIR.</summary>
    public static readonly IssueCode UnknownElement = new("LHC254", Warning, "structure", 200, "Accepted as sent; FHIR R4 has no such element here, and the merged record leaves it out.");

    /// <summary>Another formal fault.</summary>
    public static readonly IssueCode FormalFault = new("LHC255", Warning, "structure", 200, "Accepted as sent; the merged record shows it mended, without any change of a value.");

    /// <summary>Not an NHS number.</summary>
    public static readonly IssueCode InvalidNhsNumber = new("LHC301", Warning, "value", 202, "Parked: the NHS number fails its check (ten digits, modulus 11, not all the same).");

    /// <summary>No NHS number.</summary>
    public static readonly IssueCode NoNhsNumber = new("LHC302", Warning, "required", 202, "Parked: the Patient carries no NHS number, and no known local identifier names the person.");

    /// <summary>Nobody known by that reference.</summary>
    public static readonly IssueCode UnknownPerson = new("LHC303", Warning, "not-found", 202, "Parked: it is not known whose resource this is; it is taken in when its Patient is.");

    /// <summary>Two persons at once.</summary>
    public static readonly IssueCode AmbiguousPerson = new("LHC304", Warning, "multiple-matches", 202, "Parked: more than one person is named.");

    /// <summary>No subject at all.</summary>
    public static readonly IssueCode NoSubject = new("LHC305", Warning, "required", 202, "Parked: the resource does not say whom it is about.");

    /// <summary>From the future.</summary>
    public static readonly IssueCode FromTheFuture = new("LHC306", Warning, "business-rule", 202, $"Parked: its version is more than {24} hours ahead of our clock.");

    /// <summary>Another person's, by all that is known.</summary>
    public static readonly IssueCode Withheld = new("LHC307", Warning, "conflict", 202, "Withheld: another person's demographics under this NHS number; date of birth and name both contradict those that are shown.");

    /// <summary>Nothing of this id is set aside.</summary>
    public static readonly IssueCode NotParked = new("LHC310", Error, "not-found", 404, "Nothing is parked or refused under this id: it has been filed since, or never was here.");

    /// <summary>An operator has decided.</summary>
    public static readonly IssueCode Discarded = new("LHC311", Error, "business-rule", 409, "It was discarded: it is filed no more. If that was a mistake, its source sends it again in a new version.");

    /// <summary>It is filed already.</summary>
    public static readonly IssueCode WithheldNotDiscarded = new("LHC312", Error, "business-rule", 409, "What a record withholds cannot be discarded: it stands in the record's log, and leaves this list with the push that corrects the person, or withdraws it.");

    /// <summary>A discard that nobody answers for.</summary>
    public static readonly IssueCode DiscardUnexplained = new("LHC313", Error, "required", 422, "Say why it is discarded and by whom: {\"reason\": \"…\", \"by\": \"…\"}, each a text of 1 to 500 characters.");

    /// <summary>Body and path disagree on the type.</summary>
    public static readonly IssueCode TypeMismatch = new("LHC401", Error, "invalid", 400, "The resource's type differs from the one in the path or in entry.request.url.");

    /// <summary>Body and path disagree on the id.</summary>
    public static readonly IssueCode IdMismatch = new("LHC402", Error, "invalid", 400, "The resource's id differs from the one in the path or in entry.request.url.");

    /// <summary>A Bundle type that nobody pushes.</summary>
    public static readonly IssueCode BundleTypeNotSupported = new("LHC403", Error, "not-supported", 422, "Push a Bundle of type transaction, batch, message, collection or document.");

    /// <summary>Too many entries.</summary>
    public static readonly IssueCode TooManyEntries = new("LHC404", Error, "too-costly", 413, $"The Bundle has more than {Limits.BundleEntries} entries; send it in parts.");

    /// <summary>Several persons in a transaction.</summary>
    public static readonly IssueCode SeveralPersons = new("LHC405", Error, "business-rule", 422, "A transaction concerns one person; send a batch for several.");

    /// <summary>What a push cannot do.</summary>
    public static readonly IssueCode InteractionNotSupported = new("LHC406", Error, "not-supported", 422, "Only POST Type, PUT Type/id and DELETE Type/id are taken here.");

    /// <summary>The entry's request is missing or wrong.</summary>
    public static readonly IssueCode InvalidRequest = new("LHC407", Error, "required", 400, "An entry of a batch or transaction needs request.method and request.url.");

    /// <summary>Entry without resource.</summary>
    public static readonly IssueCode NoResource = new("LHC408", Error, "required", 400, "The entry carries no resource.");

    /// <summary>Twice the same identity within one transaction.</summary>
    public static readonly IssueCode DuplicateEntry = new("LHC409", Error, "duplicate", 422, "Two entries of the transaction concern the same resource.");

    /// <summary>A transaction of which a part was refused.</summary>
    public static readonly IssueCode TransactionRefused = new("LHC410", Error, "processing", 422, "Nothing of this transaction was taken in, since an entry of it was refused.");

    /// <summary>Not clinical content.</summary>
    public static readonly IssueCode NotKept = new("LHC411", Information, "informational", 200, "Read for the transport and not kept: it says nothing about a person.");

    /// <summary>ifNoneExist is not needed.</summary>
    public static readonly IssueCode ConditionIgnored = new("LHC412", Warning, "informational", 200, "The condition is not evaluated: repeating a push makes nothing new here.");

    /// <summary>A reference nobody can resolve.</summary>
    public static readonly IssueCode UnresolvedReference = new("LHC413", Warning, "not-found", 200, "The reference names nothing in this Bundle and is kept as sent.");

    /// <summary>Older than what is known.</summary>
    public static readonly IssueCode Superseded = new("LHC414", Information, "informational", 200, "Kept as history: a later version of this resource is known, and stays the one that is shown.");

    /// <summary>Nothing there.</summary>
    public static readonly IssueCode NotFound = new("LHC501", Error, "not-found", 404, "No such resource is known.");

    /// <summary>Was there.</summary>
    public static readonly IssueCode Gone = new("LHC502", Error, "deleted", 410, "The resource was withdrawn by its source.");

    /// <summary>Search without a person.</summary>
    public static readonly IssueCode PersonRequired = new("LHC503", Error, "required", 400, "Name the person: patient={id}, or Patient?identifier={system}|{NHS number}.");

    /// <summary>Search value of a wrong shape.</summary>
    public static readonly IssueCode InvalidSearchValue = new("LHC504", Error, "value", 400, "The value of this search parameter cannot be read.");

    /// <summary>Unknown search parameter, lenient.</summary>
    public static readonly IssueCode SearchParameterIgnored = new("LHC505", Warning, "not-supported", 200, "This search parameter is not known here and was ignored.");

    /// <summary>Unknown search parameter, strict.</summary>
    public static readonly IssueCode SearchParameterRefused = new("LHC506", Error, "not-supported", 400, "This search parameter is not known here (Prefer: handling=strict).");

    /// <summary>Unknown type.</summary>
    public static readonly IssueCode UnknownType = new("LHC507", Error, "not-supported", 404, "This is not a FHIR R4 resource type.");

    /// <summary>Perhaps not the newest.</summary>
    public static readonly IssueCode Unconfirmed = new("LHC508", Warning, "incomplete", 200, "The record could not be compared with the journal for 15 seconds or more; what came in meanwhile may be missing.");

    /// <summary>A source's own statement of absence.</summary>
    public static readonly IssueCode NoneKnown = new("LHC509", Information, "informational", 200, "This source says that none are known.");

    /// <summary>Silence.</summary>
    public static readonly IssueCode NothingHeld = new("LHC510", Information, "informational", 200, "Nothing of this that this source holds is shown for this person, and it does not say that there is none. If something of it were withheld, a DetectedIssue would say so.");

    /// <summary>Silence by design.</summary>
    public static readonly IssueCode NeverSupplied = new("LHC511", Information, "informational", 200, "This source never supplies this, for anybody.");

    /// <summary>A search across people that says too little.</summary>
    public static readonly IssueCode NameAndBirthDateRequired = new("LHC512", Error, "required", 400, "Name the person by identifier or _id, or say a name (family, given or name) and a birthdate together.");

    /// <summary>A search across people that could be of too many.</summary>
    public static readonly IssueCode PeopleSearchTooWide = new("LHC513", Error, "too-costly", 400, "This could be very many people: a birthdate that spans more than a year needs a family name of two letters or more.");

    /// <summary>More people than are answered.</summary>
    public static readonly IssueCode MorePeopleMatch = new("LHC514", Warning, "incomplete", 200, "More people match than are shown: say more of the person's name, or the whole date of birth.");

    /// <summary>A feed that never began.</summary>
    public static readonly IssueCode SourceNeverHeard = new("LHC515", Warning, "incomplete", 200, "No contact with this source is known, about anybody: that nothing of it is shown says nothing of this person.");

    /// <summary>A feed that stopped.</summary>
    public static readonly IssueCode SourceSilent = new("LHC516", Warning, "incomplete", 200, "This source has been silent for longer than is usual for it: what has changed there since is missing here.");

    /// <summary>A feed of which nothing was read back yet.</summary>
    public static readonly IssueCode SourceStatusUnknown = new("LHC517", Warning, "incomplete", 200, "It is not known at the moment whether this source is silent: what it holds may be missing here.");

    /// <summary>Any of these, strict. 424, since another try does not help until the source is back, and nothing is wrong with this server.</summary>
    public static readonly IssueCode SourceMissing = new("LHC518", Error, "incomplete", 424, "What is known may be incomplete, since a source is silent or was never heard (Prefer: handling=strict).");

    /// <summary>FHIR: such a search must be refused, since without the modifier it means something else.</summary>
    public static readonly IssueCode SearchModifierRefused = new("LHC523", Error, "not-supported", 400, "This search parameter does not take this modifier here.");

    /// <summary>Each value costs a look at each resource.</summary>
    public static readonly IssueCode SearchTooLong = new("LHC524", Error, "too-costly", 400, $"The search has more than {Limits.SearchValues} values; ask in parts.");

    /// <summary>A link from before an upgrade.</summary>
    public static readonly IssueCode PageExpired = new("LHC535", Error, "expired", 410, "This page is of a version that is shown otherwise by now; search again from the start.");

    /// <summary>No such version.</summary>
    public static readonly IssueCode NoSuchVersion = new("LHC536", Error, "not-found", 404, "The record never had this version.");

    /// <summary>A past answer under other rules.</summary>
    public static readonly IssueCode Rebuilt = new("LHC537", Warning, "informational", 200, "Shown under the present merge rules; when it was served first, others were in force, and some of it may have been shown otherwise.");

    /// <summary>Our fault.</summary>
    public static readonly IssueCode InternalError = new("LHC901", Error, "exception", 500, "This is our fault; the request id finds it in our logs.");

    /// <summary>The journal cannot be reached.</summary>
    public static readonly IssueCode JournalUnavailable = new("LHC902", Error, "transient", 503, "The journal cannot be reached or written at the moment: nothing was acknowledged, and records that are not in memory cannot be read; send it again.");

    /// <summary>Too much at once.</summary>
    public static readonly IssueCode Busy = new("LHC903", Error, "throttled", 429, "Too much is waiting here; send it again after Retry-After.");

    /// <summary>Between two silos.</summary>
    public static readonly IssueCode RecordMoving = new("LHC904", Error, "transient", 503, "The record is moving from one server to another; nothing was acknowledged, send it again.");

    /// <summary>All codes, in the order of their numbers.</summary>
    public static IReadOnlyList<IssueCode> All => Listed.Codes;

    // Made when it is first asked for: in which order the files of this class are initialised is nobody's promise.
    private static class Listed
    {
        public static readonly IReadOnlyList<IssueCode> Codes =
            [.. typeof(IssueCodes).GetFields().Where(f => f.FieldType == typeof(IssueCode)).Select(f => (IssueCode)f.GetValue(null)!).OrderBy(c => c.Code, StringComparer.Ordinal)];
    }
}
