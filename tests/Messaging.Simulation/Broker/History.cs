namespace Messaging.Simulation.Broker;

/// <summary>
/// What was done, in the order of the sequencer. <see cref="Current"/> has all of it, <see cref="Durable"/> only what an answer has
/// told: whatever is told is on the disk with everything before it. The commands between the two are unknown: after a crash
/// some first ones of them are there, each as a whole, and the others never were.
/// </summary>
internal sealed class History(Action<string>? trace)
{
    private readonly Queue<SequencedCommand> _untold = new();

    public BrokerModel Current { get; private set; } = new();

    public BrokerModel Durable { get; private set; } = new();

    /// <summary>The number of the latest command.</summary>
    public long Last { get; private set; }

    public int Untold => _untold.Count;

    /// <summary>One command, all or nothing; returns its number. Without effects nothing is sequenced.</summary>
    public long Sequence(string what, params IReadOnlyList<ModelEffect> effects)
    {
        if (effects.Count == 0)
        {
            return Last;
        }

        foreach (ModelEffect effect in effects)
        {
            effect.Apply(Current);
            trace?.Invoke($"  {Last + 1}: {effect}");
        }

        _untold.Enqueue(new SequencedCommand(++Last, what, effects));
        return Last;
    }

    /// <summary>An answer has told of everything up to that command.</summary>
    public void Told(long number)
    {
        while (_untold.TryPeek(out SequencedCommand command) && command.Number <= number)
        {
            ApplyNext();
        }
    }

    /// <summary>
    /// After a crash: goes on from what is durable, command by command, until what was recovered is that. <paramref name="difference"/>
    /// tells what is not, or null. Returns how many unanswered commands have survived.
    /// </summary>
    public int Recover(Func<BrokerModel, string?> difference)
    {
        var seen = new List<string>();
        int survived = 0;
        while (difference(Durable) is { } text)
        {
            seen.Add(text);
            if (_untold.Count == 0)
            {
                throw new Harness.SimulationException(
                    $"what was recovered is none of the {seen.Count} states that may be there:\n  {string.Join("\n  ", seen.Take(20))}");
            }

            seen[^1] += $"; then {_untold.Peek().What}";
            ApplyNext();
            survived++;
        }

        _untold.Clear();
        Current = Durable.Copy();
        return survived;
    }

    private void ApplyNext()
    {
        foreach (ModelEffect effect in _untold.Dequeue().Effects)
        {
            effect.Apply(Durable);
        }
    }

    private readonly record struct SequencedCommand(long Number, string What, IReadOnlyList<ModelEffect> Effects);
}
