using System.Net.Sockets;
using System.Text;
using Messaging.TestKit.Processes;

namespace Messaging.Api.Tests.Rest;

/// <summary>Clients that leave in the middle of a body are nobody's fault: the log says nothing of them, and others are served.</summary>
public sealed class BrokenBodyTests
{
    [Fact]
    public async Task Clients_that_leave_in_the_middle_of_a_body_leave_no_line_in_the_log()
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = await ServerProcess.StartAsync(new ServerStart(folder["data"]));
        using var client = new HttpClient { BaseAddress = server.Address };
        (await client.PutAsync("/v1/topics/t", new StringContent("{}", Encoding.UTF8, "application/json"))).EnsureSuccessStatusCode();
        foreach (string head in (string[])
            [
                "POST /v1/topics/t/records/raw HTTP/1.1\r\n", "POST /v1/topics/t/records HTTP/1.1\r\nContent-Type: application/json\r\n",
                "POST / HTTP/1.1\r\nContent-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.SendMessage\r\n",
            ])
        {
            foreach (int sent in (int[])[0, 4, 100_000])
            {
                await BreakOffAsync(server, head, sent, LingerOption(seconds: null));
                await BreakOffAsync(server, head, sent, LingerOption(seconds: 0));
            }
        }

        using HttpResponseMessage published = await client.PostAsync("/v1/topics/t/records/raw", new StringContent("after"));
        Assert.True(published.IsSuccessStatusCode);
        server.Terminate();
        Assert.Equal(0, await server.ExitAsync(TimeSpan.FromSeconds(30)));
        Assert.DoesNotContain("warn:", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
    }

    // Null: the usual end of a connection; 0: it is reset.
    private static LingerOption LingerOption(int? seconds) => new(enable: seconds is not null, seconds ?? 0);

    private static async Task BreakOffAsync(ServerProcess server, string head, int sent, LingerOption end)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = end };
        await socket.ConnectAsync(server.Address.Host, server.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"{head}Host: localhost\r\nExpect: 100-continue\r\nContent-Length: 200000\r\n\r\n"));
        // The call is being read when the server asks for the body.
        byte[] answer = new byte[100];
        int read = await socket.ReceiveAsync(answer);
        Assert.StartsWith("HTTP/1.1 100 ", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        await socket.SendAsync(new byte[sent]);
    }
}
