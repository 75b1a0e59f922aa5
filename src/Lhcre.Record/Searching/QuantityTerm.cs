using System.Collections.Immutable;
using System.Text.Json;
using Lhcre.Record.Reading;

namespace Lhcre.Record.Searching;

/// <summary>
/// A quantity in a query: <c>[prefix]number|system|code</c>, <c>number||code</c> or <c>number</c> (FHIR R4 search.html, "quantity"). Amounts in
/// units that are multiples of one another are compared (<see cref="UnitTable"/>): 6.9 mmol/L is 0.0069 mol/L.
/// </summary>
/// <param name="Number">The number as it is written.</param>
/// <param name="Converted">The number in the unit of its dimension; null where the unit is not known.</param>
/// <param name="System">The unit's system; empty for any.</param>
/// <param name="Code">The unit; empty for any.</param>
internal sealed record AskedQuantity(AskedNumber Number, AskedNumber? Converted, string System, string Code)
{
    private const string Ucum = "http://unitsofmeasure.org";

    private readonly Unit _unit = Units.Of(Code);

    /// <summary>Reads one; null where it is none.</summary>
    public static AskedQuantity? Read(string value)
    {
        var parts = SearchText.Split(value, '|');
        var (system, code) = parts.Count switch { 1 => ("", ""), 2 => (parts[1], ""), 3 => (parts[1], parts[2]), _ => (null, null) };
        if (system is null || code is null || AskedNumber.Read(parts[0], ExactNumber.One) is not { } number)
            return null;
        var unit = Units.Of(code);
        return new AskedQuantity(number, code.Length > 0 && unit.IsKnown ? AskedNumber.Read(parts[0], unit.Factor) : null, system, code);
    }

    /// <summary>Whether what is stated satisfies it.</summary>
    public bool Holds(StatedQuantity stated)
    {
        if (System.Length > 0 && stated.System != System)
            return false;
        if (Code.Length == 0 || stated.Code == Code || (System.Length == 0 && stated.Unit == Code))
            return stated.In(ExactNumber.One) is { } plain && Number.Holds(plain);
        // Units of other systems are what they are.
        if (System is not ("" or Ucum))
            return false;
        var unit = Units.Of(stated.Code ?? stated.Unit);
        if (!unit.IsKnown && System.Length == 0)
            unit = Units.Of(stated.Unit);
        if (unit.Name != _unit.Name || unit.IsKnown != _unit.IsKnown)
            return false;
        return unit.IsKnown
            ? Converted is { } converted && stated.In(unit.Factor) is { } amount && converted.Holds(amount)
            : System.Length == 0 && stated.In(ExactNumber.One) is { } same && Number.Holds(same);
    }
}

/// <summary>A Quantity, Range or Money as a resource states it.</summary>
/// <param name="System">The unit's system; null for none.</param>
/// <param name="Code">The unit's code; null for none.</param>
/// <param name="Unit">The unit in words; null for none.</param>
internal readonly record struct StatedQuantity(string? System, string? Code, string? Unit)
{
    private const string Currencies = "urn:iso:std:iso:4217";

    private ExactNumber? Low { get; init; }

    private ExactNumber? High { get; init; }

    private string? Comparator { get; init; }

    /// <summary>Reads one from the object's bytes; null where it has no number.</summary>
    public static StatedQuantity? Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Limits.JsonReader);
        reader.Read();
        return Read(ref reader);
    }

    /// <summary>The amount as so many of a unit; null where it cannot be told exactly.</summary>
    /// <param name="factor">How many of that unit its own is.</param>
    public NumberRange? In(ExactNumber factor)
    {
        var (low, high) = (Scaled(Low, factor), Scaled(High, factor));
        if ((Low is not null && low is null) || (High is not null && high is null))
            return null;
        return Low == High
            ? NumberRange.Of(low!.Value, Comparator switch { "<" => "<"u8, "<=" => "<="u8, ">" => ">"u8, ">=" => ">="u8, _ => [] })
            : new NumberRange(low ?? decimal.MinValue, high ?? decimal.MaxValue);
    }

    private static StatedQuantity? Read(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? system = null, code = null, unit = null, comparator = null;
        ExactNumber? value = null;
        StatedQuantity? low = null, high = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "value"u8))
                value = Json.Scaled(ref reader, ExactNumber.One, out _);
            else if (Json.Is(ref reader, "system"u8))
                system = Json.Text(ref reader);
            else if (Json.Is(ref reader, "code"u8))
                code = Json.Text(ref reader);
            else if (Json.Is(ref reader, "unit"u8))
                unit = Json.Text(ref reader);
            else if (Json.Is(ref reader, "comparator"u8))
                comparator = Json.Text(ref reader);
            else if (Json.Is(ref reader, "currency"u8))
                (system, code) = (Currencies, Json.Text(ref reader));
            else if (Json.Is(ref reader, "low"u8))
                low = Read(ref reader);
            else if (Json.Is(ref reader, "high"u8))
                high = Read(ref reader);
            else
                reader.Skip();
        }

        if (value is not null)
            return new StatedQuantity(system, code, unit) { Low = value, High = value, Comparator = comparator };
        return (low ?? high) is { } side ? side with { Low = low?.Low, High = high?.High } : null;
    }

    private static decimal? Scaled(ExactNumber? number, ExactNumber factor) =>
        number?.Times(factor) is { } product ? NumberRange.Decimal(product) : null;
}

/// <summary>One of some quantities.</summary>
internal sealed class QuantityTerm(SearchParameter parameter, ImmutableArray<AskedQuantity> asked) : ElementTerm(parameter)
{
    /// <inheritdoc/>
    protected override bool Matches(ReadOnlySpan<byte> resource, in SearchValue value)
    {
        if (value.Form != ValueForm.Quantity || StatedQuantity.Read(SearchValue.In(resource, value.Second)) is not { } stated)
            return false;
        foreach (var quantity in asked)
        {
            if (quantity.Holds(stated))
                return true;
        }

        return false;
    }
}
