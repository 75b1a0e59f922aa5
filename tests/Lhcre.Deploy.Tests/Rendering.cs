using System.Collections.Concurrent;
using k8s;
using k8s.Models;
using Xunit.Abstractions;

namespace Lhcre.Deploy.Tests;

/// <summary>What an operator applies: a kustomization as <c>kubectl kustomize</c> renders it, read strictly as Kubernetes' own models.</summary>
/// <param name="Objects">All of it.</param>
internal sealed record Rendering(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects)
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Texts = new();

    /// <summary>Whatever runs pods.</summary>
    public IReadOnlyList<Workload> Workloads =>
    [
        .. All<V1Deployment>().Select(d => new Workload(d, d.Spec.Template)),
        .. All<V1StatefulSet>().Select(s => new Workload(s, s.Spec.Template)),
        .. All<V1Job>().Select(j => new Workload(j, j.Spec.Template)),
    ];

    /// <summary>The silos.</summary>
    public V1Deployment Silo => All<V1Deployment>().Single(d => d.Metadata.Name == "lhcre-silo");

    /// <summary>Of one kind.</summary>
    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    /// <summary>Reads a rendered text; an element that the models do not have, or a value that is none of its type, is an error.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">There is one.</exception>
    public static Rendering Read(string yaml) =>
        new([.. KubernetesYaml.LoadAllFromString(yaml, strict: true).Cast<IKubernetesObject<V1ObjectMeta>>()]);

    /// <summary>A kustomization under <c>k8s</c> as text; null where there is no kubectl, which is said, and in CI is a failure.</summary>
    public static async Task<string?> Text(string kustomization, ITestOutputHelper output)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "kubectl"))))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "There is no kubectl, and in CI it must be.");
            output.WriteLine("Not run: there is no kubectl on the PATH, which renders the manifests.");
            return null;
        }

        return await Texts.GetOrAdd(kustomization, k => new Lazy<Task<string>>(() => Render(k))).Value;
    }

    private static async Task<string> Render(string kustomization)
    {
        var (exitCode, text, errors) = await Repository.Run("kubectl", "kustomize", Repository.At($"k8s/{kustomization}"));
        Assert.True(exitCode == 0, errors);
        return text;
    }
}

/// <summary>An object that runs pods.</summary>
internal sealed record Workload(IKubernetesObject<V1ObjectMeta> Object, V1PodTemplateSpec Template)
{
    /// <summary>Kind and name.</summary>
    public string Name => $"{Object.Kind} {Object.Metadata.Name}";

    /// <summary>What its pods are.</summary>
    public V1PodSpec Pod => Template.Spec;

    /// <summary>All containers.</summary>
    public IEnumerable<V1Container> Containers => [.. Pod.InitContainers ?? [], .. Pod.Containers];

    /// <summary>Whether a selector picks its pods. Written out for labels only: an expression picks none here.</summary>
    public bool IsSelected(V1LabelSelector selector) => selector.MatchExpressions is null or { Count: 0 } && IsSelected(selector.MatchLabels);

    /// <inheritdoc cref="IsSelected(V1LabelSelector)"/>
    public bool IsSelected(IDictionary<string, string>? labels) =>
        labels is { Count: > 0 } && labels.All(l => Template.Metadata.Labels.TryGetValue(l.Key, out var value) && value == l.Value);
}
