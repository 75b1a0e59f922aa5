using System.Reflection;
using Lhcre.Record;
using Orleans.Concurrency;

namespace Lhcre.Contracts.Tests;

/// <summary>
/// What processes of different releases agree on. A line may be added to a table here; one that changes or goes breaks a cluster in which
/// an older release still runs, and every client that was built against it.
/// </summary>
public sealed class ContractTests
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] WireTypes =
        [.. typeof(Caller).Assembly.GetTypes().Where(t => t.IsDefined(typeof(GenerateSerializerAttribute))).OrderBy(Alias, StringComparer.Ordinal)];

    [Fact]
    public void Members_keep_their_numbers()
    {
        var members = WireTypes.Where(t => !t.IsEnum)
            .Select(t => $"{Alias(t)}: {string.Join(' ', Serialised(t).OrderBy(Id).Select(p => $"{Id(p)}={p.Name}:{Name(p.PropertyType)}"))}");

        Assert.Equal(
            [
                "lhcre.caller: 0=Who:String 1=Organisation:String 2=Purpose:String",
                "lhcre.correction-job: 0=Request:CorrectionRequest 1=At:DateTimeOffset 2=Person:String 3=Began:Nullable<DateTimeOffset> 4=Ended:Nullable<DateTimeOffset> "
                    + "5=Round:Int32 6=After:String 7=Told:Int64 8=Changed:Int64 9=Failed:Int64 10=Resumed:Int32 11=Holder:String 12=Until:DateTimeOffset 20=By:String",
                "lhcre.correction-request: 0=Id:PushId 1=Source:String 2=Reason:String 3=Ends:Nullable<PushId> 4=From:DateTimeOffset 5=To:Nullable<DateTimeOffset> "
                    + "6=Lane:Lane 7=IsCarried:Boolean 20=Move:MoveRequest 21=OfMove:Nullable<PushId>",
                "lhcre.counts: 0=Source:String 1=Values:Int64[]",
                "lhcre.erase-request: 0=Id:PushId 1=Source:String 2=Reason:String 3=By:String 4=Due:Nullable<DateTimeOffset> 5=Asides:ImmutableArray<String> 6=Lane:Lane "
                    + "7=Answers:ImmutableArray<PushId>",
                "lhcre.fragments: 0=Body:Byte[]",
                "lhcre.history-bounds: 0=Since:Nullable<DateTimeOffset> 1=From:Nullable<DateTimeOffset> 2=Before:Nullable<DateTimeOffset>",
                "lhcre.issue: 0=Code:String 1=Diagnostics:String 2=Expression:String 3=Source:String",
                "lhcre.moment: 0=Seq:Nullable<Int64> 1=At:Nullable<DateTimeOffset>",
                "lhcre.move-request: 0=Whole:PushId 1=IsHere:Boolean 2=Other:String 3=Types:ImmutableArray<String> 4=Ids:ImmutableArray<String> 5=Unit:String",
                "lhcre.pull-request: 0=Number:String 1=Sources:ImmutableArray<String> 2=Within:TimeSpan 3=Lane:Lane",
                "lhcre.pull-status: 0=Source:String 1=Code:String 2=Since:DateTimeOffset 3=Held:Nullable<DateTimeOffset>",
                "lhcre.push: 0=Source:String 1=Push:PushId 2=Fragments:FragmentBatch 3=Settles:ImmutableArray<Int64> 4=Unparks:ImmutableArray<String> "
                    + "5=Lane:Lane 6=Extent:SourceExtent 7=Received:Nullable<DateTimeOffset> 8=Cause:Nullable<DateTimeOffset> "
                    + "9=HeldFor:Nullable<TimeSpan> 20=Move:Nullable<PushId>",
                "lhcre.push-answer: 0=Status:PushStatus 1=Version:Int64 2=Outcomes:ImmutableArray<FragmentOutcome> 3=Withdrawn:Int32",
                "lhcre.push-id: 0=Bits:UInt128",
                "lhcre.read: 0=Source:String 1=Type:String 2=Id:String 3=Operation:ReadOperation 4=AsOf:RecordMoment 5=KnownVersion:Nullable<Int64> "
                    + "6=VersionId:Nullable<Int64> 7=Skip:Int32 8=Count:Nullable<Int32> 9=MostBytes:Nullable<Int64> 10=Query:SearchQuery 11=From:Int32 "
                    + "12=Bounds:HistoryBounds 13=Now:Nullable<DateTimeOffset> 14=Notices:ImmutableArray<Issue> 15=IsByLocalIdentifier:Boolean",
                "lhcre.read-answer: 0=Status:ReadStatus 1=Version:Int64 2=LastUpdated:Nullable<DateTimeOffset> 3=Entries:Byte[][] 4=EntryBytes:Int64 "
                    + "5=ResourceStart:Int32 6=ResourceLength:Int32 7=PresentId:String 8=IsUnconfirmed:Boolean 9=Beside:Byte[][] 10=Sources:Int32 "
                    + "11=Total:Int32 12=Next:Nullable<Int32> 13=IsRebuilt:Boolean 14=AllEntries:Int32 15=AllBytes:Int64 "
                    + "16=More:Nullable<Int32> 17=IsRestricted:Boolean",
                "lhcre.record-version: 0=Seq:Int64 1=At:DateTimeOffset 2=Source:String 3=Fragments:Int32 4=Corrects:String",
                "lhcre.search-query: 0=Type:String 1=Names:String[] 2=Values:String[] 3=Base:String 4=Now:DateTimeOffset",
                "lhcre.source-contact: 0=Source:String 1=LastContact:DateTimeOffset 2=LastApplied:Nullable<DateTimeOffset> 3=Lag:Nullable<TimeSpan> "
                    + "4=LastAccepted:Nullable<DateTimeOffset> 5=LastRefused:Nullable<DateTimeOffset> 6=Watermark:Nullable<DateTimeOffset>",
                "lhcre.source-extent: 0=Source:String 1=Time:Nullable<DateTimeOffset> 2=Types:String[]",
            ],
            members);
    }

    [Fact]
    public void Values_keep_their_numbers()
    {
        Type[] enums = [.. WireTypes.Where(t => t.IsEnum), typeof(FragmentOutcome)];

        Assert.Equal(
            [
                "Lane:Byte Live=0 Backfill=1",
                "PushStatus:Byte Applied=1 Unchanged=2 Fenced=3 Unavailable=4 Busy=5 Moved=6",
                "ReadOperation:Byte Resources=0 WithProvenance=1 Explain=2 History=3 Summary=4 SummaryPage=5",
                "ReadStatus:Byte Found=1 NotFound=2 Gone=3 Fenced=4 NotModified=5 NoSuchVersion=6",
                "FragmentOutcome:Byte Created=1 Updated=2 Unchanged=3 Superseded=4 Withdrawn=5 Withheld=6 Quarantined=7 Moved=8",
            ],
            enums.Select(t => $"{t.Name}:{Enum.GetUnderlyingType(t).Name} {string.Join(' ', Enum.GetValues(t).Cast<Enum>().Select(v => $"{v}={v:D}"))}"));
    }

    [Fact]
    public void Grain_methods_keep_their_names()
    {
        var grains = typeof(Caller).Assembly.GetTypes().Where(t => t.IsInterface && t.IsAssignableTo(typeof(IAddressable)));

        Assert.Equal(
            [
                "lhcre.correction-jobs advance(CorrectionJob) -> Boolean",
                "lhcre.correction-jobs list() -> ImmutableArray<CorrectionJob>, interleaved",
                "lhcre.correction-jobs order(CorrectionJob) -> CorrectionJob",
                "lhcre.correction-jobs take(String) -> CorrectionJob",
                "lhcre.patient correct(CorrectionRequest, Caller) -> PushAnswer",
                "lhcre.patient erase(EraseRequest, Caller) -> PushAnswer",
                "lhcre.patient history(Caller) -> IReadOnlyList<RecordVersion>, interleaved",
                "lhcre.patient push(PushRequest, Caller) -> PushAnswer",
                "lhcre.patient read(ReadRequest, Caller) -> ReadAnswer, interleaved",
                "lhcre.source-counts count(String, ImmutableArray<SourceCounts>) -> ImmutableArray<SourceCounts>",
                "lhcre.source-feeds exchange(ImmutableArray<SourceContact>) -> ImmutableArray<SourceContact>",
                "lhcre.visit ask(PullRequest) -> ImmutableArray<PullStatus>, interleaved",
                "lhcre.visit forget(String)",
            ],
            grains.SelectMany(g => g.GetMethods().Select(m => $"{Alias(g)} {Method(m)}")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_wire_type_has_an_alias_of_its_own()
    {
        Assert.DoesNotContain(WireTypes, t => Alias(t).Length == 0);
        Assert.Equal(WireTypes.Length, WireTypes.Select(Alias).Distinct().Count());
    }

    [Fact]
    public void Every_member_that_can_be_set_is_numbered() =>
        Assert.Empty(WireTypes.Where(t => !t.IsEnum).SelectMany(t => t.GetProperties(Own)).Where(p => p.SetMethod is not null && Id(p) is null).Select(p => p.Name));

    [Fact]
    public void Every_wire_record_is_immutable() =>
        Assert.Empty(WireTypes.Where(t => !t.IsEnum && !t.IsDefined(typeof(ImmutableAttribute))).Select(t => t.Name));

    private static IEnumerable<PropertyInfo> Serialised(Type type) => type.GetProperties(Own).Where(p => Id(p) is not null);

    private static uint? Id(PropertyInfo property) => property.GetCustomAttribute<IdAttribute>()?.Id;

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>()?.Alias ?? "";

    private static string Method(MethodInfo method) =>
        $"{Alias(method)}({string.Join(", ", method.GetParameters().Select(p => Name(p.ParameterType)))}){(method.ReturnType.IsGenericType ? $" -> {Name(method.ReturnType.GetGenericArguments()[0])}" : "")}"
        + (method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? ", interleaved" : "");

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
