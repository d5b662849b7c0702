using System.Text;
using Messaging.Benchmarks.InProcess;

namespace Messaging.Benchmarks.Http;

/// <summary>Builds requests as bytes, once.</summary>
internal static class HttpRequest
{
    public static byte[] Post(string path, string json) => Post(path, Encoding.UTF8.GetBytes(json));

    public static byte[] Post(string path, ReadOnlySpan<byte> body, string mediaType = "application/json")
    {
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {mediaType}\r\nContent-Length: {body.Length}\r\n\r\n");
        return [.. head, .. body];
    }

    /// <summary>A send of so many messages of so many bytes of text.</summary>
    public static byte[] Send(string queue, int messages, int bytes) =>
        Send(queue, Enumerable.Repeat($$"""{"body":"{{new string('x', bytes)}}"}""", messages));

    /// <summary>Sends that together go once through all groups; the messages of one send are of as many groups, far from each other.</summary>
    public static byte[][] SendsToGroups(string queue, int messages, int bytes, int groups)
    {
        string body = new('x', bytes);
        int sends = groups / messages;
        return
        [
            .. Enumerable.Range(0, sends).Select(send => Send(queue, Enumerable.Range(0, messages).Select(message =>
                $$"""{"body":"{{body}}","group":"{{MessagePattern.GroupOf((message * sends) + send)}}"}"""))),
        ];
    }

    private static byte[] Send(string queue, IEnumerable<string> messages) =>
        Post($"/v1/queues/{queue}/messages", $$"""{"messages":[{{string.Join(',', messages)}}]}""");
}
