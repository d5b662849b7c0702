using System.Text;
using System.Text.Json;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

public sealed class TopicDefinitionParserTests
{
    private const string Full = """
        {"partitions":12,"type":"standard","retentionSeconds":0,"retentionBytes":9007199254740991,"cleanup":"both","minCompactionLagSeconds":1,"tombstoneSeconds":2,
        "maxMessageBytes":2048,"timestamps":"append","tags":{"a":"1"},"annotations":{"b":"2"}}
        """;

    [Fact]
    public void All_fields_arrive()
    {
        var (definition, problem) = Parse(Full);

        Assert.Null(problem);
        Assert.Equal(
            new TopicDefinition
            {
                Partitions = 12,
                RetentionSeconds = 0,
                RetentionBytes = 9007199254740991,
                Cleanup = TopicCleanup.Both,
                MinCompactionLagSeconds = 1,
                TombstoneSeconds = 2,
                MaxMessageBytes = 2048,
                Timestamps = TopicTimestamps.Append,
                Tags = new Dictionary<string, string> { ["a"] = "1" },
                Annotations = new Dictionary<string, string> { ["b"] = "2" },
            },
            definition);
    }

    [Fact]
    public void What_is_left_out_has_its_default() => Assert.Equal(new TopicDefinition(), Parse("{}").Definition);

    [Fact]
    public void Null_keeps_records_for_ever_and_as_many_as_come()
    {
        TopicDefinition definition = Parse("""{"retentionSeconds":null,"retentionBytes":null}""").Definition;

        Assert.Null(definition.RetentionSeconds);
        Assert.Null(definition.RetentionBytes);
    }

    [Fact]
    public void A_patch_leaves_what_it_does_not_name_and_takes_null_for_the_default()
    {
        TopicDefinition before = Parse(Full).Definition;

        Assert.Equal(before, Patch("{}")(before));
        Assert.Equal(before with { Partitions = 13 }, Patch("""{"partitions":13}""")(before));
        Assert.Equal(before with { RetentionSeconds = null, RetentionBytes = null }, Patch("""{"retentionSeconds":null,"retentionBytes":null}""")(before));
        Assert.Equal(new TopicDefinition { RetentionSeconds = null, Partitions = 12, Tags = before.Tags, Annotations = before.Annotations }, Patch("""
            {"type":null,"retentionSeconds":null,"retentionBytes":null,"cleanup":null,"minCompactionLagSeconds":null,"tombstoneSeconds":null,"maxMessageBytes":null,"timestamps":null}
            """)(before));
        Assert.Equal([KeyValuePair.Create("c", "3")], Patch("""{"tags":{"a":null,"c":"3"}}""")(before).Tags);
        Assert.Empty(Patch("""{"tags":null,"annotations":null}""")(before).Annotations);
    }

    [Theory]
    [InlineData("""{"partitions":0}""", "invalidValue", "partitions")]
    [InlineData("""{"partitions":10001}""", "invalidValue", "partitions")]
    [InlineData("""{"partitions":null}""", "invalidValue", "partitions")]
    [InlineData("""{"type":"queue"}""", "invalidValue", "type")]
    [InlineData("""{"retentionSeconds":-1}""", "invalidValue", "retentionSeconds")]
    [InlineData("""{"retentionSeconds":"7d"}""", "invalidValue", "retentionSeconds")]
    [InlineData("""{"retentionBytes":-1}""", "invalidValue", "retentionBytes")]
    [InlineData("""{"retentionBytes":9007199254740992}""", "invalidValue", "retentionBytes")]
    [InlineData("""{"retentionBytes":1.5}""", "invalidValue", "retentionBytes")]
    [InlineData("""{"cleanup":"delete,compact"}""", "invalidValue", "cleanup")]
    [InlineData("""{"minCompactionLagSeconds":-1}""", "invalidValue", "minCompactionLagSeconds")]
    [InlineData("""{"tombstoneSeconds":2147483648}""", "invalidValue", "tombstoneSeconds")]
    [InlineData("""{"maxMessageBytes":1023}""", "invalidValue", "maxMessageBytes")]
    [InlineData("""{"timestamps":"now"}""", "invalidValue", "timestamps")]
    [InlineData("""{"tags":[]}""", "invalidValue", "tags")]
    [InlineData("""{"tags":{"a":1}}""", "invalidValue", "tags.a")]
    [InlineData("""{"tags":{"a":"","a":""}}""", "duplicateField", "tags.a")]
    [InlineData("""{"partitions":1,"partitions":1}""", "duplicateField", "partitions")]
    [InlineData("""{"replicas":1}""", "unknownField", "replicas")]
    [InlineData("""[]""", "invalidValue", null)]
    public void What_is_wrong_with_a_definition_is_said_at_its_place(string json, string code, string? field)
    {
        Problem? problem = Parse(json).Problem;

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        TopicDefinition definition = Parse(Full).Definition;
        Assert.Equal(definition, Parse(Written(definition)).Definition);
        Assert.Equal(new TopicDefinition(), Parse(Written(new TopicDefinition())).Definition);
        TopicDefinition forEver = definition with { RetentionSeconds = null, RetentionBytes = null };
        Assert.Equal(forEver, Parse(Written(forEver)).Definition);
    }

    [Fact]
    public void Bytes_that_are_no_definition_never_throw()
    {
        var random = new Random(42);
        for (int round = 0; round < 20_000; round++)
            Parse(Encoding.UTF8.GetString(Parsing.Mutate(Encoding.UTF8.GetBytes(Full), random)), isMerge: round % 2 == 0);
    }

    private static (TopicDefinition Definition, Problem? Problem) Parse(string json, bool isMerge = false)
    {
        var box = new TopicDefinitionParser.Box { IsMerge = isMerge };
        Problem? problem = JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), box, TopicDefinitionParser.Read);
        return (box.Definition, problem);
    }

    private static TopicPatch Patch(string json)
    {
        var box = new TopicDefinitionParser.Box { IsMerge = true };
        Assert.Null(JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), box, TopicDefinitionParser.Read));
        return box.Patch;
    }

    private static string Written(TopicDefinition definition)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            TopicWriter.WriteDefinition(writer, definition);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
