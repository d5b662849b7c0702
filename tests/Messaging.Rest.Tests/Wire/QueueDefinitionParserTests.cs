using System.Text;
using System.Text.Json;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Messaging.TestKit;

namespace Messaging.Rest.Tests.Wire;

public sealed class QueueDefinitionParserTests
{
    [Fact]
    public void An_empty_object_is_all_defaults() => Assert.Equal(new QueueDefinition(), Parse("{}").Definition);

    [Fact]
    public void All_fields_arrive()
    {
        var (definition, problem) = Parse("""
            {"type":"standard","leaseSeconds":1,"delaySeconds":2,"retentionSeconds":60,"receiveWaitSeconds":3,"maxMessageBytes":2048,"priorities":1,"tags":{"a":"b"}}
            """);

        Assert.Null(problem);
        Assert.Equal(
            new QueueDefinition
            {
                LeaseSeconds = 1, DelaySeconds = 2, RetentionSeconds = 60, ReceiveWaitSeconds = 3, MaxMessageBytes = 2048,
                Tags = new Dictionary<string, string> { ["a"] = "b" },
            },
            definition);
    }

    [Theory]
    [InlineData("""{"leaseSecond":1}""", "unknownField", "leaseSecond")]
    [InlineData("""{"leaseSeconds":"1"}""", "invalidValue", "leaseSeconds")]
    [InlineData("""{"leaseSeconds":1.5}""", "invalidValue", "leaseSeconds")]
    [InlineData("""{"leaseSeconds":99999999999}""", "invalidValue", "leaseSeconds")]
    [InlineData("""{"leaseSeconds":1,"leaseSeconds":1}""", "duplicateField", "leaseSeconds")]
    [InlineData("""{"type":"lifo"}""", "invalidValue", "type")]
    [InlineData("""{"type":1}""", "invalidValue", "type")]
    [InlineData("""{"priorities":0}""", "invalidValue", "priorities")]
    [InlineData("""{"priorities":11}""", "invalidValue", "priorities")]
    [InlineData("""{"maxMessages":0}""", "invalidValue", "maxMessages")]
    [InlineData("""{"maxMessages":1000000001}""", "invalidValue", "maxMessages")]
    [InlineData("""{"deadLetter":"q"}""", "invalidValue", "deadLetter")]
    [InlineData("""{"deadLetter":{}}""", "missingField", "deadLetter.queue")]
    [InlineData("""{"deadLetter":{"queue":"d"}}""", "missingField", "deadLetter.maxReceives")]
    [InlineData("""{"deadLetter":{"queue":"","maxReceives":1}}""", "invalidName", "deadLetter.queue")]
    [InlineData("""{"deadLetter":{"queue":"d","maxReceives":0}}""", "invalidValue", "deadLetter.maxReceives")]
    [InlineData("""{"deadLetter":{"queue":"d","maxReceives":1001}}""", "invalidValue", "deadLetter.maxReceives")]
    [InlineData("""{"deadLetter":{"queue":"d","maxReceives":1,"more":1}}""", "unknownField", "deadLetter.more")]
    [InlineData("""{"deduplication":[]}""", "invalidValue", "deduplication")]
    [InlineData("""{"deduplication":{"contentBased":1}}""", "invalidValue", "deduplication.contentBased")]
    [InlineData("""{"deduplication":{"scope":"topic"}}""", "invalidValue", "deduplication.scope")]
    [InlineData("""{"deduplication":{"windowSeconds":86401}}""", "invalidValue", "deduplication.windowSeconds")]
    [InlineData("""{"deduplication":{"windowSeconds":null}}""", "invalidValue", "deduplication.windowSeconds")]
    [InlineData("""{"retry":1}""", "invalidValue", "retry")]
    [InlineData("""{"retry":{"minSeconds":-1}}""", "invalidValue", "retry.minSeconds")]
    [InlineData("""{"retry":{"maxSeconds":43201}}""", "invalidValue", "retry.maxSeconds")]
    [InlineData("""{"retry":{"factor":0.99}}""", "invalidValue", "retry.factor")]
    [InlineData("""{"retry":{"factor":1e999}}""", "invalidValue", "retry.factor")]
    [InlineData("""{"retry":{"factor":"2"}}""", "invalidValue", "retry.factor")]
    [InlineData("""{"retry":{"jitter":1.01}}""", "invalidValue", "retry.jitter")]
    [InlineData("""{"tags":[]}""", "invalidValue", "tags")]
    [InlineData("""{"tags":{"a":1}}""", "invalidValue", "tags.a")]
    [InlineData("""{"tags":{"a":"1","a":"2"}}""", "duplicateField", "tags.a")]
    [InlineData("""{"tags":{"\udc00":"1"}}""", "invalidValue", "tags")]
    [InlineData("""{"annotations":"a"}""", "invalidValue", "annotations")]
    [InlineData("""{"annotations":{"a":{}}}""", "invalidValue", "annotations.a")]
    [InlineData("""{"annotations":{"a":"1","a":"2"}}""", "duplicateField", "annotations.a")]
    [InlineData("""{"createdAt":"2026-01-31T09:05:00.250Z"}""", "unknownField", "createdAt")]
    public void What_is_wrong_is_said_at_its_place(string json, string code, string field)
    {
        Problem? problem = Parse(json).Problem;

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Theory]
    [InlineData("""{"leaseSeconds":99999999999}""", "Must be a whole number from 0 to 43200.")]
    [InlineData("""{"leaseSeconds":-1}""", "Must be a whole number from 0 to 43200.")]
    [InlineData("""{"delaySeconds":31536001}""", "Must be a whole number from 0 to 31536000.")]
    [InlineData("""{"retentionSeconds":59}""", "Must be a whole number from 60 to 31536000.")]
    [InlineData("""{"receiveWaitSeconds":"60"}""", "Must be a whole number from 0 to 60.")]
    [InlineData("""{"maxMessageBytes":1024.5}""", "Must be a whole number from 1024 to 16777216.")]
    public void A_number_out_of_range_is_told_the_range(string json, string detail) => Assert.Equal(detail, Parse(json).Problem?.Detail);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Random_mutations_never_throw(bool isMerge)
    {
        byte[] valid = """
            {"type":"standard","leaseSeconds":1,"delaySeconds":null,"priorities":1,"deadLetter":{"queue":"d","maxReceives":3},"retry":{"factor":2.5},
            "deduplication":{"scope":"group","contentBased":true},"tags":{"a":"b","\u00e4":null}}
            """u8.ToArray();
        const int Seed = 20260131;
        var random = new Random(Seed);
        for (int round = 0; round < 50_000; round++)
            Assert.True(Parse(Parsing.Mutate(valid, random), isMerge).Problem?.Kind.Status is null or 400);
    }

