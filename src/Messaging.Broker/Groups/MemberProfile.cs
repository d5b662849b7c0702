using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>What a member said of itself when it joined: immutable, compared by content. <see cref="GroupEntryKind"/> has its bytes.</summary>
internal sealed record MemberProfile(string? InstanceId, string ClientId, string ClientHost, TopicName[] Topics, int SessionMs, int RebalanceMs)
{
    private const int MsPerSecond = 1_000;

    /// <summary>Topics in the order of their names, each once.</summary>
    public static MemberProfile Of(JoinRequest request)
    {
        var topics = new SortedSet<TopicName>(request.Topics, TopicOrder.Instance);
        return new MemberProfile(
            request.InstanceId, request.ClientId, request.ClientHost, [.. topics], request.SessionSeconds * MsPerSecond, request.RebalanceSeconds * MsPerSecond);
    }

    public static MemberProfile Read(ref EntryReader reader)
    {
        string instance = Text(ref reader);
        string clientId = Text(ref reader);
        string clientHost = Text(ref reader);
        int session = reader.Int32();
        int rebalance = reader.Int32();
        var topics = new List<TopicName>();
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            if (!TopicName.TryParse(Text(ref reader), out TopicName topic)) throw EntryReader.Malformed();
            topics.Add(topic);
        }

        return new MemberProfile(instance.Length == 0 ? null : instance, clientId, clientHost, [.. topics], session, rebalance);
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Bytes(Encoding.UTF8.GetBytes(InstanceId ?? ""));
        writer.Bytes(Encoding.UTF8.GetBytes(ClientId));
        writer.Bytes(Encoding.UTF8.GetBytes(ClientHost));
        writer.Unsigned(SessionMs);
        writer.Unsigned(RebalanceMs);
        writer.Unsigned(Topics.Length);
        foreach (TopicName topic in Topics) writer.Bytes(Encoding.UTF8.GetBytes(topic.Value));
    }

    public bool HasTopicsOf(MemberProfile other) => Topics.AsSpan().SequenceEqual(other.Topics);

    public bool Equals(MemberProfile? other) =>
        other is not null && InstanceId == other.InstanceId && ClientId == other.ClientId && ClientHost == other.ClientHost && SessionMs == other.SessionMs
        && RebalanceMs == other.RebalanceMs && HasTopicsOf(other);

    public override int GetHashCode() => HashCode.Combine(InstanceId, ClientId, ClientHost, Topics.Length, SessionMs, RebalanceMs);

    private static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());
}
