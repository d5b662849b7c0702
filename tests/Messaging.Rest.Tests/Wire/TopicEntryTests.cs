using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Messaging.TestKit;

namespace Messaging.Rest.Tests.Wire;

/// <summary>Topics in documents of definitions; <see cref="DefinitionsParserTests"/> has what is true of every entry.</summary>
public sealed class TopicEntryTests
{
    [Fact]
    public void Entries_arrive_with_names_namespaces_and_fields_from_either_list_or_both()
    {
        DefinitionsDraft draft = Parse("""{"topics":[{"name":"events"},{"retentionSeconds":null,"namespace":"green","name":"\u00e4/b","partitions":7}],"queues":[{"name":"events"}]}""").Draft;

        Assert.Empty(draft.Errors);
        Assert.Equal([Entry("events", "blue", new TopicDefinition()), Entry("ä/b", "green", new TopicDefinition { Partitions = 7, RetentionSeconds = null })], draft.Document.Topics);
        Assert.Equal("events", Assert.Single(draft.Document.Queues).Key.Name.Value);
        Assert.Equal((0, 1), (Parse("""{"topics":[{"name":"t"}]}""").Draft.Document.Queues.Count, Parse("""{"topics":[{"name":"t"}]}""").Draft.Document.Topics.Count));
    }

    [Theory]
    [InlineData("""{"topics":{}}""", "invalidValue", "topics")]
    [InlineData("""{"topics":[],"topics":[]}""", "duplicateField", "topics")]
    public void What_is_wrong_with_the_document_refuses_it(string json, string code, string field)
    {
        Problem? problem = Parse(json).Problem;

        Assert.Equal((code, field), (problem!.Kind.Code, problem.Field));
    }

    [Theory]
    [InlineData("5", "invalidValue", "")]
    [InlineData("{}", "missingField", ".name")]
    [InlineData("""{"name":".."}""", "invalidName", ".name")]
    [InlineData("""{"name":"a\nb"}""", "invalidName", ".name")]
    [InlineData("""{"name":"t","name":"r"}""", "duplicateField", ".name")]
    [InlineData("""{"name":"t","namespace":""}""", "invalidName", ".namespace")]
    [InlineData("""{"name":"t","id":"1"}""", "unknownField", ".id")]
    [InlineData("""{"name":"t","leaseSeconds":5}""", "unknownField", ".leaseSeconds")]
    [InlineData("""{"name":"t","partitions":10001}""", "invalidValue", ".partitions")]
    [InlineData("""{"name":"t","partitions":[[1],{"a":2}]}""", "invalidValue", ".partitions")]
    [InlineData("""{"name":"t","partitions":null}""", "invalidValue", ".partitions")]
    [InlineData("""{"name":"t","cleanup":"keep"}""", "invalidValue", ".cleanup")]
    [InlineData("""{"name":"t","tags":{"a":[1,2],"b":"c"}}""", "invalidValue", ".tags.a")]
    public void Every_bad_thing_is_told_at_its_place_and_the_others_are_read(string entry, string code, string place)
    {
        (DefinitionsDraft draft, Problem? problem) = Parse($$"""{"queues":[{"name":"q"}],"topics":[{"name":"before"},{{entry}},{"name":"behind","partitions":7}]}""");

        Assert.Null(problem);
        Problem error = Assert.Single(draft.Errors);
        Assert.Equal((code, "topics[1]" + place), (error.Kind.Code, error.Field));
        Assert.Equal([true, false, true], draft.Document.Topics.Select(read => read.Definition is not null));
        Assert.Equal(Entry("behind", "blue", new TopicDefinition { Partitions = 7 }), draft.Document.Topics[2]);
        Assert.NotNull(Assert.Single(draft.Document.Queues).Definition);
    }

    [Fact]
    public void Both_lists_count_towards_the_most_that_a_document_has()
    {
        string queues = string.Join(',', Enumerable.Repeat("{}", CatalogLimits.DefinitionsMax - 1));
        Assert.Null(Parse($$"""{"queues":[{{queues}}],"topics":[{}]}""").Problem);
        Problem? problem = Parse($$"""{"queues":[{{queues}}],"topics":[{},{}]}""").Problem;
        Assert.Equal(("definitionsTooLarge", "topics"), (problem!.Kind.Code, problem.Field));
    }

