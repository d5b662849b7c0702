using System.Text.Json;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;

namespace Messaging.Rest.Wire;

/// <summary>Consumer groups as JSON.</summary>
internal static class GroupWriter
{
    private static readonly JsonEncodedText CommittedAt = JsonEncodedText.Encode("committedAt");
    private static readonly JsonEncodedText LeasedUntil = JsonEncodedText.Encode("leasedUntil");
    private static readonly JsonEncodedText SessionEndsAt = JsonEncodedText.Encode("sessionEndsAt");

    public static void Write(Utf8JsonWriter writer, GroupSummary group)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, group.Key.Name.Value);
        writer.WriteString("namespace"u8, group.Key.Namespace.Value);
        writer.WriteString("status"u8, GroupWords.NameOf(group.Status));
        writer.WriteNumber("members"u8, group.Members);
        writer.WriteNumber("partitions"u8, group.Offsets);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, GroupDescription group)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, group.Key.Name.Value);
        writer.WriteString("namespace"u8, group.Key.Namespace.Value);
        writer.WriteString("status"u8, GroupWords.NameOf(group.Status));
        writer.WriteNumber("generation"u8, group.Generation);
        if (group.Protocol is { } protocol)
            writer.WriteString("protocol"u8, GroupWords.NameOf(protocol));
        if (group.Strategy is { } strategy)
            writer.WriteString("strategy"u8, GroupWords.NameOf(strategy));
        writer.WriteStartArray("members"u8);
        foreach (MemberDescription member in group.Members)
            Write(writer, member);
        writer.WriteEndArray();
        writer.WriteStartArray("offsets"u8);
        foreach (CommittedOffset offset in group.Offsets)
            Write(writer, offset);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, Membership member)
    {
        writer.WriteStartObject();
        writer.WriteString("memberId"u8, member.Id.ToString());
        writer.WriteNumber("generation"u8, member.Generation);
        Write(writer, "assigned", member.Assigned);
        Write(writer, "revoked", member.Revoked);
        writer.WriteBoolean("settled"u8, member.IsSettled);
        writer.WriteNumber("sessionSeconds"u8, member.SessionSeconds);
        writer.WriteEndObject();
    }

    /// <summary>Without an offset where none is committed.</summary>
    public static void Write(Utf8JsonWriter writer, CommittedOffset offset)
    {
        writer.WriteStartObject();
        writer.WriteString("topic"u8, offset.Topic.Value);
        writer.WriteNumber("partition"u8, offset.Partition);
        if (offset.Offset is { } committed)
            writer.WriteNumber("offset"u8, committed);
        if (offset.LeaderEpoch is { } epoch)
            writer.WriteNumber("leaderEpoch"u8, epoch);
        if (offset.Metadata.Length > 0)
            writer.WriteString("metadata"u8, offset.Metadata);
        if (offset.CommittedAt is { } at)
            Timestamps.Write(writer, CommittedAt, at.ToUnixTimeMilliseconds());
        writer.WriteNumber("highWatermark"u8, offset.Ends.HighWatermark);
        writer.WriteNumber("lag"u8, offset.Lag);
        if (offset.LeasedUntil is { } until)
            Timestamps.Write(writer, LeasedUntil, until.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    /// <summary>An offset that was set.</summary>
    public static void Write(Utf8JsonWriter writer, OffsetEntry offset)
    {
        writer.WriteStartObject();
        writer.WriteString("topic"u8, offset.Topic.Value);
        writer.WriteNumber("partition"u8, offset.Partition);
        writer.WriteNumber("offset"u8, offset.Offset);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, MemberDescription member)
    {
        writer.WriteStartObject();
        writer.WriteString("memberId"u8, member.Id.ToString());
        if (member.InstanceId is { } instance)
            writer.WriteString("instanceId"u8, instance);
        writer.WriteString("clientId"u8, member.ClientId);
        writer.WriteString("clientHost"u8, member.ClientHost);
        writer.WriteStartArray("topics"u8);
        foreach (TopicName topic in member.Topics)
            writer.WriteStringValue(topic.Value);
        writer.WriteEndArray();
        writer.WriteNumber("generation"u8, member.Generation);
        Write(writer, "assigned", member.Assigned);
        Write(writer, "revoked", member.Revoked);
        Timestamps.Write(writer, SessionEndsAt, member.SessionEndsAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<TopicPartition> partitions)
    {
        writer.WriteStartArray(name);
        foreach (TopicPartition partition in partitions)
        {
            writer.WriteStartObject();
            writer.WriteString("topic"u8, partition.Topic.Value);
            writer.WriteNumber("partition"u8, partition.Partition);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
