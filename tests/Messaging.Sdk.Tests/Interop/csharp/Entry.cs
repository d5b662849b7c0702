using System.Text.Json;
using Grpc.Net.Client;

namespace Orders.Scripts;

/// <summary>The words of the tests: scripted, breaking and steps; all others are the example's.</summary>
internal static class Entry
{
    public static async Task<int> Main(string[] args)
    {
        using GrpcChannel channel = Connection.Open();
        switch (args)
        {
            case ["scripted", string queue, string options]:
                await Program.UntilStoppedAsync(Scripted(channel, queue, JsonDocument.Parse(options).RootElement));
                return 0;
            case ["breaking"]:
                return await BreakingStream.RunAsync();
            case ["steps"]:
                return await new Steps(channel).RunAsync();
            default:
                return await Program.Main(args);
        }
    }

    // A consumer whose messages say what becomes of them: {"name":"a","seconds":5,"fails":1,"permanent":true}. It prints a line when a handler begins and ends, for the tests to wait for.
    private static Consumer Scripted(GrpcChannel channel, string queue, JsonElement options)
    {
        int Option(string name, int otherwise) => options.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : otherwise;
        return new Consumer(channel, queue, async message =>
        {
            JsonElement told = JsonDocument.Parse(message.Body.Memory).RootElement;
            int Number(string name) => told.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : 0;
            string? name = told.GetProperty("name").GetString();
            Console.WriteLine($"begin {name} {message.ReceiveCount}");
            await Task.Delay(TimeSpan.FromSeconds(Number("seconds")));
            if (told.TryGetProperty("permanent", out JsonElement permanent) && permanent.GetBoolean())
                throw new PermanentFailureException("as it was told");
            if (message.ReceiveCount <= Number("fails"))
                throw new InvalidOperationException("as it was told");
            Console.WriteLine($"done {name}");
        })
        {
            Prefetch = Option("prefetch", 10), LeaseSeconds = Option("leaseSeconds", 30), DrainSeconds = Option("drainSeconds", 20), RetrySeconds = static _ => 1,
        };
    }
}
