using System.Runtime.InteropServices;
using Grpc.Net.Client;

namespace Orders;

/// <summary>dotnet run -- produce orders first second; dotnet run -- consume orders</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        using GrpcChannel channel = Connection.Open();
        switch (args)
        {
            case ["produce", string queue, .. { Length: > 0 } bodies]:
                await Producer.SendAsync(channel, queue, bodies);
                return 0;
            case ["consume", string queue]:
                await UntilStoppedAsync(new Consumer(channel, queue, message =>
                {
                    Console.WriteLine($"received {message.Body.ToStringUtf8()}");
                    return Task.CompletedTask;
                }));
                return 0;
            default:
                Console.Error.WriteLine("usage: produce <queue> <body>... | consume <queue>");
                return 2;
        }
    }

    /// <summary>Runs until SIGTERM or Ctrl+C, and until what is in work is done or given back.</summary>
    public static async Task UntilStoppedAsync(Consumer consumer)
    {
        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await consumer.RunAsync(stop.Token);
    }
}
