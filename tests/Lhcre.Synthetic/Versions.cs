using System.Collections.Immutable;
using Lhcre.Record;

namespace Lhcre.Synthetic;

/// <summary>The versions of an entry as fragments. All carry a time of the source's own: only such have one outcome in any order.</summary>
internal static class Versions
{
    private static readonly DateTimeOffset Since = new(2025, 6, 1, 6, 0, 0, TimeSpan.Zero);

    public static ImmutableArray<Fragment> Of(Telling telling, Dice dice)
    {
        var at = Since.AddMinutes(dice.Between(0, 100_000));
        var versions = ImmutableArray.CreateBuilder<Fragment>(2);
        if (telling.Done.Has(Perturbation.Corrected))
            versions.Add(Stated(telling with { Says = Wrong(telling.Says) }, at, dice));
        // What is taken back was said once.
        if (telling.IsRetracted)
            versions.Add(Stated(telling with { Done = new Perturbations(telling.Done.Bits & ~(1UL << (int)Perturbation.EnteredInError)) }, at.AddHours(1), dice));
        versions.Add(Stated(telling, at.AddHours(2), dice));
        if (!telling.IsLive)
            versions.Add(Fragment.Deleted(telling.Key, at.AddHours(3)));
        return versions.ToImmutable();
    }

    private static TrueFact Wrong(TrueFact says) => says with
    {
        Found = says.Found is { } found ? Teller.Another(found) : null,
        Dose = says.Dose is { } dose ? dose with { TimesADay = dose.TimesADay + 1 } : null,
    };

    // Some say when in the resource, others in the Bundle around it.
    private static Fragment Stated(Telling telling, DateTimeOffset at, Dice dice) => dice.Thousandths(500)
        ? Fragment.Stated(telling.Source, FactJson.Write(telling, at), time: null)
        : Fragment.Stated(telling.Source, FactJson.Write(telling, null), time: at);
}
