using System.Buffers;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Catalog;

public sealed class TopicFieldsTests
{
    [Fact]
    public void Every_definition_reads_back_as_it_was_written()
    {
        var random = new Random(20261203);
        for (int round = 0; round < 5_000; round++)
        {
            TopicDefinition definition = AnyDefinition.OfTopic(random);
            var reader = new EntryReader(Bytes(definition));
            Assert.Equal(definition, TopicFields.Read(ref reader));
            Assert.True(reader.AtEnd);
        }
    }

    [Fact]
    public void Defaults_take_one_byte() => Assert.Single(Bytes(new TopicDefinition()));

    [Fact]
    public void The_largest_definition_fits_into_half_of_the_smallest_journal_file()
    {
        var definition = new TopicDefinition
        {
            Partitions = TopicLimits.PartitionsMax,
            Annotations = Enumerable.Range(0, BrokerLimits.AnnotationsMax).ToDictionary(i => $"{i:D2}", _ => new string('\uFFFD', (BrokerLimits.AnnotationCharactersMax / BrokerLimits.AnnotationsMax) - 2)),
            Tags = Enumerable.Range(0, BrokerLimits.TagsMax).ToDictionary(
                i => $"{i:D2}" + new string('\uFFFD', BrokerLimits.TagKeyCharactersMax - 2), _ => new string('\uFFFD', BrokerLimits.TagValueCharactersMax)),
        };
        Assert.Null(definition.Validate());
        Assert.InRange(TopicJournal.PutBytesMax(TopicCalls.Topic(new string('t', BrokerLimits.NameBytesMax)), null, definition), 600_000, 2 << 20);
    }

    private static byte[] Bytes(TopicDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        TopicFields.Write(ref writer, definition);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
