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

    /// <summary>A queue of them deduplicates: then this is of one record.</summary>
    public bool HasIds { get; private set; }

    /// <summary>Queues that get copies, of all forms.</summary>
    public int Targets { get; private set; }

    /// <summary>Those that get copies of the form; empty where there are none.</summary>
    public IReadOnlyList<FanOutTarget> this[CopyForm form] => _targets[(int)form] ?? (IReadOnlyList<FanOutTarget>)[];

    public void Add(CopyForm form, in FanOutTarget target)
    {
        (_targets[(int)form] ??= []).Add(target);
        HasIds |= target.Id is not null;
        Targets++;
    }

    /// <summary>The record of that place in the group, of all of the call's, as copies of the form have it.</summary>
    public Memory<byte> Body(FanOutRecord[] records, CopyForm form, int index) => form == CopyForm.Raw ? records[first + index].Body : _bodies[(int)form]![index];

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

    /// <summary>Inside a command: a queue is not what it was when it was asked.</summary>
    public bool IsStale()
    {
        foreach (List<FanOutTarget>? targets in _targets)
        {
            for (int i = 0; i < targets?.Count; i++)
            {
                if (targets[i].IsStale) return true;
            }
        }

        return false;
    }

    /// <summary>Inside a command: a queue that would have to remember one more id than it can; null where there is none.</summary>
    public LiveQueue? FindFull(long now)
    {
        foreach (List<FanOutTarget>? targets in _targets)
        {
            for (int i = 0; i < targets?.Count; i++)
            {
                if (targets[i].Id is not null && targets[i].IsNew(now) && targets[i].Queue.State.Windows?.IsFullOfIds == true) return targets[i].Queue;
            }
        }

        return null;
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
