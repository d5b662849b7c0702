using Messaging.Api.Tests.Hosting;

namespace Messaging.Api.Tests.Rest;

/// <summary>Both sides of the bounds on a document, on a server of its own.</summary>
public sealed class ManyDefinitionsTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Path = "/v1/definitions";

    [Fact]
    public async Task Ten_thousand_definitions_are_one_document_and_more_are_none()
    {
        Assert.Equal((413, "definitionsTooLarge", "queues"), (await server.CallAsync("PUT", Path, Document(10_001, ""))).Problem);
        Assert.Equal("""{"queues":[],"topics":[],"subscriptions":[]}""", (await server.CallAsync("GET", Path)).Body);

        Assert.Equal(10_000, (await server.CallAsync("PUT", Path, Document(10_000, ""))).Json["changes"]!.AsArray().Count);
        Answer read = await server.CallAsync("GET", Path);
        Assert.Equal(10_000, read.Json["queues"]!.AsArray().Count);
        Assert.Equal("""{"applied":true,"changes":[],"unchanged":10000}""", (await server.CallAsync("PUT", Path, read.Body)).Body);

        // Within the number and over the bytes of what is read back: the list goes on.
        string tags = string.Join(',', Enumerable.Range(0, 8).Select(i => $"\"{i}\":\"{new string('t', 256)}\""));
        for (int part = 0; part < 10_000; part += 5_000)
            Assert.Equal(200, (await server.CallAsync("PUT", Path, Document(5_000, $",\"tags\":{{{tags}}}", part))).Status);
        Assert.Equal((413, "definitionsTooLarge", null), (await server.CallAsync("GET", Path)).Problem);
        Assert.Equal(200, (await server.CallAsync("GET", "/v1/queues")).Status);

        Assert.Equal(200, (await server.CallAsync("PUT", Path, Document(10_000, ""))).Status);
        Assert.Equal(200, (await server.CallAsync("GET", Path)).Status);
        await server.CallAsync("PUT", "/v1/queues/one-more");
        Assert.Equal((413, "definitionsTooLarge", null), (await server.CallAsync("GET", Path)).Problem);
    }

    private static string Document(int count, string fields, int from = 0) =>
        $$"""{"queues":[{{string.Join(',', Enumerable.Range(from, count).Select(i => $"{{\"name\":\"q{i}\"{fields}}}"))}}]}""";
}
