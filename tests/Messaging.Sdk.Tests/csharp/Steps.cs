// What a user of C# does with the client that Kiota generates: Steps <url> <id:secret>. It ends with "done", or with the exception that says what was otherwise.
using System.Net.Http.Headers;
using System.Text;
using Messaging.Client;
using Messaging.Client.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

using var http = new HttpClient();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(args[1])));
using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = args[0] };
var client = new MessagingClient(adapter);

// A message from end to end.
var queue = client.V1.Queues[$"q-{Guid.NewGuid()}"];
Expect(60, (await queue.PutAsync(new QueueDefinition { LeaseSeconds = 60 }))!.LeaseSeconds);
Expect(1, (await queue.Messages.PostAsync(
    new SendRequest { Messages = [new OutgoingMessage { Body = "hi" }] }, request => request.Headers.Add("Idempotency-Key", "once")))!.Results!.Count);
ReceivedMessage message = (await queue.Receive.PostAsync(new ReceiveRequest { Max = 10, WaitSeconds = 5 }))!.Messages!.Single();
Expect(("hi", 1), (message.Body, message.ReceiveCount));
var extended = await queue.Extend.PostAsync(new ExtendRequest { Entries = [new ExtendEntry { Receipt = message.Receipt, LeaseSeconds = 600 }] });
Expect(null, extended!.Results!.Single().Error);
Expect((0, 1), await CountsAsync());
var acknowledged = await queue.Acknowledge.PostAsync(new AcknowledgeRequest { Receipts = [message.Receipt!] });
Expect(null, acknowledged!.Results!.Single().Error);
Expect((0, 0), await CountsAsync());

// A record, fetched and then followed as a stream.
var topic = client.V1.Topics[$"t-{Guid.NewGuid()}"];
await topic.PutAsync(new TopicDefinition { Partitions = 1 });
await PublishAsync("a");
FetchResponse page = (await topic.Partitions[0].Records.GetAsync(request => request.QueryParameters.Offset = "earliest"))!;
Expect(("a", 0), (page.Records!.Single().Body, page.Records!.Single().Offset));
RequestInformation follow = topic.Partitions[0].Records.ToGetRequestInformation();
follow.Headers.Clear();
follow.Headers.Add("Accept", "application/x-ndjson");
using var lines = new StreamReader((await adapter.SendPrimitiveAsync<Stream>(follow))!);
Expect(true, (await lines.ReadLineAsync())!.Contains("\"body\":\"a\""));
await PublishAsync("b");
Expect(true, (await lines.ReadLineAsync())!.Contains("\"body\":\"b\""));

// A refusal is a typed problem.
try
{
    await client.V1.Queues["missing"].GetAsync();
    throw new InvalidOperationException("It was not refused.");
}
catch (Problem problem)
{
    Expect(("queueNotFound", 404), (problem.Code, problem.Status));
}

Console.WriteLine("done");

async Task<(int?, int?)> CountsAsync()
{
    QueueCounts counts = (await queue.GetAsync())!.Counts!;
    return (counts.Ready, counts.Leased);
}

Task PublishAsync(string body) => topic.Records.PostAsync(new PublishRequest { Records = [new OutgoingRecord { Body = body }] });

// As text: what is generated has a null where a literal has none.
static void Expect(object? expected, object? actual)
{
    if ($"{expected}" != $"{actual}") throw new InvalidOperationException($"Expected {expected}, and it was {actual}.");
}
