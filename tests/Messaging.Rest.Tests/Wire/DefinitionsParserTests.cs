using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Messaging.TestKit;

namespace Messaging.Rest.Tests.Wire;

public sealed class DefinitionsParserTests
{
    [Fact]
    public void Entries_arrive_with_names_namespaces_and_fields()
    {
        (DefinitionsDraft draft, Problem? problem) = Parse(
            """{"queues":[{"name":"orders"},{"leaseSeconds":7,"namespace":"green","name":"\u00e4/b","tags":{"a":"1"}},{"name":"plain","namespace":"default"}]}""");

        Assert.Null(problem);
        Assert.Empty(draft.Errors);
        Assert.Equal(
            [
                Entry("orders", "blue", new QueueDefinition()),
                Entry("ä/b", "green", new QueueDefinition { LeaseSeconds = 7, Tags = new Dictionary<string, string> { ["a"] = "1" } }),
                Entry("plain", "default", new QueueDefinition()),
            ],
            draft.Document.Queues);
    }

    [Fact]
    public void No_queues_are_a_document_too() => Assert.Equal((0, 0), (Parse("""{"queues":[]}""").Draft.Document.Queues.Count, Parse("""{"queues":[]}""").Draft.ErrorCount));

    [Theory]
    [InlineData("", "malformedJson", null)]
    [InlineData("[]", "invalidValue", null)]
    [InlineData("{}", "missingField", "queues")]
    [InlineData("""{"queues":{}}""", "invalidValue", "queues")]
    [InlineData("""{"queues":null}""", "invalidValue", "queues")]
    [InlineData("""{"queues":[],"groups":[]}""", "unknownField", "groups")]
    [InlineData("""{"queues":[],"queues":[]}""", "duplicateField", "queues")]
    [InlineData("""{"queues":[{"name":"a"]}""", "malformedJson", null)]
    [InlineData("""{"queues":[{"name":"a","x":[1,}]}""", "malformedJson", null)]
    [InlineData("""{"queues":[{"name":"a","leaseSeconds":-1""", "malformedJson", null)]
    [InlineData("""{"queues":[]} x""", "malformedJson", null)]
    public void What_is_wrong_with_the_document_refuses_it(string json, string code, string? field)
    {
        Problem? problem = Parse(json).Problem;

        Assert.Equal((code, field), (problem!.Kind.Code, problem.Field));
    }

    [Theory]
    [InlineData("5", "invalidValue", "")]
    [InlineData("null", "invalidValue", "")]
    [InlineData("""[{"name":"x"},[]]""", "invalidValue", "")]
    [InlineData("{}", "missingField", ".name")]
    [InlineData("""{"name":null}""", "invalidValue", ".name")]
    [InlineData("""{"name":""}""", "invalidName", ".name")]
    [InlineData("""{"name":"."}""", "invalidName", ".name")]
    [InlineData("""{"name":".."}""", "invalidName", ".name")]
    [InlineData("""{"name":"a\nb"}""", "invalidName", ".name")]
    [InlineData("""{"name":"\ud800"}""", "invalidValue", ".name")]
    [InlineData("""{"name":"q","name":"r"}""", "duplicateField", ".name")]
    [InlineData("""{"name":"q","namespace":""}""", "invalidName", ".namespace")]
    [InlineData("""{"name":"q","namespace":{"a":[1]}}""", "invalidValue", ".namespace")]
    [InlineData("""{"name":"q","account":"1"}""", "unknownField", ".account")]
    [InlineData("""{"name":"q","counts":{"ready":[{}]}}""", "unknownField", ".counts")]
    [InlineData("""{"name":"q","type":"lifo"}""", "invalidValue", ".type")]
    [InlineData("""{"name":"q","leaseSeconds":43201}""", "invalidValue", ".leaseSeconds")]
    [InlineData("""{"name":"q","leaseSeconds":[[1],{"a":2}]}""", "invalidValue", ".leaseSeconds")]
    [InlineData("""{"name":"q","leaseSeconds":null}""", "invalidValue", ".leaseSeconds")]
    [InlineData("""{"name":"q","leaseSeconds":1,"leaseSeconds":2}""", "duplicateField", ".leaseSeconds")]
    [InlineData("""{"name":"q","deadLetter":{"queue":"d"}}""", "missingField", ".deadLetter.maxReceives")]
    [InlineData("""{"name":"q","deadLetter":{"queue":{"a":1},"maxReceives":3}}""", "invalidValue", ".deadLetter.queue")]
    [InlineData("""{"name":"q","deduplication":{"scope":"world","windowSeconds":1}}""", "invalidValue", ".deduplication.scope")]
    [InlineData("""{"name":"q","retry":{"factor":99,"jitter":0}}""", "invalidValue", ".retry.factor")]
    [InlineData("""{"name":"q","tags":{"a":[1,2],"b":"c"}}""", "invalidValue", ".tags.a")]
    public void Every_bad_thing_is_told_at_its_place_and_the_others_are_read(string entry, string code, string place)
    {
        (DefinitionsDraft draft, Problem? problem) = Parse($$"""{"queues":[{"name":"before"},{{entry}},{"name":"behind","leaseSeconds":7}]}""");

        Assert.Null(problem);
        Problem error = Assert.Single(draft.Errors);
        Assert.Equal((code, "queues[1]" + place), (error.Kind.Code, error.Field));
        Assert.Equal([true, false, true], draft.Document.Queues.Select(read => read.Definition is not null));
        Assert.Equal(Entry("behind", "blue", new QueueDefinition { LeaseSeconds = 7 }), draft.Document.Queues[2]);
    }

