using Messaging.Api.Tests.Hosting;
using Messaging.TestKit.Contracts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Api.Tests.Rest;

/// <summary>
/// openapi.yaml against what is served. That every answer is of its schema is checked with each call of every test (RunningServer).
/// </summary>
public sealed class ContractTests(RunningServer server) : IClassFixture<RunningServer>
{
    // Not operations: pages for people, the document itself, and what the AWS front serves by a contract of its own.
    private static readonly string[] Others =
        ["GET /", "GET /swagger/{**path}", "GET /openapi.yaml", "POST /", "GET /{account:length(12)}/{queue}", "POST /{account:length(12)}/{queue}", "GET /SimpleNotificationService-{hash}.pem"];

    [Fact]
    public async Task The_served_document_is_the_file_of_the_root()
    {
        using HttpResponseMessage response = await server.Client.GetAsync("/openapi.yaml");

        Assert.Equal("application/yaml", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(await File.ReadAllBytesAsync(SourceTree.OpenApiFile), await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Every_documented_operation_is_served_and_every_other_route_is_of_a_later_issue()
    {
        var mapped = server.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}") ?? []);
        List<string> served = [];
        // A HEAD is a GET of which the body is left out; OpenAPI has no word for that.
        foreach (string route in mapped.Except(Others).Where(route => !route.StartsWith("HEAD ", StringComparison.Ordinal) && !IsGrpc(route)))
        {
            string[] words = route.Split(' ');
            string path = words[1].Replace("{queue}", "probed", StringComparison.Ordinal).Replace("{id}", "7", StringComparison.Ordinal)
                .Replace("{topic}", "probed", StringComparison.Ordinal).Replace("{subscription}", "probed", StringComparison.Ordinal).Replace("{partition}", "0", StringComparison.Ordinal)
                .Replace("{group}", "probed", StringComparison.Ordinal).Replace("{member}", "zzTgqV0kSiq5mJcX2q3M9w", StringComparison.Ordinal)
                .Replace("{producer}", "1", StringComparison.Ordinal).Replace("{transaction}", "0", StringComparison.Ordinal);
            if ((await server.CallAsync(words[0], path, "not even json")) is not { Status: 400 } answer || answer.Problem != (400, "notSupported", null))
                served.Add(route);
        }

        Assert.Equal(OpenApiContract.Current.Operations.Order(StringComparer.Ordinal), served.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/v1/messages/7/journey")]
    public async Task A_route_of_a_later_issue_says_that_it_is_not_supported(string method, string path) =>
        Assert.Equal((400, "notSupported", null), (await server.CallAsync(method, path)).Problem);

    [Theory]
    [InlineData("/swagger/index.html", "text/html")]
    [InlineData("/swagger/swagger-ui-bundle.js", "text/javascript")]
    [InlineData("/swagger", "text/html")]
    [InlineData("/", "text/html")]
    public async Task The_Swagger_page_loads(string path, string type)
    {
        using HttpResponseMessage response = await server.Client.GetAsync(path);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task The_Swagger_page_shows_our_document() =>
        Assert.Contains("/openapi.yaml", await server.Client.GetStringAsync("/swagger/index.js"), StringComparison.Ordinal);

    [Fact]
    public async Task No_answer_names_the_server_software() => Assert.Empty((await server.CallAsync("GET", "/v1/queues")).Response.Headers.Server);

    // By contracts of their own, which Messaging.Grpc.Tests has: "/package.Service/Method", and what stands in for methods that are not there.
    private static bool IsGrpc(string route) =>
        route.StartsWith("POST /messaging.v1.", StringComparison.Ordinal) || route.StartsWith("POST /grpc.", StringComparison.Ordinal) || route.Contains("{unimplemented", StringComparison.Ordinal);
}
