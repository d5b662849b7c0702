using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// The built server over 10 million messages in 10,000 queues, as many in each: from the start of the process to the first acknowledged
/// send, after a clean stop and after SIGKILL under load. Before each start the folder's clean pages leave the page cache, as after a
/// boot; what was dirty at the kill stays in the cache, which only a real power cut could lose.
/// </summary>
internal sealed class Restart : IRow
{
    private const int MessageBytes = 100;

    public string Name => "restart";

    public string Summary => "from start to first acknowledged send with 10 million messages and 10,000 queues, after a clean stop and a kill";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        string folder = await BrokerProcess.LoadFolderAsync(data.New("restart"), options.Messages, options.Queues, MessageBytes);
        yield return await MeasureAsync(Name + "/clean", Goal.AtMost(2, 0.5), options, folder, async (server, load) =>
        {
            await load.RunAsync(options.Seconds);
            load.Dispose();
            await server.StopAsync();
        });
        yield return await MeasureAsync(Name + "/killed", Goal.AtMost(5, 3), options, folder, async (server, load) =>
        {
            Task<LoadSample> running = load.RunAsync(options.Seconds * 10);
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
            await server.KillAsync();
            await running.ContinueWith(ended => ended.Exception, TaskScheduler.Default);
            load.Dispose();
        });
        DataFolder.Delete(folder);
    }

    private static async Task<RowResult> MeasureAsync(string name, Goal goal, RunOptions options, string folder, Func<ServerProcess, HttpLoad, Task> end)
    {
        byte[] request = HttpRequest.Send(BrokerHost.NameOf(0), 1, RestSend.BodyBytes);
        var starts = new List<double>();
        var ends = new List<double>();
        for (int run = 0; run <= options.Pairs; run++)
        {
            DataFolder.ForgetPages(folder);
            using ServerProcess server = ServerProcess.Begin(folder);
            TimeSpan started = await server.UntilAnsweredAsync(_ => server.SendOneAsync(BrokerHost.NameOf(0)));
            if (run > 0)
            {
                starts.Add(started.TotalSeconds);
            }

            using var load = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(request, 1));
            long begun = TimeProvider.System.GetTimestamp();
            await end(server, load);
            ends.Add(TimeProvider.System.GetElapsedTime(begun).TotalSeconds - options.Seconds);
        }

        return new RowResult
        {
            Name = name,
            Goal = goal,
            Unit = "s",
            Values = [.. starts],
            Notes = [Invariant($"each after {options.Seconds} s of sends on {RestSend.Connections} connections; the end took {RowResult.MedianOf([.. ends]):F2} s ({ends.Min():F2} to {ends.Max():F2})")],
        };
    }
}
