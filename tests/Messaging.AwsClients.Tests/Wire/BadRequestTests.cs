using System.Text;

namespace Messaging.AwsClients.Tests.Wire;

/// <summary>What no SDK sends: each is refused as the client's fault, at once, and the server goes on.</summary>
[Collection(WireGroup.Name)]
public sealed class BadRequestTests(WireServer server)
{
    private const int CallBytesMax = 8 * 1024 * 1024;

    [Theory]
    [InlineData("no json")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("""{"QueueName":"x"} trailing""")]
    [InlineData("""{"QueueName":5}""")]
    [InlineData("""{"QueueName":["x"]}""")]
    [InlineData("""{"QueueName":"x","Attributes":[]}""")]
    [InlineData("""{"QueueName":"x","Attributes":{"DelaySeconds":{"a":1}}}""")]
    [InlineData("""{"QueueName":"\ud800"}""")]
    [InlineData("""{"QueueName":"x",}""")]
    [InlineData("""{'QueueName':'x'}""")]
    public async Task Json_that_is_none_or_of_the_wrong_shape_is_refused(string body)
    {
        WireAnswer answer = await server.JsonAsync("CreateQueue", body);

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer.JsonError.Type);
        Assert.EndsWith(";Sender", answer.Headers["x-amzn-query-error"], StringComparison.Ordinal);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData("""{"QueueUrl":"{0}","MaxNumberOfMessages":"many"}""")]
    [InlineData("""{"QueueUrl":"{0}","MaxNumberOfMessages":1.5}""")]
    [InlineData("""{"QueueUrl":"{0}","MaxNumberOfMessages":123456789012345678901234567890}""")]
    [InlineData("""{"QueueUrl":"{0}","MaxNumberOfMessages":true}""")]
    [InlineData("""{"QueueUrl":"{0}","MessageAttributeNames":"All"}""")]
    [InlineData("""{"QueueUrl":"{0}","MessageAttributeNames":[5]}""")]
    public async Task Members_of_the_wrong_type_are_refused(string body)
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.JsonAsync("ReceiveMessage", body.Replace("{0}", url, StringComparison.Ordinal));

        Assert.Equal(400, answer.Status);
        await AssertServesAsync();
    }

    [Fact]
    public async Task Binary_values_that_are_no_Base64_are_refused()
    {
        (string url, _) = await server.CreateQueueAsync();

        foreach (string value in (string[])["%%%", "A", "AAA=A"])
            Assert.Equal(400, (await server.JsonAsync("SendMessage", $$$$"""{"QueueUrl":"{{{{url}}}}","MessageBody":"x","MessageAttributes":{"b":{"DataType":"Binary","BinaryValue":"{{{{value}}}}"}}}""")).Status);
        await AssertEmptyAsync(url);
    }

    [Fact]
    public async Task Deep_json_is_refused_and_no_stack_is_spent_on_it()
    {
        string deep = $$"""{"QueueName":"x","Deep":{{new string('[', 100_000)}}{{new string(']', 100_000)}}}""";

        Assert.Equal(400, (await server.JsonAsync("CreateQueue", deep)).Status);
        await AssertServesAsync();
    }

    [Fact]
    public async Task A_member_that_comes_twice_is_refused()
    {
        (string url, _) = await server.CreateQueueAsync();

        WireAnswer answer = await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"first","MessageBody":"second"}""");

        Assert.Equal(400, answer.Status);
        WireAnswer received = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}","MaxNumberOfMessages":10}""");
        Assert.Null(received.Json["Messages"]);
    }

    [Theory]
    [InlineData("AmazonSQS.Dance")]
    [InlineData("AmazonSNS.SendMessage")]
    [InlineData("SendMessage")]
    [InlineData("")]
    public async Task A_target_that_is_no_operation_is_unknown(string target)
    {
        WireAnswer answer = await server.SendAsync(HttpMethod.Post, "/", WireServer.Content("{}"u8.ToArray(), WireServer.JsonType), ("X-Amz-Target", target));

        Assert.Contains(answer.Status, (int[])[400, 404]);
        Assert.EndsWith("#UnknownOperationException", answer.JsonError.Type, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Action=Dance")]
    [InlineData("Action=")]
    [InlineData("QueueName=x")]
    [InlineData("")]
    public async Task An_action_that_is_none_is_invalid(string form)
    {
        WireAnswer answer = await server.FormAsync(form);

        Assert.Contains(answer.Status, (int[])[400, 404]);
        Assert.Contains(answer.XmlError.Code, (string[])["InvalidAction", "MissingAction"]);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    [InlineData("application/x-amz-json-1.1")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_body_of_another_type_is_refused(string type)
    {
        WireAnswer json = await server.JsonAsync("ListQueues", "{}", type: type);
        WireAnswer form = await server.FormAsync("Action=ListQueues", type: type);

        Assert.InRange(json.Status, 400, 499);
        Assert.InRange(form.Status, 400, 499);
    }

    [Theory]
    [InlineData("Action=CreateQueue&QueueName=%zz")]
    [InlineData("Action=CreateQueue&QueueName=%4")]
    [InlineData("Action=CreateQueue&QueueName=%ff%fe")]
    [InlineData("Action=CreateQueue&QueueName=x&Attribute.1.Name=DelaySeconds")]
    [InlineData("Action=CreateQueue&QueueName=x&Attribute.x.Name=DelaySeconds&Attribute.x.Value=1")]
    [InlineData("Action=CreateQueue&QueueName=x&Attribute.99999999999999999999.Name=DelaySeconds&Attribute.99999999999999999999.Value=1")]
    [InlineData("Action=CreateQueue&QueueName=x&Attribute.-1.Name=DelaySeconds&Attribute.-1.Value=1")]
    [InlineData("=&&&=&=x")]
    public async Task Forms_that_are_broken_are_the_clients_fault(string form)
    {
        WireAnswer answer = await server.FormAsync(form);

        Assert.Equal(400, answer.Status);
        await AssertServesAsync();
    }

    [Theory]
    [InlineData("MaxNumberOfMessages=many")]
    [InlineData("MaxNumberOfMessages=1.5")]
    [InlineData("MaxNumberOfMessages=99999999999999999999")]
    [InlineData("WaitTimeSeconds=")]
    [InlineData("VisibilityTimeout=+-1")]
    public async Task Numbers_in_forms_are_numbers(string parameter)
    {
        (_, string path) = await server.CreateQueueAsync();

        WireAnswer answer = await server.FormAsync($"Action=ReceiveMessage&{parameter}", path);

        Assert.Equal(400, answer.Status);
        Assert.Equal("Sender", answer.Text("Type"));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_whole()
    {
        (string url, string path) = await server.CreateQueueAsync();
        string padding = new('x', CallBytesMax);

        WireAnswer json = await server.JsonAsync("SendMessage", $$"""{"QueueUrl":"{{url}}","MessageBody":"{{padding}}"}""");
        WireAnswer form = await server.FormAsync($"Action=SendMessage&MessageBody={padding}", path);

        Assert.InRange(json.Status, 400, 499);
        Assert.InRange(form.Status, 400, 499);
        await AssertEmptyAsync(url);
    }

    [Fact]
    public async Task Thousands_of_attributes_are_refused_quickly()
    {
        (string url, string path) = await server.CreateQueueAsync();
        const int Count = 5_000;
        string json = string.Join(',', Enumerable.Range(0, Count).Select(each => $$"""{{WireServer.Quoted($"a{each}")}}:{"DataType":"String","StringValue":"x"}"""));
        var form = new StringBuilder("Action=SendMessage&MessageBody=x");
        for (int each = 1; each <= Count; each++)
            form.Append($"&MessageAttribute.{each}.Name=a{each}&MessageAttribute.{each}.Value.DataType=String&MessageAttribute.{each}.Value.StringValue=x");

        WireAnswer byJson = await server.JsonAsync("SendMessage", $$$"""{"QueueUrl":"{{{url}}}","MessageBody":"x","MessageAttributes":{{{{json}}}}}""").WaitAsync(TimeSpan.FromSeconds(10));
        WireAnswer byForm = await server.FormAsync(form.ToString(), path).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(400, byJson.Status);
        Assert.Equal(400, byForm.Status);
        await AssertEmptyAsync(url);
    }

    [Fact]
    public async Task Thousands_of_entries_and_names_are_refused_quickly()
    {
        (string url, _) = await server.CreateQueueAsync();
        string entries = string.Join(',', Enumerable.Range(0, 20_000).Select(each => $$"""{"Id":"i{{each}}","MessageBody":"x"}"""));
        string names = string.Join(',', Enumerable.Repeat("\"Name\"", 50_000));

        WireAnswer batch = await server.JsonAsync("SendMessageBatch", $$"""{"QueueUrl":"{{url}}","Entries":[{{entries}}]}""").WaitAsync(TimeSpan.FromSeconds(10));
        WireAnswer receive = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}","MessageAttributeNames":[{{names}}]}""").WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(400, batch.Status);
        Assert.InRange(receive.Status, 200, 499);
        await AssertEmptyAsync(url);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task Other_methods_are_refused(string method)
    {
        (_, string path) = await server.CreateQueueAsync();

        Assert.InRange((await server.SendAsync(new HttpMethod(method), path, null)).Status, 400, 499);
    }

    [Fact]
    public async Task An_unknown_name_is_shown_as_text_and_never_as_markup()
    {
        WireAnswer answer = await server.FormAsync($"Action={Uri.EscapeDataString("<b>&\u0001")}");

        Assert.InRange(answer.Status, 400, 499);
        Assert.DoesNotContain("<b>", answer.Body, StringComparison.Ordinal);
        Assert.NotNull(answer.XmlError.Code);
    }

    [Fact]
    public async Task A_body_in_chunks_is_taken()
    {
        using var content = new StreamContent(new MemoryStream("Action=ListQueues"u8.ToArray()));
        content.Headers.TryAddWithoutValidation("Content-Type", WireServer.FormType);

        WireAnswer answer = await server.SendAsync(HttpMethod.Post, "/", content, ("Transfer-Encoding", "chunked"), ("Expect", "100-continue"));

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task A_compressed_body_is_refused_and_not_read_as_it_is()
    {
        using ByteArrayContent content = WireServer.Content("Action=ListQueues"u8.ToArray(), WireServer.FormType);
        content.Headers.TryAddWithoutValidation("Content-Encoding", "gzip");

        Assert.InRange((await server.SendAsync(HttpMethod.Post, "/", content)).Status, 400, 499);
    }

    private async Task AssertServesAsync() => Assert.Equal(200, (await server.JsonAsync("ListQueues", """{"QueueNamePrefix":"none"}""")).Status);

    private async Task AssertEmptyAsync(string url)
    {
        WireAnswer answer = await server.JsonAsync("GetQueueAttributes", $$"""{"QueueUrl":"{{url}}","AttributeNames":["ApproximateNumberOfMessages"]}""");
        Assert.Equal("""{"Attributes":{"ApproximateNumberOfMessages":"0"}}""", answer.Body);
    }
}
