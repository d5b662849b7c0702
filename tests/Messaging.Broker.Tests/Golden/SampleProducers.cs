using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Records;
using Messaging.Broker.Tests.Records;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Golden;

/// <summary>Producers with sequences, and with transactions that were committed, aborted by all who may abort, and are open. The same each time.</summary>
internal static class SampleProducers
{
    private static readonly TopicKey Numbers = TopicCalls.Topic("numbers");
    private static readonly TopicKey Settled = TopicCalls.Topic("settled");
    private static readonly TopicKey Open = TopicCalls.Topic("open");

    // Ids are given one after the other; a new instance and the end of each transaction take the next epoch.
    private static readonly ProducerIdentity Numbered = new(1, 0);
    private static readonly ProducerIdentity Whole = new(2, 0);
    private static readonly ProducerIdentity Committing = new(3, 0);
    private static readonly ProducerIdentity Aborting = new(4, 0);
    private static readonly ProducerIdentity Replaced = new(5, 0);
    private static readonly ProducerIdentity Late = new(6, 0);
    private static readonly ProducerIdentity Holding = new(7, 0);
    private static readonly ProducerIdentity Begun = new(8, 0);

    /// <summary>What comes into packs and the checkpoint.</summary>
    public static void First(SampleBroker broker)
    {
        broker.Put(Numbers, new TopicDefinition { Partitions = 2, RetentionSeconds = null });
        broker.Put(Settled, new TopicDefinition { Partitions = 2 });
        broker.Put(Open, new TopicDefinition { Partitions = 2 });
        Assert.Equal((Numbered, Whole), (broker.Init(), broker.Init()));
        Assert.Equal((Committing, Aborting), (broker.Init("committing"), broker.Init("aborting")));
        Assert.Equal((Replaced, Late), (broker.Init("replaced"), broker.Init("late", timeoutSeconds: 1)));
        Assert.Equal(Holding, broker.Init("holding"));
        for (int number = 0; number < 7; number++) broker.PublishAs(Numbers, Outside(Numbered), 0, number, $"number {number}");
        broker.PublishAs(Numbers, Outside(Numbered), 1, 0, "other 0", "other 1");
        broker.PublishBatch(Numbers, Batch(0));
        Settle(broker, 0);
        broker.Begin(Holding);
        broker.PublishAs(Open, Inside(Holding), 0, -1, "held one");
        broker.PublishAs(Open, Inside(Holding), 1, -1, "held one");
        broker.Publish(Open, TopicCalls.Record("behind it", partition: 0));
    }

    /// <summary>What stands in the journal only.</summary>
    public static void Second(SampleBroker broker)
    {
        broker.PublishAs(Numbers, Outside(Numbered), 0, 7, "number 7", "number 8");
        broker.PublishBatch(Numbers, Batch(2));
        Settle(broker, 1);
        broker.PublishAs(Open, Inside(Holding), 1, -1, "held two");
        Assert.Equal(Begun, broker.Init("begun"));
        broker.Begin(Begun);
        broker.PublishAs(Open, Inside(Begun), 1, 0, "begun 0", "begun 1");
    }

    /// <summary>What was stored, what elders ask that another one has replaced, and what comes out of order.</summary>
    public static void Repeat(SampleBroker broker, StringBuilder answers)
    {
        Line("the last batch", broker.PublishAs(Numbers, Outside(Numbered), 0, 7, "number 7", "number 8"));
        Line("the oldest that is known", broker.PublishAs(Numbers, Outside(Numbered), 0, 3, "number 3"));
        Line("one that is forgotten", broker.PublishAs(Numbers, Outside(Numbered), 0, 2, "number 2"));
        Line("a gap", broker.PublishAs(Numbers, Outside(Numbered), 0, 10, "number 10"));
        Line("the other partition", broker.PublishAs(Numbers, Outside(Numbered), 1, 0, "other 0", "other 1"));
        Line("whole batches", $"{broker.PublishBatch(Numbers, Batch(0))}, {broker.PublishBatch(Numbers, Batch(2))}, {broker.PublishBatch(Numbers, Batch(6))}");
        foreach (bool isCommit in new[] { true, false })
        {
            foreach ((string name, ProducerIdentity ended) in new[] { ("committing", Committing), ("aborting", Aborting), ("replaced", Replaced), ("late", Late) })
            {
                for (short epoch = 0; epoch < 4; epoch++) Line($"{name} {epoch} {(isCommit ? "commit" : "abort")}", broker.End(new ProducerIdentity(ended.Id, epoch), isCommit));
            }
        }

        Line("an elder", broker.PublishAs(Settled, Outside(Replaced), 0, 0, "zombie"));
        Line("an elder in its transaction", broker.PublishAs(Settled, Inside(Committing), 0, -1, "zombie"));
        Line("an elder begins", broker.Begin(Replaced));
        Line("a second transaction at once", broker.Begin(Holding));
        Line("outside of an open transaction", broker.PublishAs(Open, Outside(Begun), 0, 0, "outside"));
        Line("in an open transaction, again", broker.PublishAs(Open, Inside(Begun), 1, 0, "begun 0", "begun 1"));
        Line("nobody", broker.PublishAs(Numbers, new ProducerClaim(Begun.Id + 1, 0), 0, 0, "nobody"));

        void Line(string what, string answer) => SampleQueues.Line(answers, $"{what}: {answer}");
    }

    // Each ends its transaction in another way; records of nobody stand between. Two epochs go by for an instance and its transaction, one for a transaction.
    private static void Settle(SampleBroker broker, short round)
    {
        ProducerIdentity committing = Committing with { Epoch = round };
        ProducerIdentity aborting = Aborting with { Epoch = round };
        ProducerIdentity replaced = Replaced with { Epoch = (short)(2 * round) };
        ProducerIdentity late = Late with { Epoch = round };
        ProducerIdentity[] all = [committing, aborting, replaced, late];
        foreach (ProducerIdentity producer in all) broker.Begin(producer);
        foreach (int partition in new[] { 0, 1, 0 })
        {
            foreach (ProducerIdentity producer in all) broker.PublishAs(Settled, Inside(producer), partition, -1, $"{producer.Id}.{producer.Epoch} in {partition}");
            broker.Publish(Settled, TopicCalls.Record("between", partition: partition));
        }

        broker.End(committing, isCommit: true);
        broker.End(aborting, isCommit: false);
        Assert.Equal(replaced with { Epoch = (short)(replaced.Epoch + 2) }, broker.Init("replaced"));
        broker.Time.Advance(TimeSpan.FromSeconds(2));
        broker.Tick();
    }

    private static byte[] Batch(int sequence) => TestBatches.Build(
        RecordCompression.Gzip,
        [.. Enumerable.Range(sequence, 2).Select(number => new BatchRecord(TestBatches.BaseTimestamp + number, TestBatches.Body(null, Encoding.UTF8.GetBytes($"whole {number}"))))],
        new BatchProducer(Whole.Id, Whole.Epoch, sequence));

    private static ProducerClaim Outside(ProducerIdentity producer) => new(producer.Id, producer.Epoch);

    private static ProducerClaim Inside(ProducerIdentity producer) => new(producer.Id, producer.Epoch, IsTransactional: true);
}
