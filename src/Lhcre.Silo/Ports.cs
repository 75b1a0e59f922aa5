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
            .Append((Option: "--silo-port", Address: Advertised(options), Port: options.SiloPort))
            .Append((Option: "--gateway-port", Address: Advertised(options), Port: options.GatewayPort))
            .Concat(options.Mllp.Values.Select(port => (Option: "--mllp", Address: options.IsBehindGateway ? IPAddress.Any : IPAddress.Loopback, Port: port)));
        return [.. wanted.Select(w => Fault(w.Option, w.Address, w.Port)).OfType<string>().Distinct()];
    }

    // The silo listens where the others are told to reach it: so a second silo of one address cannot be.
    private static IPAddress Advertised(ServeOptions options) => options.Postgres is null ? IPAddress.Loopback : options.Address;

    private static IPAddress Address(Uri uri) =>
        IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) ? address : uri.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;

    private static string? Fault(string option, IPAddress address, int port) =>
        BindingFault(option, address, port) ?? (IsAnswered(address, port) ? InUse(option, port) : null);

    private static string? BindingFault(string option, IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        // A killed process leaves its port waiting for a while; that does not keep it from being used again.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen();
            return null;
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            return InUse(option, port);
        }
        catch (SocketException failure) when (failure.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            return $"{address} is no address of this machine; give one that it has with {(option == "--urls" ? option : "POD_IP")}.";
        }
    }

    // Orleans opens its ports so that several processes may have them at once (SO_REUSEPORT): a second silo of the same address would get a
    // part of the calls that are meant for the first.
    private static bool IsAnswered(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string InUse(string option, int port) => $"Port {port} is in use by another process; choose another with {option}.";
}
