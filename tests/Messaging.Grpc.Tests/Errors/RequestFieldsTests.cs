using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Errors;

/// <summary>What the broker refuses, in REST's words, is told by the path that the field has in the request: call by call. Each request is written as the JSON of its message.</summary>
public sealed class RequestFieldsTests(GrpcServer server) : IClassFixture<GrpcServer>, IAsyncLifetime
{
    private static readonly ServiceDescriptor[] Services = [.. new[]
    {
        QueueServiceReflection.Descriptor, TopicServiceReflection.Descriptor, GroupServiceReflection.Descriptor, SubscriptionServiceReflection.Descriptor, TransactionServiceReflection.Descriptor,
        OperationServiceReflection.Descriptor, DefinitionServiceReflection.Descriptor,
    }.SelectMany(static file => file.Services)];

    public async Task InitializeAsync()
    {
        await server.Queues.PutQueueAsync(new PutQueueRequest { Queue = "q" });
        await server.Topics().PutTopicAsync(new PutTopicRequest { Topic = "t" });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [InlineData("ListQueues", """{"page":{"token":"x"}}""", "invalidValue page.token")]
    [InlineData("ListTopics", """{"page":{"token":"x"}}""", "invalidValue page.token")]
    [InlineData("ListGroups", """{"page":{"token":"x"}}""", "invalidValue page.token")]
    [InlineData("ListSubscriptions", """{"topic":"t","page":{"token":"x"}}""", "invalidValue page.token")]
    [InlineData("ListOperations", """{"page":{"token":"x"}}""", "invalidValue page.token")]
    [InlineData("BrowseMessages", """{"queue":"q","page":{"token":"x"}}""", "invalidValue page.token")]
    [InlineData("BrowseMessages", """{"queue":"q","page":{"size":0}}""", "invalidValue page.size")]
    public Task A_page(string method, string request, string told) => IsToldAsync(method, request, told);

    [Theory]
    [InlineData("""{"leaseSeconds":-1}""", "invalidValue definition.leaseSeconds")]
    [InlineData("""{"retry":{"minSeconds":9,"maxSeconds":1}}""", "invalidValue definition.retry.maxSeconds")]
    [InlineData("""{"deduplication":{"windowSeconds":0}}""", "invalidValue definition.deduplication.windowSeconds")]
    [InlineData("""{"deduplication":{"scope":9}}""", "invalidValue definition.deduplication.scope")]
    [InlineData("""{"deadLetter":{"queue":"","maxReceives":1}}""", "invalidName definition.deadLetter.queue")]
    [InlineData("""{"deadLetter":{"queue":"nobody","maxReceives":1}}""", "deadLetterInvalid definition.deadLetter.queue")]
    [InlineData("""{"deadLetter":{"queue":"nobody","maxReceives":0}}""", "invalidValue definition.deadLetter.maxReceives")]
    [InlineData("""{"tags":{"":"x"}}""", "invalidValue definition.tags")]
    [InlineData("""{"annotations":{"":"x"}}""", "invalidValue definition.annotations")]
    [InlineData("""{"tags":{"a.b":"\u0000"}}""", "invalidValue definition.tags[\"a.b\"]")]
    [InlineData("""{"annotations":{"a.b":"\u0000"}}""", "invalidValue definition.annotations[\"a.b\"]")]
    [InlineData("""{"type":9}""", "invalidValue definition.type")]
    public async Task A_queues_definition(string definition, string told)
    {
        await IsToldAsync("PutQueue", $$"""{"queue":"new","definition":{{definition}}}""", told);
        await IsToldAsync("PatchQueue", $$"""{"queue":"q","definition":{{definition}}}""", told);
        await IsToldAsync("PutDefinitions", $$$"""{"document":{"queues":[{"name":"fine"},{"name":"new","definition":{{{definition}}}}]}}""", told.Replace(" ", " document.queues[1].", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"version":"0"}""", "precondition.version")]
    [InlineData("""{"version":"-1"}""", "precondition.version")]
    [InlineData("""{"mustExist":true,"mustNotExist":true}""", "precondition.mustNotExist")]
    [InlineData("""{"version":"1","mustNotExist":true}""", "precondition.mustNotExist")]
    public async Task A_precondition_that_can_hold_of_no_definition(string precondition, string field)
    {
        foreach ((string kind, string names, string definition) in new[]
        {
            ("Queue", "\"queue\":\"q\"", "{}"), ("Topic", "\"topic\":\"t\"", "{}"), ("Subscription", "\"topic\":\"t\",\"subscription\":\"s\"", """{"target":{"queue":{"name":"q"}}}"""),
        })
        {
            string guarded = $"{names},\"precondition\":{precondition}";
            await IsToldAsync("Put" + kind, $"{{{guarded},\"definition\":{definition}}}", "invalidValue " + field);
            await IsToldAsync("Patch" + kind, $"{{{guarded},\"definition\":{definition}}}", "invalidValue " + field);
            await IsToldAsync("Delete" + kind, $"{{{guarded}}}", "invalidValue " + field);
        }
    }

    [Theory]
    [InlineData("""{"version":"-1"}""", "precondition.version")]
    [InlineData("""{"version":"0","mustNotExist":true}""", "precondition.mustNotExist")]
    public Task A_precondition_that_no_document_of_definitions_can_hold(string precondition, string field) =>
        IsToldAsync("PutDefinitions", $$"""{"document":{},"precondition":{{precondition}}}""", "invalidValue " + field);

    [Theory]
    [InlineData("""{"partitions":0}""", "invalidValue definition.partitions")]
    [InlineData("""{"retentionSeconds":-1}""", "invalidValue definition.retentionSeconds")]
    [InlineData("""{"retentionUnlimited":false}""", "invalidValue definition.retentionUnlimited")]
    [InlineData("""{"cleanup":9}""", "invalidValue definition.cleanup")]
    [InlineData("""{"timestamps":9}""", "invalidValue definition.timestamps")]
    [InlineData("""{"deduplication":{}}""", "invalidValue definition.deduplication")]
    [InlineData("""{"tags":{"":"x"}}""", "invalidValue definition.tags")]
    public async Task A_topics_definition(string definition, string told)
    {
        await IsToldAsync("PutTopic", $$"""{"topic":"new","definition":{{definition}}}""", told);
        await IsToldAsync("PatchTopic", $$"""{"topic":"t","definition":{{definition}}}""", told);
        await IsToldAsync("PutDefinitions", $$$"""{"document":{"topics":[{"name":"new","definition":{{{definition}}}}]}}""", told.Replace(" ", " document.topics[0].", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"target":{}}""", "missingField definition.target")]
    [InlineData("""{"target":{"queue":{}}}""", "invalidName definition.target.queue.name")]
    [InlineData("""{"target":{"queue":{"name":"nobody"}}}""", "queueNotFound definition.target.queue.name")]
    [InlineData("""{"target":{"http":{"url":"ftp://x"}}}""", "invalidValue definition.target.http.url")]
    [InlineData("""{"target":{"email":{"address":"x"}}}""", "invalidValue definition.target.email.address")]
    [InlineData("""{"target":{"email":{"address":"a@example.com","format":9}}}""", "invalidValue definition.target.email.format")]
    [InlineData("""{"target":{"function":{"url":"x"}}}""", "invalidValue definition.target.function.url")]
    [InlineData("""{"target":{"gateway":{"endpoint":"e"}}}""", "invalidValue definition.target.gateway.protocol")]
    [InlineData("""{"target":{"gateway":{"protocol":"PROTOCOL_SMS"}}}""", "missingField definition.target.gateway.endpoint")]
    [InlineData("""{"target":{"gateway":{"protocol":"PROTOCOL_SMS","endpoint":"\n"}}}""", "invalidValue definition.target.gateway.endpoint")]
    [InlineData("""{"target":{"queue":{"name":"q"}},"filter":{"policy":"{\"a\":[{\"numeric\":[\"x\"]}]}"}}""", "invalidValue definition.filter.policy")]
    [InlineData("""{"target":{"queue":{"name":"q"}},"filter":{"scope":9,"policy":"{}"}}""", "invalidValue definition.filter.scope")]
    [InlineData("""{"target":{"queue":{"name":"q"}},"deadLetter":{"queue":"nobody"}}""", "queueNotFound definition.deadLetter.queue")]
    [InlineData("""{"target":{"queue":{"name":"q"}},"deliveryPolicy":{"throttlePolicy":{"maxReceivesPerSecond":0}}}""", "invalidValue definition.deliveryPolicy")]
    [InlineData("""{"target":{"queue":{"name":"q"}},"startAt":{"end":9}}""", "invalidValue definition.startAt.end")]
    [InlineData("""{"target":{"queue":{"name":"q"}},"tags":{"":"x"}}""", "invalidValue definition.tags")]
    public async Task A_subscriptions_definition(string definition, string told)
    {
        await IsToldAsync("PutSubscription", $$"""{"topic":"t","subscription":"new","definition":{{definition}}}""", told);
        await IsToldAsync(
            "PutDefinitions", $$$"""{"document":{"subscriptions":[{"topic":"t","name":"new","definition":{{{definition}}}}]}}""", told.Replace(" ", " document.subscriptions[0].", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"queues":[{"name":"new"},{"name":"new"}]}""", "invalidValue document.queues[1].name")]
    [InlineData("""{"topics":[{"name":""}]}""", "invalidName document.topics[0].name")]
    [InlineData("""{"topics":[{"name":"new","namespace":"\n"}]}""", "invalidName document.topics[0].namespace")]
    [InlineData("""{"subscriptions":[{"topic":"nobody","name":"s","definition":{"target":{"queue":{"name":"q"}}}}]}""", "topicNotFound document.subscriptions[0].topic")]
    public Task A_document(string document, string told) => IsToldAsync("PutDefinitions", $$$"""{"document":{{{document}}}}""", told);

    [Theory]
    [InlineData("SendMessages", """{"queue":"q","messages":[#]}""", "{}", "messages")]
    [InlineData("AcknowledgeMessages", """{"queue":"q","receipts":[#]}""", "\"x\"", "receipts")]
    [InlineData("ExtendLeases", """{"queue":"q","entries":[#]}""", """{"receipt":"x","leaseSeconds":1}""", "entries")]
    [InlineData("ReleaseMessages", """{"queue":"q","entries":[#]}""", """{"receipt":"x"}""", "entries")]
    [InlineData("RejectMessages", """{"queue":"q","entries":[#]}""", """{"receipt":"x"}""", "entries")]
    [InlineData("PublishRecords", """{"topic":"t","records":[#]}""", "{}", "records")]
    [InlineData("PublishRecords", """{"topic":"t","records":[#],"producer":{"id":"1"}}""", "{}", "records")]
    [InlineData("CommitOffsets", """{"group":"g","offsets":[#]}""", """{"topic":"t","offset":"0"}""", "offsets")]
    [InlineData("RunTransaction", """{"operations":[{"commit":{"group":"g","offsets":[#]}}]}""", """{"topic":"t","offset":"0"}""", "operations[0].commit.offsets")]
    [InlineData("PutGroupOffsets", """{"group":"g","offsets":[#]}""", """{"topic":"t","offset":"0"}""", "offsets", 10_000)]
    [InlineData("RunTransaction", """{"operations":[#]}""", """{"send":{"queue":"q","messages":[{}]}}""", "operations", 100)]
    [InlineData("RunTransaction", """{"operations":[{"send":{"queue":"nobody","messages":[{}]}},{"acknowledge":{"queue":"q","receipts":[#]}}]}""", "\"x\"", "operations[1].acknowledge.receipts")]
    [InlineData("RunTransaction", """{"operations":[{"send":{"queue":"q","messages":[#]}}]}""", "{}", "operations[0].send.messages")]
    [InlineData("RunTransaction", """{"operations":[{"publish":{"topic":"t","records":[#]}}]}""", "{}", "operations[0].publish.records")]
    public async Task A_list_without_entries_or_with_too_many(string method, string request, string entry, string list, int max = 1_000)
    {
        await IsToldAsync(method, request.Replace("#", "", StringComparison.Ordinal).Replace("nobody", "q", StringComparison.Ordinal), "batchEmpty " + list);
        await IsToldAsync(method, request.Replace("#", string.Join(',', Enumerable.Repeat(entry, max + 1)), StringComparison.Ordinal), "batchTooLarge " + list);
    }

    [Fact]
    public async Task A_list_with_more_bytes_than_a_call()
    {
        string body = Convert.ToBase64String(new byte[1_000_000]);
        string seventeen = string.Join(',', Enumerable.Repeat($$"""{"body":"{{body}}"}""", 17));
        await IsToldAsync("SendMessages", $$"""{"queue":"q","messages":[{{seventeen}}]}""", "batchTooLarge messages");
        await IsToldAsync("PublishRecords", $$"""{"topic":"t","records":[{{seventeen}}]}""", "batchTooLarge records");
        await IsToldAsync("RunTransaction", $$$"""{"operations":[{"publish":{"topic":"t","records":[{{{seventeen}}}]}}]}""", "batchTooLarge operations[0].publish.records");
    }

    [Theory]
    [InlineData("SendMessages", """{"queue":"q","messages":[{"priority":1}]}""", "invalidValue messages[0].priority")]
    [InlineData("SendMessages", """{"queue":"q","messages":[{"attributes":{"n":{"number":"x"}}}]}""", "invalidValue messages[0].attributes[\"n\"]")]
    [InlineData("SendMessages", """{"queue":"q","messages":[{"attributes":{"n":{}}}]}""", "invalidValue messages[0].attributes[\"n\"]")]
    [InlineData("SendMessages", """{"queue":"q","messages":[{"attributes":{"a.b]\"ä\\":{}}}]}""", """invalidValue messages[0].attributes["a.b]\"ä\\"]""")]
    [InlineData("SendMessages", """{"queue":"q","messages":[{"attributes":{"_m.tags.x":{"text":"x"}}}]}""", "invalidValue messages[0].attributes[\"_m.tags.x\"]")]
    [InlineData("SendMessages", """{"queue":"q","messages":[{"attributes":{"":{"text":"x"}}}]}""", "invalidValue messages[0].attributes")]
    [InlineData("ReceiveMessages", """{"queue":"q","attemptId":"\n"}""", "invalidValue attemptId")]
    [InlineData("AcknowledgeMessages", """{"queue":"q","receipts":["x"]}""", "receiptInvalid receipts[0]")]
    [InlineData("RedriveMessages", """{"queue":"q","destination":"nobody"}""", "queueNotFound destination")]
    [InlineData("RedriveMessages", """{"queue":"q","destination":"q","messagesPerSecond":0}""", "invalidValue messagesPerSecond")]
    [InlineData("RedriveMessages", """{"queue":"q","destination":"q","filter":{"attributes":{"a":{}}}}""", "invalidValue filter.attributes[\"a\"]")]
    [InlineData("PublishRecords", """{"topic":"t","records":[{"partition":9}]}""", "partitionNotFound records[0].partition")]
    [InlineData("PublishRecords", """{"topic":"t","records":[{"attributes":{"n":{"number":"x"}}}]}""", "invalidValue records[0].attributes[\"n\"]")]
    [InlineData("PublishRecords", """{"topic":"t","records":[{"attributes":{"n":{"number":"x"}}}],"producer":{"id":"1"}}""", "invalidValue records[0].attributes[\"n\"]")]
    [InlineData("PublishRecords", """{"topic":"t","records":[{"attributes":{"n":{}}}]}""", "invalidValue records[0].attributes[\"n\"]")]
    [InlineData("PublishRecords", """{"topic":"t","records":[{}],"producer":{"id":"99"}}""", "producerNotFound producer.id")]
    [InlineData("PublishBatch", """{"topic":"t","partition":9}""", "partitionNotFound partition")]
    [InlineData("DeleteRecords", """{"topic":"t","before":"9"}""", "offsetOutOfRange before")]
    [InlineData("DeleteRecords", """{"topic":"t","all":false}""", "invalidValue all")]
    [InlineData("DeleteRecords", """{"topic":"t"}""", "missingField records")]
    [InlineData("FetchRecords", """{"topic":"t","offset":"9"}""", "offsetOutOfRange offset")]
    [InlineData("FetchBatches", """{"topic":"t","partition":9}""", "partitionNotFound partition")]
    [InlineData("FindOffsets", """{"topic":"t","partition":9}""", "partitionNotFound partition")]
    public Task A_message_or_a_record(string method, string request, string told) => IsToldAsync(method, request, told);

    [Theory]
    [InlineData("JoinGroup", """{"group":"g"}""", "invalidValue topics")]
    [InlineData("JoinGroup", """{"group":"g","topics":["t"],"sessionSeconds":1}""", "invalidValue sessionSeconds")]
    [InlineData("FetchForGroup", """{"group":"g","topics":["nobody"]}""", "topicNotFound topics[0]")]
    [InlineData("CommitOffsets", """{"group":"g","offsets":[{"topic":"nobody","offset":"0"}]}""", "topicNotFound offsets[0].topic")]
    [InlineData("PutGroupOffsets", """{"group":"g","offsets":[{"topic":"t","partition":9,"offset":"0"}]}""", "partitionNotFound offsets[0].partition")]
    [InlineData("ResetGroup", """{"group":"g"}""", "missingField to")]
    [InlineData("ResetGroup", """{"group":"g","offset":"99","topics":[{"topic":"t","partition":0}]}""", "offsetOutOfRange offset")]
    [InlineData("ResetGroup", """{"group":"g","offset":"0","topics":[{"topic":"nobody","partition":0}]}""", "topicNotFound topics[0].topic")]
    [InlineData("ResetGroup", """{"group":"g","offset":"0","topics":[{"topic":"t","partition":9}]}""", "partitionNotFound topics[0].partition")]
    [InlineData("ResetGroup", """{"group":"g","end":"PARTITION_END_LATEST","topics":[{"topic":"t","partition":9}]}""", "partitionNotFound topics")]
    public Task A_group(string method, string request, string told) => IsToldAsync(method, request, told);

    [Theory]
    [InlineData("BeginTransaction", """{"producer":{"id":"99"}}""", "producerNotFound producer.id")]
    [InlineData("CommitTransaction", """{"producerId":"99","transaction":"0"}""", "producerNotFound producerId")]
    [InlineData("AbortTransaction", """{"producerId":"99","transaction":"0"}""", "producerNotFound producerId")]
    [InlineData("RunTransaction", """{"operations":[{"send":{"queue":"nobody","messages":[{}]}}]}""", "queueNotFound operations[0]")]
    [InlineData("RunTransaction", """{"operations":[{"send":{"queue":"q","messages":[{"priority":1}]}}]}""", "invalidValue operations[0].send.messages[0].priority")]
    [InlineData("RunTransaction", """{"operations":[{"send":{"queue":"q","messages":[{}]}},{"publish":{"topic":"t","records":[{"partition":9}]}}]}""", "partitionNotFound operations[1].publish.records[0].partition")]
    [InlineData("RunTransaction", """{"operations":[{"publish":{"topic":"t","records":[{"attributes":{"n":{"number":"x"}}}]}}]}""", "invalidValue operations[0].publish.records[0].attributes[\"n\"]")]
    [InlineData("RunTransaction", """{"operations":[{"send":{"queue":"q","messages":[{"attributes":{"n":{}}}]}}]}""", "invalidValue operations[0].send.messages[0].attributes[\"n\"]")]
    [InlineData("RunTransaction", """{"operations":[{"commit":{"group":"g","offsets":[{"topic":"nobody","offset":"0"}]}}]}""", "topicNotFound operations[0].commit.offsets[0].topic")]
    public Task A_transaction(string method, string request, string told) => IsToldAsync(method, request, told);

    private async Task IsToldAsync(string method, string json, string told)
    {
        MethodDescriptor called = Services.SelectMany(static service => service.Methods).Single(one => one.Name == method);
        var raw = new Method<IMessage, IMessage>(MethodType.Unary, called.Service.FullName, method, MarshallerOf(called.InputType), MarshallerOf(called.OutputType));

        Refused refused = await Refused.ByAsync(server.Channel.AsyncUnaryCall(raw, null, default, JsonParser.Default.Parse(json, called.InputType)));

        Assert.Equal(told, $"{refused.Code} {refused.Field}");
    }

    private static Marshaller<IMessage> MarshallerOf(MessageDescriptor type) => Marshallers.Create(static message => message.ToByteArray(), type.Parser.ParseFrom);
}
