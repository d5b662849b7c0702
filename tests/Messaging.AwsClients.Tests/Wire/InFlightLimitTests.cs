namespace Messaging.AwsClients.Tests.Wire;

/// <summary>
/// How many messages may be in flight: 120,000, with an error on standard queues and an empty answer on FIFO ones. Sources: Amazon SQS Developer Guide,
/// "Amazon SQS message quotas" (in-flight messages per queue); API Reference, "ReceiveMessage", OverLimit.
/// </summary>
[Collection(InFlightLimitGroup.Name)]
public sealed class InFlightLimitTests(WireServer server)
{
    private const int InFlightMax = 120_000;
    private const int BatchMax = 10;
    private const int Callers = 16;

    [Fact]
    public async Task A_standard_queue_refuses_a_receive_over_the_limit()
    {
        (string url, _) = await server.CreateQueueAsync();
        await FillAsync(url, _ => "");

        WireAnswer over = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""");

        // 403 is documented for Query; what AWS JSON has is not.
        Assert.Contains(over.Status, (int[])[400, 403]);
        Assert.Equal("com.amazonaws.sqs#OverLimit", over.JsonError.Type);
        Assert.Equal("OverLimit;Sender", over.Headers["x-amzn-query-error"]);
    }

    [Fact]
    public async Task A_fifo_queue_answers_nothing_over_the_limit()
    {
        WireAnswer created = await server.JsonAsync("CreateQueue", """{"QueueName":"in-flight.fifo","Attributes":{"FifoQueue":"true","ContentBasedDeduplication":"true"}}""");
        string url = created.Json["QueueUrl"]!.GetValue<string>();
        await FillAsync(url, batch => $",\"MessageGroupId\":\"g{batch}\"");

        WireAnswer over = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}"}""");

        Assert.Equal((200, "{}"), (over.Status, over.Body));
    }

    // All that may be in flight is, and one batch more is ready.
    private async Task FillAsync(string url, Func<int, string> rest)
    {
        await ManyAsync(InFlightMax / BatchMax + 1, batch => SendAsync(url, batch, rest(batch)));
        await ManyAsync(InFlightMax / BatchMax, _ => ReceiveAsync(url));
    }

    private async Task SendAsync(string url, int batch, string rest)
    {
        string entries = string.Join(',', Enumerable.Range(0, BatchMax).Select(each => $$"""{"Id":"i{{each}}","MessageBody":"{{batch}}-{{each}}"{{rest}}}"""));
        WireAnswer answer = await server.JsonAsync("SendMessageBatch", $$"""{"QueueUrl":"{{url}}","Entries":[{{entries}}]}""");
        Assert.Equal(200, answer.Status);
    }

    private async Task ReceiveAsync(string url)
    {
        WireAnswer answer = await server.JsonAsync("ReceiveMessage", $$"""{"QueueUrl":"{{url}}","MaxNumberOfMessages":{{BatchMax}},"VisibilityTimeout":43200}""");
        Assert.Equal((200, BatchMax), (answer.Status, answer.Json["Messages"]?.AsArray().Count ?? 0));
    }

    private static async Task ManyAsync(int count, Func<int, Task> call)
    {
        int next = -1;
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (int each = Interlocked.Increment(ref next); each < count; each = Interlocked.Increment(ref next))
                await call(each);
        }));
    }
}

/// <summary>By themselves, when the others are through: they load the machine, and the others look at the clock.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InFlightLimitGroup : ICollectionFixture<WireServer>
{
    public const string Name = "in flight";
}
