using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Messaging.TestKit;

namespace Messaging.Rest.Tests.Wire;

/// <summary>Subscriptions in documents of definitions; <see cref="DefinitionsParserTests"/> has what is true of every entry.</summary>
public sealed class SubscriptionEntryTests
{
    [Theory]
    [InlineData("5", "invalidValue", "")]
    [InlineData("""{"topic":"t","target":{"queue":"q"}}""", "missingField", ".name")]
    [InlineData("""{"name":"s","target":{"queue":"q"}}""", "missingField", ".topic")]
    [InlineData("""{"name":"s","topic":"t"}""", "missingField", ".target")]
    [InlineData("""{"name":"..","topic":"t","target":{"queue":"q"}}""", "invalidName", ".name")]
    [InlineData("""{"name":"s","topic":"","target":{"queue":"q"}}""", "invalidName", ".topic")]
    [InlineData("""{"name":"s","topic":5,"target":{"queue":"q"}}""", "invalidValue", ".topic")]
    [InlineData("""{"name":"s","topic":"t","target":{"url":5}}""", "invalidValue", ".target.url")]
    [InlineData("""{"name":"s","topic":"t","target":{"queue":"q"},"filter":{"policy":[[1],{"a":2}]}}""", "invalidValue", ".filter.policy")]
    [InlineData("""{"name":"s","topic":"t","target":{"queue":"q"},"paused":true}""", "unknownField", ".paused")]
    public void Every_bad_thing_is_told_at_its_place_and_the_others_are_read(string entry, string code, string place)
    {
        const string Good = """{"name":"good","topic":"t","target":{"queue":"q"}}""";
        (DefinitionsDraft draft, Problem? problem) = Parse($$"""{"subscriptions":[{{Good}},{{entry}},{{Good}}],"topics":[{"name":"t"}]}""");

        Assert.Null(problem);
        Problem error = Assert.Single(draft.Errors);
        Assert.Equal((code, "subscriptions[1]" + place), (error.Kind.Code, error.Field));
        Assert.Equal([true, false, true], draft.Document.Subscriptions.Select(read => read.Definition is not null));
        Assert.Equal("000000000000/blue/t/good", draft.Document.Subscriptions[2].Key.ToString());
        Assert.NotNull(Assert.Single(draft.Document.Topics).Definition);
    }

    [Fact]
    public void What_is_written_reads_back_as_it()
    {
        var random = new Random(20261205);
        for (int round = 0; round < 200; round++)
        {
            SubscriptionDefinitionEntry[] entries =
                [.. Enumerable.Range(0, random.Next(4)).Select(i => Entry($"s{i} \"ü", $"t{random.Next(3)}/", random.Next(2) == 0 ? "default" : "a b", AnyDefinition.OfSubscription(random)))];
            (DefinitionsDraft draft, Problem? problem) = Parse(Encoding.UTF8.GetString(Written(entries)));
            Assert.Null(problem);
            Assert.Empty(draft.Errors);
            Assert.Equal(entries, draft.Document.Subscriptions);
        }
    }

    [Fact]
    public void Random_documents_never_throw_and_are_read_or_refused()
    {
        var random = new Random(20261206);
        byte[] valid = Written(Entry("s", "t", "default", AnyDefinition.OfSubscription(random)), Entry("ü", "t", "b", AnyDefinition.OfSubscription(random)));
        for (int round = 0; round < 20_000; round++)
        {
            var draft = new DefinitionsDraft(AccountId.Default, NamespaceName.Default);
            Problem? problem = JsonRequest.Parse(new RequestDocument(Parsing.Mutate(valid, random)), draft, DefinitionsParser.Read);
            Assert.All(draft.Errors, error => Assert.Matches("^(queues|topics|subscriptions)\\[", error.Field));
            if (problem is null && draft.ErrorCount == 0) Assert.All(draft.Document.Subscriptions, entry => Assert.NotNull(entry.Definition));
        }
    }

    /// <summary>By the documents of both: a field that is new must be named too.</summary>
    [Fact]
    public void The_fields_of_a_change_are_those_in_which_the_documents_differ()
    {
        var random = new Random(20261207);
        for (int round = 0; round < 2_000; round++)
        {
            SubscriptionDefinition before = AnyDefinition.OfSubscription(random);
            SubscriptionDefinition after = random.Next(10) == 0 ? before with { } : AnyDefinition.OfSubscription(random);
            JsonObject left = Fields(before), right = Fields(after);
            string[] differing = [.. left.Concat(right).Select(field => field.Key).Distinct().Where(name => !JsonNode.DeepEquals(left[name], right[name]))];

            IReadOnlyList<string> fields = new DefinitionChange.OfSubscription(default, before, after).Fields;

            Assert.Equal(differing.Order(StringComparer.Ordinal), fields.Order(StringComparer.Ordinal));
            Assert.Equal(before == after, fields.Count == 0);
        }

        static JsonObject Fields(SubscriptionDefinition definition)
        {
            JsonObject fields = JsonNode.Parse(Written(Entry("s", "t", "default", definition)))!["subscriptions"]![0]!.AsObject();
            foreach (string name in (string[])["name", "namespace", "topic"]) fields.Remove(name);
            return fields;
        }
    }

    private static SubscriptionDefinitionEntry Entry(string name, string topic, string space, SubscriptionDefinition definition) =>
        SubscriptionName.TryParse(name, out SubscriptionName parsed) && TopicName.TryParse(topic, out TopicName of) && NamespaceName.TryParse(space, out NamespaceName within)
            ? new SubscriptionDefinitionEntry(new SubscriptionKey(new TopicKey(AccountId.Default, within, of), parsed), definition)
            : throw new ArgumentException(name, nameof(name));

    private static (DefinitionsDraft Draft, Problem? Problem) Parse(string json)
    {
        Assert.True(NamespaceName.TryParse("blue", out NamespaceName space));
        var draft = new DefinitionsDraft(AccountId.Default, space);
        return (draft, JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), draft, DefinitionsParser.Read));
    }

    private static byte[] Written(params SubscriptionDefinitionEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Assert.True(DefinitionsWriter.TryWrite(writer, new CatalogDefinitions(new DefinitionsDocument { Subscriptions = entries }, 1)));
        return stream.ToArray();
    }
}
