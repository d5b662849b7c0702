using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Tests.Http;

public sealed class BrowserGuardTests
{
    private static readonly BrowserGuard OnLoopback = new(anyHost: false);
    private static readonly BrowserGuard Beyond = new(anyHost: true);

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:8080")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("127.1.2.3:1")]
    [InlineData("[::1]")]
    [InlineData("[::1]:8080")]
    [InlineData("[::ffff:127.0.0.1]:8080")]
    [InlineData("sqs.us-east-1.localhost")]
    [InlineData("SQS.eu-central-1.LocalHost:9324")]
    [InlineData("a_b.localhost:1")]
    public void A_host_of_this_machine_passes(string host) => Assert.Null(OnLoopback.Check(Request(host)));

    [Theory]
    [InlineData("")]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("localhost.")]
    [InlineData(".localhost")]
    [InlineData("sqs..localhost")]
    [InlineData("a..b.localhost")]
    [InlineData("sqs.localhost.")]
    [InlineData("sqs.localhost.evil.example")]
    [InlineData("evillocalhost")]
    [InlineData("evil.example/.localhost")]
    [InlineData("evil.example@sqs.localhost")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("127.0.0.1:8080.evil.example")]
    [InlineData("192.168.0.7")]
    [InlineData("0.0.0.0")]
    [InlineData("[::2]")]
    [InlineData("[::]")]
    [InlineData("[::1]evil")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[]")]
    [InlineData("]:")]
    public void Another_host_is_refused_on_loopback_and_passes_beyond(string host)
    {
        Assert.Equal((403, "forbiddenHost", "Host"), Codes(OnLoopback, Request(host)));
        Assert.Null(Beyond.Check(Request(host)));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("https://localhost:3000")]
    [InlineData("http://[::1]")]
    [InlineData("http://console.localhost:8080")]
    public void An_origin_of_this_machine_passes(string origin)
    {
        Assert.Null(OnLoopback.Check(Request("localhost:8080", ("Origin", origin))));
        Assert.Null(Beyond.Check(Request("queues.example", ("Origin", origin))));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("http://evil.example")]
    [InlineData("http://localhost.evil.example:8080")]
    [InlineData("http://localhost:8080@evil.example")]
    [InlineData("http://localhost/")]
    [InlineData("http://evil.example/.localhost")]
    [InlineData("http://sqs.localhost.evil.example")]
    [InlineData("chrome-extension://abcdefgh")]
    public void Another_origin_is_refused(string origin)
    {
        Assert.Equal((403, "forbiddenOrigin", "Origin"), Codes(OnLoopback, Request("localhost:8080", ("Origin", origin))));
        Assert.Equal((403, "forbiddenOrigin", "Origin"), Codes(OnLoopback, Request("localhost:8080", ("Origin", origin), ("Sec-Fetch-Site", "same-origin"))));
        Assert.Equal((403, "forbiddenOrigin", "Origin"), Codes(Beyond, Request("queues.example", ("Origin", origin))));
    }

    [Fact]
    public void Two_origins_are_none()
    {
        HttpRequest request = Request("localhost");
        request.Headers.Origin = new(["http://localhost", "http://evil.example"]);

        Assert.Equal((403, "forbiddenOrigin", "Origin"), Codes(OnLoopback, request));
    }

    [Fact]
    public void Beyond_loopback_an_origin_may_be_the_Host_s_or_the_browser_vouches_for_it()
    {
        Assert.Null(Beyond.Check(Request("queues.example:81", ("Origin", "http://Queues.example:81"))));
        Assert.Null(Beyond.Check(Request("10.0.0.7", ("Origin", "https://queues.example"), ("Sec-Fetch-Site", "same-origin"))));
        Assert.NotNull(Beyond.Check(Request("queues.example:81", ("Origin", "http://queues.example:82"))));
    }

    [Theory]
    [InlineData("same-origin", true)]
    [InlineData("same-site", true)]
    [InlineData("none", true)]
    [InlineData("cross-site", false)]
    [InlineData("of-tomorrow", false)]
    public void A_browser_s_word_on_the_site_counts(string site, bool passes)
    {
        Assert.Equal(passes ? null : (403, "forbiddenOrigin", "Sec-Fetch-Site"), Codes(OnLoopback, Request("localhost", ("Sec-Fetch-Site", site))));
        Assert.Equal(passes, Beyond.Check(Request("queues.example", ("Sec-Fetch-Site", site))) is null);
    }

    [Theory]
    [InlineData("GET", "/", "navigate", "document", true)]
    [InlineData("GET", "/swagger", "navigate", "document", true)]
    [InlineData("GET", "/swagger/index.html", "navigate", "document", true)]
    [InlineData("GET", "/swaggers", "navigate", "document", false)]
    [InlineData("GET", "/?Action=DeleteQueue", "navigate", "document", false)]
    [InlineData("GET", "/?Action=ConfirmSubscription&TopicArn=t&Token=a", "navigate", "document", true)]
    [InlineData("GET", "/?Action=Unsubscribe&SubscriptionArn=s", "navigate", "document", true)]
    [InlineData("GET", "/?Action=Unsubscribe&SubscriptionArn=s", "no-cors", "image", false)]
    [InlineData("POST", "/?Action=Unsubscribe&SubscriptionArn=s", "navigate", "document", false)]
    [InlineData("GET", "/?Action=Unsubscribe&Action=DeleteTopic", "navigate", "document", false)]
    [InlineData("GET", "/x?Action=Unsubscribe", "navigate", "document", false)]
    [InlineData("GET", "/000000000000/q?Action=PurgeQueue", "navigate", "document", false)]
    [InlineData("GET", "/v1/queues", "navigate", "document", false)]
    [InlineData("GET", "/swagger", "navigate", "iframe", false)]
    [InlineData("GET", "/swagger", "no-cors", "image", false)]
    [InlineData("POST", "/swagger", "navigate", "document", false)]
    public void A_link_to_a_page_for_people_passes_and_nothing_else_of_another_site(string method, string target, string mode, string destination, bool passes)
    {
        HttpRequest request = Request("localhost", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination));
        request.Method = method;
        string[] parts = target.Split('?');
        (request.Path, request.QueryString) = (parts[0], new QueryString(parts.Length > 1 ? "?" + parts[1] : ""));

        Assert.Equal(passes, OnLoopback.Check(request) is null);
    }

    [Fact]
    public void An_ordinary_call_allocates_nothing()
    {
        HttpRequest request = Request("localhost:8080", ("Origin", "http://127.0.0.1:8080"), ("Sec-Fetch-Site", "same-origin"));
        const int Calls = 1_000;
        OnLoopback.Check(request);
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int call = 0; call < Calls; call++)
            OnLoopback.Check(request);

        // The runtime itself allocates a little, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Calls);
    }

    private static (int, string, string?)? Codes(BrowserGuard guard, HttpRequest request) =>
        guard.Check(request) is { } problem ? (problem.Kind.Status, problem.Kind.Code, problem.Field) : null;

    private static HttpRequest Request(string host, params (string Name, string Value)[] headers)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Headers.Host = host;
        foreach ((string name, string value) in headers)
            request.Headers[name] = value;
        return request;
    }
}
