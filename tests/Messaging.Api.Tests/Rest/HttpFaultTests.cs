using System.Net.Sockets;
using System.Text;
using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>What is no well-formed HTTP is answered by Kestrel before any code of ours: a status without a body, as openapi.yaml says.</summary>
public sealed class HttpFaultTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("GET /v1/queues/a%00b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /v1/queues HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET /v1/queues HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400)]
    [InlineData("GET /v1/queues HTTP/1.1\r\nHost: localhost\r\nMessaging-Namespace: \u00ff\r\n\r\n", 400)]
    [InlineData("GET /v1/queues\r\n\r\n", 505)]
    [InlineData("GET /v1/queues?<8192> HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("GET /v1/queues HTTP/1.1\r\nHost: localhost\r\nX: <32768>\r\n\r\n", 431)]
    [InlineData("GET /v1/queues HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    public async Task It_has_its_status_and_no_body(string request, int status)
    {
        foreach (int length in (int[])[8_192, 32_768])
            request = request.Replace($"<{length}>", new string('x', length), StringComparison.Ordinal);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream);
        var answer = new StringBuilder();
        try
        {
            while (await reader.ReadLineAsync() is { } line)
                answer.Append(line).Append('\n');
        }
        catch (IOException)
        {
            // Closed with our bytes unread.
        }

        Assert.StartsWith($"HTTP/1.1 {status} ", answer.ToString(), StringComparison.Ordinal);
        Assert.Contains("Content-Length: 0\n", answer.ToString(), StringComparison.Ordinal);
    }
}
