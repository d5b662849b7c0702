using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Groups;

/// <summary>
/// The consumer groups of this process by name and by stream. They have no definition: what is known of a group is in its own stream, name included. <see cref="Names"/> may be asked at
/// any time; all else belongs to the sequencer or to recovery.
/// </summary>
internal sealed class GroupDirectory(TopicDirectory topics)
{
    private readonly ConcurrentDictionary<GroupKey, LiveGroup> _byKey = new();
    private readonly Dictionary<long, LiveGroup> _byStream = [];
    private readonly List<LiveGroup> _all = [];

    /// <summary>The names of groups, looked up by anyone.</summary>
    public NameIndex<GroupKey> Names { get; } = new();

    public int Count => _all.Count;

    public LiveGroup this[int index] => _all[index];

    public bool TryGet(in GroupKey key, [NotNullWhen(true)] out LiveGroup? group) => _byKey.TryGetValue(key, out group);

    public bool TryGet(long streamId, [NotNullWhen(true)] out LiveGroup? group) => _byStream.TryGetValue(streamId, out group);

    /// <summary>What a group of that key sees of topics.</summary>
    public GroupTopics TopicsOf(in GroupKey key) => new(topics, key.Account, key.Namespace);

    /// <summary>The stream's group, made when it is new; its name comes with its first entry.</summary>
    public LiveGroup Attach(LogStream stream)
    {
        if (_byStream.TryGetValue(stream.Id, out LiveGroup? known)) return known;
        var group = new LiveGroup(stream) { Index = _all.Count };
        _byStream.Add(stream.Id, group);
        _all.Add(group);
        return group;
    }

    /// <summary>From here on it is found by its name.</summary>
    public void Publish(LiveGroup group)
    {
        if (group.Topics is not null) return;
        group.Topics = TopicsOf(group.State.Key);
        _byKey[group.State.Key] = group;
        Names.Add(group.State.Key);
    }

    /// <summary>The stream is gone, if it was a group's.</summary>
    public void Detach(long streamId)
    {
        if (!_byStream.Remove(streamId, out LiveGroup? group)) return;
        LiveGroup last = _all[^1];
        _all[last.Index = group.Index] = last;
        _all.RemoveAt(_all.Count - 1);
        if (_byKey.TryRemove(KeyValuePair.Create(group.State.Key, group))) Names.Remove(group.State.Key);
    }

    /// <summary>Once, after recovery: nobody could be heard of, so that all sessions begin anew.</summary>
    public void Begin(long now)
    {
        foreach (LiveGroup group in _all)
        {
            Invariant.Check(group.Topics is not null, "A group's stream begins with its name.");
            group.State.Members.SessionsFrom(now);
        }
    }
}
