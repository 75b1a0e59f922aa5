namespace Lhcre.Record;

/// <summary>The bytes of a log row: the fragments of one push. See FORMAT.md.</summary>
public static class LogBody
{
}
