using k8s.Models;

namespace Lhcre.Deploy.Tests;

/// <summary>The program as a container starts it: its arguments, and its environment as the pod would resolve it.</summary>
internal sealed record Started(Workload Workload, V1Container Container, Rendering Rendering)
{
    /// <summary>The name that Kubernetes gave the pod.</summary>
    public const string PodName = "lhcre-silo-5d9c7-x2x4q";

    /// <summary>The address that Kubernetes gave the pod.</summary>
    public const string PodAddress = "10.42.7.19";

    /// <summary>What is in every secret here: of the form of what the program reads from one.</summary>
    private const string Secret = "Host=db";

    /// <summary>Where it stands.</summary>
    public string Name => $"{Workload.Name}, container {Container.Name}";

    /// <summary>What it does.</summary>
    public string Verb => Container.Args is [var verb, ..] ? verb : "";

    /// <summary>What the program makes of it.</summary>
    public (ServeOptions Options, IReadOnlyList<string> Errors) Options => ServeOptions.Parse([.. Container.Args.Skip(1)], Variables.GetValueOrDefault);

    /// <summary>Its environment.</summary>
    public IReadOnlyDictionary<string, string> Variables =>
        Settings().Concat((Container.Env ?? []).Select(e => KeyValuePair.Create(e.Name, Value(e)))).ToDictionary();

    private IEnumerable<KeyValuePair<string, string>> Settings() =>
        from source in Container.EnvFrom ?? []
        let map = Rendering.All<V1ConfigMap>().Single(m => m.Metadata.Name == source.ConfigMapRef.Name)
        from setting in map.Data
        select setting;

    private static string Value(V1EnvVar variable) => variable.ValueFrom switch
    {
        null => variable.Value,
        { FieldRef.FieldPath: "status.podIP" } => PodAddress,
        { FieldRef.FieldPath: "metadata.name" } => PodName,
        { SecretKeyRef: not null } => Secret,
        _ => throw new InvalidOperationException($"{variable.Name} comes from where these tests do not look."),
    };
}
