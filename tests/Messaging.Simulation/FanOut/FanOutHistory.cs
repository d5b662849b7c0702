using Messaging.Simulation.Harness;

namespace Messaging.Simulation.FanOut;

/// <summary>
/// What was done, in the order of the sequencer: <see cref="Current"/> has all of it, <see cref="Durable"/> what clients were told or shown. After a crash some first ones of what lies between are there, each as
/// a whole, and the others never were.
/// </summary>
internal sealed class FanOutHistory
{
    private readonly Queue<(long Number, string What, Action<FanOutModel> Effect)> _untold = new();

    public FanOutModel Current { get; private set; } = new();

    public FanOutModel Durable { get; private set; } = new();

    public long Last { get; private set; }

    public int Untold => _untold.Count;

    /// <summary>One command; its number is <see cref="Last"/>, which the effect may have asked for.</summary>
    public long Sequence(string what, Action<FanOutModel> effect)
    {
        effect(Current);
        _untold.Enqueue((++Last, what, effect));
        return Last;
    }

    public void Told(long number)
    {
        while (_untold.TryPeek(out (long Number, string What, Action<FanOutModel> Effect) command) && command.Number <= number) _untold.Dequeue().Effect(Durable);
    }

    /// <summary>Goes on from what is durable until what was recovered is that; returns how many untold commands have survived.</summary>
    public int Recover(Func<FanOutModel, string?> difference)
    {
        var seen = new List<string>();
        int survived = 0;
        while (difference(Durable) is { } text)
        {
            seen.Add(text);
            SimulationException.Check(_untold.Count > 0, $"what was recovered is none of the {seen.Count} states that may be there:\n  {string.Join("\n  ", seen.Take(20))}");
            seen[^1] += $"; then {_untold.Peek().What}";
            _untold.Dequeue().Effect(Durable);
            survived++;
        }

        _untold.Clear();
        Current = Durable.Copy();
        return survived;
    }
}
