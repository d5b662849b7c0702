using System.Text;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;

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
    [InlineData("""{"type":"fifo"}""", "notSupported", "type")]
    [InlineData("""{"type":"lifo"}""", "invalidValue", "type")]
    [InlineData("""{"type":1}""", "invalidValue", "type")]
    [InlineData("""{"priorities":2}""", "notSupported", "priorities")]
    [InlineData("""{"priorities":11}""", "invalidValue", "priorities")]
    [InlineData("""{"deadLetter":{}}""", "notSupported", "deadLetter")]
    [InlineData("""{"deduplication":{}}""", "notSupported", "deduplication")]
    [InlineData("""{"retry":{}}""", "notSupported", "retry")]
    [InlineData("""{"maxMessages":5}""", "notSupported", "maxMessages")]
    [InlineData("""{"tags":[]}""", "invalidValue", "tags")]
    [InlineData("""{"tags":{"a":1}}""", "invalidValue", "tags.a")]
    [InlineData("""{"tags":{"a":"1","a":"2"}}""", "duplicateField", "tags.a")]
    [InlineData("""{"tags":{"\udc00":"1"}}""", "invalidValue", "tags")]
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
        byte[] valid = """{"type":"standard","leaseSeconds":1,"retentionSeconds":60,"delaySeconds":null,"priorities":1,"tags":{"a":"b","\u00e4":null}}"""u8.ToArray();
        const int Seed = 20260131;
        var random = new Random(Seed);
        for (int round = 0; round < 50_000; round++)
            Assert.True(Parse(Parsing.Mutate(valid, random), isMerge).Problem?.Kind.Status is null or 400);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("leaseSeconds")]
    [InlineData("delaySeconds")]
    [InlineData("retentionSeconds")]
    [InlineData("receiveWaitSeconds")]
    [InlineData("maxMessageBytes")]
    [InlineData("priorities")]
    [InlineData("tags")]
    public void Null_is_the_default_to_a_patch_and_nothing_to_a_definition(string field)
    {
        byte[] json = Encoding.UTF8.GetBytes($$"""{"{{field}}":null}""");
        Assert.Equal(("invalidValue", field), (Parse(json).Problem!.Kind.Code, Parse(json).Problem!.Field));
        var box = new QueueDefinitionParser.Box { IsMerge = true };
        Assert.Null(JsonRequest.Parse(new RequestDocument(json, default), box, QueueDefinitionParser.Read));
        var odd = new QueueDefinition
        {
            LeaseSeconds = 1, DelaySeconds = 1, RetentionSeconds = 61, ReceiveWaitSeconds = 1, MaxMessageBytes = 2_000, Tags = new Dictionary<string, string> { ["a"] = "b" },
        };
        QueueDefinition patched = box.Patch.Apply(odd);
        Assert.Equal(field is "type" or "priorities", patched == odd);
        Assert.Equal(new QueueDefinition(), new QueuePatch
        {
            LeaseSeconds = 30, DelaySeconds = 0, RetentionSeconds = 345_600, ReceiveWaitSeconds = 0, MaxMessageBytes = 1_048_576, ClearsTags = true,
        }.Apply(patched));
    }

    [Fact]
    public void A_patch_names_at_most_100_tags()
    {
        Assert.Null(Parse(Tags(100), isMerge: true).Problem);
        Assert.Equal("A patch names at most 100 tags.", Parse(Tags(101), isMerge: true).Problem?.Detail);

        static byte[] Tags(int count) => Encoding.UTF8.GetBytes("{\"tags\":{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"{i}\":null")) + "}}");
    }

    private static (QueueDefinition Definition, Problem? Problem) Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    private static (QueueDefinition Definition, Problem? Problem) Parse(byte[] json, bool isMerge = false)
    {
        var box = new QueueDefinitionParser.Box { IsMerge = isMerge };
        Problem? problem = JsonRequest.Parse(new RequestDocument(json, default), box, QueueDefinitionParser.Read);
        return (box.Definition, problem);
    }
}
