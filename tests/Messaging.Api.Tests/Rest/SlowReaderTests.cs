using System.Net.Sockets;
using System.Text;
using Messaging.Api.Tests.Hosting;
using Messaging.TestKit;

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Small_answers_and_documents_that_nobody_reads_have_their_time_as_well(bool isDocument)
    {
        // More than what the system buffers of a connection.
        const int Calls = 300, AnswerBytes = 30_000;
        var clock = new ManualTimeProvider();
        var own = new RunningServer(clock);
        await own.InitializeAsync();
        try
        {
            string queue = await own.CreateQueueAsync();
            Assert.Equal(200, (await own.CallAsync("POST", queue + "/messages/raw", new ByteArrayContent(new byte[AnswerBytes]))).Status);
            string call = $"GET {(isDocument ? "/openapi.yaml" : queue + "/messages")} HTTP/1.1\r\nHost: localhost\r\n\r\n";
            int timers = clock.ActiveTimers;
            using Socket socket = await ConnectAsync(own);
            await socket.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(call, Calls))));
            // One waits to be written when nothing more is buffered.
            for (int waits = 0; waits < 10; waits = clock.ActiveTimers > timers ? waits + 1 : 0) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);

            clock.Advance(TimeSpan.FromSeconds(120));

            Assert.InRange(await ReadAsync(socket, Calls * AnswerBytes), 0, (Calls * AnswerBytes) - 1);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    // So much, or what there is until the server has cut it.
    private static async Task<int> ReadAsync(Socket socket, int bytes)
    {
        byte[] buffer = new byte[1 << 20];
        int all = 0;
        try
        {
            for (int read = 1; read > 0 && all < bytes; all += read) read = await socket.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            // In the middle of an answer.
        }
        return all;
    }

    private static async Task<Socket> ConnectAsync(RunningServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        return socket;
    }

    private async Task<Socket> ReceiveAndDoNotReadAsync(string queue)
    {
        Socket socket = await ConnectAsync(server);
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
