using Messaging.Broker.Access;

namespace Messaging.Http;

/// <summary>
/// The access keys that every front asks: the one of the settings, and those of the data folder once it is recovered. And whether they count at all. Made by the
/// host, one for the process, thread-safe. Hot path.
/// </summary>
/// <param name="gate">To the keys of the data folder.</param>
/// <param name="isClosed">Only who has a key may call; otherwise everyone may.</param>
/// <param name="configured">The key of the settings; it goes before one of the same id in the data folder.</param>
public sealed class AccessKeyRing(BrokerGate gate, bool isClosed, AccessKey? configured)
{
    public bool IsClosed { get; } = isClosed;

    /// <summary>The key of this id, the same object while it is unchanged; null where there is none.</summary>
    public AccessKey? Find(string id)
    {
        if (configured is not null && configured.Id == id)
            return configured;
        return gate.Broker is { } broker && broker.AccessKeys.TryGet(id, out AccessKey? key) ? key : null;
    }
}
