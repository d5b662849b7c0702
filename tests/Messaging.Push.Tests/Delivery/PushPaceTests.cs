using Messaging.Broker.Deliveries;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Mail;
using Messaging.Push.Tests.Mail;
using Messaging.TestKit;

namespace Messaging.Push.Tests.Delivery;

/// <summary>When deliveries are made, by a clock of the test's; and mails.</summary>
public sealed class PushPaceTests
{
    private static readonly PushOptions Options = new() { AllowPrivateNetworks = true };

    [Fact]
    public async Task A_delivery_is_tried_again_when_its_schedule_says_and_given_up_after_the_last_time()
    {
        var time = new ManualTimeProvider();
        await using var endpoint = new TestEndpoint((_, _) => "503 Busy");
        await using PushHarness harness = await PushHarness.StartAsync(Options, time: time);
        await harness.SubscribeAsync("s", To(endpoint.Url()));

        await harness.PublishAsync("a");
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            DeliveryReport report = await harness.UntilAsync("s", report => report.Failed == attempt);
            Assert.Equal((attempt, report.Latest[0].AtMs + 20_000), (endpoint.All.Count, report.Latest[0].NextAttemptMs));
            time.Advance(TimeSpan.FromMilliseconds(19_990));
            Assert.Equal(attempt, endpoint.All.Count);
            time.Advance(TimeSpan.FromMilliseconds(20));
        }

        DeliveryReport last = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal((4, 1, DeliveryVerdict.GiveUp), (endpoint.All.Count, last.Dropped, last.Latest[0].Verdict));
    }

    [Fact]
    public async Task A_subscription_gets_no_more_in_a_second_than_its_policy_allows()
    {
        var time = new ManualTimeProvider();
        await using var endpoint = new TestEndpoint();
        await using var free = new TestEndpoint();
        await using PushHarness harness = await PushHarness.StartAsync(Options, time: time);
        await harness.SubscribeAsync("slow", To(endpoint.Url()) with { DeliveryPolicy = new DeliveryPolicy { MaxReceivesPerSecond = 2 } });
        await harness.SubscribeAsync("free", To(free.Url()));

        await harness.PublishAsync("a", "b", "c", "d");

        await free.UntilAsync(4);
        for (int count = 1; count <= 4; count++)
        {
            await harness.UntilAsync("slow", report => report.Delivered == count);
            Assert.Equal(count, endpoint.All.Count);
            time.Advance(TimeSpan.FromMilliseconds(510));
        }
    }

    [Fact]
    public async Task A_mail_that_takes_longer_than_an_endpoint_may_is_sent_once()
    {
        // Longer than two attempts to reach an endpoint, which a lease was.
        await using var server = new TestMailServer(pause: TimeSpan.FromMilliseconds(1_500));
        var options = new PushOptions { AllowPrivateNetworks = true, AttemptTimeout = TimeSpan.FromMilliseconds(100) };
        await using PushHarness harness = await PushHarness.StartAsync(options, server.Options);
        await harness.SubscribeAsync("s", new SubscriptionDefinition { Target = new SubscriptionTarget.OfMail("you@example.org", IsJson: false), Confirmed = true });

        await harness.PublishAsync("a");

        DeliveryReport report = await harness.UntilAsync("s", report => report.Waiting == 0);
        Assert.Equal((1, 0, 1), (report.Delivered, report.Failed, report.Latest[0].Attempt));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_mailbox_is_asked_in_words_and_then_gets_the_text_of_messages()
    {
        await using var server = new TestMailServer();
        await using PushHarness harness = await PushHarness.StartAsync(mail: server.Options);
        await harness.SubscribeAsync("s", new SubscriptionDefinition { Target = new SubscriptionTarget.OfMail("you@example.org", IsJson: false) });
        await harness.UntilAsync("s", report => report.Delivered == 1);
        string question = (await server.UntilAsync(1))[0].Data.Replace("=\r\n", "", StringComparison.Ordinal);
        int start = question.IndexOf("Token=", StringComparison.Ordinal) + 6;
        // Quoted-printable has "=3D" for "=".
        string token = question[start..].TrimStart('3', 'D')[..64];

        Assert.True((await harness.Broker.Subscriptions.ConfirmAsync(PushHarness.Topic, null, token, default)).IsOk);
        await harness.PublishAsync(PushHarness.Record("the text") with { Subject = "about it" });

        await harness.UntilAsync("s", report => report.Delivered == 2);
        IReadOnlyList<SmtpScript> scripts = await server.UntilAsync(2);
        Assert.Contains("Subject: about it", scripts[1].Data, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nthe text", scripts[1].Data, StringComparison.Ordinal);
    }

    private static SubscriptionDefinition To(string url) => new() { Target = new SubscriptionTarget.OfEndpoint(url), Confirmed = true };
}
