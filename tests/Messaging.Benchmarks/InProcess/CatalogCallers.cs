using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Catalog;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Benchmarks.InProcess;

/// <summary>A broker of its own, with default options, over a folder; and callers that create queues, none twice.</summary>
internal sealed class CatalogCallers : IAsyncDisposable
{
    private static readonly QueueDefinition Definition = new() { LeaseSeconds = 60, Tags = new Dictionary<string, string> { ["team"] = "orders" } };

    private readonly MessageBroker _broker;
    private long _names;

    private CatalogCallers(MessageBroker broker) => _broker = broker;

    /// <summary>With the catalog in the Postgres of the connection string, or embedded where it is null.</summary>
    public static async Task<CatalogCallers> OpenAsync(string folder, string? connection)
    {
        var options = new BrokerOptions { Truth = connection is null ? null : new PostgresCatalog(connection, TimeProvider.System, NullLoggerFactory.Instance) };
        var broker = MessageBroker.Open(
            new PosixDisk(folder), options, TimeProvider.System, NullLoggerFactory.Instance, fault => Environment.FailFast("The engine failed.", fault));
        await broker.ConnectCatalogAsync(CancellationToken.None);
        return new CatalogCallers(broker);
    }

    public async ValueTask CreateAsync(int caller)
    {
        _ = QueueName.TryParse($"orders-{Interlocked.Increment(ref _names)}", out QueueName name);
        var key = new QueueKey(AccountId.Default, NamespaceName.Default, name);
        Result<PutQueueResult> put = await _broker.Queues.PutAsync(key, Definition, CancellationToken.None).ConfigureAwait(false);
        if (!put.IsOk || !put.Value.Created)
        {
            throw new InvalidOperationException($"A queue was not created: {put.Error?.Detail}");
        }
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();
}
