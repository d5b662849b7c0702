using Messaging.Benchmarks.Http;
using Messaging.Benchmarks.Measuring;
using Messaging.Benchmarks.Processes;

namespace Messaging.Benchmarks.Rows;

/// <summary>
/// SendMessages of 1 KiB by Amazon SQS's JSON protocol on 64 connections, against an emulator that keeps its messages in SQLite (<see cref="EmulatorProcess"/>): what those have who want SQS outside of AWS today.
/// </summary>
internal sealed class SqsEmulator : IRow
{
    private const string Queue = "sends";

    public string Name => "sqs-emulator";

    public string Summary => "SendMessages of 1 KiB by SQS's JSON protocol on 64 connections, against the emulator fauxqs with its SQLite persistence";

    public async IAsyncEnumerable<RowResult> RunAsync(RunOptions options, DataFolder data)
    {
        if (EmulatorProcess.WhyNot() is { } reason)
        {
            Console.Error.WriteLine($"{Name} is left out: {reason}");
            yield break;
        }

        using ServerProcess server = await ServerProcess.StartAsync(data.New("server"));
        await SqsQueues.CreateAsync(server, Queue);
        using EmulatorProcess emulator = await EmulatorProcess.StartAsync(data.New("emulator"));
        await SqsQueues.CreateAsync(emulator, Queue);
        byte[] request = SqsRequest.Send(Queue, RestSend.BodyBytes, signed: false);
        // It gives every queue to the account 000000000000.
        byte[] theirs = SqsRequest.Send(Queue, RestSend.BodyBytes, signed: false, EmulatorProcess.Account);
        using var toServer = new HttpLoad(server.Port, RestSend.Connections, _ => new SendScript(request, 1));
        using var toEmulator = new HttpLoad(emulator.Port, RestSend.Connections, _ => new SendScript(theirs, 1));
        Paired paired = await Paired.RunAsync(
            options.Pairs,
            ("server", async seconds => (await toServer.RunAsync(seconds)).PerMessage),
            ("fauxqs", async seconds => (await toEmulator.RunAsync(seconds)).PerMessage),
            options.Seconds);
        yield return paired.Ratio(Name, Goal.AtLeast(8, 15), "sends/s", sample => sample.Rate);
        await server.StopAsync();
    }
}
