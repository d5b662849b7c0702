using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// 16 clients that receive 10 messages of 1 KiB and delete them as a batch by Amazon SQS's JSON protocol, in messages, against the requests of one message that the bare endpoint parses for as many clients. Before each
/// run enough is sent that receives always find messages.
/// </summary>
internal sealed class SqsReceiveDelete : IRow
{
    private const string Queue = "both";
    private const int Clients = 16;
    private const int Batch = 10;

    /// <summary>Seconds of sending for each second of receiving: sends are faster than receives and deletes together.</summary>
    private const double SendFactor = 1.3;

    public string Name => "sqs-receive-delete";

    public string Summary => "receive 10 and delete 10 by SQS's JSON protocol at 16 clients, in messages, against a bare Kestrel endpoint's requests of one";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await SqsQueues.CreateAsync(server, Queue);
        using BareEndpointProcess bare = await BareEndpointProcess.StartAsync();
        byte[] batch = SqsRequest.SendBatch(Queue, Batch, RestSend.BodyBytes);
        byte[] single = SqsRequest.Send(Queue, RestSend.BodyBytes, signed: false);
        var scripts = new List<SqsConsumeScript>();
        using var senders = new HttpLoad(server.Port, Clients, _ => new SendScript(batch, Batch));
        using var toBare = new HttpLoad(bare.Port, Clients, _ => new SendScript(single, 1));
        using var consumers = new HttpLoad(server.Port, Clients, _ =>
        {
            scripts.Add(new SqsConsumeScript(Queue, Batch));
            return scripts[^1];
        });
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("receive 10, delete 10", async seconds =>
            {
                await senders.RunAsync(SendFactor * seconds);
                return (await consumers.RunAsync(seconds)).PerMessage;
            }),
            ("bare endpoint", async seconds => (await toBare.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(1, 1.5), "messages/s", sample => sample.Rate) with
        {
            Notes = [$"{scripts.Sum(script => script.Empty)} receives found nothing; latencies are per request, of which the consumers make two for 10 messages"],
        };
        await server.StopAsync();
    }
}
