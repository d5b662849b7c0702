using System.Buffers;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Catalog;

public sealed class DefinitionFieldsTests
{
    [Fact]
    public void Every_definition_reads_back_as_it_was_written()
    {
        var random = new Random(20261125);
        for (int round = 0; round < 5_000; round++)
        {
            QueueDefinition definition = AnyDefinition.Of(random);
            Assert.Equal(definition, RoundTrip(definition));
        }
    }

    [Fact]
    public void Defaults_take_one_byte() => Assert.Single(Bytes(new QueueDefinition()));

    [Fact]
    public void The_largest_definition_fits_into_half_of_the_smallest_journal_file()
    {
        var definition = new QueueDefinition
        {
            Annotations = Enumerable.Range(0, BrokerLimits.AnnotationsMax).ToDictionary(i => $"{i:D2}", _ => new string('\uFFFD', (BrokerLimits.AnnotationCharactersMax / BrokerLimits.AnnotationsMax) - 2)),
            Tags = Enumerable.Range(0, BrokerLimits.TagsMax).ToDictionary(
                i => $"{i:D2}" + new string('\uFFFD', BrokerLimits.TagKeyCharactersMax - 2), _ => new string('\uFFFD', BrokerLimits.TagValueCharactersMax)),
            DeadLetter = new DeadLetterDefinition { Queue = BrokerHarness.Key(new string('q', BrokerLimits.NameBytesMax)).Name, MaxReceives = 1_000 },
        };
        QueueKey key = BrokerHarness.Key(new string('q', BrokerLimits.NameBytesMax), new string('n', BrokerLimits.NameBytesMax));
        Assert.Null(definition.Validate());
        Assert.InRange(CatalogJournal.BytesMax(key, definition, new ArrayBufferWriter<byte>()), 150_000, 2 << 20);
    }

    private static byte[] Bytes(QueueDefinition definition)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new BufferEntryWriter(buffer);
        DefinitionFields.Write(ref writer, definition);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static QueueDefinition RoundTrip(QueueDefinition definition)
    {
        var reader = new EntryReader(Bytes(definition));
        QueueDefinition read = DefinitionFields.Read(ref reader);
        Assert.True(reader.AtEnd);
        return read;
    }
}
