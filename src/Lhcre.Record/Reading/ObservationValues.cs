using System.Globalization;
using System.Text.Json;

namespace Lhcre.Record.Reading;

/// <summary>
/// <c>value[x]</c> of an Observation and of its components. <c>false</c> and <c>0</c> are values; <c>dataAbsentReason</c> is none.
/// </summary>
internal static class ObservationValues
{
    /// <summary>The value in its forms, if the reader stands at the name of one; else null, and the reader stays.</summary>
    public static List<(string Form, string Value)>? Read(ref Utf8JsonReader reader)
    {
        if (Json.Is(ref reader, "valueQuantity"u8))
            return One("quantity", Quantity.Read(ref reader));
        if (Json.Is(ref reader, "valueCodeableConcept"u8))
            return Concept.Forms(ref reader);
        if (Json.Is(ref reader, "valueString"u8))
            return One(FactPart.Text, Json.Trimmed(ref reader) is { } text ? Folded.Statement(text) : null);
        if (Json.Is(ref reader, "valueBoolean"u8))
            return One("boolean", Json.Flag(ref reader) is { } flag ? flag ? "true" : "false" : null);
        if (Json.Is(ref reader, "valueInteger"u8))
            return One("integer", Json.Number(ref reader));
        if (Json.Is(ref reader, "valueRange"u8))
            return One("range", Quantity.ReadRange(ref reader));
        if (Json.Is(ref reader, "valueRatio"u8))
            return One("ratio", Quantity.ReadRatio(ref reader));
        if (Json.Is(ref reader, "valueSampledData"u8))
            return One("sampledData", SampledData(ref reader));
        if (Json.Is(ref reader, "valueTime"u8))
            return One("time", Time(Json.Trimmed(ref reader)));
        if (Json.Is(ref reader, "valueDateTime"u8))
            return One("dateTime", Date(Json.Trimmed(ref reader)));
        return Json.Is(ref reader, "valuePeriod"u8) ? One("period", Period(ref reader)) : null;
    }

    /// <summary><c>component</c>: a part for each coding of a component's code and each form of its value.</summary>
    public static void TakeComponents(FactsDraft draft, ref Utf8JsonReader reader)
    {
        for (var items = Items.Of(ref reader); items.Next(ref reader);)
        {
            if (!Json.Enters(ref reader))
                continue;
            List<(string Form, string Value)> names = [], values = [];
            while (Json.NextMember(ref reader))
            {
                if (Json.Is(ref reader, "code"u8))
                    names = Concept.Forms(ref reader);
                else if (Read(ref reader) is { } value)
                    values = value;
                else
                    reader.Skip();
            }

            foreach (var (system, code) in names)
            {
                foreach (var (form, value) in values)
                    draft.Add(FactElement.Component, $"{system}|{code}/{form}", value);
            }
        }
    }

    private static List<(string Form, string Value)> One(string form, string? value) => value is null ? [] : [(form, value)];

    private static string? Period(ref Utf8JsonReader reader)
    {
        var (start, end) = Concept.Period(ref reader);
        return start is null && end is null ? null : $"{Date(start)}..{Date(end)}";
    }

    // What cannot be read is compared as it was said.
    private static string? Date(string? text) => ClinicalDate.Parse(text) is { Precision: not Precision.None } date ? date.ToString() : text;

    // To the minute, as instants are.
    private static string? Time(string? text) =>
        TimeOnly.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time.ToString("HH:mm", CultureInfo.InvariantCulture) : text;

    private static string? SampledData(ref Utf8JsonReader reader)
    {
        if (!Json.Enters(ref reader))
            return null;
        string? origin = null, period = null, factor = null, dimensions = null, data = null;
        while (Json.NextMember(ref reader))
        {
            if (Json.Is(ref reader, "origin"u8))
                origin = Quantity.Read(ref reader);
            else if (Json.Is(ref reader, "period"u8))
                period = Json.Number(ref reader);
            else if (Json.Is(ref reader, "factor"u8))
                factor = Json.Number(ref reader);
            else if (Json.Is(ref reader, "dimensions"u8))
                dimensions = Json.Number(ref reader);
            else if (Json.Is(ref reader, "data"u8))
                data = Json.Trimmed(ref reader);
            else
                reader.Skip();
        }

        // A curve may be long, and is compared whole: its hash will do. A factor that is not stated is 1.
        return data is null ? null : $"{origin} {period} {factor ?? "1"} {dimensions} {Convert.ToBase64String(Hash(data))}";
    }

    private static byte[] Hash(string data) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', data.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
}
