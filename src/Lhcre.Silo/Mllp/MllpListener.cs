using Lhcre.Record;

namespace Lhcre.Silo.Mllp;

/// <summary>A source's port, and what its connections share.</summary>
/// <param name="source">Whose messages come there.</param>
/// <param name="port">The port.</param>
/// <param name="limits">What its senders may ask of us.</param>
/// <param name="clock">The time.</param>
internal sealed class MllpListener(SourceSystem source, int port, MllpLimits limits, TimeProvider clock)
{
    /// <summary>Whose messages come there.</summary>
    public SourceSystem Source => source;

    /// <summary>The port.</summary>
    public int Port => port;

    /// <summary>What its senders may ask of us.</summary>
    public MllpLimits Limits => limits;

    /// <summary>What its connections hold together.</summary>
    public HeldBytes Held { get; } = new(limits.HeldBytes);

    /// <summary>Its connections.</summary>
    public MllpSeats Seats { get; } = new(limits.Connections, clock);
}
