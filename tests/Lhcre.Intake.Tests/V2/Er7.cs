using System.Text;
using Lhcre.Intake.V2;
using Lhcre.Record;

namespace Lhcre.Intake.Tests.V2;

/// <summary>Messages as tests write them: one segment a line.</summary>
internal static class Er7
{
    /// <summary>An MSH that says all that is needed.</summary>
    public const string Msh = @"MSH|^~\&|PAS|RDZ|LHCRE|WESSEX|20260102030405||ADT^A08^ADT_A01|42|P|2.4";

    /// <summary>The segments, each ended by CR, in UTF-8.</summary>
    public static byte[] Bytes(params string[] segments) => Encoding.UTF8.GetBytes(string.Concat(segments.Select(s => s + "\r")));

    /// <summary>Reads what has to be readable.</summary>
    public static Hl7Message Read(byte[] bytes)
    {
        var message = Hl7Message.Parse(bytes, out var fault);
        Assert.Null(fault);
        return Assert.IsType<Hl7Message>(message);
    }

    /// <summary>Reads an MSH and what follows it.</summary>
    public static Hl7Message Read(params string[] segments) => Read(Bytes([Msh, .. segments]));

    /// <summary>Reads what must not be readable: why it is not.</summary>
    public static IssueCode Fault(byte[] bytes)
    {
        Assert.Null(Hl7Message.Parse(bytes, out var fault));
        return Assert.IsType<Issue>(fault).Code;
    }
}
