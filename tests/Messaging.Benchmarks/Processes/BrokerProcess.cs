using System.Globalization;
using System.Reflection;
using System.Threading.Channels;

namespace Messaging.Benchmarks.Processes;

/// <summary><see cref="BrokerHost"/> in a process of its own: this binary once more.</summary>
internal sealed class BrokerProcess : ChildProcess
{
    private readonly Channel<string> _answers = Channel.CreateUnbounded<string>();

    private BrokerProcess(string folder)
        : base(Assembly.GetExecutingAssembly().Location, AppContext.BaseDirectory, BrokerHost.Argument, folder)
    {
    }

    public static async Task<BrokerProcess> StartAsync(string folder)
    {
        var process = new BrokerProcess(folder);
        await process.AnswerAsync();
        return process;
    }

    /// <summary>A folder with so many messages of so many bytes, spread over the queues evenly, cleanly stopped.</summary>
    public static async Task<string> LoadFolderAsync(string folder, long messages, int queues, int bytes)
    {
        using BrokerProcess loader = await StartAsync(folder);
        await loader.DoAsync($"{BrokerHost.Create} {queues}");
        await loader.DoAsync($"{BrokerHost.Load} {messages} {queues} {bytes}");
        await loader.EndAsync();
        return folder;
    }

    /// <summary>The same with one FIFO queue, whose messages go around the groups.</summary>
    public static async Task<string> LoadFifoFolderAsync(string folder, long messages, int groups, int bytes)
    {
        using BrokerProcess loader = await StartAsync(folder);
        await loader.DoAsync($"{BrokerHost.CreateFifo} 1");
        await loader.DoAsync($"{BrokerHost.LoadGroups} {messages} {groups} {bytes}");
        await loader.EndAsync();
        return folder;
    }

    /// <summary>One command of <see cref="BrokerHost"/>; its number.</summary>
    public async Task<long> DoAsync(string command)
    {
        WriteLine(command);
        return long.Parse(await AnswerAsync(), CultureInfo.InvariantCulture);
    }

    /// <summary>Stops the broker cleanly, and waits for it.</summary>
    public Task EndAsync()
    {
        WriteLine(BrokerHost.Stop);
        return EndedAsync();
    }

    protected override void OnLine(string line) => _answers.Writer.TryWrite(line);

    protected override void OnEnd() => _answers.Writer.TryComplete();

    private async Task<string> AnswerAsync()
    {
        try
        {
            return await _answers.Reader.ReadAsync();
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"The broker's process ended: {Output}");
        }
    }
}
