using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Http;
using Messaging.TestKit;

namespace Messaging.Push.Tests.Http;

public sealed class PushClientTests : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine";

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    private readonly List<PushClient> _clients = [];

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    [Fact]
    public async Task A_message_is_posted_with_its_headers()
    {
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            seen.TrySetResult(await ScriptedServer.ReadRequestAsync(stream, token));
            await stream.WriteAsync("HTTP/1.1 202 Accepted\r\nContent-Length: 4\r\n\r\nfine"u8.ToArray(), token);
        });

        PushResult result = await Client().PostAsync(
            Request(server.Url("/hook?a=b")) with { Headers = PushHeaders.Of("Notification", "id-1", "arn:topic", "arn:subscription", isRaw: true) }, CancellationToken.None);

        Assert.Equal((PushFault.None, 202, DeliveryVerdict.Delivered), (result.Fault, result.Status, result.Verdict));
        Assert.True(result.Elapsed > TimeSpan.Zero);
        string[] lines = (await seen.Task)!.Split("\r\n");
        Assert.Equal("POST /hook?a=b HTTP/1.1", lines[0]);
        Assert.Equal("hällo", lines[^1]);
        Assert.Equal(
            new[]
            {
                "Content-Length: 6", "Content-Type: text/plain; charset=UTF-8", "Host: 127.0.0.1:" + server.Port, "User-Agent: Amazon Simple Notification Service Agent", "x-amz-sns-message-id: id-1",
                "x-amz-sns-message-type: Notification", "x-amz-sns-rawdelivery: true", "x-amz-sns-subscription-arn: arn:subscription", "x-amz-sns-topic-arn: arn:topic",
            },
            lines[1..^2].Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_user_and_a_password_of_the_endpoint_are_sent_as_basic_authentication()
    {
        var seen = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            seen.TrySetResult(await ScriptedServer.ReadRequestAsync(stream, token));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok), token);
        });

        await Client().PostAsync(Request(new Uri($"http://me:p%40ss@127.0.0.1:{server.Port}/")), CancellationToken.None);

        Assert.Contains("Authorization: Basic " + Convert.ToBase64String("me:p@ss"u8), await seen.Task, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using ScriptedServer target = ScriptedServer.Answering(Ok);
        await using ScriptedServer server = ScriptedServer.Answering($"HTTP/1.1 307 Temporary Redirect\r\nLocation: {target.Url()}\r\nContent-Length: 0\r\n\r\n");

        PushResult result = await Client().PostAsync(Request(server.Url()), CancellationToken.None);

        Assert.Equal((307, DeliveryVerdict.TryAgain), (result.Status, result.Verdict));
        Assert.Equal(0, target.Connections);
    }

    [Fact]
    public async Task Connections_are_used_again_and_no_cookie_comes_back()
    {
        var requests = new List<string>();
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            while (await ScriptedServer.ReadRequestAsync(stream, token) is { } request)
            {
                requests.Add(request);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 30000\r\n\r\n"u8.ToArray(), token);
                await stream.WriteAsync(new byte[30_000], token);
            }
        });
        PushClient client = Client();

        for (int round = 0; round < 5; round++)
            Assert.Equal(DeliveryVerdict.Delivered, (await client.PostAsync(Request(server.Url()), CancellationToken.None)).Verdict);

        Assert.Equal((5, 1), (requests.Count, server.Connections));
        Assert.All(requests, request => Assert.DoesNotContain("Cookie", request, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        await using var server = new ScriptedServer(async (stream, token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));

        var time = new ManualTimeProvider();
        Task<PushResult> posting = Client(Short, time: time).PostAsync(Request(server.Url()), CancellationToken.None);
        time.Advance(Short - TimeSpan.FromMilliseconds(1));
        Assert.False(posting.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        PushResult result = await posting;

        Assert.Equal((PushFault.Timeout, null, DeliveryVerdict.TryAgain), (result.Fault, result.Status, result.Verdict));
        Assert.True(result.Elapsed >= Short);
    }

    [Fact]
    public async Task A_head_that_comes_byte_by_byte_is_given_up()
    {
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nX: "u8.ToArray(), token);
            while (true)
            {
                await stream.WriteAsync("x"u8.ToArray(), token);
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, token);
            }
        });

        Assert.Equal(PushFault.Timeout, (await Client(Short).PostAsync(Request(server.Url()), CancellationToken.None)).Fault);
    }

    [Theory]
    [InlineData("200 OK", DeliveryVerdict.Delivered, 0)]
    [InlineData("404 Not Found", DeliveryVerdict.GiveUp, PushLimits.AnswerBytesMax)]
    public async Task A_body_without_end_is_cut_and_its_status_counts(string status, DeliveryVerdict verdict, int read)
    {
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n\r\n"), token);
            while (true) await stream.WriteAsync(new byte[65_536], token);
        });

        PushResult result = await Client().PostAsync(Request(server.Url()), CancellationToken.None);

        Assert.Equal((verdict, read), (result.Verdict, result.Answer.Length));
    }

    [Fact]
    public async Task A_body_that_stalls_is_left_and_its_status_counts()
    {
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            await stream.WriteAsync("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\nbro"u8.ToArray(), token);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        });

        PushResult result = await Client().PostAsync(Request(server.Url()), CancellationToken.None);

        Assert.Equal((500, "bro", DeliveryVerdict.TryAgain), (result.Status, Encoding.UTF8.GetString(result.Answer.Span), result.Verdict));
    }

    [Fact]
    public async Task A_huge_head_is_refused()
    {
        await using ScriptedServer server = ScriptedServer.Answering("HTTP/1.1 200 OK\r\nX: " + new string('x', 1_024 * (PushLimits.AnswerHeadKilobytesMax + 1)) + "\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal(PushFault.AnswerTooLarge, (await Client().PostAsync(Request(server.Url()), CancellationToken.None)).Fault);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 twohundred OK\r\n\r\n")]
    [InlineData("")]
    public async Task What_is_not_HTTP_is_a_fault_of_the_protocol(string answer)
    {
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            await ScriptedServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token);
        });

        Assert.Equal(PushFault.Protocol, (await Client().PostAsync(Request(server.Url()), CancellationToken.None)).Fault);
    }

    [Fact]
    public async Task A_connection_that_nobody_takes_is_given_up()
    {
        await using var hole = new FullQueue(new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Equal(PushFault.Timeout, (await Client(Short).PostAsync(Request(new Uri($"http://{hole.Place}/")), CancellationToken.None)).Fault);
    }

    [Fact]
    public async Task An_address_that_swallows_packets_leaves_time_for_the_next()
    {
        await using ScriptedServer server = ScriptedServer.Answering(Ok);
        await using var hole = new FullQueue(new IPEndPoint(IPAddress.Parse("127.0.0.2"), server.Port));
        PushClient client = Client(TimeSpan.FromSeconds(2), resolve: static (_, _) => Task.FromResult(new[] { IPAddress.Parse("127.0.0.2"), IPAddress.Loopback }));

        Assert.Equal(200, (await client.PostAsync(Request(server.Url(host: "many.example.org")), CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_name_that_DNS_never_answers_is_given_up() => Assert.Equal(
        PushFault.Timeout,
        (await Client(Short, resolve: static async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return [];
        }).PostAsync(Request(new Uri("http://example.org/")), CancellationToken.None)).Fault);

    [Fact]
    public async Task A_name_without_addresses_is_a_fault_of_DNS() => Assert.Equal(
        PushFault.Dns, (await Client(resolve: static (_, _) => Task.FromResult(Array.Empty<IPAddress>())).PostAsync(Request(new Uri("http://example.org/")), CancellationToken.None)).Fault);

    [Fact]
    public async Task A_port_where_nobody_listens_is_a_fault_of_the_connection()
    {
        int port;
        await using (ScriptedServer gone = ScriptedServer.Answering(Ok)) port = gone.Port;

        Assert.Equal(PushFault.Connect, (await Client().PostAsync(Request(new Uri($"http://127.0.0.1:{port}/")), CancellationToken.None)).Fault);
    }

    [Theory]
    [InlineData("localhost", true, PushFault.None)]
    [InlineData("localhost", false, PushFault.Tls)]
    [InlineData("127.0.0.1", true, PushFault.Tls)]
    [InlineData("other.example.org", true, PushFault.Tls)]
    public async Task Only_a_trusted_certificate_for_the_name_of_the_endpoint_will_do(string host, bool isTrusted, PushFault fault)
    {
        using X509Certificate2 certificate = Certificate("localhost");
        bool spoken = false;
        await using var server = new ScriptedServer(async (stream, token) =>
        {
            await using var tls = new SslStream(stream);
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, token);
            spoken = await ScriptedServer.ReadRequestAsync(tls, token) is not null;
            await tls.WriteAsync(Encoding.ASCII.GetBytes(Ok), token);
        });
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(certificate);
        using var client = new PushClient(new PushOptions { AllowPrivateNetworks = true }, TimeProvider.System, static (_, _) => Task.FromResult(new[] { IPAddress.Loopback }), isTrusted ? trust : null);

        PushResult result = await client.PostAsync(Request(server.Url(scheme: "https", host: host)), CancellationToken.None);

        Assert.Equal((fault, fault == PushFault.None), (result.Fault, spoken));
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = RSA.Create(2_048);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 made = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2049, 1, 1, 0, 0, 0, TimeSpan.Zero));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::1]")]
    [InlineData("169.254.169.254")]
    public async Task Private_addresses_are_refused_however_they_are_written(string host)
    {
        await using ScriptedServer server = ScriptedServer.Answering(Ok);

        PushResult result = await Client(options: new PushOptions()).PostAsync(Request(server.Url(host: host)), CancellationToken.None);

        Assert.Equal((PushFault.AddressRefused, DeliveryVerdict.GiveUp), (result.Fault, result.Verdict));
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_name_that_moves_to_a_private_address_is_refused_at_the_connection()
    {
        await using ScriptedServer server = ScriptedServer.Answering(Ok);
        var answers = new Queue<string>(["203.0.113.9", "127.0.0.1"]);
        PushClient client = Client(options: new PushOptions(), resolve: (_, _) => Task.FromResult(new[] { IPAddress.Parse(answers.Dequeue()), IPAddress.Parse("169.254.169.254") }));

        for (int round = 0; round < 2; round++)
            Assert.Equal(PushFault.AddressRefused, (await client.PostAsync(Request(server.Url(host: "rebinding.example.org")), CancellationToken.None)).Fault);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Of_several_addresses_the_next_is_tried_where_one_may_not_be_or_takes_no_connection()
    {
        await using ScriptedServer server = ScriptedServer.Answering(Ok);
        PushClient client = Client(resolve: (_, _) => Task.FromResult(new[] { IPAddress.Parse("169.254.169.254"), IPAddress.Parse("127.0.0.2"), IPAddress.Loopback }));

        Assert.Equal(200, (await client.PostAsync(Request(server.Url(host: "many.example.org")), CancellationToken.None)).Status);
    }

    [Theory]
    [InlineData("ftp://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.org/")]
    public async Task Only_HTTP_is_spoken(string url) => Assert.Equal(
        (PushFault.EndpointInvalid, DeliveryVerdict.GiveUp), await Client().PostAsync(Request(new Uri(url)), CancellationToken.None) is var result ? (result.Fault, result.Verdict) : default);

    [Theory]
    [InlineData(204, DeliveryVerdict.Delivered)]
    [InlineData(400, DeliveryVerdict.GiveUp)]
    [InlineData(404, DeliveryVerdict.GiveUp)]
    [InlineData(429, DeliveryVerdict.TryAgain)]
    [InlineData(503, DeliveryVerdict.TryAgain)]
    public async Task The_status_says_whether_to_try_again(int status, DeliveryVerdict verdict)
    {
        await using ScriptedServer server = ScriptedServer.Answering($"HTTP/1.1 {status} X\r\n{(status == 204 ? "" : "Content-Length: 0\r\n")}\r\n");

        Assert.Equal(verdict, (await Client().PostAsync(Request(server.Url()), CancellationToken.None)).Verdict);
    }

    [Fact]
    public async Task More_deliveries_than_may_be_under_way_are_refused_until_some_have_ended()
    {
        var answer = new TaskCompletionSource<IPAddress[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        // What is waited for here is the resolver: on a busy machine that takes longer than an attempt may.
        PushClient client = Client(timeout: TimeSpan.FromMinutes(2), resolve: (_, token) => answer.Task.WaitAsync(token));
        Task<PushResult> Post(int number) => client.PostAsync(Request(new Uri($"http://host-{number}.example.org/")), CancellationToken.None);
        Task<PushResult>[] under = [.. Enumerable.Range(0, PushLimits.InFlightMax).Select(Post)];

        PushResult refused = await Post(-1);
        answer.SetResult([]);

        Assert.Equal((PushFault.Overloaded, DeliveryVerdict.NotTried), (refused.Fault, refused.Verdict));
        Assert.All(await Task.WhenAll(under), result => Assert.Equal(PushFault.Dns, result.Fault));
        Assert.Equal(PushFault.Dns, (await Post(-1)).Fault);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_throws()
    {
        await using var server = new ScriptedServer(async (stream, token) => await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100), TimeProvider.System);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client().PostAsync(Request(server.Url()), cancelled.Token));
    }

    [Fact]
    public async Task A_header_with_a_line_end_is_never_sent()
    {
        await using ScriptedServer server = ScriptedServer.Answering(Ok);

        await Assert.ThrowsAsync<ArgumentException>(() => Client().PostAsync(Request(server.Url()) with { Headers = [new("x-a", "b\r\nx-evil: 1")] }, CancellationToken.None));
        Assert.Equal(0, server.Connections);
    }

    private PushClient Client(TimeSpan? timeout = null, PushOptions? options = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null, TimeProvider? time = null)
    {
        var client = new PushClient(
            options ?? new PushOptions { AllowPrivateNetworks = true, AttemptTimeout = timeout ?? TimeSpan.FromSeconds(15), AnswerTimeout = Short },
            time ?? TimeProvider.System,
            resolve ?? (static (host, token) => Dns.GetHostAddressesAsync(host, token)));
        _clients.Add(client);
        return client;
    }

    private static PushRequest Request(Uri endpoint) => new() { Endpoint = endpoint, Body = Encoding.UTF8.GetBytes("hällo"), ContentType = "text/plain; charset=UTF-8" };
}
