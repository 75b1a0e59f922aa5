using System.Text.Json;
using System.Text.Json.Serialization;
using Lhcre.Record;

namespace Lhcre.Silo.Visits;

/// <summary>
/// A plan as it is written down (<c>--pulls</c>): a JSON object. Names are those of <see cref="PullPlan"/> and <see cref="PulledSource"/>, times as ISO 8601
/// writes them.
/// </summary>
internal static class PullPlanFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Reads it; what is wrong with it is added to the errors, each in one line.</summary>
    /// <param name="given">The option, whose value is the file.</param>
    /// <param name="pushing">The sources that push: none of them can be pulled from.</param>
    public static PullPlan Read(Given given, IReadOnlyList<SourceSystem> pushing)
    {
        try
        {
            return Of(File.ReadAllBytes(given.Value), given, pushing);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            given.Errors.Add($"{given.Name}: '{given.Value}' cannot be read.");
            return PullPlan.None;
        }
    }

    /// <summary>The same of its content.</summary>
    public static PullPlan Of(ReadOnlySpan<byte> content, Given given, IReadOnlyList<SourceSystem> pushing)
    {
        Written? written;
        try
        {
            written = JsonSerializer.Deserialize<Written>(content, Json);
        }
        catch (JsonException failure)
        {
            given.Errors.Add($"{given.Name}: '{given.Value}' is not as it should be at {failure.Path ?? "$"}.");
            return PullPlan.None;
        }

        var sources = new List<PulledSource>();
        foreach (var source in written?.Sources ?? [])
        {
            if (SourceOf(source, given) is not { } read)
                continue;
            if (pushing.Concat(sources.Select(s => s.Source)).Any(s => s.Id == read.Source.Id))
                given.Errors.Add($"{given.Name}: '{read.Source.Id}' is a source already: one that is pulled from does not push, so that what was pulled can be told apart.");
            else
                sources.Add(read);
        }

        if (sources.Count == 0)
            given.Errors.Add($"{given.Name}: '{given.Value}' names no source that can be pulled from.");
        var plan = new PullPlan { Sources = sources, HomePractices = written?.HomePractices ?? PullPlan.None.HomePractices };
        if (written?.HeldFor is { } held)
            plan = plan with { HeldFor = given.Duration(held, TimeSpan.FromHours(1), TimeSpan.FromDays(366)) };
        if (written?.AfterStay is { } after)
            plan = plan with { AfterStay = given.Duration(after, TimeSpan.Zero, TimeSpan.FromDays(92)) };
        return written?.Deadline is { } deadline ? plan with { Deadline = given.Duration(deadline, TimeSpan.Zero, TimeSpan.FromSeconds(20)) } : plan;
    }

    private static PulledSource? SourceOf(WrittenSource written, Given given)
    {
        if (!SourceSystem.IsValidId(written.Id))
        {
            given.Errors.Add($"{given.Name}: '{written.Id}' is no source id: 1 to {SourceSystem.MaxIdLength} of a-z, 0-9 and '-', a letter first.");
            return null;
        }

        if (!Uri.TryCreate($"{written.Base?.TrimEnd('/')}/", UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.UserInfo.Length > 0)
        {
            given.Errors.Add($"{given.Name}: the base of '{written.Id}' is no http URL without a query and a password.");
            return null;
        }

        var source = new PulledSource(new SourceSystem(written.Id, written.Name), uri)
        {
            Practices = written.Practices ?? [],
            IsWhole = written.Whole ?? true,
            AuthorizationFile = written.AuthorizationFile,
            HedgeAfter = written.HedgeAfter is { } hedge ? given.Duration(hedge, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)) : null,
        };
        if (written.Timeout is { } timeout)
            source = source with { Timeout = given.Duration(timeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)) };
        if (written.FreshFor is { } fresh)
            source = source with { FreshFor = given.Duration(fresh, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)) };
        if (written.Everything is not { } everything)
            return source;
        if (!(everything.Contains("{id}", StringComparison.Ordinal) || everything.Contains("{number}", StringComparison.Ordinal)) || !Uri.TryCreate(uri, everything, out var below) || !uri.IsBaseOf(below))
            given.Errors.Add($"{given.Name}: 'everything' of '{written.Id}' is a path below its base, with {{id}} or {{number}} in it.");
        return source with { Everything = everything };
    }

    private sealed record Written(string? Deadline, string? HeldFor, string? AfterStay, IReadOnlyList<string>? HomePractices, IReadOnlyList<WrittenSource>? Sources);

    private sealed record WrittenSource(
        string? Id,
        string? Name,
        string? Base,
        string? Everything,
        string? Timeout,
        string? HedgeAfter,
        string? FreshFor,
        IReadOnlyList<string>? Practices,
        bool? Whole,
        string? AuthorizationFile);
}
