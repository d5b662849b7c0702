using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>Builds requests as bytes, once.</summary>
internal static class HttpRequest
{
    public static byte[] Post(string path, string json) => Post(path, Encoding.UTF8.GetBytes(json));

    public static byte[] Post(string path, ReadOnlySpan<byte> json)
    {
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
        return [.. head, .. json];
    }

    /// <summary>A send of so many messages of so many bytes of text.</summary>
    public static byte[] Send(string queue, int messages, int bytes)
    {
        string message = $$"""{"body":"{{new string('x', bytes)}}"}""";
        return Post($"/v1/queues/{queue}/messages", $$"""{"messages":[{{string.Join(',', Enumerable.Repeat(message, messages))}}]}""");
    }
}
