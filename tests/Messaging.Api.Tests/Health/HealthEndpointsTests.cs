using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Health;

public sealed class HealthEndpointsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Damage_that_was_found_is_told_and_the_server_stays_ready()
    {
        string queue = await server.CreateQueueAsync();
        byte[] body = "a message that the disk does not keep as it was"u8.ToArray();
        Assert.Equal(200, (await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent(body))).Status);
        Assert.Equal("ready", (await server.CallAsync("GET", "/health/ready")).Body);
        Damage(body);

        Answer received = await server.CallAsync("POST", queue + "/receive");

        Assert.Single(received.Json["damaged"]!.AsArray());
        Answer ready = await server.CallAsync("GET", "/health/ready");
        Assert.Equal((200, "ready; damaged blocks: 1"), (ready.Status, ready.Body));
    }

    private void Damage(byte[] body)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(server.Folder, "journal")))
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            byte[] start = new byte[1 << 20];
            stream.ReadExactly(start);
            int at = start.AsSpan().IndexOf(body);
            if (at < 0)
                continue;
            stream.Position = at;
            stream.WriteByte((byte)(body[0] ^ 1));
            return;
        }
        Assert.Fail("The message is nowhere in the journal.");
    }
}
