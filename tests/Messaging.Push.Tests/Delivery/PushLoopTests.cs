using System.Text.Json.Nodes;
using Messaging.Broker;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;

namespace Messaging.Push.Tests.Delivery;

public sealed class PushLoopTests
{
    private static readonly DeliveryPolicy Soon = Policy("""{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":3,"numNoDelayRetries":3}}""");

    [Fact]
    public async Task A_raw_message_arrives_as_it_was_published()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url("/in?a=b")));

        await harness.PublishAsync(PushHarness.Record("grüße") with { ContentType = "application/x-own" });

        TestEndpoint.Received request = (await endpoint.UntilAsync(1))[0];
        Assert.Equal(("POST /in?a=b HTTP/1.1", "grüße", "application/x-own", "true", "Notification"), (
            request.Head.Split("\r\n")[0], request.Body, request.Header("Content-Type"), request.Header("x-amz-sns-rawdelivery"), request.Header("x-amz-sns-message-type")));
        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal((1, 0, 0, 0), (report.Delivered, report.Failed, report.DeadLettered, report.Dropped));
        Assert.Equal((DeliveryVerdict.Delivered, 200, 1, null), (report.Latest[0].Verdict, report.Latest[0].Status, report.Latest[0].Attempt, report.Latest[0].NextAttemptMs));
    }

    [Fact]
    public async Task A_notification_is_signed_and_says_what_it_is()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { Raw = false });

        await harness.PublishAsync(PushHarness.Record("hello") with { Subject = "about it" });

        TestEndpoint.Received request = (await endpoint.UntilAsync(1))[0];
        JsonNode document = JsonNode.Parse(request.Body)!;
        Assert.Equal(("Notification", "hello", "about it", "text/plain; charset=UTF-8"), (
            (string?)document["Type"], (string?)document["Message"], (string?)document["Subject"], request.Header("Content-Type")));
        Assert.Equal(request.Header("x-amz-sns-message-id"), (string?)document["MessageId"]);
        Assert.Equal(request.Header("x-amz-sns-topic-arn"), (string?)document["TopicArn"]);
        Assert.Contains((string?)request.Header("x-amz-sns-subscription-arn") ?? "none", (string?)document["UnsubscribeURL"], StringComparison.Ordinal);
        SignatureCheck.AssertSigned(document, harness.Broker.NotificationSigner!.CertificatePem);
    }

    [Fact]
    public async Task An_endpoint_is_asked_first_and_gets_what_is_published_once_it_has_confirmed()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync();
        Assert.True((await harness.SubscribeAsync("s", To(endpoint.Url()) with { Confirmed = false })).Pending);
        await harness.PublishAsync("too early");

        JsonNode question = JsonNode.Parse((await endpoint.UntilAsync(1))[0].Body)!;
        Assert.Equal("SubscriptionConfirmation", (string?)question["Type"]);
        Assert.Contains($"Token={question["Token"]}", (string?)question["SubscribeURL"], StringComparison.Ordinal);
        SignatureCheck.AssertSigned(question, harness.Broker.NotificationSigner!.CertificatePem);
        string token = (string)question["Token"]!;
        Assert.Equal("token", (await harness.Broker.Subscriptions.ConfirmAsync(PushHarness.Topic, null, token[..^1] + (token[^1] == '0' ? '1' : '0'), default)).Error?.Field);
        Assert.False((await harness.Broker.Subscriptions.ConfirmAsync(PushHarness.Topic, null, token, default)).Value.Pending);
        Assert.False((await harness.Broker.Subscriptions.ConfirmAsync(PushHarness.Topic, PushHarness.Key("s").Name, token, default)).Value.Pending);

        await harness.PublishAsync("in time");
        Assert.Equal("in time", (await endpoint.UntilAsync(2))[1].Body);
        // Another target has not agreed to anything, and the old token is none of its.
        Assert.True((await harness.SubscribeAsync("s", To(endpoint.Url("/other")) with { Confirmed = false })).Pending);
        Assert.Equal("token", (await harness.Broker.Subscriptions.ConfirmAsync(PushHarness.Topic, null, token, default)).Error?.Field);
    }

    [Fact]
    public async Task A_failed_delivery_is_tried_again_by_the_schedule_until_it_arrives()
    {
        await using var endpoint = new TestEndpoint((number, _) => number < 2 ? "503 Busy" : "200 OK");
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { DeliveryPolicy = Soon });

        await harness.PublishAsync("a");

        await endpoint.UntilAsync(3);
        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal([DeliveryVerdict.Delivered, DeliveryVerdict.TryAgain, DeliveryVerdict.TryAgain], report.Latest.Select(one => one.Verdict));
        Assert.Equal([3, 2, 1], report.Latest.Select(one => one.Attempt));
        Assert.Equal(
            ["Deliveries of the subscription 000000000000/default/t/s fail: status, status 503. Its deliveries tell more.", "Deliveries of the subscription 000000000000/default/t/s arrive again."],
            harness.Log.Lines);
        Assert.NotNull(report.Latest[1].NextAttemptMs);
    }

    [Theory]
    [InlineData("404 Not Found", 1, "404")]
    [InlineData("500 Broken", 4, "500")]
    [InlineData("302 Found", 4, "302")]
    [InlineData("429 Slow Down", 4, "429")]
    public async Task What_is_given_up_goes_to_the_dead_letter_queue_with_its_reason(string status, int attempts, string code)
    {
        await using var endpoint = new TestEndpoint((_, _) => status);
        await using PushHarness harness = await PushHarness.StartAsync();
        QueueKey dead = await harness.CreateQueueAsync("dead");
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { DeliveryPolicy = Soon, DeadLetter = dead.Name });

        await harness.PublishAsync("a");

        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal((attempts, 1, 0), (endpoint.All.Count, report.DeadLettered, report.Dropped));
        (string body, Dictionary<string, string> attributes) = Assert.Single(await harness.ReceiveAsync(dead));
        Assert.Equal(("a", code), (body, attributes["ErrorCode"]));
        Assert.Contains(code, attributes["ErrorMessage"], StringComparison.Ordinal);
        Assert.Equal(36, attributes["RequestID"].Length);
    }

    [Fact]
    public async Task What_can_not_be_read_is_over_and_what_comes_after_it_arrives()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()));
        Assert.True((await harness.Broker.Subscriptions.PauseAsync(PushHarness.Key("s"), isPaused: true, default)).IsOk);
        await harness.PublishAsync(new string('x', 1 << 20));
        harness.FailJournalReads(from: 300_000, to: 900_000);

        Assert.True((await harness.Broker.Subscriptions.PauseAsync(PushHarness.Key("s"), isPaused: false, default)).IsOk);
        await harness.UntilAsync("s", report => report.Waiting == 0);
        await harness.PublishAsync("b");

        Assert.Equal(["b"], (await endpoint.UntilAsync(1)).Select(one => one.Body));
    }

    [Fact]
    public async Task Attempts_that_end_soon_after_a_stop_count_and_what_has_not_begun_is_due_at_once()
    {
        using var stop = new ManualResetEventSlim();
        await using var endpoint = new TestEndpoint((number, _) =>
        {
            if (number == 0) stop.Wait(TimeSpan.FromSeconds(10));
            return "200 OK";
        });
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()));
        await harness.PublishAsync("a", "b", "c");
        await endpoint.UntilAsync(1);

        Task restart = harness.RestartAsync();
        stop.Set();
        await restart;

        // Long before any lease has ended.
        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal(["a", "b", "c"], endpoint.Bodies.Order());
        Assert.True(report.Delivered <= 2, "The first one arrived before the restart, and the report is of this process.");
    }

    [Fact]
    public async Task A_dead_letter_queue_that_is_a_FIFO_one_by_now_gets_nothing_that_nobody_would_receive()
    {
        await using var endpoint = new TestEndpoint((_, _) => "410 Gone");
        await using PushHarness harness = await PushHarness.StartAsync();
        QueueKey dead = await harness.CreateQueueAsync("dead");
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { DeadLetter = dead.Name });
        Assert.True((await harness.Broker.Queues.DeleteAsync(dead, default)).IsOk);
        Assert.True((await harness.Broker.Queues.PutAsync(dead, new QueueDefinition { Type = QueueType.Fifo }, default)).IsOk);

        await harness.PublishAsync("a");

        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal((0, 1), (report.DeadLettered, report.Dropped));
    }

    [Fact]
    public async Task Without_a_dead_letter_queue_it_is_dropped_and_counted()
    {
        await using var endpoint = new TestEndpoint((_, _) => "410 Gone");
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()));

        await harness.PublishAsync("a");

        Assert.Equal((0, 1), ((await harness.UntilAsync("s", report => report.Waiting == 0)).DeadLettered, (await harness.ReportAsync("s")).Dropped));
    }

    [Fact]
    public async Task An_address_of_a_private_network_is_refused_and_the_message_given_up()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync(new PushOptions());
        QueueKey dead = await harness.CreateQueueAsync("dead");
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { DeadLetter = dead.Name });

        await harness.PublishAsync("a");

        await harness.UntilAsync("s", report => report.DeadLettered == 1);
        Assert.Equal("addressRefused", Assert.Single(await harness.ReceiveAsync(dead)).Attributes["ErrorCode"]);
        Assert.Empty(endpoint.All);
    }

    [Fact]
    public async Task A_dead_endpoint_and_a_hanging_one_delay_nobody_else()
    {
        await using var healthy = new TestEndpoint();
        await using var hanging = new TestEndpoint((_, _) => null);
        await using PushHarness harness = await PushHarness.StartAsync(new PushOptions { AllowPrivateNetworks = true, AttemptTimeout = TimeSpan.FromSeconds(60), Concurrency = 16 });
        await harness.SubscribeAsync("hanging", To(hanging.Url()));
        await harness.SubscribeAsync("dead", To("http://127.0.0.1:1/"));
        await harness.SubscribeAsync("healthy", To(healthy.Url()));

        await harness.PublishAsync([.. Enumerable.Range(0, 200).Select(i => $"{i}")]);

        await healthy.UntilAsync(200);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}").Order(), healthy.Bodies.Order());
        Assert.InRange(hanging.All.Count, 1, PushLimits.WindowStart);
    }

    [Fact]
    public async Task A_paused_subscription_gathers_and_goes_on_where_it_was()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()));
        Assert.True((await harness.Broker.Subscriptions.PauseAsync(PushHarness.Key("s"), isPaused: true, default)).IsOk);

        await harness.PublishAsync("a", "b");

        Assert.Equal(2, (await harness.ReportAsync("s")).Waiting);
        await harness.RestartAsync();
        Assert.Empty(endpoint.All);
        Assert.True((await harness.Broker.Subscriptions.PauseAsync(PushHarness.Key("s"), isPaused: false, default)).IsOk);
        await endpoint.UntilAsync(2);
        Assert.Equal(["a", "b"], endpoint.Bodies.Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_outlives_a_restart_and_a_kill(bool isKilled)
    {
        bool isUp = false;
        await using var endpoint = new TestEndpoint((_, _) => Volatile.Read(ref isUp) ? "200 OK" : "503 Busy");
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { DeliveryPolicy = Policy("""{"healthyRetryPolicy":{"minDelayTarget":1,"maxDelayTarget":1,"numRetries":100}}""") });
        await harness.PublishAsync("a", "b", "c");
        await endpoint.UntilAsync(3);

        if (isKilled) await harness.KillAsync();
        else await harness.RestartAsync();
        Volatile.Write(ref isUp, true);

        await harness.UntilAsync("s", report => report is { Waiting: 0, Delivered: 3 });
        Assert.Equal(["a", "b", "c"], endpoint.Bodies.TakeLast(3).Order());
    }

    [Fact]
    public async Task A_filter_says_what_is_pushed_and_a_deleted_subscription_gets_nothing()
    {
        await using var endpoint = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync();
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { Filter = new SubscriptionFilter(Broker.Filters.FilterScope.Body, """{"a":["yes"]}""") });

        await harness.PublishAsync("""{"a":"no"}""", """{"a":"yes"}""");
        await harness.UntilAsync("s", report => report is { Waiting: 0, Delivered: 1 });
        Assert.True((await harness.Broker.Subscriptions.DeleteAsync(PushHarness.Key("s"), default, default)).IsOk);
        await harness.PublishAsync("""{"a":"yes"}""");
        await harness.RestartAsync();

        Assert.Equal(["""{"a":"yes"}"""], endpoint.Bodies);
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await harness.Broker.Deliveries.ReportAsync(PushHarness.Key("s"), default)).Error?.Code);
        Assert.True((await harness.Broker.Topics.DeleteAsync(PushHarness.Topic, default, default)).IsOk);
    }

    [Fact]
    public async Task A_function_gets_the_event_of_an_invocation_and_a_gateway_what_it_needs()
    {
        await using var function = new TestEndpoint();
        await using var gateway = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync(new PushOptions { AllowPrivateNetworks = true, GatewayUrl = new Uri(gateway.Url("/gate")) });
        await harness.SubscribeAsync("f", new SubscriptionDefinition { Target = new SubscriptionTarget.OfFunction(function.Url("/f")) });
        await harness.SubscribeAsync("g", new SubscriptionDefinition { Target = new SubscriptionTarget.OfGateway(GatewayProtocol.Sms, "+4930123456") });

        await harness.PublishAsync("hello");

        JsonNode record = JsonNode.Parse((await function.UntilAsync(1))[0].Body)!["Records"]![0]!;
        Assert.Equal(("aws:sns", "hello", "Event"), ((string?)record["EventSource"], (string?)record["Sns"]!["Message"], function.All[0].Header("X-Amz-Invocation-Type")));
        JsonNode message = JsonNode.Parse((await gateway.UntilAsync(1))[0].Body)!;
        Assert.Equal(("sms", "+4930123456", "hello"), ((string?)message["protocol"], (string?)message["endpoint"], (string?)message["notification"]!["Message"]));
    }

    private static SubscriptionDefinition To(string url) => new() { Target = new SubscriptionTarget.OfEndpoint(url), Confirmed = true };

    private static DeliveryPolicy Policy(string json) => DeliveryPolicyReader.ReadSubscription(json, isRaw: true).Value;
}
