using System.Net;
using System.Net.Sockets;

namespace Lhcre.Silo;

/// <summary>Whether the ports are free that <c>serve</c> is to listen on: asked first, so that all that are taken are named, in a line each.</summary>
internal static class Ports
{
    /// <summary>One line for each port that another process has.</summary>
    public static IReadOnlyList<string> Taken(ServeOptions options)
    {
        var wanted = options.Urls.Split(';').Select(url => new Uri(url)).Where(uri => uri.Port != 0)
            .Select(uri => (Option: "--urls", Address: Address(uri), uri.Port))
            .Append((Option: "--silo-port", Address: IPAddress.Loopback, Port: options.SiloPort))
            .Append((Option: "--gateway-port", Address: IPAddress.Loopback, Port: options.GatewayPort));
        return [.. wanted.Where(w => IsTaken(w.Address, w.Port)).Select(w => $"Port {w.Port} is in use by another process; choose another with {w.Option}.")];
    }

    private static IPAddress Address(Uri uri) =>
        IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) ? address : uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;

    private static bool IsTaken(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // A killed process leaves its port waiting for a while; that does not keep it from being used again.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return false;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return true;
        }
    }
}
