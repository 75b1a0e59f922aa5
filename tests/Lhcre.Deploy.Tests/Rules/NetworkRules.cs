using System.Globalization;
using k8s.Models;

namespace Lhcre.Deploy.Tests.Rules;

/// <summary>Who may talk to whom.</summary>
internal static class NetworkRules
{
    private const string Gateway = "lhcre.wessexcarerecords.org.uk/gateway";

    private static readonly ServeOptions Defaults = new();

    /// <summary>The rules.</summary>
    public static IReadOnlyList<Rule> All { get; } =
    [
        new("every pod is closed but for what is said", r => r.Workloads
            .Where(w => !Of(r, w).Any(p => p.Spec.PolicyTypes is ["Ingress", "Egress"])).Select(w => w.Name)),
        new("every policy is some pod's", r => r.All<V1NetworkPolicy>()
            .Where(p => !r.Workloads.Any(w => w.IsSelected(p.Spec.PodSelector))).Select(p => p.Metadata.Name)),
        new("every peer that is a pod of ours exists", r =>
            from p in r.All<V1NetworkPolicy>()
            from peer in (p.Spec.Ingress ?? []).SelectMany(i => i.FromProperty ?? []).Concat((p.Spec.Egress ?? []).SelectMany(e => e.To ?? []))
            where peer is { PodSelector: { } pods, NamespaceSelector: null } && !r.Workloads.Any(w => w.IsSelected(pods))
            select p.Metadata.Name),
        // Whoever reaches them may say anything to any record.
        new("the silos' ports are open to silos only", r => Ingress(r)
            .Where(i => Opens(i, Defaults.SiloPort) || Opens(i, Defaults.GatewayPort))
            .Where(i => i.FromProperty is not [{ PodSelector: { } pods, NamespaceSelector: null, IpBlock: null }] || !ReferenceRules.Silos(r).IsSelected(pods))
            .Select(_ => "an ingress rule")),
        new("silos reach each other", r =>
            new[] { Defaults.SiloPort, Defaults.GatewayPort }
                .Where(port => !Ingress(r).Any(i => Opens(i, port)) || !Egress(r).Any(e => Lists(e.Ports, port) && e.To is [{ PodSelector: { } pods }] && ReferenceRules.Silos(r).IsSelected(pods)))
                .Select(port => port.ToString(CultureInfo.InvariantCulture))),
        // There is no access control in the record itself.
        new("HTTP is open to the gateway only", r => Ingress(r)
            .Where(i => Opens(i, Http(r)))
            .Where(i => i.FromProperty is not [{ PodSelector: null, IpBlock: null, NamespaceSelector.MatchLabels: { } labels }] || !labels.ContainsKey(Gateway))
            .Select(_ => "an ingress rule")),
        new("the gateway reaches HTTP", r => Ingress(r).Any(i => Opens(i, Http(r))) ? [] : ["nobody does"]),
        new("silos reach the database", r => Egress(r).Any(e => Lists(e.Ports, 5432)) ? [] : ["they do not"]),
    ];

    private static IEnumerable<V1NetworkPolicy> Of(Rendering rendering, Workload workload) =>
        rendering.All<V1NetworkPolicy>().Where(p => workload.IsSelected(p.Spec.PodSelector));

    private static IEnumerable<V1NetworkPolicyIngressRule> Ingress(Rendering rendering) =>
        Of(rendering, ReferenceRules.Silos(rendering)).SelectMany(p => p.Spec.Ingress ?? []);

    private static IEnumerable<V1NetworkPolicyEgressRule> Egress(Rendering rendering) =>
        Of(rendering, ReferenceRules.Silos(rendering)).SelectMany(p => p.Spec.Egress ?? []);

    private static int Http(Rendering rendering) => rendering.Silo.Spec.Template.Spec.Containers.Single().Ports.Single(p => p.Name == "http").ContainerPort;

    // A rule without ports opens all of them.
    private static bool Opens(V1NetworkPolicyIngressRule rule, int port) => rule.Ports is null or { Count: 0 } || Lists(rule.Ports, port);

    private static bool Lists(IList<V1NetworkPolicyPort>? ports, int port) =>
        (ports ?? []).Any(p => p.Port is null || p.Port.Value == port.ToString(CultureInfo.InvariantCulture)
            || (p.EndPort is { } end && int.TryParse(p.Port.Value, CultureInfo.InvariantCulture, out var first) && port >= first && port <= end));
}
