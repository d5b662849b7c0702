using System.Text.Json;
using System.Text;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;
using Messaging.TestKit;

namespace Messaging.Rest.Tests.Wire;

public sealed class SubscriptionDefinitionParserTests
{
    private const string Full = """
        {"target":{"queue":"q\u00fc"},"filter":{"policy":{ "a" : [ "\u00fc", {"prefix":"x"}, null ] },"scope":"body"},"raw":false,"deadLetter":{"queue":"d"},
        "startAt":"2026-01-31T09:05:00.250Z","tags":{"a":"1"},"annotations":{"b":"2"}}
        """;

    [Fact]
    public void All_fields_arrive()
    {
        var (definition, problem) = Parse(Full);

        Assert.Null(problem);
        Assert.Equal(
            new SubscriptionDefinition
            {
                Target = To("qü"),
                Filter = new SubscriptionFilter(FilterScope.Body, """{ "a" : [ "\u00fc", {"prefix":"x"}, null ] }"""),
                Raw = false,
                DeadLetter = Name("d"),
                StartAt = SubscriptionStart.At(1_769_850_300_250),
                Tags = new Dictionary<string, string> { ["a"] = "1" },
                Annotations = new Dictionary<string, string> { ["b"] = "2" },
            },
            definition);
    }

    [Theory]
    [InlineData("""{"target":{"queue":"q"}}""")]
    [InlineData("""{"target":{"queue":"q"},"filter":null,"deadLetter":null,"startAt":"now","raw":true}""")]
    public void What_is_left_out_has_its_default(string json) => Assert.Equal(new SubscriptionDefinition { Target = To("q") }, Parse(json).Definition);

    [Fact]
    public void A_scope_is_that_of_attributes_and_a_start_may_be_an_end()
    {
        SubscriptionDefinition definition = Parse("""{"target":{"queue":"q"},"filter":{"policy":{}},"startAt":"earliest"}""").Definition;

        Assert.Equal((new SubscriptionFilter(FilterScope.Attributes, "{}"), SubscriptionStart.Earliest), (definition.Filter!, definition.StartAt));
        Assert.Equal(SubscriptionStart.At(0), Parse("""{"target":{"queue":"q"},"startAt":"1960-01-01T00:00:00Z"}""").Definition.StartAt);
    }

    [Fact]
    public void A_patch_leaves_what_it_does_not_name_and_takes_null_for_the_default()
    {
        SubscriptionDefinition before = Parse(Full).Definition;

        Assert.Equal(before, Patch("{}")(before));
        Assert.Equal(before with { Target = To("r"), Raw = true }, Patch("""{"target":{"queue":"r"},"raw":null}""")(before));
        Assert.Equal(before with { Filter = before.Filter! with { Scope = FilterScope.Attributes } }, Patch("""{"filter":{"scope":"attributes"}}""")(before));
        Assert.Equal(before with { Filter = before.Filter! with { PolicyJson = "{}" } }, Patch("""{"filter":{"policy":{}}}""")(before));
        Assert.Equal(before with { Filter = null, DeadLetter = null, StartAt = default }, Patch("""{"filter":null,"deadLetter":null,"startAt":null}""")(before));
        Assert.Equal([KeyValuePair.Create("c", "3")], Patch("""{"tags":{"a":null,"c":"3"}}""")(before).Tags);
        Assert.Empty(Patch("""{"tags":null,"annotations":null}""")(before).Annotations);
        // Both are refused by the definition's own rules.
        Assert.Equal("target", Patch("""{"target":null}""")(before).Validate()?.Field);
        Assert.Equal("filter.policy", Patch("""{"filter":{"scope":"body"}}""")(before with { Filter = null }).Validate()?.Field);
    }

