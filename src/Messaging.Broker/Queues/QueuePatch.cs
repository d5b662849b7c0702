using System.Collections.ObjectModel;

namespace Messaging.Broker.Queues;

/// <summary>A change of some fields of a <see cref="QueueDefinition"/>; null leaves a field as it is.</summary>
public sealed record QueuePatch
{
    public QueueType? Type { get; init; }

    public int? LeaseSeconds { get; init; }

    public int? DelaySeconds { get; init; }

    public int? RetentionSeconds { get; init; }

    public int? ReceiveWaitSeconds { get; init; }

    public int? MaxMessageBytes { get; init; }

    /// <summary>All tags that were there go, before <see cref="Tags"/>.</summary>
    public bool ClearsTags { get; init; }

    /// <summary>Tags to set; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>The definition after the change, which may break a rule of <see cref="QueueDefinition.Validate"/>.</summary>
    public QueueDefinition Apply(QueueDefinition definition) => definition with
    {
        Type = Type ?? definition.Type,
        LeaseSeconds = LeaseSeconds ?? definition.LeaseSeconds,
        DelaySeconds = DelaySeconds ?? definition.DelaySeconds,
        RetentionSeconds = RetentionSeconds ?? definition.RetentionSeconds,
        ReceiveWaitSeconds = ReceiveWaitSeconds ?? definition.ReceiveWaitSeconds,
        MaxMessageBytes = MaxMessageBytes ?? definition.MaxMessageBytes,
        Tags = MergeTags(definition.Tags),
    };

    private IReadOnlyDictionary<string, string> MergeTags(IReadOnlyDictionary<string, string> tags)
    {
        if (!ClearsTags && Tags is null) return tags;
        // Those that stay keep their order, and new ones come behind.
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in ClearsTags ? ReadOnlyDictionary<string, string>.Empty : tags)
        {
            if (Tags?.ContainsKey(key) != true || Tags[key] is not null) merged.Add(key, value);
        }

        foreach ((string key, string? value) in Tags ?? ReadOnlyDictionary<string, string?>.Empty)
        {
            if (value is not null) merged[key] = value;
        }

        return merged;
    }
}