    [Fact]
    public void Null_is_the_default_to_a_patch_and_nothing_to_a_definition()
    {
        var random = new Random(20261125);
        foreach (string field in QueueDefinitionParser.Fields.Served)
        {
            string json = $$"""{"{{field}}":null}""";
            Assert.Equal(("invalidValue", field), (Parse(json).Problem!.Kind.Code, Parse(json).Problem!.Field));
        }

        string all = $"{{{string.Join(',', QueueDefinitionParser.Fields.Served.Select(field => $"\"{field}\":null"))}}}";
        for (int round = 0; round < 100; round++) Assert.Equal(new QueueDefinition(), Patch(all)(AnyDefinition.Of(random)));
    }

    [Fact]
    public void What_is_written_of_a_definition_reads_back_as_it()
    {
        var random = new Random(20261125);
        for (int round = 0; round < 1_000; round++)
        {
            QueueDefinition definition = AnyDefinition.Of(random);
            var (read, problem) = Parse(Written(definition));
            Assert.Null(problem);
            Assert.Equal(definition, read);
        }
    }

    [Fact]
    public void A_patch_merges_objects_field_by_field()
    {
        var before = new QueueDefinition
        {
            DeadLetter = new DeadLetterDefinition { MaxReceives = 3 },
            Deduplication = new DeduplicationDefinition { ContentBased = true, WindowSeconds = 10 },
            Retry = new RetryDefinition { MinSeconds = 5, Factor = 3, Jitter = 0.5 },
        };
        QueueDefinition after = Patch("""{"deadLetter":{"maxReceives":4},"deduplication":{"scope":"group","windowSeconds":null},"retry":{"maxSeconds":60,"jitter":null}}""")(before);
        Assert.Equal(
            new QueueDefinition
            {
                DeadLetter = new DeadLetterDefinition { MaxReceives = 4 },
                Deduplication = new DeduplicationDefinition { ContentBased = true, Scope = DeduplicationScope.Group },
                Retry = new RetryDefinition { MinSeconds = 5, MaxSeconds = 60, Factor = 3 },
            },
            after);
    }

    [Fact]
    public void A_patch_merges_tags_one_by_one()
    {
        var before = new QueueDefinition { Tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } };
        QueueDefinition after = Patch("""{"tags":{"a":null,"c":"3","b":"4"}}""")(before);
        Assert.Equal([KeyValuePair.Create("b", "4"), KeyValuePair.Create("c", "3")], after.Tags);
    }

    [Fact]
    public void A_patch_names_at_most_100_tags()
    {
        Assert.Null(Parse(Tags(100), isMerge: true).Problem);
        Assert.Equal("A patch names at most 100 tags.", Parse(Tags(101), isMerge: true).Problem?.Detail);

        static byte[] Tags(int count) => Encoding.UTF8.GetBytes("{\"tags\":{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":null")) + "}}");
    }

    [Fact]
    public void A_patch_merges_annotations_and_leaves_them_where_it_names_none()
    {
        var before = new QueueDefinition { Annotations = new Dictionary<string, string> { ["aws.Policy"] = "{}", ["b"] = "2" } };
        Assert.Equal(before, Patch("""{"tags":{}}""")(before));
        Assert.Equal([KeyValuePair.Create("aws.Policy", "{}"), KeyValuePair.Create("c", "3")], Patch("""{"annotations":{"b":null,"c":"3"}}""")(before).Annotations);
        Assert.Empty(Patch("""{"annotations":null}""")(before).Annotations);
        Assert.Empty(Parse("""{}""").Definition.Annotations);
    }

    private static (QueueDefinition Definition, Problem? Problem) Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    private static (QueueDefinition Definition, Problem? Problem) Parse(byte[] json, bool isMerge = false)
    {
        var box = new QueueDefinitionParser.Box { IsMerge = isMerge };
        Problem? problem = JsonRequest.Parse(new RequestDocument(json), box, QueueDefinitionParser.Read);
        return (box.Definition, problem);
    }

    private static QueuePatch Patch(string json)
    {
        var box = new QueueDefinitionParser.Box { IsMerge = true };
        Assert.Null(JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), box, QueueDefinitionParser.Read));
        return box.Patch;
    }

    private static byte[] Written(QueueDefinition definition)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            QueueWriter.WriteDefinition(writer, definition);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
