using System.Text.Json.Nodes;
using Messaging.Broker;
using Messaging.Broker.Subscriptions;
using Messaging.Push.Tests.Mail;
using Messaging.TestKit;

namespace Messaging.Push.Tests.Delivery;

/// <summary>Subscriptions that their receivers end by a link, and have back.</summary>
public sealed class FarewellTests
{
    private static readonly PushOptions Options = new() { AllowPrivateNetworks = true };

    [Fact]
    public async Task Who_ends_its_subscription_is_told_so_and_has_it_back_by_the_token()
    {
        var time = new ManualTimeProvider();
        await using var endpoint = new TestEndpoint((number, _) => number == 1 ? "503 Busy" : "200 OK");
        await using PushHarness harness = await PushHarness.StartAsync(Options, time: time);
        SubscriptionDescription subscription = await ConfirmedAsync(harness, time, endpoint);
        Assert.True((await harness.Broker.Farewells.EndAsync(subscription, default)).IsOk);
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await harness.Broker.Subscriptions.GetAsync(PushHarness.Key("s"), default)).Error?.Code);
        await endpoint.UntilAsync(2);
        // It was busy.
        IReadOnlyList<TestEndpoint.Received> all = await AdvanceUntilAsync(time, endpoint, 3);

        JsonNode document = JsonNode.Parse(all[2].Body)!;
        Assert.Equal(("UnsubscribeConfirmation", "UnsubscribeConfirmation"), (all[2].Header("x-amz-sns-message-type"), (string?)document["Type"]));
        Assert.EndsWith(subscription.Id.ToString(), all[2].Header("x-amz-sns-subscription-arn"), StringComparison.Ordinal);
        SignatureCheck.AssertSigned(document, harness.Broker.NotificationSigner!.CertificatePem);
        string token = (string)document["Token"]!;
        Assert.Contains($"Token={token}", (string?)document["SubscribeURL"], StringComparison.Ordinal);
        await harness.PublishAsync("meanwhile");

        // By the process that comes after this one, too.
        await harness.RestartAsync();
        Result<SubscriptionDescription> restored = await harness.Broker.Farewells.RestoreAsync(PushHarness.Topic, token, default);

        Assert.True(restored.IsOk, restored.Error?.Detail);
        Assert.Equal((subscription.Key, false, subscription.Definition), (restored.Value.Key, restored.Value.Pending, restored.Value.Definition));
        Assert.NotEqual(subscription.Id, restored.Value.Id);
        Assert.Equal("token", (await harness.Broker.Farewells.RestoreAsync(PushHarness.Topic, token, default)).Error?.Field);
        await harness.PublishAsync("again");
        Assert.Equal("again", (await endpoint.UntilAsync(4))[3].Body);
    }

    [Fact]
    public async Task A_token_is_good_for_two_days_and_for_a_name_that_nobody_has_taken()
    {
        var time = new ManualTimeProvider();
        await using var endpoint = new TestEndpoint();
        await using var other = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync(Options, time: time);
        SubscriptionDescription subscription = await ConfirmedAsync(harness, time, endpoint);
        Assert.True((await harness.Broker.Farewells.EndAsync(subscription, default)).IsOk);
        string token = (string)JsonNode.Parse((await endpoint.UntilAsync(2))[1].Body)!["Token"]!;
        await harness.SubscribeAsync("s", To(other.Url()) with { Confirmed = true });
        Assert.Equal(ErrorCode.PreconditionFailed, (await harness.Broker.Farewells.RestoreAsync(PushHarness.Topic, token, default)).Error?.Code);
        Assert.True((await harness.Broker.Subscriptions.DeleteAsync(PushHarness.Key("s"), default, default)).IsOk);

        time.Advance(TimeSpan.FromDays(2) + TimeSpan.FromSeconds(1));

        Assert.Equal("token", (await harness.Broker.Farewells.RestoreAsync(PushHarness.Topic, token, default)).Error?.Field);
        Assert.Equal("token", (await harness.Broker.Farewells.RestoreAsync(PushHarness.Topic, "x", default)).Error?.Field);
        // With the next one that ends, this one is forgotten.
        subscription = await ConfirmedAsync(harness, time, endpoint);
        Assert.True((await harness.Broker.Farewells.EndAsync(subscription, default)).IsOk);
        Assert.Single((await harness.Broker.Documents.ListAsync(new(PushHarness.Topic.Account, PushHarness.Topic.Namespace, "endedSubscription", ""), 10, null, default)).Value.Documents);
    }

    [Fact]
    public async Task A_mailbox_is_told_in_words_and_who_had_not_agreed_is_told_nothing()
    {
        await using var server = new TestMailServer();
        await using PushHarness harness = await PushHarness.StartAsync(mail: server.Options);
        SubscriptionDefinition mailbox = new() { Target = new SubscriptionTarget.OfMail("you@example.org", IsJson: false) };
        SubscriptionDescription pending = await harness.SubscribeAsync("pending", mailbox);
        await harness.UntilAsync("pending", report => report.Delivered == 1);
        Assert.True((await harness.Broker.Farewells.EndAsync(pending, default)).IsOk);

        SubscriptionDescription agreed = await harness.SubscribeAsync("s", mailbox with { Confirmed = true });
        Assert.True((await harness.Broker.Farewells.EndAsync(agreed, default)).IsOk);

        IReadOnlyList<SmtpScript> scripts = await server.UntilAsync(2);
        Assert.Equal(2, scripts.Count);
        Assert.Contains("Subject: AWS Notification - Unsubscribe Confirmation", scripts[1].Data, StringComparison.Ordinal);
        Assert.Contains("resubscribe", scripts[1].Data, StringComparison.Ordinal);
    }

    private static async Task<SubscriptionDescription> ConfirmedAsync(PushHarness harness, ManualTimeProvider time, TestEndpoint endpoint)
    {
        int before = endpoint.All.Count;
        await harness.SubscribeAsync("s", To(endpoint.Url()) with { Tags = new Dictionary<string, string> { ["a"] = "b" } });
        string token = (string)JsonNode.Parse((await AdvanceUntilAsync(time, endpoint, before + 1))[before].Body)!["Token"]!;
        Result<SubscriptionDescription> confirmed = await harness.Broker.Subscriptions.ConfirmAsync(PushHarness.Topic, null, token, default);
        Assert.True(confirmed.IsOk, confirmed.Error?.Detail);
        return confirmed.Value;
    }

    // The key that signs is made with the first subscription that needs it, while who delivers waits.
    private static async Task<IReadOnlyList<TestEndpoint.Received>> AdvanceUntilAsync(ManualTimeProvider time, TestEndpoint endpoint, int count)
    {
        for (int i = 0; i < 1_000 && endpoint.All.Count < count; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        }

        return await endpoint.UntilAsync(count);
    }

    private static SubscriptionDefinition To(string url) => new() { Target = new SubscriptionTarget.OfEndpoint(url), Raw = true };
}
