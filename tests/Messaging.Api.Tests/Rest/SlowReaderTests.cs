using System.Net.Sockets;
using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Answers that nobody reads have a bound over all connections, and a receive beyond it gives its messages back.</summary>
public sealed class SlowReaderTests(RunningServer server) : IClassFixture<RunningServer>
{
    // A control character takes six bytes of JSON: an answer of 72 MiB, of which two have room within the bound.
    private const int MessageBytes = 12 << 20;

    [Fact]
    public async Task Slow_readers_stay_bounded_and_nothing_is_lost()
    {
        string queue = await server.CreateQueueAsync($$"""{"maxMessageBytes":{{16 << 20}},"leaseSeconds":600}""");
        byte[] body = new byte[MessageBytes];
        body.AsSpan().Fill(1);
        for (int message = 0; message < 3; message++)
            Assert.Equal(200, (await server.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent(body))).Status);
        string small = await server.CreateQueueAsync();
        using (await ReceiveAndDoNotReadAsync(queue))
        using (await ReceiveAndDoNotReadAsync(queue))
        {
            Answer refused = await server.CallAsync("POST", queue + "/receive");
            Assert.Equal((429, "overloaded", null), refused.Problem);
            Assert.NotNull(refused.Response.Headers.RetryAfter);
            Assert.Equal((1, 2, 0), await server.CountsAsync(queue));
            await server.SendAndReceiveAsync(small);
        }

        Answer third = await ReceiveAgainAsync(queue);
        Assert.Equal(MessageBytes, third.Json["messages"]![0]!["body"]!.GetValue<string>().Length);
        // What was refused was no delivery.
        Assert.Equal(1, third.Json["messages"]![0]!["receiveCount"]!.GetValue<int>());
        Assert.Equal((0, 3, 0), await server.CountsAsync(queue));
    }

    private async Task<Socket> ReceiveAndDoNotReadAsync(string queue)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"POST {queue}/receive HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"));
        byte[] start = new byte[12];
        await socket.ReceiveAsync(start);
        Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(start));
        return socket;
    }

    // The server hears of a closed connection when it writes the next piece.
    private async Task<Answer> ReceiveAgainAsync(string queue)
    {
        Answer answer;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            answer = await server.CallAsync("POST", queue + "/receive");
        }
        while (answer.Status == 429);
        return answer;
    }
}
