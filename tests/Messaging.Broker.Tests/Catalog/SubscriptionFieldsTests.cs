using System.Buffers;
using Messaging.Broker.Catalog;
using Messaging.Broker.Filters;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Catalog;

public sealed class SubscriptionFieldsTests
{
    [Fact]
    public void Every_definition_reads_back_as_it_was_written()
    {
        var random = new Random(20261203);
        for (int round = 0; round < 5_000; round++)
        {
            SubscriptionDefinition definition = AnyDefinition.OfSubscription(random);
            var reader = new EntryReader(Bytes(definition));
            Assert.Equal(definition, SubscriptionFields.Read(ref reader));
            Assert.True(reader.AtEnd);
        }
    }

    [Fact]
    public void Defaults_are_not_written() => Assert.Equal([1, 1, (byte)'q', 0], Bytes(SubscriptionCalls.To("q")));

    [Fact]
    public void The_largest_definition_fits_into_half_of_the_smallest_journal_file()
    {
        SubscriptionDefinition definition = SubscriptionCalls.To(new string('q', BrokerLimits.NameBytesMax)) with
        {
            Filter = new SubscriptionFilter(FilterScope.Body, $$"""{"a":["{{new string('v', FilterLimits.Native.BytesMax - 10)}}"]}"""),
            Annotations = Enumerable.Range(0, BrokerLimits.AnnotationsMax).ToDictionary(i => $"{i:D2}", _ => new string('\uFFFD', (BrokerLimits.AnnotationCharactersMax / BrokerLimits.AnnotationsMax) - 2)),
            Tags = Enumerable.Range(0, BrokerLimits.TagsMax).ToDictionary(
                i => $"{i:D2}" + new string('\uFFFD', BrokerLimits.TagKeyCharactersMax - 2), _ => new string('\uFFFD', BrokerLimits.TagValueCharactersMax)),
        };
        Assert.Null(definition.Validate());
        Assert.InRange(SubscriptionJournal.PutBytesMax(SubscriptionCalls.Subscription(new string('s', BrokerLimits.NameBytesMax)), definition), 400_000, 2 << 20);
    }

    private static byte[] Bytes(SubscriptionDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        SubscriptionFields.Write(ref writer, definition);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
