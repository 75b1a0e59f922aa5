using Lhcre.Contracts;

namespace Lhcre.Silo.Sources;

/// <summary>How urgent a client says that its push is: the header <c>Priority: u=N</c> (RFC 9218), 0 the most urgent, 7 the least, 3 where none is given.</summary>
internal static class Priority
{
    // RFC 9218 section 4.1: 7 is for what nobody waits for. From 5 on it is behind the default by more than one step.
    private const int FirstOfBackfill = 5;

    /// <summary>The lane of a push: <see cref="Lane.Backfill"/> from urgency 5 on.</summary>
    public static Lane Of(HttpRequest request)
    {
        foreach (var header in request.Headers["Priority"])
        {
            foreach (var member in (header ?? "").Split(','))
            {
                // A structured field's dictionary (RFC 8941): what is not understood is passed over.
                if (member.Split(';')[0].Trim() is ['u', '=', >= '0' and <= '7' and var urgency])
                    return urgency - '0' >= FirstOfBackfill ? Lane.Backfill : Lane.Live;
            }
        }

        return Lane.Live;
    }
}
