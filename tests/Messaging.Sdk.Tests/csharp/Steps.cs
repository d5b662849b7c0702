// What a user of C# does with the client that Kiota generates: Steps <url> <id:secret>; or what docs/sdks.md has of it: Steps page. It ends with "done", or with the exception that says what was otherwise.
using System.Net.Http.Headers;
using System.Text;
using Messaging.Client;
using Messaging.Client.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;

if (args is ["page"])
{
    await Page.RunAsync();
    return;
}
using var http = new HttpClient();
http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(args[1])));
using var adapter = new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http) { BaseUrl = args[0] };
var client = new MessagingClient(adapter);

// A message from end to end.
var queue = client.V1.Queues[$"q-{Guid.NewGuid()}"];
Expect(60, (await queue.PutAsync(new QueueDefinition { LeaseSeconds = 60, MaxMessageBytes = 1024 }))!.LeaseSeconds);
SendResult sent = (await queue.Messages.PostAsync(
    new SendRequest { Messages = [new OutgoingMessage { Body = "hi" }] }, request => request.Headers.Add("Idempotency-Key", "once")))!.Results!.Single();
Expect((true, ""), (sent.Id.HasValue, $"{sent.Error?.Code}"));
ReceivedMessage message = (await queue.Receive.PostAsync(new ReceiveRequest { Max = 10, WaitSeconds = 5 }))!.Messages!.Single();
Expect((sent.Id, "hi", 1), (message.Id, message.Body, message.ReceiveCount));
var extended = await queue.Extend.PostAsync(new ExtendRequest { Entries = [new ExtendEntry { Receipt = message.Receipt, LeaseSeconds = 600 }] });
Expect(null, extended!.Results!.Single().Error);
Expect((0, 1), await CountsAsync());
var acknowledged = await queue.Acknowledge.PostAsync(new AcknowledgeRequest { Receipts = [message.Receipt!] });
Expect(null, acknowledged!.Results!.Single().Error);
Expect((0, 0), await CountsAsync());

// Of many messages, one that fails says why.
List<SendResult> several = (await queue.Messages.PostAsync(
    new SendRequest { Messages = [new OutgoingMessage { Body = "short" }, new OutgoingMessage { Body = new string('x', 2000) }] }))!.Results!;
Expect((true, ""), (several[0].Id.HasValue, $"{several[0].Error?.Code}"));
Expect((false, "messageTooLarge", "messages[1]"), (several[1].Id.HasValue, several[1].Error?.Code, several[1].Error?.Field));

// A patch of tags, which merges them.
await queue.PatchAsync(new QueuePatch { Tags = new TagsPatch { AdditionalData = { ["team"] = "orders" } } });
Expect("orders", (await queue.GetAsync())!.Tags!.AdditionalData["team"]);
await queue.PatchAsync(new QueuePatch { Tags = new TagsPatch { AdditionalData = { ["team"] = null! } } });
Expect(0, (await queue.GetAsync())!.Tags!.AdditionalData.Count);

// A record, fetched and then followed as a stream.
string name = $"t-{Guid.NewGuid()}";
var topic = client.V1.Topics[name];
const long Wide = 5_000_000_000;
Expect(Wide, (await topic.PutAsync(new TopicDefinition { Partitions = 1, Cleanup = CleanupPolicy.Delete, RetentionBytes = Wide }))!.RetentionBytes);
Expect((0, 0, ""), await PublishAsync("a"));
FetchResponse page = (await topic.Partitions[0].Records.GetAsync(request => request.QueryParameters.Offset = "earliest"))!;
Expect(("a", 0), (page.Records!.Single().Body, page.Records!.Single().Offset));
RequestInformation follow = topic.Partitions[0].Records.ToGetRequestInformation();
follow.Headers.Clear();
follow.Headers.Add("Accept", "application/x-ndjson");
using var lines = new StreamReader((await adapter.SendPrimitiveAsync<Stream>(follow))!);
Expect(true, (await lines.ReadLineAsync())!.Contains("\"body\":\"a\""));
Expect((0, 1, ""), await PublishAsync("b"));
Expect(true, (await lines.ReadLineAsync())!.Contains("\"body\":\"b\""));

// The same road, to a partition.
PartitionPublishResponse? there = await topic.Partitions[0].Records.PostAsync(new PublishRequest { Records = [new OutgoingRecord { Body = "c" }] });
Expect((0, 2), (there!.Results!.Single().Partition, there.Results!.Single().Offset));

// A group goes on at a word, and at an offset.
var group = client.V1.Groups[$"g-{Guid.NewGuid()}"];
Expect(0, await ResetAsync(new ResetPoint { String = "earliest" }));
Expect(1, await ResetAsync(new ResetPoint { Int64 = 1 }));

// A group fetches by lease, and commits by the token.
var fetchers = client.V1.Groups[$"g-{Guid.NewGuid()}"];
GroupFetchResponse fetched = (await fetchers.Fetch.PostAsync(new GroupFetchRequest { Topics = [name], Max = 2, WaitSeconds = 5 }))!;
Expect("a b", string.Join(' ', fetched.Records!.Select(static record => record.Body)));
await fetchers.Commit.PostAsync(new CommitRequest { Token = fetched.CommitToken });
Expect((2L, 1L), (await fetchers.Offsets.GetAsync())!.Offsets!.Select(static offset => (offset.Offset, offset.Lag)).Single());

// A subscription of the queue, which gets what its filter lets through.
string subscribed = $"q-{Guid.NewGuid()}";
await client.V1.Queues[subscribed].PutAsync(new QueueDefinition());
var wanted = new SubscriptionFilter { Policy = new FilterPolicy { AdditionalData = { ["kind"] = new UntypedArray([new UntypedString("order")]) } } };
await topic.Subscriptions["orders"].PutAsync(new SubscriptionDefinition { Target = new SubscriptionTarget { Queue = subscribed }, Filter = wanted, Raw = true });
await topic.Records.PostAsync(new PublishRequest { Records = [Of("invoice"), Of("order")] });
ReceivedMessage copy = (await client.V1.Queues[subscribed].Receive.PostAsync(new ReceiveRequest { Max = 10, WaitSeconds = 20 }))!.Messages!.Single();
Expect("an order", copy.Body);

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

static OutgoingRecord Of(string kind)
{
    var attribute = new UntypedObject(new Dictionary<string, UntypedNode> { ["type"] = new UntypedString("string"), ["value"] = new UntypedString(kind) });
    return new OutgoingRecord { Body = $"an {kind}", Attributes = new Attributes { AdditionalData = { ["kind"] = attribute } } };
}

async Task<(long?, long?)> CountsAsync()
{
    QueueCounts counts = (await queue.GetAsync())!.Counts!;
    return (counts.Ready, counts.Leased);
}

async Task<long?> ResetAsync(ResetPoint to) =>
    (await group.Reset.PostAsync(new ResetGroupRequest { To = to, Topics = [new ResetTarget { Topic = name, Partition = 0 }] }))!.Offsets!.Single().Offset;

async Task<(int?, long?, string)> PublishAsync(string body)
{
    PublishResult result = (await topic.Records.PostAsync(new PublishRequest { Records = [new OutgoingRecord { Body = body }] }))!.Results!.Single();
    return (result.Partition, result.Offset, $"{result.Error?.Code}");
}

// As text: what is generated has a null where a literal has none.
static void Expect(object? expected, object? actual)
{
    if ($"{expected}" != $"{actual}") throw new InvalidOperationException($"Expected {expected}, and it was {actual}.");
}
