using Lhcre.Contracts;

namespace Lhcre.Grains;

/// <summary>
/// An answer in parts: a record of 50 MB is never one message between silos, and whoever writes it to a slow client holds one part of it.
/// </summary>
internal static class AnswerParts
{
    /// <summary>An answer that is at hand as a whole.</summary>
    /// <param name="entries">All its entries.</param>
    /// <param name="answer">Everything else of it.</param>
    public static ReadAnswer Whole(byte[][] entries, ReadAnswer answer)
    {
        var bytes = 0L;
        foreach (var entry in entries)
            bytes += entry.Length;
        return answer with { Entries = entries, EntryBytes = bytes, AllEntries = entries.Length, AllBytes = bytes };
    }

    /// <summary>The part of an answer that is asked for; the answer itself where that is all of it.</summary>
    public static ReadAnswer Of(ReadAnswer whole, ReadRequest request)
    {
        if (request.Id is not null || request.Operation == ReadOperation.History || (request.From <= 0 && !(whole.EntryBytes > request.MostBytes)))
            return whole;
        var from = Math.Clamp(request.From, 0, whole.Entries.Length);
        var (to, bytes) = (from, 0L);
        while (to < whole.Entries.Length && (to == from || !(bytes + whole.Entries[to].Length > request.MostBytes)))
            bytes += whole.Entries[to++].Length;
        return whole with
        {
            Entries = whole.Entries[from..to],
            EntryBytes = bytes,
            More = to < whole.Entries.Length ? to : null,
            // What is said beside is said once.
            Beside = from == 0 ? whole.Beside : [],
        };
    }
}
