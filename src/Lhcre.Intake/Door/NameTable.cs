using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Lhcre.Intake.Door;

/// <summary>
/// Values by ASCII names that are looked up as bytes: open addressing on the length and both ends of the name, at most half full, so that
/// most look-ups compare one name.
/// </summary>
internal sealed class NameTable<T>
    where T : class
{
    private readonly Slot[] _slots;

    /// <summary>Builds it from names that are all different.</summary>
    public NameTable(IReadOnlyCollection<KeyValuePair<string, T>> named)
    {
        _slots = new Slot[(int)BitOperations.RoundUpToPowerOf2((uint)(named.Count * 2) + 1)];
        foreach (var (name, value) in named)
            Add(Encoding.UTF8.GetBytes(name), value);
    }

    /// <summary>The value of exactly this name; null where there is none.</summary>
    public T? Find(ReadOnlySpan<byte> name)
    {
        var hash = Hash(name);
        var slots = _slots;
        for (var i = (int)hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            ref readonly var slot = ref slots[i];
            if (slot.Value is null)
                return null;
            if (slot.Hash == hash && name.SequenceEqual(slot.Name))
                return slot.Value;
        }
    }

    private void Add(byte[] name, T value)
    {
        var hash = Hash(name);
        var i = (int)hash & (_slots.Length - 1);
        while (_slots[i].Value is not null)
            i = (i + 1) & (_slots.Length - 1);
        _slots[i] = new Slot(hash, name, value);
    }

    private static uint Hash(ReadOnlySpan<byte> name)
    {
        ulong first, last;
        if (name.Length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(name);
            last = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]);
        }
        else if (name.Length >= 4)
        {
            first = BinaryPrimitives.ReadUInt32LittleEndian(name);
            last = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]);
        }
        else
        {
            first = name.IsEmpty ? 0ul : name[0];
            last = name.IsEmpty ? 0ul : ((ulong)name[^1] << 8) | name[name.Length / 2];
        }

        // Multipliers of the golden ratio and of xxHash: any odd ones that spread.
        var mixed = ((first * 0x9E3779B97F4A7C15) ^ (last * 0xC2B2AE3D27D4EB4F)) + ((ulong)name.Length * 0x165667B19E3779F9);
        return (uint)(mixed >> 32) ^ (uint)(mixed >> 7);
    }

    private readonly record struct Slot(uint Hash, byte[] Name, T Value);
}
