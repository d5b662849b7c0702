using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Broker.Messages;

/// <summary>The value of the header <c>_m.en</c>: the topic whose notification a message is shown as; <see cref="StoredHeaders"/> has the bytes.</summary>
internal static class StoredEnvelope
{
    private const char Separator = '\0';

    public static byte[] Encode(in TopicKey topic) => Encoding.UTF8.GetBytes(string.Join(Separator, topic.Account.Value, topic.Namespace.Value, topic.Name.Value));

    /// <summary>False for what is no topic's name: the message is shown as it is then.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> value, out TopicKey topic)
    {
        topic = default;
        string[] parts = Encoding.UTF8.GetString(value).Split(Separator);
        if (parts.Length != 3 || !AccountId.TryParse(parts[0], out AccountId account) || !NamespaceName.TryParse(parts[1], out NamespaceName space)) return false;
        if (!TopicName.TryParse(parts[2], out TopicName name)) return false;
        topic = new TopicKey(account, space, name);
        return true;
    }
}
