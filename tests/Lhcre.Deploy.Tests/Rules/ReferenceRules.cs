using k8s.Models;

namespace Lhcre.Deploy.Tests.Rules;

/// <summary>Whether what is named exists; and that secrets are named only.</summary>
internal static class ReferenceRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("every name is one object's", r => r.Objects.GroupBy(o => (o.Kind, o.Metadata.Name)).Where(g => g.Count() > 1).Select(g => $"{g.Key.Kind} {g.Key.Name}")),
        new("no secret stands here", r => r.All<V1Secret>().Select(s => s.Metadata.Name)),
        new("every map of settings is here", r =>
            from w in r.Workloads
            from c in w.Containers
            from source in c.EnvFrom ?? []
            where source.ConfigMapRef is not { } map || r.All<V1ConfigMap>().All(m => m.Metadata.Name != map.Name)
            select $"{w.Name}: {source.ConfigMapRef?.Name ?? source.SecretRef?.Name}"),
        new("every account is here", r =>
            from w in r.Workloads
            where w.Pod.ServiceAccountName is { } account && r.All<V1ServiceAccount>().All(a => a.Metadata.Name != account)
            select $"{w.Name}: {w.Pod.ServiceAccountName}"),
        new("every mount has its volume", r =>
            from w in r.Workloads
            from c in w.Containers
            from mount in c.VolumeMounts ?? []
            where (w.Pod.Volumes ?? []).All(v => v.Name != mount.Name) && Claims(w).All(name => name != mount.Name)
            select $"{w.Name}: {mount.Name}"),
        new("a workload selects its own pods", r =>
        [
            .. r.All<V1Deployment>().Where(d => !new Workload(d, d.Spec.Template).IsSelected(d.Spec.Selector)).Select(d => d.Metadata.Name),
            .. r.All<V1StatefulSet>().Where(s => !new Workload(s, s.Spec.Template).IsSelected(s.Spec.Selector)).Select(s => s.Metadata.Name),
        ]),
        new("every service leads to a port of pods", r =>
            from s in r.All<V1Service>()
            from port in s.Spec.Ports
            where !r.Workloads.Any(w => w.IsSelected(s.Spec.Selector) && w.Containers.Any(c => (c.Ports ?? []).Any(p => p.Name == port.TargetPort.Value)))
            select $"{s.Metadata.Name}: {port.Name}"),
        new("the silos have a service without an address of its own", r =>
            r.All<V1Service>().Any(s => s.Spec is { ClusterIP: "None", PublishNotReadyAddresses: true } && Silos(r).IsSelected(s.Spec.Selector)) ? [] : ["none"]),
    ];

    /// <summary>The silos as a workload.</summary>
    public static Workload Silos(Rendering rendering) => new(rendering.Silo, rendering.Silo.Spec.Template);

    private static IEnumerable<string> Claims(Workload workload) =>
        (workload.Object as V1StatefulSet)?.Spec.VolumeClaimTemplates?.Select(c => c.Metadata.Name) ?? [];
}
