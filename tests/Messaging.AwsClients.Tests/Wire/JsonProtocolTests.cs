using System.Text.Json.Nodes;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>
/// AWS JSON 1.0, to the letter: headers, bodies, names of errors. Sources: Amazon SQS Developer Guide, "Making Query API requests" and "Amazon SQS
/// AWS JSON protocol"; the service model (awsQueryCompatible).
/// </summary>
[Collection(WireGroup.Name)]
public sealed class JsonProtocolTests(WireServer server)
{
    [Fact]
    public async Task A_success_has_its_type_and_an_id()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"x"}""");

        Assert.Equal((200, WireServer.JsonType), (answer.Status, answer.ContentType));
        Assert.NotEmpty(answer.RequestId);
        Assert.Equal("9dd4e461268c8034f5c8564e155c67a6", answer.Json["MD5OfMessageBody"]!.GetValue<string>());
    }

    [Fact]
    public async Task Members_without_a_value_are_left_out()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer sent = await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"x"}""");
        WireAnswer received = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""");
        WireAnswer empty = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""");

        Assert.Equal(["MD5OfMessageBody", "MessageId"], Members(sent.Json));
        Assert.Equal(["Body", "MD5OfBody", "MessageId", "ReceiptHandle"], Members(received.Json["Messages"]![0]!));
        Assert.Equal("{}", empty.Body);
    }

    [Theory]
    [InlineData("DeleteMessage", """, "ReceiptHandle": "{0}" """)]
    [InlineData("ChangeMessageVisibility", """, "ReceiptHandle": "{0}", "VisibilityTimeout": 3""")]
    [InlineData("SetQueueAttributes", """, "Attributes": {{"DelaySeconds": "1"}}""")]
    [InlineData("TagQueue", """, "Tags": {{"a": "b"}}""")]
    [InlineData("PurgeQueue", "")]
    [InlineData("DeleteQueue", "")]
    public async Task An_answer_without_members_says_nothing(string operation, string rest)
    {
        (string url, _) = await server.CreateQueueAsync();
        await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"x"}""");
        WireAnswer received = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""");
        string handle = received.Json["Messages"]![0]!["ReceiptHandle"]!.GetValue<string>();

        WireAnswer answer = await server.JsonAsync(operation, "{" + $"\"QueueUrl\":\"{url}\"{string.Format(rest, handle)}" + "}");

        Assert.Equal(200, answer.Status);
        Assert.Contains(answer.Body, (string[])["", "{}"]);
    }

    [Fact]
    public async Task An_error_has_its_type_text_and_the_header_for_clients_of_Query()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.JsonAsync("GetQueueUrl", """{"QueueName":"nobody"}""");
        WireAnswer unmodelled = await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}"}""");

        Assert.Equal((400, "com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist."), answer.JsonError);
        Assert.Equal("AWS.SimpleQueueService.NonExistentQueue;Sender", answer.Headers["x-amzn-query-error"]);
        Assert.Equal(WireServer.JsonType, answer.ContentType);
        Assert.NotEmpty(answer.RequestId);
        Assert.Equal("MissingParameter;Sender", unmodelled.Headers["x-amzn-query-error"]);
        Assert.EndsWith("#MissingRequiredParameterException", unmodelled.JsonError.Type, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_answer_has_an_id_of_its_own()
    {
        WireAnswer first = await server.JsonAsync("ListQueues", "{}"), second = await server.JsonAsync("ListQueues", "{}");

        Assert.NotEqual(first.RequestId, second.RequestId);
    }

    [Fact]
    public async Task A_call_to_the_path_of_its_queue_is_the_same()
    {
        // LocalStack's test_send_message_via_queue_url_with_json_protocol: SDKs send to the URL of the queue.
        (string url, string path) = await server.CreateQueueAsync();

        WireAnswer sent = await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"x"}""", path);
        WireAnswer received = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""", path);

        Assert.Equal((200, "x"), (sent.Status, received.Json["Messages"]![0]!["Body"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_charset_behind_the_type_is_no_matter() =>
        Assert.Equal(200, (await server.JsonAsync("ListQueues", "{}", type: WireServer.JsonType + "; charset=utf-8")).Status);

    [Fact]
    public async Task Members_that_are_null_or_unknown_are_ignored()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.JsonAsync(
            "SendMessage", $$$"""{"QueueUrl":"{{{url}}}","MessageBody":"x","DelaySeconds":null,"MessageAttributes":null,"Colour":{"of":["the","sky"]}}""");

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Binary_values_are_Base64()
    {
        (string url, _) = await server.CreateQueueAsync();
        const string Attribute = """{"DataType":"Binary","BinaryValue":"AAH+/w=="}""";

        await server.JsonAsync("SendMessage", $$$"""{"QueueUrl":"{{{url}}}","MessageBody":"x","MessageAttributes":{"b":{{{Attribute}}}}}""");
        WireAnswer received = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}","MessageAttributeNames":["All"]}""");

        JsonNode got = received.Json["Messages"]![0]!["MessageAttributes"]!["b"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Attribute), got), got.ToJsonString());
    }

    [Fact]
    public async Task Numbers_of_queue_attributes_are_texts_and_those_of_members_are_numbers()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.JsonAsync("GetQueueAttributes", $$"""{"QueueUrl":"{{url}}","AttributeNames":["VisibilityTimeout"]}""");

        Assert.Equal("""{"Attributes":{"VisibilityTimeout":"30"}}""", answer.Body);
    }

    [Fact]
    public async Task Letters_come_back_whatever_way_they_were_written()
    {
        (string url, _) = await server.CreateQueueAsync();

        await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"\u00fc\ud83d\ude80\t\"\\\/ü🚀"}""");
        WireAnswer received = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""");

        Assert.Equal("ü🚀\t\"\\/ü🚀", received.Json["Messages"]![0]!["Body"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_url_has_the_host_by_which_the_client_called()
    {
        (string url, _) = await server.CreateQueueAsync();
        string name = url[(url.LastIndexOf('/') + 1)..];

        WireAnswer answer = await server.SendAsync(
            HttpMethod.Post, "/", WireServer.Content([.. $$"""{"QueueName":"{{name}}"}""".Select(letter => (byte)letter)], WireServer.JsonType),
            ("X-Amz-Target", "AmazonSQS.GetQueueUrl"), ("Host", $"localhost:{server.Endpoint.Port}"));

        Assert.Equal(url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), answer.Json["QueueUrl"]?.GetValue<string>());
    }

    private static IEnumerable<string> Members(JsonNode node) => node.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal);
}
