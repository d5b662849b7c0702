using System.Net;
using System.Text;
using Messaging.Api.Tests.Hosting;
using Messaging.Broker;
using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.TestKit.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Api.Tests.Rest;

/// <summary>Who may call a closed server, and whose queues a call is about. Each answer is also held against openapi.yaml.</summary>
public sealed class ClosedModeTests(ClosedServer closed) : IClassFixture<ClosedServer>
{
    private const string Pair = $"{ClosedServer.KeyId}:{ClosedServer.Secret}";

    private readonly RunningServer _server = closed.Server;

    public static TheoryData<string> Operations => new(OpenApiContract.Current.Operations.Where(operation => operation.Contains("/v1/", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_operation_asks_for_a_key(string operation)
    {
        string[] words = operation.Split(' ');
        string path = words[1].Replace("{queue}", "q", StringComparison.Ordinal).Replace("{id}", "0b6f1d9e-7c1a-4e57-9f0e-2b8f5f6c1d3a", StringComparison.Ordinal);

        Answer answer = await _server.CallAsync(words[0], path);

        Assert.Equal((401, "unauthorized", "Authorization"), answer.Problem);
        Assert.Equal("Basic realm=\"messaging\", charset=\"UTF-8\"", answer.Response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("OPTIONS", "/v1/queues/q")]
    [InlineData("POST", "/v1/queues/..")]
    [InlineData("GET", "/nothing")]
    public async Task So_does_what_is_not_served(string method, string path) => Assert.Equal(401, (await _server.CallAsync(method, path)).Status);

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/openapi.yaml")]
    [InlineData("/swagger/index.html")]
    public async Task What_tells_nothing_of_messages_needs_none(string path)
    {
        using HttpResponseMessage response = await _server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("Basic", Pair, true)]
    [InlineData("basic", Pair, true)]
    [InlineData("Basic", ClosedServer.KeyId + ":" + ClosedServer.Secret + "x", false)]
    [InlineData("Basic", ClosedServer.KeyId + ":", false)]
    [InlineData("Basic", ClosedServer.KeyId, false)]
    [InlineData("Basic", "AKIAIOSFODNN7EXB:" + ClosedServer.Secret, false)]
    [InlineData("Basic", ":" + ClosedServer.Secret, false)]
    [InlineData("Basic", "nobody:abba", false)]
    [InlineData("Basic", "", false)]
    [InlineData("Bearer", Pair, false)]
    public async Task A_key_is_its_id_and_its_secret(string scheme, string pair, bool passes)
    {
        string header = $"{scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

        Assert.Equal(passes ? 200 : 401, (await _server.CallAsync("GET", "/v1/queues", json: null, ("Authorization", header))).Status);
    }

    [Theory]
    [InlineData("Basic")]
    [InlineData("Basic !")]
    [InlineData("Basic QUtJ")]
    [InlineData("")]
    public async Task What_is_no_header_is_no_key(string header) =>
        Assert.Equal(401, (await _server.CallAsync("GET", "/v1/queues", json: null, ("Authorization", header))).Status);

    [Fact]
    public async Task A_header_that_is_longer_than_any_key_is_none() =>
        Assert.Equal(401, (await _server.CallAsync("GET", "/v1/queues", json: null, ("Authorization", "Basic " + new string('A', 1024)))).Status);

    [Fact]
    public async Task Each_account_has_queues_of_its_own_on_every_operation()
    {
        string mine = Basic(Pair);
        string other = await AddKeyAsync("OTHER_ACCOUNT_KEY", "444455556666");
        Assert.Equal(201, (await CallAsync("PUT", "/v1/queues/shared", mine, "{}")).Status);
        Assert.Equal(200, (await CallAsync("POST", "/v1/queues/shared/messages", mine, """{"messages":[{"body":"x"}]}""")).Status);

        Assert.Equal(404, (await CallAsync("GET", "/v1/queues/shared", other)).Status);
        Assert.Equal(404, (await CallAsync("POST", "/v1/queues/shared/receive", other, "{}")).Status);
        Assert.Empty((await CallAsync("GET", "/v1/queues", other)).Json["queues"]!.AsArray());
        Assert.Empty((await CallAsync("GET", "/v1/definitions", other)).Json["queues"]!.AsArray());
        Assert.Equal(200, (await CallAsync("PUT", "/v1/definitions", other, """{"queues":[{"name":"shared","leaseSeconds":7}]}""")).Status);

        Assert.Equal(7, (await CallAsync("GET", "/v1/queues/shared", other)).Json["leaseSeconds"]!.GetValue<int>());
        Assert.Equal(30, (await CallAsync("GET", "/v1/queues/shared", mine)).Json["leaseSeconds"]!.GetValue<int>());
        Assert.Single((await CallAsync("POST", "/v1/queues/shared/receive", mine, "{}")).Json["messages"]!.AsArray());
    }

    [Fact]
    public async Task Operations_are_their_account_s()
    {
        string mine = Basic(Pair);
        string other = await AddKeyAsync("OTHER_OPERATIONS", "444455556666");
        Assert.Equal(201, (await CallAsync("PUT", "/v1/queues/dead", mine, "{}")).Status);
        Answer started = await CallAsync("POST", "/v1/queues/dead/redrive", mine, "{}");
        Assert.Equal(202, started.Status);
        string path = started.Response.Headers.Location!.ToString();

        Assert.Equal(404, (await CallAsync("GET", path, other)).Status);
        Assert.Equal(404, (await CallAsync("DELETE", path, other)).Status);
        Assert.Empty((await CallAsync("GET", "/v1/operations", other)).Json["operations"]!.AsArray());
        Assert.Equal(200, (await CallAsync("GET", path, mine)).Status);
    }

    [Fact]
    public async Task Pages_of_other_sites_are_refused_with_a_key_too_and_any_Host_is_served()
    {
        string mine = Basic(Pair);

        Assert.Equal((403, "forbiddenOrigin", "Origin"), (await CallAsync("GET", "/v1/queues", mine, null, ("Origin", "http://evil.example"))).Problem);
        Assert.Equal((403, "forbiddenOrigin", "Sec-Fetch-Site"), (await CallAsync("GET", "/v1/queues", mine, null, ("Sec-Fetch-Site", "cross-site"))).Problem);
        Assert.Equal(200, (await CallAsync("GET", "/v1/queues", mine, null, ("Host", "queues.example"))).Status);
        Assert.Equal(200, (await CallAsync("GET", "/v1/queues", mine, null, ("Host", "queues.example"), ("Origin", "https://queues.example"))).Status);
    }

    private static string Basic(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private Task<Answer> CallAsync(string method, string path, string authorization, string? json = null, params (string Name, string Value)[] headers) =>
        _server.CallAsync(method, path, json, [("Authorization", authorization), .. headers]);

    private async Task<string> AddKeyAsync(string id, string account)
    {
        Assert.True(AccountId.TryParse(account, out AccountId parsed));
        MessageBroker broker = _server.Server.Services.GetRequiredService<BrokerGate>().Broker!;
        Assert.True((await broker.AccessKeys.PutAsync(new AccessKey(id, ClosedServer.Secret, parsed), default)).IsOk);
        return Basic($"{id}:{ClosedServer.Secret}");
    }
}
