using System.Net.Http.Headers;
using System.Text;
using Messaging.Benchmarks.Http;

namespace Messaging.Benchmarks.Processes;

/// <summary>Calls of Amazon SQS's JSON protocol that are not measured.</summary>
internal static class SqsQueues
{
    /// <summary>Creates a queue of the account that requests of <see cref="SqsRequest"/> have, in a server that is open, or one of others.</summary>
    public static async Task CreateAsync(HttpProcess server, string queue)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new StringContent($$"""{"QueueName":"{{queue}}"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/x-amz-json-1.0")),
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "AmazonSQS.CreateQueue");
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={SqsRequest.Account}/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0");
        using HttpResponseMessage response = await server.Client.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
