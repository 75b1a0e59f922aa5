using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Lhcre.Silo.Tests.Mllp;

/// <summary>A sender over MLLP, over real TCP: one that means well, or byte by byte what it likes.</summary>
internal sealed class MllpSender : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _tcp;
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private (int Start, int End) _read;

    private MllpSender(TcpClient tcp, Stream stream) => (_tcp, _stream) = (tcp, stream);

    /// <summary>Connects.</summary>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="trusts">With TLS: whether the certificate is the right one; null for without.</param>
    public static async Task<MllpSender> Connect(int port, RemoteCertificateValidationCallback? trusts = null)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(IPAddress.Loopback, port);
        if (trusts is null)
            return new MllpSender(tcp, tcp.GetStream());
        var tls = new SslStream(tcp.GetStream(), leaveInnerStreamOpen: false, trusts);
        await tls.AuthenticateAsClientAsync("localhost");
        return new MllpSender(tcp, tls);
    }

    /// <summary>Sends a message and waits for its acknowledgement.</summary>
    public async Task<Ack> Ask(string message)
    {
        await Send(message);
        return await Answer() ?? throw new InvalidOperationException("The connection was closed.");
    }

    /// <summary>Sends messages, each in a frame, in one piece.</summary>
    public Task Send(params string[] messages) => SendRaw(Encoding.UTF8.GetBytes(string.Concat(messages.Select(m => $"\v{m}\u001c\r"))));

    /// <summary>Sends bytes.</summary>
    public async Task SendRaw(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes);

    /// <summary>Sends text.</summary>
    public Task SendRaw(string text) => SendRaw(Encoding.Latin1.GetBytes(text));

    /// <summary>The next acknowledgement; null where the other side has closed.</summary>
    public async Task<Ack?> Answer()
    {
        using var patience = new CancellationTokenSource(Patience);
        var frame = new MemoryStream();
        while (await Next(patience.Token) is { } value)
        {
            frame.WriteByte(value);
            if (frame.Length > 2 && frame.GetBuffer().AsSpan(0, (int)frame.Length).EndsWith("\u001c\r"u8))
                return Ack.Of(frame.GetBuffer().AsSpan(1, (int)frame.Length - 3));
        }

        return null;
    }

    /// <summary>Drops the connection, without a farewell.</summary>
    public void Drop() => _tcp.Client.Close(0);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task<byte?> Next(CancellationToken cancellation)
    {
        if (_read.Start == _read.End)
        {
            try
            {
                _read = (0, await _stream.ReadAsync(_buffer, cancellation));
            }
            catch (IOException)
            {
                return null;
            }
        }

        return _read.End == 0 ? null : _buffer[_read.Start++];
    }
}

/// <summary>An acknowledgement, read with as little as will do.</summary>
/// <param name="Code">MSA-1.</param>
/// <param name="ControlId">MSA-2.</param>
/// <param name="Codes">The LHC codes in its ERR segments.</param>
/// <param name="Text">The whole.</param>
internal sealed record Ack(string Code, string ControlId, IReadOnlyList<string> Codes, string Text)
{
    public static Ack Of(ReadOnlySpan<byte> bytes) => Of(Encoding.UTF8.GetString(bytes));

    public static Ack Of(string text)
    {
        var segments = text.Split('\r', StringSplitOptions.RemoveEmptyEntries).Select(s => s.Split('|')).ToList();
        var msa = segments.Single(s => s[0] == "MSA");
        return new Ack(msa[1], msa.ElementAtOrDefault(2) ?? "", [.. segments.Where(s => s[0] == "ERR").Select(s => s[5].Split('^')[0])], text);
    }
}
