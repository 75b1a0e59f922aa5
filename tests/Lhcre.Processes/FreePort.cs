using System.Net;
using System.Net.Sockets;

namespace Lhcre.Processes;

/// <summary>Ports on the loopback address that nobody listens on.</summary>
public static class FreePort
{
    // Below the range from which Linux takes the near end of outgoing connections (32768 to 60999): a port from it could be taken by some
    // client while a process that is to have it again is down.
    private const int First = 20_000;
    private const int End = 32_000;

    private static int _next = Environment.ProcessId * 97;

    /// <summary>One that this process has not given out before, until all were.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < End - First; tries++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref _next) % (End - First));
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"No port from {First} to {End - 1} is free.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
