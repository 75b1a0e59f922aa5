using System.Buffers;

namespace Lhcre.Record;

/// <summary>
/// A fragment's own words on their way into a merged resource: stretches of its body, byte for byte, in which references lead to merged
/// resources.
/// </summary>
/// <param name="Shown">The fragment.</param>
/// <param name="ReferenceTo">The new text of a reference: a merged resource, or an absolute URL at the source's base.</param>
internal readonly record struct OwnWords(Fragment Shown, Func<EntryKey, string> ReferenceTo)
{
    /// <summary>Writes the stretch between two places of the body, neither of them inside a reference.</summary>
    public void CopyTo(ArrayBufferWriter<byte> target, int from, int to)
    {
        var body = Shown.Body.Span;
        foreach (var reference in Shown.References)
        {
            if (reference.Value.Start < from)
                continue;
            if (reference.Value.End > to)
                break;
            target.Write(body[from..reference.Value.Start]);
            Rendering.Text(target, ReferenceTo(reference.Target));
            from = reference.Value.End;
        }

        target.Write(body[from..to]);
    }
}
