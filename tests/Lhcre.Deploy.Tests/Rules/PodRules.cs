using k8s.Models;

namespace Lhcre.Deploy.Tests.Rules;

/// <summary>What a pod may do on its node: the "restricted" level of Kubernetes' Pod Security Standards, a read-only root, and a place of its own.</summary>
internal static class PodRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("nobody is root", r => Pods(r, p => p.SecurityContext is { RunAsNonRoot: true, RunAsUser: > 0, RunAsGroup: > 0 } && p.HostNetwork is not true && p.HostPID is not true)),
        new("system calls are filtered", r => Pods(r, p => p.SecurityContext?.SeccompProfile?.Type == "RuntimeDefault")),
        new("no pod has a token of the cluster", r => Pods(r, p => p.AutomountServiceAccountToken == false)),
        new("no container gains rights", r => Containers(r, c =>
            c.SecurityContext is { AllowPrivilegeEscalation: false, Privileged: null or false } s && s.Capabilities?.Drop is ["ALL"] && s.Capabilities.Add is null or { Count: 0 })),
        new("no container writes to its root", r => Containers(r, c => c.SecurityContext?.ReadOnlyRootFilesystem == true)),
        new("every container says what it needs", r => Containers(r, c =>
            Has(c.Resources?.Requests, "cpu") && Has(c.Resources?.Requests, "memory") && Has(c.Resources?.Limits, "memory"))),
        // A silo that is throttled for some seconds is voted out.
        new("no silo is throttled", r => Containers(r, c => c.Name != "silo" || !Has(c.Resources?.Limits, "cpu"))),
        // The pod's own, or what is in its node's memory or disk for as long as the pod is.
        new("no volume is the node's", r => Pods(r, p => (p.Volumes ?? []).All(v => v.Secret is not null || v.EmptyDir is not null || v.ConfigMap is not null))),
    ];

    private static bool Has(IDictionary<string, ResourceQuantity>? quantities, string name) => quantities?.TryGetValue(name, out var quantity) == true && quantity.ToDecimal() > 0;

    private static IEnumerable<string> Pods(Rendering rendering, Func<V1PodSpec, bool> holds) =>
        rendering.Workloads.Where(w => !holds(w.Pod)).Select(w => w.Name);

    private static IEnumerable<string> Containers(Rendering rendering, Func<V1Container, bool> holds) =>
        rendering.Workloads.SelectMany(w => w.Containers.Where(c => !holds(c)).Select(c => $"{w.Name}, container {c.Name}"));
}
