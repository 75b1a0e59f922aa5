using k8s.Models;

namespace Lhcre.Deploy.Tests.Rules;

/// <summary>Whether the program that is started knows what it is started with: it is asked itself.</summary>
internal static class ProgramRules
{
    // What is set of the runtime, not of the record.
    private static readonly string[] Runtime = ["DOTNET_EnableDiagnostics"];

    private static readonly string[] Verbs = ["serve", "migrate"];

    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("every variable is an option", r =>
            from s in Programs(r)
            from name in s.Variables.Keys
            where !Asked().Contains(name) && !Runtime.Contains(name)
            select $"{s.Name}: {name}"),
        new("the verb exists", r => Programs(r).Where(s => !Verbs.Contains(s.Verb)).Select(s => $"{s.Name}: {s.Verb}")),
        new("the options are accepted", r => Programs(r).SelectMany(s => s.Options.Errors.Select(e => $"{s.Name}: {e}"))),
        new("silos find each other at their pods' addresses", r => Silos(r, s =>
            s.Options.Options is { PodName: Started.PodName, IsBehindGateway: true, Postgres: not null } o && o.Address.ToString() == Started.PodAddress)),
        new("all silos have one key and one URL", r => Silos(r, s => s.Options.Options is { PseudonymKeyFile: not null, BaseUrl: not null })),
        new("the key is a file of a secret, and read-only", r => Programs(r).Where(s => !HoldsKey(s)).Select(s => s.Name)),
        new("the ports are the program's", r => Silos(r, s => Port(s, "silo") == s.Options.Options.SiloPort && Port(s, "gateway") == s.Options.Options.GatewayPort
            && s.Options.Options.Urls.Split(';').Any(url => new Uri(url).Port == Port(s, "http")))),
        new("every probe's path is a route", r =>
            from s in Programs(r)
            from probe in Probes(s.Container)
            where probe.HttpGet is null || !Routes.Health.Contains(probe.HttpGet.Path) || probe.HttpGet.Port.Value != "http"
            select $"{s.Name}: {probe.HttpGet?.Path}"),
        // Alive is the process alone: a database that is away must not have every silo restarted.
        new("a silo is killed for itself only, and served when it is ready", r => Silos(r, s =>
            s.Container.LivenessProbe?.HttpGet.Path == "/health/live" && s.Container.StartupProbe?.HttpGet.Path == "/health/live"
            && s.Container.ReadinessProbe?.HttpGet.Path == "/health/ready")),
    ];

    private static IEnumerable<Started> Programs(Rendering rendering) =>
        rendering.Workloads.SelectMany(w => w.Containers.Where(c => c.Image.Split(':')[0].EndsWith("lhcre-silo", StringComparison.Ordinal))
            .Select(c => new Started(w, c, rendering)));

    private static IEnumerable<string> Silos(Rendering rendering, Func<Started, bool> holds) =>
        Programs(rendering).Where(s => s.Verb == "serve" && !holds(s)).Select(s => s.Name);

    private static HashSet<string> Asked()
    {
        var asked = new HashSet<string>();
        ServeOptions.Parse([], name =>
        {
            asked.Add(name);
            return null;
        });
        return asked;
    }

    private static bool HoldsKey(Started started) =>
        started.Options.Options.PseudonymKeyFile is { } file
        && (started.Container.VolumeMounts ?? []).SingleOrDefault(m => file.StartsWith(m.MountPath + "/", StringComparison.Ordinal)) is { ReadOnlyProperty: true } mount
        && started.Workload.Pod.Volumes.Single(v => v.Name == mount.Name).Secret is { DefaultMode: 0x120 } secret
        && secret.Items.Any(i => $"{mount.MountPath}/{i.Path}" == file);

    private static int? Port(Started started, string name) => started.Container.Ports.SingleOrDefault(p => p.Name == name)?.ContainerPort;

    private static IEnumerable<V1Probe> Probes(V1Container container) =>
        new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe }.OfType<V1Probe>();
}
