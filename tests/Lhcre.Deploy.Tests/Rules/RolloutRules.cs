using k8s.Models;
using Lhcre.Silo.Operations;

namespace Lhcre.Deploy.Tests.Rules;

/// <summary>Whether records stay served while silos come and go.</summary>
internal static class RolloutRules
{
    private static readonly TimeSpan Spare = TimeSpan.FromSeconds(10);

    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("a silo leaves when another one is ready", r => r.Silo.Spec.Strategy is { Type: "RollingUpdate", RollingUpdate: { } roll }
            && roll.MaxUnavailable?.Value == "0" && roll.MaxSurge?.Value == "1" ? [] : ["strategy"]),
        new("a stop has the time that it takes", r => r.Workloads.Where(w => w.Containers.Any(c => c.Name == "silo"))
            .Where(w => TimeSpan.FromSeconds(w.Pod.TerminationGracePeriodSeconds ?? 30) < StopDeadline.Within + Spare).Select(w => w.Name)),
        new("whoever empties nodes takes one silo at a time", r => Budgets(r) is [{ Spec: { MaxUnavailable.Value: "1", UnhealthyPodEvictionPolicy: "AlwaysAllow" } }] ? [] : ["budget"]),
        new("every budget is some pods'", r => r.All<V1PodDisruptionBudget>().Where(b => !r.Workloads.Any(w => w.IsSelected(b.Spec.Selector))).Select(b => b.Metadata.Name)),
        new("what is scaled exists, and only the scaler says how many", r => r.All<V2HorizontalPodAutoscaler>()
            .Where(h => h.Spec.ScaleTargetRef is not { ApiVersion: "apps/v1", Kind: "Deployment" } target
                || r.All<V1Deployment>().SingleOrDefault(d => d.Metadata.Name == target.Name) is not { Spec.Replicas: null })
            .Select(h => h.Metadata.Name)),
        new("silos are scaled by what they ask for", r => r.All<V2HorizontalPodAutoscaler>()
            .Where(h => h.Spec.MinReplicas is null or < 2 || h.Spec.MaxReplicas < h.Spec.MinReplicas || h.Spec.Metrics is not [{ Resource: { Name: "cpu", Target.Type: "Utilization" } }])
            .Select(h => h.Metadata.Name)),
        new("silos are spread over nodes", r => r.Silo.Spec.Template.Spec.TopologySpreadConstraints
            .Any(t => t is { TopologyKey: "kubernetes.io/hostname", MaxSkew: 1 } && ReferenceRules.Silos(r).IsSelected(t.LabelSelector)) ? [] : ["nodes"]),
        // Kubernetes starts a job again that fails: the database may not be there yet.
        new("the schema comes by a job that tries again", r => r.All<V1Job>().ToArray() is [{ Spec: { BackoffLimit: > 0, ActiveDeadlineSeconds: > 600, Template.Spec.RestartPolicy: "Never" } }] ? [] : ["job"]),
    ];

    private static V1PodDisruptionBudget[] Budgets(Rendering rendering) =>
        [.. rendering.All<V1PodDisruptionBudget>().Where(b => ReferenceRules.Silos(rendering).IsSelected(b.Spec.Selector))];
}
