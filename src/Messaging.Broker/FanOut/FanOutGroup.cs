using Messaging.Broker.Queues;

namespace Messaging.Broker.FanOut;

/// <summary>Records of one call that follow each other and go to the same queues. Used by one call.</summary>
internal sealed class FanOutGroup(int first)
{
    public static readonly int Forms = Enum.GetValues<CopyForm>().Length;

    private readonly List<FanOutTarget>?[] _targets = new List<FanOutTarget>?[Forms];
    private readonly Memory<byte>[]?[] _bodies = new Memory<byte>[]?[Forms];

    /// <summary>The number of the first record.</summary>
    public int First => first;

    /// <summary>Records that follow each other from there.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Queues that get copies, of all forms.</summary>
    public int Targets { get; private set; }

    /// <summary>Those that get copies of the form; empty where there are none.</summary>
    public IReadOnlyList<FanOutTarget> this[CopyForm form] => _targets[(int)form] ?? (IReadOnlyList<FanOutTarget>)[];

    public void Add(CopyForm form, in FanOutTarget target)
    {
        (_targets[(int)form] ??= []).Add(target);
        Targets++;
    }

    /// <summary>The records as those copies have them.</summary>
    public Memory<byte>[] BodiesOf(CopyForm form) => _bodies[(int)form]!;

    public void SetBodies(CopyForm form, Memory<byte>[] bodies) => _bodies[(int)form] = bodies;

    /// <summary>Whether another group's records go to the same queues in the same forms.</summary>
    public bool IsSameAs(FanOutGroup other)
    {
        if (Targets != other.Targets) return false;
        for (int i = 0; i < Forms; i++)
        {
            if (!AreSame(_targets[i], other._targets[i])) return false;
        }

        return true;
    }

    /// <summary>Inside a command: a queue has gone since, or has something to say for which no room was made.</summary>
    public bool IsStale()
    {
        foreach (List<FanOutTarget>? targets in _targets)
        {
            for (int i = 0; i < targets?.Count; i++)
            {
                LiveQueue queue = targets[i].Queue;
                if (queue.Deleted || (!targets[i].MayDelay && (queue.Definition!.DelaySeconds > 0 || queue.State.Backlog.HasMarks))) return true;
            }
        }

        return false;
    }

    private static bool AreSame(List<FanOutTarget>? these, List<FanOutTarget>? those)
    {
        if (these?.Count != those?.Count) return false;
        for (int i = 0; i < these?.Count; i++)
        {
            if (these[i] != those![i]) return false;
        }

        return true;
    }
}
