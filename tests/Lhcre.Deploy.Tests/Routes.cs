using Lhcre.Grains.Journal;
using Lhcre.Record;
using Microsoft.AspNetCore.Routing;

namespace Lhcre.Deploy.Tests;

/// <summary>The paths that the program serves, asked of the program as it is put together.</summary>
internal static class Routes
{
    private static readonly Lazy<IReadOnlyList<string>> Found = new(() => Find().GetAwaiter().GetResult());

    /// <summary>Those under <c>/health</c>.</summary>
    public static IReadOnlyList<string> Health => Found.Value;

    private static async Task<IReadOnlyList<string>> Find()
    {
        var folder = Directory.CreateTempSubdirectory("lhcre-routes-").FullName;
        try
        {
            var key = new PseudonymKey(new byte[PseudonymKey.Length]);
            await using var journal = await SqliteJournal.Open(folder, key.Fingerprint, CancellationToken.None);
            await using var app = SiloHost.Build(new ServeOptions { Data = folder }, journal, key, TimeProvider.System);
            return
            [
                .. ((IEndpointRouteBuilder)app).DataSources.SelectMany(d => d.Endpoints).OfType<RouteEndpoint>()
                    .Select(e => e.RoutePattern.RawText!).Where(p => p.StartsWith("/health/", StringComparison.Ordinal)),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
