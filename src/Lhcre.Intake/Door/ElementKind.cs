using System.Collections.Frozen;
using Hl7.Fhir.Introspection;
using Hl7.Fhir.Model;

namespace Lhcre.Intake.Door;

/// <summary>How the value of an element is checked.</summary>
internal enum ElementKind
{
    /// <summary>An object of a known type.</summary>
    Complex,

    /// <summary>A resource, whose type it says itself.</summary>
    Resource,

    /// <summary>A primitive that the door has no check for.</summary>
    Other,

    Boolean,
    Integer,
    UnsignedInt,
    PositiveInt,
    Decimal,

    /// <summary>From here on texts. <c>markdown</c> is checked as a string.</summary>
    String,
    Code,

    /// <summary>A code of which FHIR lists the values.</summary>
    BoundCode,
    Id,

    /// <summary><c>canonical</c> is checked as a URI.</summary>
    Uri,
    Url,
    Oid,
    Uuid,
    Date,
    DateTime,
    Instant,
    Time,
    Base64Binary,
    Xhtml,
}

/// <summary>Which kind a type of the FHIR library is.</summary>
internal static class ElementKinds
{
    private static readonly FrozenDictionary<Type, ElementKind> Primitives = new Dictionary<Type, ElementKind>
    {
        [typeof(FhirBoolean)] = ElementKind.Boolean,
        [typeof(Integer)] = ElementKind.Integer,
        [typeof(UnsignedInt)] = ElementKind.UnsignedInt,
        [typeof(PositiveInt)] = ElementKind.PositiveInt,
        [typeof(FhirDecimal)] = ElementKind.Decimal,
        [typeof(FhirString)] = ElementKind.String,
        [typeof(Markdown)] = ElementKind.String,
        [typeof(Code)] = ElementKind.Code,
        [typeof(Id)] = ElementKind.Id,
        [typeof(FhirUri)] = ElementKind.Uri,
        [typeof(Canonical)] = ElementKind.Uri,
        [typeof(FhirUrl)] = ElementKind.Url,
        [typeof(Oid)] = ElementKind.Oid,
        [typeof(Uuid)] = ElementKind.Uuid,
        [typeof(Date)] = ElementKind.Date,
        [typeof(FhirDateTime)] = ElementKind.DateTime,
        [typeof(Instant)] = ElementKind.Instant,
        [typeof(Time)] = ElementKind.Time,
        [typeof(Base64Binary)] = ElementKind.Base64Binary,
        [typeof(XHtml)] = ElementKind.Xhtml,
    }.ToFrozenDictionary();

    /// <summary>The kind of <paramref name="type"/>, which is no resource.</summary>
    public static ElementKind Of(ClassMapping type) =>
        !type.IsFhirPrimitive ? ElementKind.Complex
        : type.IsCodeOfT ? ElementKind.BoundCode
        : Primitives.GetValueOrDefault(type.NativeType, ElementKind.Other);

    /// <summary>Whether it is a primitive: it has a value, and its id and extensions stand under a name with an underscore.</summary>
    public static bool IsPrimitive(this ElementKind kind) => kind >= ElementKind.Other;
}
