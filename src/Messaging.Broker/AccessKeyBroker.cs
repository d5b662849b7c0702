using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Access;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;

namespace Messaging.Broker;

/// <summary>What a front may call on access keys: they are in the data folder, and at most <see cref="BrokerLimits.AccessKeysMax"/>. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.</summary>
public sealed class AccessKeyBroker
{
    private readonly AccessKeyTable _keys;
    private readonly ChangeAccessKeys _change;

    internal AccessKeyBroker(QueueHost host, LocalCatalog catalog) => (_keys, _change) = (catalog.AccessKeys, new ChangeAccessKeys(host, catalog));

    /// <summary>Finds an access key, without a lock and the same object each time; not one whose deletion has been answered.</summary>
    public bool TryGet(string id, [NotNullWhen(true)] out AccessKey? key) => _keys.TryGet(id, out key);

    /// <summary>All access keys in the order of their ids.</summary>
    public IReadOnlyList<AccessKey> List() => _keys.All;

    /// <summary>Adds an access key; <see cref="ErrorCode.InvalidValue"/> where its words are none, its id is taken, or there are too many.</summary>
    public ValueTask<Result<bool>> PutAsync(AccessKey key, CancellationToken cancellationToken) => _change.PutAsync(key, cancellationToken);

    /// <summary>Deletes an access key; <see cref="ErrorCode.InvalidValue"/> where there is none. What is under way with it goes on.</summary>
    public ValueTask<Result<bool>> DeleteAsync(string id, CancellationToken cancellationToken) => _change.DeleteAsync(id, cancellationToken);
}
