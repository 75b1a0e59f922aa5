using System.Reflection;
using Lhcre.Contracts;
using Lhcre.Record;

namespace Lhcre.Simulation;

/// <summary>The grain factory of one silo: a reference to a patient finds its activation at every call.</summary>
internal class SimulatedGrains : DispatchProxy
{
    private SimulatedSilo _silo = null!;

    /// <summary>The factory.</summary>
    public static IGrainFactory Of(SimulatedSilo silo)
    {
        var grains = Create<IGrainFactory, SimulatedGrains>();
        ((SimulatedGrains)(object)grains)._silo = silo;
        return grains;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod!.IsGenericMethod && targetMethod.GetGenericArguments() is [var type] && type == typeof(IPatientGrain) && args![0] is string key
            ? new SimulatedGrain(_silo, PatientKey.Parse(key))
            : throw new NotSupportedException($"No grain but the patient's is simulated: {targetMethod}.");
}

/// <summary>A reference to a patient, as one silo holds it. What goes to another silo goes in bytes.</summary>
internal sealed class SimulatedGrain(SimulatedSilo from, PatientKey patient) : IPatientGrain
{
    /// <inheritdoc/>
    public async ValueTask<PushAnswer> Push(PushRequest push, Caller caller) => await from.Call(
        patient,
        at => at.Push(at.Silo == from ? push : push with { Fragments = new FragmentBatch([.. LogBody.Read(LogBody.Write(push.Fragments.Fragments))]) }));

    /// <inheritdoc/>
    public async ValueTask<PushAnswer> Correct(CorrectionRequest request, Caller caller) => await from.Call(patient, at => at.Correct(request));

    /// <inheritdoc/>
    public async ValueTask<PushAnswer> Erase(EraseRequest request, Caller caller) => await from.Call(patient, at => at.Erase(request));

    /// <inheritdoc/>
    public async ValueTask<ReadAnswer> Read(ReadRequest request, Caller caller) => await from.Call(patient, at => at.Read(request));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<RecordVersion>> History(Caller caller) => throw new NotSupportedException("It reads the journal and nothing else.");
}
