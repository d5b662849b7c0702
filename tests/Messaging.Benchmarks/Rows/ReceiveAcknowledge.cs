using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Clients that receive 10 and acknowledge 10, against as many clients that send 10, in messages of 1 KiB per second over REST, on one
/// queue. The sending side keeps the queue filled: enough is sent ahead that a receive always finds messages.
/// </summary>
internal sealed class ReceiveAcknowledge : IRow
{
    private const int Clients = 16;
    private const int Batch = 10;
    private const string Queue = "both";

    public string Name => "receive-acknowledge";

    public string Summary => "receive 10 and acknowledge 10 over REST, against send 10, at 16 clients each, in messages";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await server.CreateQueueAsync(Queue);
        byte[] request = HttpRequest.Send(Queue, Batch, RestSend.BodyBytes);
        using var senders = new HttpLoad(server.Port, Clients, _ => new SendScript(request, Batch));
        var scripts = new List<ConsumeScript>();
        using var consumers = new HttpLoad(server.Port, Clients, _ =>
        {
            scripts.Add(new ConsumeScript(Queue, Batch));
            return scripts[^1];
        });
        await senders.RunAsync(options.Seconds);
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("receive 10, acknowledge 10", async seconds => (await consumers.RunAsync(seconds)).PerMessage),
            ("send 10", async seconds => (await senders.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.45, 0.6), "messages/s", sample => sample.Rate) with
        {
            Notes = [$"{scripts.Sum(script => script.Empty)} receives found nothing; latencies are per request, of which the consumers make two for 10 messages"],
        };
        await server.StopAsync();
    }
}