    [Fact]
    public void All_that_is_wrong_with_one_entry_is_told_and_its_name_is_known()
    {
        DefinitionsDraft draft = Parse("""{"queues":[{"x":{"y":[]},"leaseSeconds":-1,"retry":{"factor":0},"delaySeconds":5,"tags":7,"name":"q","namespace":"n"}]}""").Draft;

        Assert.Equal(["queues[0].x", "queues[0].leaseSeconds", "queues[0].retry.factor", "queues[0].tags"], draft.Errors.Select(error => error.Field));
        Assert.Equal(Entry("q", "n", null), Assert.Single(draft.Document.Queues));
    }

    [Fact]
    public void A_document_has_at_most_10_000_entries_and_tells_of_at_most_1_000_errors()
    {
        Assert.Equal(CatalogLimits.DefinitionsMax, Parse(Many(CatalogLimits.DefinitionsMax)).Draft.Document.Queues.Count);
        (DefinitionsDraft draft, Problem? problem) = Parse(Many(CatalogLimits.DefinitionsMax + 1));
        Assert.Equal(("definitionsTooLarge", "queues"), (problem!.Kind.Code, problem.Field));
        Assert.Equal((RestLimits.DefinitionErrorsMax, CatalogLimits.DefinitionsMax), (draft.Errors.Count, draft.ErrorCount));

        static string Many(int count) => $$"""{"queues":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""";
    }

    [Fact]
    public void What_is_written_reads_back_as_it()
    {
        var random = new Random(20261127);
        for (int round = 0; round < 200; round++)
        {
            QueueDefinitionEntry[] entries = [.. Enumerable.Range(0, random.Next(5)).Select(i => Entry($"q{i} \"ü", random.Next(2) == 0 ? "default" : "a b", AnyDefinition.Of(random)))];
            (DefinitionsDraft draft, Problem? problem) = Parse(Written(entries));
            Assert.Null(problem);
            Assert.Empty(draft.Errors);
            Assert.Equal(entries, draft.Document.Queues);
        }
    }

    [Fact]
    public void Random_documents_never_throw_and_are_read_or_refused()
    {
        var random = new Random(20261128);
        byte[] valid = Written([Entry("orders", "default", AnyDefinition.Of(random)), Entry("ü", "b", AnyDefinition.Of(random)), Entry("z", "b", new QueueDefinition())]);
        for (int round = 0; round < 50_000; round++)
        {
            (DefinitionsDraft draft, Problem? problem) = Parse(Parsing.Mutate(valid, random));
            Assert.All(draft.Errors, error => Assert.Matches("^(queues|topics|subscriptions)\\[", error.Field));
            if (problem is null && draft.ErrorCount == 0) Assert.All(draft.Document.Queues, entry => Assert.NotNull(entry.Definition));
        }
    }

    /// <summary>By the documents of both: a field that is new must be named too.</summary>
    [Fact]
    public void The_fields_of_a_change_are_those_in_which_the_documents_differ()
    {
        var random = new Random(20261129);
        for (int round = 0; round < 2_000; round++)
        {
            QueueDefinition before = AnyDefinition.Of(random);
            QueueDefinition after = random.Next(10) == 0 ? before with { } : AnyDefinition.Of(random);
            JsonObject left = Fields(before), right = Fields(after);
            string[] differing = [.. left.Concat(right).Select(field => field.Key).Distinct().Where(name => !JsonNode.DeepEquals(left[name], right[name]))];

            IReadOnlyList<string> fields = new DefinitionChange.OfQueue(default, before, after).Fields;

            Assert.Equal(differing.Order(StringComparer.Ordinal), fields.Order(StringComparer.Ordinal));
            Assert.Equal(before == after, fields.Count == 0);
        }

        static JsonObject Fields(QueueDefinition definition)
        {
            JsonObject fields = JsonNode.Parse(Written([Entry("q", "default", definition)]))!["queues"]![0]!.AsObject();
            fields.Remove("name");
            fields.Remove("namespace");
            return fields;
        }
    }

    private static QueueDefinitionEntry Entry(string name, string space, QueueDefinition? definition) =>
        QueueName.TryParse(name, out QueueName queue) && NamespaceName.TryParse(space, out NamespaceName parsed)
            ? new QueueDefinitionEntry(new QueueKey(AccountId.Default, parsed, queue), definition)
            : throw new ArgumentException(name, nameof(name));

    private static (DefinitionsDraft Draft, Problem? Problem) Parse(string json) => Parse(Encoding.UTF8.GetBytes(json));

    private static (DefinitionsDraft Draft, Problem? Problem) Parse(byte[] json)
    {
        Assert.True(NamespaceName.TryParse("blue", out NamespaceName space));
        var draft = new DefinitionsDraft(AccountId.Default, space);
        return (draft, JsonRequest.Parse(new RequestDocument(json), draft, DefinitionsParser.Read));
    }

    private static byte[] Written(QueueDefinitionEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) Assert.True(DefinitionsWriter.TryWrite(writer, new CatalogDefinitions(new DefinitionsDocument { Queues = entries }, 1)));
        return stream.ToArray();
    }
}
