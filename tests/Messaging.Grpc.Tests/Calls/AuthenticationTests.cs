using System.Net;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Messaging.Grpc.Tests.Wire;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Calls;

/// <summary>Closed mode: the same access keys as over REST, and accounts apart.</summary>
public sealed class AuthenticationTests(AuthenticationTests.Closed server) : IClassFixture<AuthenticationTests.Closed>
{
    private const string Id = "AKIAMESSAGING0000001", Secret = "a-secret-of-many-characters";

    [Fact]
    public async Task Who_has_no_key_is_told_so_on_calls_and_streams()
    {
        using var stream = server.Own.Queues.StreamSend();

        Assert.Equal((StatusCode.Unauthenticated, "unauthorized", null), (await Refused.ByAsync(server.Own.Queues.ListQueuesAsync(new ListQueuesRequest()))).Told);
        Assert.Equal((StatusCode.Unauthenticated, "unauthorized", null), (await Refused.ByAsync(stream.ResponseStream.MoveNext(CancellationToken.None))).Told);
        Assert.Equal((StatusCode.Unauthenticated, "unauthorized", null), (await Refused.ByAsync(server.Own.Queues.ListQueuesAsync(new ListQueuesRequest(), Header(Id, Secret + ".")))).Told);
    }

    [Fact]
    public async Task Who_has_no_key_is_refused_by_what_the_call_says_and_not_what_it_sends()
    {
        // The beginning of a message of 18 MiB of which the rest never comes.
        using UnendingRequest request = await UnendingRequest.StartAsync(server.Own.Address, 18 * 1024 * 1024);

        Assert.Equal($"{(int)StatusCode.Unauthenticated}", await request.AnswerAsync());
    }

    [Fact]
    public async Task A_refusal_for_want_of_a_key_is_a_trailers_only_answer()
    {
        RawAnswer answer = await RawCall.SendAsync(server.Own.Address, "/messaging.v1.QueueService/ListQueues", RawCall.Frame([0xff]));

        Assert.Equal((HttpStatusCode.OK, $"{(int)StatusCode.Unauthenticated}", true), (answer.Http, answer.Status, answer.IsTrailersOnly));
    }

    [Fact]
    public async Task Who_has_one_calls_for_its_account()
    {
        string name = GrpcServer.NewName();

        await server.Own.Queues.PutQueueAsync(new PutQueueRequest { Queue = name }, Header(Id, Secret));

        Assert.Contains((await server.Own.Queues.ListQueuesAsync(new ListQueuesRequest(), Header(Id, Secret))).Queues, queue => queue.Name == name);
    }

    [Fact]
    public async Task Who_has_one_may_send_what_is_large()
    {
        string name = GrpcServer.NewName();
        await server.Own.Queues.PutQueueAsync(new PutQueueRequest { Queue = name, Definition = new QueueDefinition { MaxMessageBytes = 16 * 1024 * 1024 } }, Header(Id, Secret));
        var large = new SendMessagesRequest { Queue = name, Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[8 * 1024 * 1024]) } } };
        // What is there for those without a key is not what it takes.
        using (new FullBudget(server.Own.Budgets.UnknownBodies))
            Assert.Null((await server.Own.Queues.SendMessagesAsync(large, Header(Id, Secret))).Results.Single().Error);

        Message received = (await server.Own.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = name }, Header(Id, Secret))).Messages.Single();

        Assert.Equal(large.Messages.Single().Body, received.Body);
    }

    [Fact]
    public async Task Health_needs_no_key() =>
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(server.Own.Channel).CheckAsync(new HealthCheckRequest())).Status);

    private static Metadata Header(string id, string secret) => new() { { "authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}")) } };

    /// <summary>A server with one key, by its settings.</summary>
    public sealed class Closed : IAsyncLifetime
    {
        internal GrpcServer Own { get; } = new(
            TimeProvider.System, "--Messaging:Auth:Mode=Closed", $"--Messaging:Auth:AccessKeyId={Id}", $"--Messaging:Auth:SecretAccessKey={Secret}", "--Messaging:Auth:Account=210987654321");

        public Task InitializeAsync() => Own.InitializeAsync();

        public Task DisposeAsync() => Own.DisposeAsync();
    }
}
