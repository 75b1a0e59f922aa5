using System.Collections.Concurrent;
using System.Reflection;
using Lhcre.Grains.Journal;
using Lhcre.Grains.Tests.Journal;

namespace Lhcre.Simulation;

/// <summary>One call of a journal.</summary>
internal sealed record JournalCall(MethodInfo Method, object?[] Arguments)
{
    /// <summary>The name of a member of <see cref="IJournal"/>.</summary>
    public string Verb => Method.Name;

    /// <summary>The first argument.</summary>
    public T First<T>() => (T)Arguments[0]!;

    /// <summary>The same call with another first argument.</summary>
    public JournalCall With(object first) => this with { Arguments = [first, .. Arguments[1..]] };

    /// <summary>Makes it.</summary>
    public Task On(IJournal journal) => (Task)Method.Invoke(journal, BindingFlags.DoNotWrapExceptions, null, Arguments, null)!;
}

/// <summary>What a call meets on its line. A simulated silo and the simulation's own line to the disk say it differently.</summary>
internal interface ILineFate
{
    /// <summary>On the way there: pauses, never returns where the call is lost with its process, and says what else goes wrong with it.</summary>
    Task<LineFault?> Going(JournalCall call);

    /// <summary>Takes effect on the disk.</summary>
    Task Effect(JournalCall call);

    /// <summary>On the way back with its answer: pauses, and never returns where nobody is there any more.</summary>
    Task Returning(JournalCall call, object? answer);

    /// <summary>Until a call that was given up takes effect after all.</summary>
    Task UntilLate();
}

/// <summary>What goes wrong with one call.</summary>
/// <param name="Kind">What its caller sees, and whether it is written.</param>
/// <param name="IsBusy">Of a refused call: too much waits already.</param>
/// <param name="IsLate">Of a lost call: it takes effect all the same, later, as a commit does whose client was cut off.</param>
internal sealed record LineFault(JournalFault Kind, bool IsLate = false, bool IsBusy = false);

/// <summary>A process's line to the journal that all share: every call goes through <see cref="ILineFate"/>, there and back.</summary>
internal class JournalLine : DispatchProxy
{
    private static readonly MethodInfo CarryTyped = typeof(JournalLine).GetMethod(nameof(Carry), BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly ConcurrentDictionary<Type, MethodInfo> Carriers = [];

    private ILineFate _fate = null!;

    /// <summary>A line.</summary>
    public static IJournal To(ILineFate fate)
    {
        var journal = Create<IJournal, JournalLine>();
        ((JournalLine)(object)journal)._fate = fate;
        return journal;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var call = new JournalCall(targetMethod!, args!);
        var answers = targetMethod!.ReturnType;
        if (answers == typeof(ValueTask))
            return ValueTask.CompletedTask;
        var answer = answers.IsGenericType ? answers.GenericTypeArguments[0] : typeof(object);
        var carrier = Carriers.GetOrAdd(answer, type => CarryTyped.MakeGenericMethod(type));
        return carrier.Invoke(this, BindingFlags.DoNotWrapExceptions, null, [call], null);
    }

    private async Task<T?> Carry<T>(JournalCall call)
    {
        var fault = await _fate.Going(call);
        if (fault is { Kind: JournalFault.Refused or JournalFault.LostCall })
        {
            if (fault.IsLate)
                _ = Late(call);
            throw fault.IsBusy
                ? JournalUnavailableException.Busy()
                : new JournalUnavailableException($"{call.Verb} was made to fail.", outcomeUnknown: fault.Kind == JournalFault.LostCall);
        }

        var effect = _fate.Effect(call);
        await effect;
        var answer = effect is Task<T> typed ? await typed : default;
        await _fate.Returning(call, answer);
        return fault is null ? answer : throw new JournalUnavailableException($"The reply of {call.Verb} was lost.", outcomeUnknown: true);
    }

    private async Task Late(JournalCall call)
    {
        await _fate.UntilLate();
        await _fate.Effect(call);
    }
}
