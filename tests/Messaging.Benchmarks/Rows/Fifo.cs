using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.InProcess;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;
using static System.FormattableString;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// Clients that send 10, receive 10 and acknowledge 10 over REST on a FIFO queue that holds a million messages in 10,000 groups, against the same on a standard queue
/// that holds a million, and on a FIFO queue that is empty; messages of 100 bytes. Backlog and sends go around the groups, the 10 messages of a send to 10 groups,
/// so that the 10 of a receive, which are of one group while there is a backlog, lie far from each other. A group of which another client has messages delivers
/// nothing: receives that got less than 10, or nothing, are counted.
/// </summary>
internal sealed class Fifo : IRow
{
    private const long Queued = 1_000_000;
    private const int Groups = 10_000;
    private const int MessageBytes = 100;

    public string Name => "fifo";

    public string Summary => "send 10, receive 10 and acknowledge 10 on a FIFO queue with 10,000 groups and 1 million queued, against a standard queue and an empty one";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        long queued = Math.Min(options.Messages, Queued);
        string fifoFolder = await BrokerProcess.LoadFifoFolderAsync(data.New("fifo"), queued, Groups, MessageBytes);
        string standardFolder = await BrokerProcess.LoadFolderAsync(data.New("standard"), queued, 1, MessageBytes);
        using Clients fifo = await Clients.StartAsync($"FIFO, {queued:N0} queued", fifoFolder, isFifo: true);
        using (Clients standard = await Clients.StartAsync($"standard, {queued:N0} queued", standardFolder, isFifo: false))
        {
            yield return await CompareAsync(Name, Goal.AtLeast(0.5, 0.8), fifo, standard, options);
        }

        using (Clients empty = await Clients.StartAsync("FIFO, empty", data.New("empty"), isFifo: true))
        {
            yield return await CompareAsync(Name + "/backlog", Goal.AtLeast(0.8, 0.95), fifo, empty, options);
            using Clients standard = await Clients.StartAsync("standard, empty", data.New("empty"), isFifo: false);
            yield return await CompareAsync(Name + "/empty", Goal.None, empty, standard, options);
        }

        DataFolder.Delete(fifoFolder);
        DataFolder.Delete(standardFolder);
    }

    private static async Task<RowResult> CompareAsync(string name, Goal goal, Clients ours, Clients theirs, RunOptions options)
    {
        Paired paired = await Paired.RunAsync(options.Pairs, (ours.Name, ours.RunAsync), (theirs.Name, theirs.RunAsync), options.Seconds);
        return paired.Ratio(name, goal, "messages/s", sample => sample.Rate) with { Notes = [await ours.TellAsync(), await theirs.TellAsync(), $"CPU of the server per message: {CpuOf(paired.Ours)} against {CpuOf(paired.Theirs)} us"] };
    }

    private static string CpuOf(List<Sample> samples) => Invariant($"{RowResult.MedianOf([.. samples.Select(sample => sample.CpuMicroseconds)]):F1}");

    /// <summary>A server on a folder, and those who send to its queue and receive.</summary>
    private sealed class Clients : IDisposable
    {
        private const int Count = 16;
        private const int Batch = 10;

        private static readonly string Queue = BrokerHost.NameOf(0);

        private readonly ServerProcess _server;
        private readonly HttpLoad _load;
        private readonly List<ConsumeScript> _scripts = [];

        private Clients(string name, ServerProcess server, byte[][] sends)
        {
            (Name, _server) = (name, server);
            _load = new HttpLoad(server.Port, Count, client =>
            {
                _scripts.Add(new ConsumeScript(Queue, Batch, sends, client * sends.Length / Count));
                return _scripts[^1];
            });
        }

        public string Name { get; }

        public static async Task<Clients> StartAsync(string name, string folder, bool isFifo)
        {
            ServerProcess server = await ServerProcess.StartAsync(folder);
            await server.CreateQueueAsync(Queue, isFifo ? """{"type":"fifo"}""" : "{}");
            return new Clients(name, server, isFifo ? HttpRequest.SendsToGroups(Queue, Batch, MessageBytes, Groups) : [HttpRequest.Send(Queue, Batch, MessageBytes)]);
        }

        public async Task<Sample> RunAsync(double seconds)
        {
            double before = _server.CpuSeconds;
            LoadSample sample = await _load.RunAsync(seconds);
            return sample.PerMessage with { CpuMicroseconds = (_server.CpuSeconds - before) * 1e6 / sample.Messages };
        }

        /// <summary>What it did in all its runs so far.</summary>
        public async Task<string> TellAsync()
        {
            int receives = _scripts.Sum(script => script.Receives), empty = _scripts.Sum(script => script.Empty);
            double messages = _scripts.Sum(script => script.Received) / (double)Math.Max(1, receives - empty);
            return Invariant($"{Name}: {receives:N0} receives, {empty:N0} of them found nothing, the others {messages:F1} messages; {await _server.ReadyAsync(Queue):N0} are queued now");
        }

        public void Dispose()
        {
            _load.Dispose();
            _server.Dispose();
        }
    }
}
