using Lhcre.Contracts;
using Microsoft.AspNetCore.Connections;

namespace Lhcre.Silo.Operations;

/// <summary>Who is behind a request: the one place that access control will change.</summary>
internal static class Callers
{
    /// <summary>The caller of a request. Until there is access control, everybody is the same one.</summary>
    public static Caller Of(HttpContext http) => Caller.Development;

    /// <summary>The caller of what comes over a connection that is not HTTP.</summary>
    public static Caller Of(ConnectionContext connection) => Caller.Development;
}
