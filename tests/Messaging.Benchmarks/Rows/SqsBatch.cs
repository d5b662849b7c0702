using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>SendMessageBatch of 10 messages of 1 KiB by Amazon SQS's JSON protocol, from 16 clients, in messages, against the requests of one message that the bare endpoint parses for as many clients.</summary>
internal sealed class SqsBatch : IRow
{
    private const string Queue = "batches";
    private const int Clients = 16;
    private const int Batch = 10;

    public string Name => "sqs-batch";

    public string Summary => "SendMessageBatch of 10 by SQS's JSON protocol from 16 clients, in messages, against a bare Kestrel endpoint's requests of one";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await SqsQueues.CreateAsync(server, Queue);
        using BareEndpointProcess bare = await BareEndpointProcess.StartAsync();
        byte[] batch = SqsRequest.SendBatch(Queue, Batch, RestSend.BodyBytes);
        byte[] single = SqsRequest.Send(Queue, RestSend.BodyBytes, signed: false);
        using var toServer = new HttpLoad(server.Port, Clients, _ => new SendScript(batch, Batch));
        using var toBare = new HttpLoad(bare.Port, Clients, _ => new SendScript(single, 1));
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", async seconds => (await toServer.RunAsync(seconds)).PerMessage),
            ("bare endpoint", async seconds => (await toBare.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(1.5, 2), "messages/s", sample => sample.Rate);
        await server.StopAsync();
    }
}
