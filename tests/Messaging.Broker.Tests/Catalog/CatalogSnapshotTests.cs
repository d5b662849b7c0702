using System.Buffers;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Catalog;

public sealed class CatalogSnapshotTests
{
    [Fact]
    public void A_snapshot_of_before_there_were_keys_is_read()
    {
        var queues = new QueueDirectory();
        var catalog = new LocalCatalog(queues, new TopicDirectory());
        catalog.ApplyKeys(new byte[32], new byte[32]);
        var snapshot = new ArrayBufferWriter<byte>();
        CatalogSnapshot.Write(catalog, queues, snapshot, clockMs: 7);
        // As version 3 was: the same without the parts that came later, which are empty here.
        byte[] older = snapshot.WrittenSpan[..^3].ToArray();
        Assert.Equal(6, older[0]);
        older[0] = 3;

        var restored = new LocalCatalog(new QueueDirectory(), new TopicDirectory());
        CatalogSnapshot.Restore(restored, older);

        Assert.Equal((7, true, 0), (restored.ClockMs, restored.HasKeys, restored.AccessKeys.Count));
    }
}
