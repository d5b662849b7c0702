using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>What a web page in a browser of this machine can send to an open server. The rules by themselves are tested in Messaging.Rest.Tests.</summary>
public sealed class BrowserGuardTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Theory]
    [InlineData("GET", "/v1/queues")]
    [InlineData("PUT", "/v1/queues/q")]
    [InlineData("POST", "/v1/queues/q/receive")]
    [InlineData("PATCH", "/v1/queues/q")]
    [InlineData("OPTIONS", "/v1/queues/q")]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/openapi.yaml")]
    [InlineData("GET", "/swagger/index.html")]
    [InlineData("GET", "/")]
    public async Task Every_path_refuses_what_a_page_of_another_site_sends(string method, string path)
    {
        Assert.Equal((403, "forbiddenHost", "Host"), (await server.CallAsync(method, path, json: null, ("Host", "rebound.example:8080"))).Problem);
        Assert.Equal((403, "forbiddenOrigin", "Origin"), (await server.CallAsync(method, path, json: null, ("Origin", "http://evil.example"))).Problem);
        Assert.Equal((403, "forbiddenOrigin", "Sec-Fetch-Site"), (await server.CallAsync(method, path, json: null, ("Sec-Fetch-Site", "cross-site"))).Problem);
    }

    [Fact]
    public async Task A_receive_by_a_form_of_another_site_leases_nothing()
    {
        string queue = await server.CreateQueueAsync();
        await server.CallAsync("POST", queue + "/messages", """{"messages":[{"body":"x"}]}""");

        Assert.Equal(403, (await server.CallAsync("POST", queue + "/receive", json: null, ("Origin", "null"))).Status);

        Assert.Equal((1, 0, 0), await server.CountsAsync(queue));
    }

    [Fact]
    public async Task Swagger_UI_of_this_server_goes_on_working()
    {
        string origin = server.Client.BaseAddress!.ToString().TrimEnd('/');
        string queue = await server.CreateQueueAsync();

        Assert.Equal(200, (await server.CallAsync("PUT", queue, "{}", ("Origin", origin), ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"))).Status);
        Assert.Equal(200, (await server.CallAsync("GET", queue, json: null, ("Host", "localhost"), ("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "same-site"))).Status);
    }
}
