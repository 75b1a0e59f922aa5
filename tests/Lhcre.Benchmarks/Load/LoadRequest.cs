using System.Globalization;
using System.Text;
using Lhcre.Record;
using Lhcre.Silo.Synthetic;

namespace Lhcre.Benchmarks.Load;

/// <summary>A request, ready to be sent.</summary>
/// <param name="Bytes">Head and body.</param>
/// <param name="BodyLength">Bytes of the body.</param>
/// <param name="Resources">Resources in the body.</param>
/// <param name="MayHoldRefusals">Whether the answer is to be looked into for entries that were refused.</param>
/// <param name="IsMessage">Whether it is an MLLP frame, which is answered with one.</param>
internal sealed record LoadRequest(byte[] Bytes, int BodyLength, int Resources, bool MayHoldRefusals, bool IsMessage = false)
{
    /// <summary>The requests of an order, made before its time begins to run.</summary>
    public static IReadOnlyList<LoadRequest> Of(LoadOrder order) => order.Work switch
    {
        LoadWork.Get => [new LoadRequest(Head("GET", order.Path, ""), 0, 0, false)],
        LoadWork.Bundles or LoadWork.Backfill => [.. SyntheticRegion.People(order.First + order.Count).Skip(order.First).SelectMany(p => p.Pushes())
            .Select(p => Push("POST", $"/sources/{p.Source}/fhir", p.Bundle, p.Resources, order.Work == LoadWork.Backfill ? "Priority: u=6\r\n" : ""))],
        LoadWork.Messages => [.. Enumerable.Range(order.First, order.Count).Select(HospitalMessage.Of)],
        _ => [.. Enumerable.Range(order.First, order.Count).Select(Single)],
    };

    private static LoadRequest Single(int number)
    {
        var person = SyntheticRegion.Person(number % 100);
        var subject = $$$"""{"identifier":{"system":"{{{NhsNumber.System}}}","value":"{{{person.NhsNumber.Digits()}}}"}}""";
        var observation = Observations.Weight($"weight-{number}", subject, number);
        return Push("PUT", $"/sources/{person.Sources[0]}/fhir/Observation/weight-{number}", observation, 1);
    }

    private static LoadRequest Push(string method, string path, byte[] body, int resources, string more = "") =>
        new([.. Head(method, path, string.Create(CultureInfo.InvariantCulture, $"{more}Content-Type: application/fhir+json\r\nContent-Length: {body.Length}\r\n")), .. body], body.Length, resources, true);

    private static byte[] Head(string method, string path, string headers) =>
        Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/fhir+json\r\n{headers}\r\n");
}

/// <summary>A request and when it was due: from then on its time counts.</summary>
/// <param name="Request">The request.</param>
/// <param name="Due">A timestamp of <see cref="System.Diagnostics.Stopwatch"/>.</param>
internal sealed record LoadTurn(LoadRequest Request, long Due);
