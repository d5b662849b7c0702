using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Messages of 1 KiB that wait in a delivery queue, pushed to an endpoint on this machine with keep-alive, against the bare client that makes the same posts: as they are, and as signed notifications against the client that
/// makes and signs the same documents.
/// </summary>
internal sealed class Push : IRow
{
    // About what each side makes on two processors, so that a run takes the seconds that are asked for.
    private const int PostsPerSecond = 20_000, SignedPerSecond = 4_000;

    public string Name => "push";

    public string Summary => "deliveries of 1 KiB to a local endpoint, unsigned and signed, against the bare client of HTTP doing the same posts";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        yield return await MeasureAsync(Name, Goal.AtLeast(0.6, 0.8), isSigned: false, options, data);
        yield return await MeasureAsync(Name + "/signed", Goal.AtLeast(0.7, 0.9), isSigned: true, options, data);
    }

    private static async Task<RowResult> MeasureAsync(string name, Goal goal, bool isSigned, RunOptions options, DataFolder data)
    {
        int perSecond = isSigned ? SignedPerSecond : PostsPerSecond;
        string folder = data.New("push");
        RowResult result;
        using (BareEndpointProcess sink = await BareEndpointProcess.StartAsync())
        {
            await using PushedTopic pushed = await PushedTopic.OpenAsync(folder, $"http://127.0.0.1:{sink.Port}/", isSigned);
            using var bare = new BarePosts($"http://127.0.0.1:{sink.Port}/", isSigned);
            Paired paired = await Paired.RunAsync(
                options.Pairs,
                ("push", seconds => RunAsync((int)(seconds * perSecond), pushed.PrepareAsync, pushed.PushAsync)),
                ("bare client", seconds => RunAsync((int)(seconds * perSecond), static _ => Task.CompletedTask, bare.PostAsync)),
                options.Seconds);
            result = paired.Ratio(name, goal, "posts/s", static sample => sample.Rate);
        }

        DataFolder.Delete(folder);
        return result;
    }

    private static async Task<Sample> RunAsync(int count, Func<int, Task> prepare, Func<int, Task> run)
    {
        await prepare(count);
        long started = TimeProvider.System.GetTimestamp();
        await run(count);
        return new Sample(count / TimeProvider.System.GetElapsedTime(started).TotalSeconds, new Latencies());
    }
}
