using System.Runtime.CompilerServices;

namespace Lhcre.Simulation;

/// <summary>
/// Everything that could run next, on one thread: whatever awaits goes on when the dice choose it. Where all calls pause here, an order in
/// which processes may run is a row of throws, and a seed plays it again.
/// </summary>
internal sealed class Turns(Dice dice) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Go, object? State)> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private TaskScheduler? _aside;
    private bool _isLeft;

    /// <summary>Turns taken so far: the simulation's time passes with them.</summary>
    public long Taken { get; private set; }

    /// <summary>Something goes on from here later.</summary>
    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _isLeft = true;
            return;
        }

        _ready.Add((d, state));
    }

    /// <summary>Nobody waits for a turn within a turn.</summary>
    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("One thread cannot wait for itself.");

    /// <inheritdoc/>
    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Takes one turn; false where nothing is ready.</summary>
    /// <exception cref="InvalidOperationException">Something went on on another thread: what it does next is not the seed's choice.</exception>
    public bool Take()
    {
        if (_isLeft)
            throw new InvalidOperationException("A continuation ran on another thread: no seed plays that again.");
        if (_ready.Count == 0)
            return false;
        Taken++;
        var chosen = dice.Below(_ready.Count);
        var (go, state) = _ready[chosen];
        _ready[chosen] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        go(state);
        return true;
    }

    /// <summary>Lets others go first, some number of times below <paramref name="most"/>.</summary>
    public async Task Pause(int most)
    {
        for (var times = dice.Below(most); times > 0; times--)
            await Yield();
    }

    /// <summary>Lets others go first, once.</summary>
    public static Turn Yield() => default;

    /// <summary>Where work goes that runs beside everything else: it has its turn too.</summary>
    public TaskScheduler Aside => _aside ??= new AsideScheduler(this);

    /// <summary>Runs what is given with this as the context of its awaits.</summary>
    public T Within<T>(Func<T> act)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        try
        {
            return act();
        }
        finally
        {
            SetSynchronizationContext(outer);
        }
    }

    /// <summary>The turn of something else.</summary>
    public readonly struct Turn : INotifyCompletion
    {
        public bool IsCompleted => false;

        public Turn GetAwaiter() => this;

        public void GetResult()
        {
        }

        public void OnCompleted(Action continuation) => Current!.Post(go => ((Action)go!)(), continuation);
    }

    private sealed class AsideScheduler(Turns turns) : TaskScheduler
    {
        protected override void QueueTask(Task task) => turns.Post(_ => TryExecuteTask(task), null);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }
}
