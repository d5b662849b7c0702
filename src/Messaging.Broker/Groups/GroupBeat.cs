using Messaging.Broker.Names;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>
/// The heartbeat's part of groups: members that are over, topics that have changed, groups of which nothing is left. In rounds over all groups, a part of them each beat; one command a group
/// that has something due, and none for the others.
/// </summary>
internal sealed class GroupBeat(GroupHost host)
{
    private const int GroupsPerBeatMax = 10_000;
    private const int GroupsPerLookMax = 1_000;

    private int _next;

    /// <summary>One beat. Not to be called twice at once.</summary>
    public async ValueTask BeatAsync()
    {
        int left = Math.Min(host.Groups.Count, GroupsPerBeatMax);
        while (left > 0 && !host.Topics.Stopping.IsCancellationRequested)
        {
            if (FindDue(ref left) is { } key) await host.RunAsync(key, new TendCall(), CancellationToken.None);
        }
    }

    private GroupKey? FindDue(ref int left)
    {
        using Command command = host.Engine.BeginCommand(0);
        long now = host.Topics.Clock.NowMs();
        for (int looked = 0; left > 0 && looked < GroupsPerLookMax && host.Groups.Count > 0; looked++)
        {
            left--;
            if (_next >= host.Groups.Count) _next = 0;
            LiveGroup group = host.Groups[_next++];
            group.State.Advance(now);
            if (!group.IsCalm(now) || TendCall.IsOver(group.State, now)) return group.State.Key;
        }

        if (host.Groups.Count == 0) left = 0;
        return null;
    }
}
