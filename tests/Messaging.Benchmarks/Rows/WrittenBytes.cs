using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// What 64 senders of 1 KiB make the server write to files (wchar of /proc/PID/io: pads, leases, acknowledgements and checkpoints
/// included) per byte of message body: with consumers that keep up, and with a backlog that is flushed into packs. Runs of so many bytes
/// that several flushes fall into each, after as many unmeasured ones: journal files are filled with zeros once and then used for ever.
/// </summary>
internal sealed class WrittenBytes : IRow
{
    private const int Senders = 64;
    private const int Consumers = 16;
    private const int ConsumerBatch = 100;
    private const long BytesPerRun = 512L << 20;
    private const string Queue = "bytes";

    public string Name => "written-bytes";

    public string Summary => "bytes written per byte of message, consumed before the flush and flushed";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        yield return await MeasureAsync(Name + "/consumed", Goal.AtMost(1.5, 1.2), Consumers, options, data.New("consumed"));
        yield return await MeasureAsync(Name + "/flushed", Goal.AtMost(2.6, 2.2), 0, options, data.New("flushed"));
    }

    private static async Task<RowResult> MeasureAsync(string name, Goal goal, int consumers, RunOptions options, string folder)
    {
        using ServerProcess server = await ServerProcess.StartAsync(folder);
        await server.CreateQueueAsync(Queue);
        byte[] request = HttpRequest.Send(Queue, 1, RestSend.BodyBytes);
        using var sending = new HttpLoad(server.Port, Senders, _ => new SendScript(request, 1));
        using var consuming = new HttpLoad(server.Port, consumers, _ => new ConsumeScript(Queue, ConsumerBatch));
        var values = new List<double>();
        long sent = 0, consumed = 0;
        for (int run = 0; run <= options.Pairs; run++)
        {
            long before = server.WrittenBytes;
            long bytes = 0;
            while (bytes < BytesPerRun)
            {
                Task<LoadSample> consumption = consuming.RunAsync(1);
                LoadSample sample = await sending.RunAsync(1);
                sent += sample.Messages;
                consumed += (await consumption).Messages;
                bytes += sample.Messages * RestSend.BodyBytes;
            }

            if (run > 0)
            {
                values.Add((server.WrittenBytes - before) / (double)bytes);
            }
        }

        await server.StopAsync();
        DataFolder.Delete(folder);
        return new RowResult
        {
            Name = name,
            Goal = goal,
            Values = [.. values],
            Notes = [FormattableString.Invariant($"{sent:N0} messages sent, {consumed:N0} acknowledged")],
        };
    }
}