    [Theory]
    [InlineData("""{}""", "missingField", "target")]
    [InlineData("""{"target":{}}""", "missingField", "target.queue")]
    [InlineData("""{"target":null}""", "invalidValue", "target")]
    [InlineData("""{"target":"q"}""", "invalidValue", "target")]
    [InlineData("""{"target":{"queue":""}}""", "invalidName", "target.queue")]
    [InlineData("""{"target":{"queue":5}}""", "invalidValue", "target.queue")]
    [InlineData("""{"target":{"url":5}}""", "invalidValue", "target.url")]
    [InlineData("""{"target":{"queue":"q","url":"https://a"}}""", "invalidValue", "target")]
    [InlineData("""{"target":{"email":"a@b","format":"html"}}""", "invalidValue", "target.format")]
    [InlineData("""{"target":{"url":"https://a","format":"json"}}""", "invalidValue", "target.format")]
    [InlineData("""{"target":{"gateway":"fax","endpoint":"1"}}""", "invalidValue", "target.gateway")]
    [InlineData("""{"target":{"gateway":"sms"}}""", "missingField", "target.endpoint")]
    [InlineData("""{"target":{"url":"https://a","endpoint":"1"}}""", "invalidValue", "target.endpoint")]
    [InlineData("""{"target":{"url":"https://a"},"deliveryPolicy":[]}""", "invalidValue", "deliveryPolicy")]
    [InlineData("""{"target":{"url":"https://a"},"deliveryPolicy":{"healthyRetryPolicy":{}}}""", "invalidValue", "deliveryPolicy")]
    [InlineData("""{"target":{"url":"https://a"},"confirmed":1}""", "invalidValue", "confirmed")]
    [InlineData("""{"target":{"topic":"t"}}""", "unknownField", "target.topic")]
    [InlineData("""{"target":{"queue":"q","queue":"q"}}""", "duplicateField", "target.queue")]
    [InlineData("""{"target":{"queue":"q"},"filter":[]}""", "invalidValue", "filter")]
    [InlineData("""{"target":{"queue":"q"},"filter":{}}""", "missingField", "filter.policy")]
    [InlineData("""{"target":{"queue":"q"},"filter":{"policy":[]}}""", "invalidValue", "filter.policy")]
    [InlineData("""{"target":{"queue":"q"},"filter":{"policy":"{}"}}""", "invalidValue", "filter.policy")]
    [InlineData("""{"target":{"queue":"q"},"filter":{"policy":{},"scope":"Body"}}""", "invalidValue", "filter.scope")]
    [InlineData("""{"target":{"queue":"q"},"raw":"true"}""", "invalidValue", "raw")]
    [InlineData("""{"target":{"queue":"q"},"raw":null}""", "invalidValue", "raw")]
    [InlineData("""{"target":{"queue":"q"},"deadLetter":{}}""", "missingField", "deadLetter.queue")]
    [InlineData("""{"target":{"queue":"q"},"deadLetter":{"queue":"a\nb"}}""", "invalidName", "deadLetter.queue")]
    [InlineData("""{"target":{"queue":"q"},"deadLetter":{"maxReceives":3}}""", "unknownField", "deadLetter.maxReceives")]
    [InlineData("""{"target":{"queue":"q"},"startAt":"latest"}""", "invalidValue", "startAt")]
    [InlineData("""{"target":{"queue":"q"},"startAt":7}""", "invalidValue", "startAt")]
    [InlineData("""{"target":{"queue":"q"},"tags":{"a":1}}""", "invalidValue", "tags.a")]
    [InlineData("""{"target":{"queue":"q"},"paused":true}""", "unknownField", "paused")]
    [InlineData("""[]""", "invalidValue", null)]
    public void What_is_wrong_with_a_definition_is_said_at_its_place(string json, string code, string? field)
    {
        Problem? problem = Parse(json).Problem;

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var random = new Random(20261204);
        for (int round = 0; round < 500; round++)
        {
            SubscriptionDefinition definition = AnyDefinition.OfSubscription(random);
            Assert.Equal(definition, Parse(Written(definition)).Definition);
        }
    }

    [Fact]
    public void Bytes_that_are_no_definition_never_throw()
    {
        var random = new Random(42);
        for (int round = 0; round < 20_000; round++)
            Parse(Encoding.UTF8.GetString(Parsing.Mutate(Encoding.UTF8.GetBytes(Full), random)), isMerge: round % 2 == 0);
    }

    private static QueueName Name(string name) => QueueName.TryParse(name, out QueueName queue) ? queue : throw new ArgumentException(name, nameof(name));

    private static SubscriptionTarget To(string queue) => new SubscriptionTarget.OfQueue(Name(queue));

    private static (SubscriptionDefinition Definition, Problem? Problem) Parse(string json, bool isMerge = false)
    {
        var box = new SubscriptionDefinitionParser.Box { IsMerge = isMerge };
        Problem? problem = JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), box, SubscriptionDefinitionParser.Read);
        return (box.Definition, problem);
    }

    private static SubscriptionPatch Patch(string json)
    {
        var box = new SubscriptionDefinitionParser.Box { IsMerge = true };
        Assert.Null(JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), box, SubscriptionDefinitionParser.Read));
        return box.Patch;
    }

    private static string Written(SubscriptionDefinition definition)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            SubscriptionWriter.WriteDefinition(writer, definition);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
