using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Lhcre.Benchmarks.Load;

/// <summary>One connection, with one request on its way at a time.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[256 * 1024];

    /// <summary>Connects to 127.0.0.1.</summary>
    public LoadConnection(int port)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>How long each request took.</summary>
    public List<double> Milliseconds { get; } = [];

    /// <summary>Requests that were not answered with 2xx, or with a refused entry.</summary>
    public int Failures { get; private set; }

    /// <summary>Resources sent.</summary>
    public int Resources { get; private set; }

    /// <summary>Bytes of bodies sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Bytes of bodies received.</summary>
    public long Received { get; private set; }

    /// <summary>Sends request after request, until there are no more.</summary>
    public void Send(Func<LoadTurn?> next)
    {
        while (next() is var (request, start))
        {
            for (var sent = 0; sent < request.Bytes.Length;)
                sent += _socket.Send(request.Bytes.AsSpan(sent));
            var succeeded = request.IsMessage ? ReceiveAcknowledgement() : Receive(request.MayHoldRefusals);
            Milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Failures += succeeded ? 0 : 1;
            Resources += request.Resources;
            Sent += request.BodyLength;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // One message is on its way at a time: what comes is one frame.
    private bool ReceiveAcknowledgement()
    {
        var have = 0;
        while (!_buffer.AsSpan(0, have).EndsWith("\u001c\r"u8))
            have += Fill(have);
        Received += have;
        return _buffer.AsSpan(0, have).IndexOf("\rMSA|AA|"u8) >= 0;
    }

    private bool Receive(bool mayHoldRefusals)
    {
        var have = 0;
        int head;
        while ((head = _buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
            have += Fill(have);
        var header = _buffer.AsSpan(0, head);
        var length = ContentLength(header);
        var succeeded = header.StartsWith("HTTP/1.1 2"u8);
        Received += length;
        var rest = head + 4 + length - have;
        while (rest > 0)
        {
            // The answers to pushes are small, and are read whole, to see whether an entry was refused.
            var got = Fill(mayHoldRefusals ? have : 0);
            have += got;
            rest -= got;
        }

        return succeeded && !(mayHoldRefusals && HoldsRefusal(_buffer.AsSpan(0, have)));
    }

    private static bool HoldsRefusal(ReadOnlySpan<byte> answer) =>
        answer.IndexOf("\"status\":\"4"u8) >= 0 || answer.IndexOf("\"status\":\"5"u8) >= 0;

    private int Fill(int at)
    {
        var got = _socket.Receive(_buffer.AsSpan(at));
        return got > 0 ? got : throw new InvalidOperationException("The server closed the connection.");
    }

    private static int ContentLength(ReadOnlySpan<byte> header)
    {
        var name = "\r\nContent-Length: "u8;
        var at = header.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(header[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException("An answer without Content-Length.");
    }
}
