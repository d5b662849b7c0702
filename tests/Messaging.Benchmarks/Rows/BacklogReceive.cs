using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Clients that send 10, receive 10 and acknowledge 10 over REST, on a server whose queue holds 10 million messages, against a server
/// whose queue is empty; messages of 100 bytes on both. Receives take the oldest: from packs on the one, just sent on the other.
/// </summary>
internal sealed class BacklogReceive : IRow
{
    private const int Clients = 16;
    private const int Batch = 10;
    private const int MessageBytes = 100;

    public string Name => "backlog-receive";

    public string Summary => "send 10, receive 10 and acknowledge 10 with 10 million queued, against an empty queue";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        string queue = BrokerHost.NameOf(0);
        string folder = await BrokerProcess.LoadFolderAsync(data.New("backlog"), options.Messages, 1, MessageBytes);
        using ServerProcess full = await ServerProcess.StartAsync(folder);
        using ServerProcess empty = await ServerProcess.StartAsync(data.New("empty"));
        await empty.CreateQueueAsync(queue);
        byte[][] sends = [HttpRequest.Send(queue, Batch, MessageBytes)];
        using var onFull = new HttpLoad(full.Port, Clients, _ => new ConsumeScript(queue, Batch, sends));
        using var onEmpty = new HttpLoad(empty.Port, Clients, _ => new ConsumeScript(queue, Batch, sends));
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ($"{options.Messages:N0} queued", async seconds => (await onFull.RunAsync(seconds)).PerMessage),
            ("empty queue", async seconds => (await onEmpty.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(0.75, 0.9), "messages/s", sample => sample.Rate);
        await full.StopAsync();
        await empty.StopAsync();
        DataFolder.Delete(folder);
    }
}
