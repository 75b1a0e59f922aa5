using System.Reflection;
using System.Runtime.CompilerServices;

namespace Lhcre.Benchmarks;

/// <summary>
/// Counts what a graph of objects takes, by type: each object once, at the size that the 64-bit runtime gives it, as near as its fields
/// tell. For finding out where memory goes; what it sums to is an estimate.
/// </summary>
internal sealed class HeapCensus
{
    private const int Pointer = 8;

    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, long> _bytes = [];
    private readonly Dictionary<Type, FieldInfo[]> _fields = [];
    private readonly Dictionary<Type, int> _sizes = [];
    private readonly Stack<(object Value, string Holder)> _pending = [];

    /// <summary>All bytes.</summary>
    public long Total { get; private set; }

    /// <summary>Counts everything that these objects reach.</summary>
    public static HeapCensus Of(IEnumerable<object> roots)
    {
        var census = new HeapCensus();
        foreach (var root in roots)
            census.Reach(root, "root");
        while (census._pending.TryPop(out var next))
            census.Count(next.Value, next.Holder);
        return census;
    }

    /// <summary>The types that take most.</summary>
    public IEnumerable<(string Type, long Bytes)> Largest(int count) => _bytes.OrderByDescending(b => b.Value).Take(count).Select(b => (b.Key, b.Value));

    private void Reach(object? value, string holder)
    {
        // Types, delegates and what is shared by the whole process are not the graph's.
        if (value is null or MemberInfo or Delegate or Assembly || !_seen.Add(value))
            return;
        if (value is string text && string.IsInterned(text) is { } interned && ReferenceEquals(interned, text))
            return;
        _pending.Push((value, holder));
    }

    private void Count(object value, string holder)
    {
        var type = value.GetType();
        var size = value switch
        {
            string text => 22 + (2 * text.Length),
            Array array => (2 * Pointer) + Pointer + (array.Length * Size(type.GetElementType()!)),
            _ => Math.Max(24, (2 * Pointer) + Fields(type).Sum(f => Size(f.FieldType))),
        };
        size = (size + Pointer - 1) / Pointer * Pointer;
        // A text or a list of bytes is told by who holds it.
        var name = value is byte[] or string ? $"{Name(type)} of {holder}" : Name(type);
        _bytes[name] = _bytes.GetValueOrDefault(name) + size;
        Total += size;
        if (value is Array items)
            ReachItems(items, holder);
        else
            ReachFields(value, type, Name(type));
    }

    private void ReachItems(Array items, string holder)
    {
        var element = items.GetType().GetElementType()!;
        if (element.IsPrimitive)
            return;
        foreach (var item in items)
        {
            if (element.IsValueType)
                ReachFields(item, element, Name(element));
            else
                Reach(item, holder);
        }
    }

    private void ReachFields(object? value, Type type, string holder)
    {
        if (value is null or string)
            return;
        // A boxed Nullable is its value.
        foreach (var field in Fields(type.IsValueType ? value.GetType() : type))
        {
            if (field.FieldType.IsPrimitive || field.FieldType.IsEnum)
                continue;
            var content = field.GetValue(value);
            if (field.FieldType.IsValueType)
                ReachFields(content, field.FieldType, holder);
            else
                Reach(content, $"{holder}.{field.Name.TrimStart('<').Split('>')[0]}");
        }
    }

    private FieldInfo[] Fields(Type type)
    {
        if (_fields.TryGetValue(type, out var known))
            return known;
        var fields = new List<FieldInfo>();
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            fields.AddRange(t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));
        return _fields[type] = [.. fields];
    }

    private int Size(Type type)
    {
        if (!type.IsValueType)
            return Pointer;
        if (_sizes.TryGetValue(type, out var known))
            return known;
        var sizeOf = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type);
        return _sizes[type] = (int)sizeOf.Invoke(null, null)!;
    }

    private static string Name(Type type) =>
        type.IsArray ? Name(type.GetElementType()!) + "[]"
        : type.IsGenericType ? $"{(type.DeclaringType is { } outer ? outer.Name.Split('`')[0] + "." : "")}{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