    [Fact]
    public void What_is_written_reads_back_as_it()
    {
        var random = new Random(20261130);
        for (int round = 0; round < 200; round++)
        {
            DefinitionsDocument document = Any(random);
            (DefinitionsDraft draft, Problem? problem) = Parse(Written(document));
            Assert.Null(problem);
            Assert.Empty(draft.Errors);
            Assert.Equal(document.Queues, draft.Document.Queues);
            Assert.Equal(document.Topics, draft.Document.Topics);
        }
    }

    [Fact]
    public void Random_documents_never_throw_and_are_read_or_refused()
    {
        var random = new Random(20261201);
        byte[] valid = Written(new DefinitionsDocument
        {
            Queues = [new QueueDefinitionEntry(new QueueKey(AccountId.Default, NamespaceName.Default, Name("orders")), AnyDefinition.Of(random))],
            Topics = [Entry("events", "default", AnyDefinition.OfTopic(random)), Entry("ü", "b", AnyDefinition.OfTopic(random))],
        });
        for (int round = 0; round < 30_000; round++)
        {
            (DefinitionsDraft draft, Problem? problem) = Parse(Parsing.Mutate(valid, random));
            Assert.All(draft.Errors, error => Assert.Matches("^(queues|topics|subscriptions)\\[", error.Field));
            if (problem is null && draft.ErrorCount == 0) Assert.All(draft.Document.Topics, entry => Assert.NotNull(entry.Definition));
        }
    }

    /// <summary>By the documents of both: a field that is new must be named too.</summary>
    [Fact]
    public void The_fields_of_a_change_are_those_in_which_the_documents_differ()
    {
        var random = new Random(20261202);
        for (int round = 0; round < 2_000; round++)
        {
            TopicDefinition before = AnyDefinition.OfTopic(random);
            TopicDefinition after = random.Next(10) == 0 ? before with { } : AnyDefinition.OfTopic(random);
            JsonObject left = Fields(before), right = Fields(after);
            string[] differing = [.. left.Concat(right).Select(field => field.Key).Distinct().Where(name => !JsonNode.DeepEquals(left[name], right[name]))];

            IReadOnlyList<string> fields = new DefinitionChange.OfTopic(default, before, after).Fields;

            Assert.Equal(differing.Order(StringComparer.Ordinal), fields.Order(StringComparer.Ordinal));
            Assert.Equal(before == after, fields.Count == 0);
        }

        static JsonObject Fields(TopicDefinition definition)
        {
            JsonObject fields = JsonNode.Parse(Written(new DefinitionsDocument { Topics = [Entry("t", "default", definition)] }))!["topics"]![0]!.AsObject();
            fields.Remove("name");
            fields.Remove("namespace");
            return fields;
        }
    }

    private static DefinitionsDocument Any(Random random) => new()
    {
        Queues = [.. Enumerable.Range(0, random.Next(3)).Select(i => new QueueDefinitionEntry(new QueueKey(AccountId.Default, NamespaceName.Default, Name($"q{i}")), AnyDefinition.Of(random)))],
        Topics = [.. Enumerable.Range(0, random.Next(4)).Select(i => Entry($"t{i} \"ü", random.Next(2) == 0 ? "default" : "a b", AnyDefinition.OfTopic(random)))],
    };

    private static QueueName Name(string name) => QueueName.TryParse(name, out QueueName queue) ? queue : throw new ArgumentException(name, nameof(name));

    private static TopicDefinitionEntry Entry(string name, string space, TopicDefinition? definition) =>
        TopicName.TryParse(name, out TopicName topic) && NamespaceName.TryParse(space, out NamespaceName parsed)
            ? new TopicDefinitionEntry(new TopicKey(AccountId.Default, parsed, topic), definition)
            : throw new ArgumentException(name, nameof(name));

    private static (DefinitionsDraft Draft, Problem? Problem) Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    private static (DefinitionsDraft Draft, Problem? Problem) Parse(byte[] json)
    {
        Assert.True(NamespaceName.TryParse("blue", out NamespaceName space));
        var draft = new DefinitionsDraft(AccountId.Default, space);
        return (draft, JsonRequest.Parse(new RequestDocument(json), draft, DefinitionsParser.Read));
    }

    private static byte[] Written(DefinitionsDocument document)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Assert.True(DefinitionsWriter.TryWrite(writer, new CatalogDefinitions(document, 1)));
        return stream.ToArray();
    }
}
