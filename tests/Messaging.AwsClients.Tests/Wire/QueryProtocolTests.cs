using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>
/// The Query protocol, to the letter. Sources: Amazon SQS Developer Guide, "Making Query API requests"; API Reference, the samples of each action; what
/// a GET of a queue's URL answers: LocalStack's TestSqsQueryApi, validated against the service.
/// </summary>
[Collection(WireGroup.Name)]
public sealed class QueryProtocolTests(WireServer server)
{
    private static readonly XNamespace Sqs = "http://queue.amazonaws.com/doc/2012-11-05/";

    [Fact]
    public async Task A_success_is_a_response_with_a_result_and_an_id()
    {
        (_, string path) = await server.CreateQueueAsync();

        WireAnswer answer = await server.FormAsync("Action=SendMessage&MessageBody=x&Version=2012-11-05", path);

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("text/xml", answer.ContentType, StringComparison.Ordinal);
        Assert.StartsWith("<?xml version=\"1.0\"", answer.Body, StringComparison.Ordinal);
        Assert.Equal(Sqs + "SendMessageResponse", answer.Xml.Name);
        Assert.Equal([Sqs + "SendMessageResult", Sqs + "ResponseMetadata"], answer.Xml.Elements().Select(element => element.Name));
        Assert.Equal("9dd4e461268c8034f5c8564e155c67a6", answer.Text("MD5OfMessageBody"));
        Assert.Equal(answer.RequestId, answer.Xml.Element(Sqs + "ResponseMetadata")?.Element(Sqs + "RequestId")?.Value);
    }

    [Fact]
    public async Task An_action_without_members_has_no_result()
    {
        (_, string path) = await server.CreateQueueAsync();

        WireAnswer answer = await server.FormAsync("Action=PurgeQueue&Version=2012-11-05", path);

        Assert.Equal((200, Sqs + "PurgeQueueResponse"), (answer.Status, answer.Xml.Name));
        Assert.Equal(["ResponseMetadata"], answer.Xml.Elements().Select(element => element.Name.LocalName));
    }

