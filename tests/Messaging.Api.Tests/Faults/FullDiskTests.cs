using System.Net;
using Messaging.TestKit;
using Messaging.TestKit.Histories;
using Messaging.TestKit.Processes;
using Xunit.Abstractions;

namespace Messaging.Api.Tests.Faults;

/// <summary>A small volume that is filled to its end by sends. Small storage options, so that all of the engine's files take part.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const string Queue = "full";
    private const long VolumeBytes = 192L << 20;
    private const int MessageBytes = 60_000;
    private const int BatchMessages = 8;
    private const int Senders = 3;
    private readonly ClientHistory _history = new();

    [RequiresFact("root", "loop devices", "mkfs.ext4")]
    public async Task A_full_disk_refuses_sends_and_nothing_else_and_takes_them_again_when_there_is_space()
    {
        await using LoopVolume volume = await LoopVolume.CreateAsync(VolumeBytes);
        var start = new ServerStart(volume.Data)
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Messaging:Storage:JournalSlotBytes"] = $"{4 << 20}",
                ["Messaging:Storage:JournalSlots"] = "10",
                ["Messaging:Storage:CheckpointBytes"] = $"{16 << 20}",
                ["Messaging:Storage:PackBytesTarget"] = $"{8 << 20}",
                ["Messaging:Storage:DiskReserveBytes"] = $"{32 << 20}",
                ["Messaging:Storage:BallastBytes"] = $"{8 << 20}",
            },
        };
        await using (ServerProcess server = await ServerProcess.StartAsync(start))
        {
            using var client = new QueueClient(server.Address, Queue);
            await client.PutAsync();
            await FillAsync(server);
            output.WriteLine($"full after {_history.Sends.Count(send => send.Outcome == Outcome.Succeeded)} messages, {Free(volume) >> 20} MiB free");
            await ConsumeAsync(server, 200);
            await server.KillHardAsync();
        }

        // Full, and killed while it was.
        await using (ServerProcess server = await ServerProcess.StartAsync(start))
        {
            await FillAsync(server);
            await ConsumeAsync(server, 200);
            server.Terminate();
            Assert.Equal(0, await server.ExitAsync(Run.Timeout));
        }

        await using (ServerProcess server = await ServerProcess.StartAsync(start))
        {
            await QueueDrain.RunAsync(server.Address, Queue, _history, Run.Clock);
            await SendAgainAsync(server);
            await QueueDrain.RunAsync(server.Address, Queue, _history, Run.Clock);
            await Run.StopsSoundAsync(server, volume.Data);
            output.WriteLine($"at the end {Free(volume) >> 20} MiB free");
            Assert.Equal(0, _history.Faults);
            Run.Holds(_history);
        }
    }

    // Until each sender is refused, which must happen before there can be no room any more.
    private async Task FillAsync(ServerProcess server)
    {
        int seed = Run.Seed();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(number => Task.Run(async () =>
        {
            var random = new Random(seed + number);
            using var client = new RecordedQueue(server.Address, Queue, _history, Run.Clock);
            for (int batch = 0; batch < VolumeBytes / MessageBytes; batch++)
            {
                if (await SendAsync(client, $"{seed}-{number}-{batch}", random) is not { } refused) continue;
                Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
                Assert.Equal("diskFull", refused.Code);
                Assert.True(refused.RetryAfter > TimeSpan.Zero);
                return;
            }

            Assert.Fail("The disk is full for long, and sends are still taken.");
        })));
    }

    private async Task<RefusedException?> SendAsync(RecordedQueue client, string key, Random random)
    {
        var messages = Enumerable.Range(0, BatchMessages)
            .Select(index => $"{key}-{index}").Select(name => (name, MessageBodies.MakeText(name, MessageBytes, random), 0));
        Assert.True(await client.SendAsync([.. messages]), "The server is gone.");
        return client.Refused;
    }

    private async Task ConsumeAsync(ServerProcess server, int messages)
    {
        using var client = new RecordedQueue(server.Address, Queue, _history, Run.Clock);
        for (int done = 0; done < messages;)
        {
            IReadOnlyList<Delivery>? deliveries = await client.ReceiveAsync(20, waitSeconds: 1, leaseSeconds: 30);
            Assert.NotEmpty(deliveries!);
            done += deliveries!.Count;
            Assert.True(await client.AcknowledgeAsync(deliveries) && client.Refused is null);
        }
    }

    private async Task SendAgainAsync(ServerProcess server)
    {
        using var client = new RecordedQueue(server.Address, Queue, _history, Run.Clock);
        int seed = Run.Seed();
        long began = Run.Clock.GetTimestamp();
        for (int batch = 0; await SendAsync(client, $"{seed}-again-{batch}", new Random(seed)) is { } refused; batch++)
        {
            Assert.True(Run.Clock.GetElapsedTime(began) < Run.Timeout, $"Everything is consumed, and sends are still refused: {refused.Message}\n{server.Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Run.Clock, CancellationToken.None);
        }
    }

    private static long Free(LoopVolume volume) => new DriveInfo(volume.Root).AvailableFreeSpace;
}
