using Lhcre.Record;
using Scalar.AspNetCore;

namespace Lhcre.Silo.OpenApi;

/// <summary>The OpenAPI document, and in development a page that shows it.</summary>
internal static class OpenApiRoutes
{
    private const string Document = "/openapi.json";

    /// <summary>Maps <c>/openapi.json</c>; with <see cref="ServeOptions.IsDevelopment"/> also <c>/scalar</c>, whose parts are all served from here.</summary>
    public static void MapOpenApi(this WebApplication app, ServeOptions options, Addresses addresses)
    {
        var document = OpenApiDocument.Write(addresses, options.Sources);
        app.MapMethods(Document, [HttpMethods.Get, HttpMethods.Head], (RequestDelegate)(async http =>
        {
            http.Response.ContentType = "application/json; charset=utf-8";
            http.Response.ContentLength = document.Length;
            if (!HttpMethods.IsHead(http.Request.Method))
                await http.Response.BodyWriter.WriteAsync(document, http.RequestAborted);
        }));
        if (options.IsDevelopment)
            app.MapScalarApiReference(page => page.WithTitle("Wessex shared care record").WithOpenApiRoutePattern(Document).DisableDefaultFonts().DisableTelemetry().DisableAgent().DisableMcp());
    }
}
