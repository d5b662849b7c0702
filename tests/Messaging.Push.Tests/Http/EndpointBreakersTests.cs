using System.Text;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Http;
using Messaging.TestKit;

namespace Messaging.Push.Tests.Http;

public sealed class EndpointBreakersTests
{
    private static readonly PushOptions Options = new() { AllowPrivateNetworks = true };

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task An_endpoint_that_only_fails_is_left_alone_until_it_answers_again()
    {
        bool works = false;
        int requests = 0;
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            while (await ScriptedServer.ReadRequestAsync(stream, token) is not null)
            {
                requests++;
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {(works ? 200 : 503)} X\r\nContent-Length: 0\r\n\r\n"), token);
            }
        });
        using var client = new PushClient(Options, _time);
        for (int attempt = 0; attempt < PushLimits.BreakerAttemptsMin; attempt++) Assert.Equal(503, (await Post(client, server.Url("/a"))).Status);

        PushResult left = await Post(client, server.Url("/a"));
        Assert.Equal((PushFault.LeftAlone, DeliveryVerdict.NotTried), (left.Fault, left.Verdict));
        Assert.InRange(left.RetryAfter!.Value, TimeSpan.FromTicks(1), Options.BreakDuration);
        Assert.Equal(PushLimits.BreakerAttemptsMin, requests);

        // Another endpoint of the same host is another's.
        Assert.Equal(503, (await Post(client, server.Url("/b"))).Status);

        // One attempt is let through; it fails, and the endpoint is left alone again.
        _time.Advance(Options.BreakDuration);
        Assert.Equal(503, (await Post(client, server.Url("/a"))).Status);
        Assert.Equal(PushFault.LeftAlone, (await Post(client, server.Url("/a"))).Fault);

        works = true;
        _time.Advance(Options.BreakDuration);
        for (int attempt = 0; attempt < 3; attempt++) Assert.Equal(200, (await Post(client, server.Url("/a"))).Status);
    }

    [Fact]
    public async Task What_the_endpoint_refuses_for_good_is_no_failure_of_it()
    {
        await using ScriptedServer server = ScriptedServer.Answering("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        using var client = new PushClient(Options, _time);

        for (int attempt = 0; attempt < 2 * PushLimits.BreakerAttemptsMin; attempt++) Assert.Equal(400, (await Post(client, server.Url())).Status);
    }

    [Fact]
    public void Only_the_endpoints_that_were_used_last_are_remembered()
    {
        var breakers = new EndpointBreakers(Options, _time, breakersMax: 2);
        Uri one = new("http://one/"), two = new("http://two/"), three = new("http://three/");
        object first = breakers.Of(one), second = breakers.Of(two);

        Assert.Same(first, breakers.Of(one));
        breakers.Of(three);

        Assert.Same(first, breakers.Of(one));
        Assert.NotSame(second, breakers.Of(two));
    }

    private static Task<PushResult> Post(PushClient client, Uri endpoint) =>
        client.PostAsync(new PushRequest { Endpoint = endpoint, Body = "x"u8.ToArray(), ContentType = "text/plain" }, CancellationToken.None);
}
