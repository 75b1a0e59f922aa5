using Lhcre.Record;
using Lhcre.Silo.Fhir;
using Microsoft.Extensions.Primitives;

namespace Lhcre.Silo.Operations;

/// <summary>What browsers ask before they let an application read here: which methods a path takes, and whether its origin may.</summary>
internal static class Browsers
{
    // What FHIR clients send beside what every origin may.
    private static readonly string[] Sent =
    [
        "Accept", "Authorization", "Cache-Control", "Content-Type", "If-Match", "If-Modified-Since", "If-None-Exist", "If-None-Match", "Prefer", "X-Request-Id", "X-Requested-With",
    ];

    private static readonly string[] Shown = ["Content-Location", "ETag", "Last-Modified", "Location", "Retry-After", "Warning", "X-LHCRE-Source-Status", "X-Request-Id"];

    // POST is for searches and operations: nothing is written at the merged record.
    private static readonly string[] Methods = ["GET", "HEAD", "POST", "OPTIONS"];

    // A preflight is good for so long, so that not every request costs two.
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>Lets the configured origins read the merged record; without any, browsers let none. What is a source's own is for no browser.</summary>
    public static void UseBrowserOrigins(this WebApplication app, ServeOptions options)
    {
        if (options.CorsOrigins.Count > 0)
        {
            app.UseWhen(http => http.Request.Path.StartsWithSegments("/fhir"), merged => merged.UseCors(policy =>
                policy.WithOrigins([.. options.CorsOrigins]).WithMethods(Methods).WithHeaders(Sent).WithExposedHeaders(Shown).SetPreflightMaxAge(GoodFor)));
        }
    }

    /// <summary>Answers at the merged record's base, where no method is served: clients push to it, or search across all types.</summary>
    public static Task NothingHere(HttpContext http)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsOptions(method))
        {
            TellMethods(http);
            return Task.CompletedTask;
        }

        http.Response.Headers.Allow = HttpMethods.Options;
        return Answers.Issue(http, HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? IssueCodes.MethodNotAllowed : IssueCodes.MergedIsReadOnly);
    }

    /// <summary>Answers OPTIONS at a path that is served: the methods that routing found there.</summary>
    public static void TellMethods(HttpContext http)
    {
        var allow = http.Response.Headers.Allow;
        http.Response.Headers.Allow = StringValues.IsNullOrEmpty(allow) ? HttpMethods.Options : $"{allow}, {HttpMethods.Options}";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
