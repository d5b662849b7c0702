using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>
/// Builds calls of Amazon SQS's JSON protocol as bytes, once: with the headers that SDKs send, unsigned or signed by Signature Version 4 for the one key below. A signature is good for 15 minutes, which is
/// longer than a row takes.
/// </summary>
internal static class SqsRequest
{
    public const string Account = "111122223333";
    public const string AccessKeyId = "AKIABENCHMARKS000001";
    public const string SecretAccessKey = "benchmarks/benchmarks/benchmarks/0123456";

    private const string Region = "us-east-1";
    private const string Host = "localhost";
    private const string JsonType = "application/x-amz-json-1.0";
    private const string SignedHeaders = "content-type;host;x-amz-date;x-amz-target";

    public static byte[] Of(string action, string json, bool signed)
    {
        var now = DateTimeOffset.UtcNow;
        string authorization = signed ? $"Authorization: {Sign(action, json, now)}\r\n" : $"Authorization: AWS4-HMAC-SHA256 Credential={Account}/20260101/{Region}/sqs/aws4_request, SignedHeaders=host, Signature=0\r\n";
        return Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: {Host}\r\nX-Amz-Target: AmazonSQS.{action}\r\nContent-Type: {JsonType}\r\nX-Amz-Date: {Time(now)}\r\n"
            + $"{authorization}Content-Length: {json.Length}\r\n\r\n{json}");
    }

    public static string QueueUrl(string queue, string account = Account) => $"http://{Host}/{account}/{queue}";

    /// <summary>A SendMessage of so many bytes of text.</summary>
    public static byte[] Send(string queue, int bytes, bool signed, string account = Account) =>
        Of("SendMessage", $$"""{"QueueUrl":"{{QueueUrl(queue, account)}}","MessageBody":"{{new string('x', bytes)}}"}""", signed);

    /// <summary>A SendMessageBatch of so many messages.</summary>
    public static byte[] SendBatch(string queue, int messages, int bytes)
    {
        string body = new('x', bytes);
        IEnumerable<string> entries = Enumerable.Range(0, messages).Select(index => $$"""{"Id":"{{index}}","MessageBody":"{{body}}"}""");
        return Of("SendMessageBatch", $$"""{"QueueUrl":"{{QueueUrl(queue)}}","Entries":[{{string.Join(',', entries)}}]}""", signed: false);
    }

    private static string Sign(string action, string json, DateTimeOffset now)
    {
        string date = now.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        string scope = $"{date}/{Region}/sqs/aws4_request";
        string canonical = $"POST\n/\n\ncontent-type:{JsonType}\nhost:{Host}\nx-amz-date:{Time(now)}\nx-amz-target:AmazonSQS.{action}\n\n{SignedHeaders}\n{Hex(SHA256.HashData(Encoding.ASCII.GetBytes(json)))}";
        string toSign = $"AWS4-HMAC-SHA256\n{Time(now)}\n{scope}\n{Hex(SHA256.HashData(Encoding.ASCII.GetBytes(canonical)))}";
        byte[] key = Encoding.ASCII.GetBytes("AWS4" + SecretAccessKey);
        foreach (string word in scope.Split('/'))
        {
            key = HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(word));
        }

        string signature = Hex(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(toSign)));
        return $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/{scope}, SignedHeaders={SignedHeaders}, Signature={signature}";
    }

    private static string Time(DateTimeOffset now) => now.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}
