using Lhcre.Deploy.Tests.Rules;
using Xunit.Abstractions;

namespace Lhcre.Deploy.Tests;

/// <summary>
/// Every kustomization is rendered as an operator renders it, read strictly as the models that Kubernetes' own OpenAPI description is generated into (an
/// element that they do not have is an error, and so is a value of another type), and held against our own rules.
/// </summary>
public sealed class ManifestTests(ITestOutputHelper output)
{
    private const string Production = "overlays/production";

    private static readonly string[] Kustomizations = ["overlays/dev", Production];

    // A rule, and a change to the production overlay that it must find: so no rule here is one that holds of anything.
    private static readonly (string Rule, string Find, string Put)[] Breaks =
    [
        ("nobody is root", "runAsNonRoot: true", "runAsNonRoot: false"),
        ("nobody is root", "runAsUser: 1654", "runAsUser: 0"),
        ("system calls are filtered", "type: RuntimeDefault", "type: Unconfined"),
        ("no pod has a token of the cluster", "\n      automountServiceAccountToken: false", ""),
        ("no container gains rights", "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
        ("no container gains rights", "- ALL", "- NET_RAW"),
        ("no container writes to its root", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        ("every container says what it needs", "cpu: \"4\"", "cpu: \"0\""),
        ("no silo is throttled", "limits:\n            ephemeral-storage: 1Gi", "limits:\n            cpu: \"4\""),
        ("no volume is the node's", "emptyDir:\n          sizeLimit: 512Mi", "hostPath:\n          path: /tmp"),
        ("every variable is an option", "name: LHCRE_POSTGRES", "name: LHCRE_POSTGRESQL"),
        ("every variable is an option", "LHCRE_CLUSTER:", "LHCRE_CLUSTER_NAME:"),
        ("the verb exists", "- migrate\n", "- upgrade\n"),
        ("the options are accepted", "- --urls", "- --url"),
        ("the options are accepted", "LHCRE_BEHIND_GATEWAY: \"true\"", "LHCRE_BEHIND_GATEWAY: \"yes\""),
        ("silos find each other at their pods' addresses", "fieldPath: status.podIP", "fieldPath: metadata.name"),
        ("silos find each other at their pods' addresses", "name: POD_NAME", "name: LHCRE_CORS_ORIGINS"),
        ("all silos have one key and one URL", "LHCRE_BASE_URL: ", "LHCRE_DATA: "),
        ("the key is a file of a secret, and read-only", "value: /run/secrets/lhcre/pseudonym.key", "value: /run/secrets/lhcre/key"),
        ("the key is a file of a secret, and read-only", "defaultMode: 288", "defaultMode: 420"),
        ("the ports are the program's", "containerPort: 11111", "containerPort: 11112"),
        ("the ports are the program's", "http://0.0.0.0:8080", "http://0.0.0.0:8081"),
        ("every probe's path is a route", "path: /health/ready", "path: /healthz"),
        ("a silo is killed for itself only, and served when it is ready", "path: /health/live", "path: /health/ready"),
        ("every name is one object's", "name: lhcre-silos\n", "name: lhcre-api\n"),
        ("no secret stands here", "apiVersion: v1\nautomount", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n---\napiVersion: v1\nautomount"),
        ("every map of settings is here", "configMapRef:\n            name: lhcre-settings", "configMapRef:\n            name: settings"),
        ("every account is here", "serviceAccountName: lhcre-silo", "serviceAccountName: default"),
        ("every mount has its volume", "mountPath: /tmp\n          name: temporary", "mountPath: /tmp\n          name: scratch"),
        ("a workload selects its own pods", "matchLabels:\n      app.kubernetes.io/name: lhcre-silo\n  strategy", "matchLabels:\n      app.kubernetes.io/name: silo\n  strategy"),
        ("every service leads to a port of pods", "targetPort: http", "targetPort: web"),
        ("the silos have a service without an address of its own", "clusterIP: None", "clusterIP: 10.0.0.9"),
        ("every pod is closed but for what is said", "- Ingress\n", ""),
        ("every policy is some pod's", "podSelector:\n    matchLabels:\n      app.kubernetes.io/name: lhcre-migrate", "podSelector:\n    matchLabels:\n      app.kubernetes.io/name: migrate"),
        ("every peer that is a pod of ours exists", "- podSelector:\n        matchLabels:\n          app.kubernetes.io/name: lhcre-silo", "- podSelector:\n        matchLabels:\n          app.kubernetes.io/name: silo"),
        ("the silos' ports are open to silos only", "- podSelector:\n        matchLabels:\n          app.kubernetes.io/name: lhcre-silo", "- namespaceSelector: {}"),
        ("the silos' ports are open to silos only", "- port: 8080", "- port: 8080\n      endPort: 32000"),
        ("silos reach each other", "- port: 30000", "- port: 30001"),
        ("HTTP is open to the gateway only", "lhcre.wessexcarerecords.org.uk/gateway: \"true\"", "kubernetes.io/metadata.name: default"),
        ("the gateway reaches HTTP", "- port: 8080", "- port: 8081"),
        ("silos reach the database", "- port: 5432", "- port: 5433"),
        ("a silo leaves when another one is ready", "maxUnavailable: 0", "maxUnavailable: 1"),
        ("a stop has the time that it takes", "terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: 30"),
        ("whoever empties nodes takes one silo at a time", "maxUnavailable: 1", "maxUnavailable: 2"),
        ("every budget is some pods'", "spec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: lhcre-silo", "spec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: silo"),
        ("what is scaled exists, and only the scaler says how many", "kind: Deployment\n    name: lhcre-silo", "kind: Deployment\n    name: silo"),
        ("what is scaled exists, and only the scaler says how many", "  revisionHistoryLimit:", "  replicas: 3\n  revisionHistoryLimit:"),
        ("silos are scaled by what they ask for", "type: Utilization", "type: AverageValue"),
        ("silos are spread over nodes", "topologyKey: kubernetes.io/hostname", "topologyKey: kubernetes.io/os"),
        ("the schema comes by a job that tries again", "backoffLimit: 6", "backoffLimit: 0"),
    ];

    public static TheoryData<string, string> Held
    {
        get
        {
            var held = new TheoryData<string, string>();
            foreach (var kustomization in Kustomizations)
            {
                foreach (var rule in Rule.All)
                    held.Add(kustomization, rule.Name);
            }

            return held;
        }
    }

    public static TheoryData<string, string, string> Broken
    {
        get
        {
            var broken = new TheoryData<string, string, string>();
            foreach (var (rule, find, put) in Breaks)
                broken.Add(rule, find, put);
            return broken;
        }
    }

    [Theory]
    [MemberData(nameof(Held))]
    public async Task Every_rule_holds_of_what_an_operator_applies(string kustomization, string rule)
    {
        if (await Rendering.Text(kustomization, output) is { } yaml)
            Assert.Empty(Rule.Of(rule).Faults(Rendering.Read(yaml)));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_rule_that_is_broken_is_named(string rule, string find, string put)
    {
        if (await Rendering.Text(Production, output) is not { } yaml)
            return;
        Assert.Contains(find, yaml, StringComparison.Ordinal);
        Assert.NotEmpty(Rule.Of(rule).Faults(Rendering.Read(yaml.Replace(find, put, StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_rule_has_something_that_breaks_it() => Assert.Equal(Rule.All.Select(r => r.Name).Order(), Breaks.Select(b => b.Rule).Distinct().Order());

    [Theory]
    [InlineData("base")]
    [InlineData("overlays/dev")]
    [InlineData(Production)]
    public async Task Everything_rendered_is_of_Kubernetes_own_models(string kustomization)
    {
        if (await Rendering.Text(kustomization, output) is not { } yaml)
            return;
        var rendering = Rendering.Read(yaml);
        Assert.True(rendering.Objects.Count >= 10);
        Assert.All(rendering.Objects, o => Assert.False(string.IsNullOrEmpty(o.ApiVersion) || string.IsNullOrEmpty(o.Kind) || string.IsNullOrEmpty(o.Metadata.Name)));
    }

    [Theory]
    [InlineData("readOnlyRootFilesystem:", "readOnlyRootFileSystem:")]
    [InlineData("minReplicas: 3", "minReplicas: three")]
    [InlineData("maxSkew: 1", "maxSkew: { of: 1 }")]
    [InlineData("kind: HorizontalPodAutoscaler", "kind: HorizontalPodScaler")]
    public async Task What_Kubernetes_does_not_know_is_an_error(string find, string put)
    {
        if (await Rendering.Text(Production, output) is not { } yaml)
            return;
        Assert.Contains(find, yaml, StringComparison.Ordinal);
        Assert.ThrowsAny<Exception>(() => Rendering.Read(yaml.Replace(find, put, StringComparison.Ordinal)));
    }
}