    [Fact]
    public async Task An_error_has_type_code_text_and_id()
    {
        WireAnswer answer = await server.FormAsync("Action=GetQueueUrl&QueueName=nobody&Version=2012-11-05");

        Assert.Equal((400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version."), answer.XmlError);
        Assert.Equal(Sqs + "ErrorResponse", answer.Xml.Name);
        Assert.Equal("Sender", answer.Text("Type"));
        Assert.Equal(answer.RequestId, answer.Xml.Element(Sqs + "RequestId")?.Value);
        Assert.StartsWith("text/xml", answer.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbered_parameters_may_come_in_any_order_and_with_gaps()
    {
        WireAnswer created = await server.FormAsync(
            "Attribute.7.Value=41&Action=CreateQueue&Attribute.2.Name=DelaySeconds&QueueName=numbered&Attribute.7.Name=VisibilityTimeout&Attribute.2.Value=3&Tag.1.Key=a&Tag.1.Value=b");
        WireAnswer read = await server.FormAsync("Action=GetQueueAttributes&AttributeName.1=DelaySeconds&AttributeName.2=VisibilityTimeout", new Uri(created.Text("QueueUrl")!).AbsolutePath);

        Assert.Equal(["DelaySeconds=3", "VisibilityTimeout=41"], read.Xml.Descendants(Sqs + "Attribute")
            .Select(attribute => $"{attribute.Element(Sqs + "Name")?.Value}={attribute.Element(Sqs + "Value")?.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Lists_maps_and_binary_values_have_their_names()
    {
        (_, string path) = await server.CreateQueueAsync();

        await server.FormAsync(
            "Action=SendMessageBatch"
            + "&SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=one"
            + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=Binary"
            + "&SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.BinaryValue=AAH%2B%2Fw%3D%3D", path);
        WireAnswer received = await server.FormAsync("Action=ReceiveMessage&MessageAttributeName.1=All&AttributeName.1=SentTimestamp", path);

        XElement message = received.Xml.Descendants(Sqs + "Message").Single();
        Assert.Equal("one", message.Element(Sqs + "Body")?.Value);
        Assert.Equal("SentTimestamp", message.Element(Sqs + "Attribute")?.Element(Sqs + "Name")?.Value);
        XElement value = message.Element(Sqs + "MessageAttribute")!.Element(Sqs + "Value")!;
        Assert.Equal(("Binary", "AAH+/w=="), (value.Element(Sqs + "DataType")?.Value, value.Element(Sqs + "BinaryValue")?.Value));
    }

    [Fact]
    public async Task Letters_that_XML_escapes_come_back()
    {
        (_, string path) = await server.CreateQueueAsync();
        const string Body = "<a href=\"x\">&amp; ]]> 'ü🚀'\r\n\t end ";

        await server.FormAsync($"Action=SendMessage&MessageBody={Uri.EscapeDataString(Body)}", path);
        WireAnswer received = await server.FormAsync("Action=ReceiveMessage", path);

        Assert.Equal(Body, received.Text("Body"));
    }

    [Fact]
    public async Task A_plus_is_a_space_and_its_escape_is_a_plus()
    {
        (_, string path) = await server.CreateQueueAsync();

        await server.FormAsync("Action=SendMessage&MessageBody=a+b%2Bc%20d", path);

        Assert.Equal("a b+c d", (await server.FormAsync("Action=ReceiveMessage", path)).Text("Body"));
    }

    [Fact]
    public async Task The_queue_may_be_named_by_parameter_at_the_root()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.FormAsync($"Action=SendMessage&MessageBody=x&QueueUrl={Uri.EscapeDataString(url)}");

        Assert.Equal((200, Sqs + "SendMessageResponse"), (answer.Status, answer.Xml.Name));
    }

    [Fact]
    public async Task A_get_of_a_queue_with_an_action_is_a_call()
    {
        (_, string path) = await server.CreateQueueAsync();

        WireAnswer sent = await server.GetAsync($"{path}?Action=SendMessage&MessageBody=foobar");
        WireAnswer received = await server.GetAsync($"{path}?Action=ReceiveMessage");
        WireAnswer empty = await server.GetAsync($"{path}?Action=ReceiveMessage");

        Assert.Equal((200, 200, 200), (sent.Status, received.Status, empty.Status));
        Assert.Equal("foobar", received.Text("Body"));
        Assert.Empty(empty.Xml.Element(Sqs + "ReceiveMessageResult")!.Nodes());
    }

    [Fact]
    public async Task A_get_of_a_queue_without_an_action_is_no_operation()
    {
        (_, string path) = await server.CreateQueueAsync();

        WireAnswer answer = await server.GetAsync(path);

        Assert.Equal(404, answer.Status);
        Assert.Contains("<UnknownOperationException", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_action_on_a_queue_by_get_says_what_it_lacks()
    {
        (_, string path) = await server.CreateQueueAsync();

        Assert.Equal((400, "MissingParameter", "The request must contain the parameter MessageBody."), (await server.GetAsync($"{path}?Action=SendMessage")).XmlError);
        Assert.Equal((400, "InvalidAttributeName", "Unknown Attribute Foobar."), (await server.GetAsync($"{path}?Action=GetQueueAttributes&AttributeName.1=Foobar")).XmlError);
        Assert.Equal((400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist for this wsdl version."),
            (await server.GetAsync($"{path}x?Action=GetQueueAttributes&AttributeName.1=All")).XmlError);
    }

    [Theory]
    [InlineData("FooBar")]
    [InlineData("CreateQueue")]
    [InlineData("ListQueues")]
    public async Task Actions_that_are_none_of_a_queue_are_invalid_there(string action)
    {
        (_, string path) = await server.CreateQueueAsync();

        WireAnswer answer = await server.GetAsync($"{path}?Action={action}&QueueName=other&Version=2012-11-05");

        Assert.Equal((400, "InvalidAction", $"The action {action} is not valid for this endpoint."), answer.XmlError);
    }

    [Theory]
    [InlineData("ListQueues", "ListQueuesResult")]
    [InlineData("GetQueueUrl&QueueName=json-by-accept", "GetQueueUrlResult")]
    public async Task Accept_json_answers_Query_in_json(string action, string result)
    {
        await server.FormAsync("Action=CreateQueue&QueueName=json-by-accept");

        WireAnswer answer = await server.GetAsync($"/?Action={action}&Version=2012-11-05", ("Accept", "application/json"));

        Assert.Equal(200, answer.Status);
        Assert.Contains("json", answer.ContentType, StringComparison.Ordinal);
        JsonNode response = answer.Json[action.Split('&')[0] + "Response"]!;
        Assert.NotNull(response[result]);
        Assert.Equal(answer.RequestId, response["ResponseMetadata"]?["RequestId"]?.GetValue<string>());
    }

    [Fact]
    public async Task Accept_json_calls_received_messages_as_the_service_does()
    {
        // What Amazon API Gateway hands on of SQS, and its mapping templates read: ReceiveMessageResponse.ReceiveMessageResult.messages.
        (_, string path) = await server.CreateQueueAsync();
        await server.FormAsync("Action=SendMessage&MessageBody=x", path);

        WireAnswer answer = await server.GetAsync($"{path}?Action=ReceiveMessage", ("Accept", "application/json"));

        Assert.Equal("x", answer.Json["ReceiveMessageResponse"]?["ReceiveMessageResult"]?["messages"]?[0]?["Body"]?.GetValue<string>());
    }

    [Fact]
    public async Task Accept_json_answers_errors_of_Query_in_json()
    {
        WireAnswer answer = await server.GetAsync("/?Action=GetQueueUrl&QueueName=nobody", ("Accept", "application/json"));

        Assert.Equal((400, "AWS.SimpleQueueService.NonExistentQueue"), (answer.Status, answer.Json["Error"]?["Code"]?.GetValue<string>()));
        Assert.Equal("Sender", answer.Json["Error"]?["Type"]?.GetValue<string>());
    }

    [Fact]
    public async Task The_version_may_be_missing() => Assert.Equal(200, (await server.FormAsync("Action=ListQueues")).Status);
}
