using System.Text.Json.Nodes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>grpcio of Python, over the core in C.</summary>
[Collection(nameof(PythonCollection))]
[Requires(PythonWorkspace.Requirement)]
public sealed class PythonClientTests(PythonWorkspace workspace) : ScriptedClientTests(workspace)
{
    [LanguageFact]
    public async Task The_page_makes_a_FIFO_queue_and_stores_once_what_it_sends_again()
    {
        await workspace.RunPageAsync("The order of a FIFO queue");
        await workspace.RunPageAsync("The order of a FIFO queue");

        JsonNode? paid = Assert.Single(await workspace.Server.BrowseAsync("payments"));
        Assert.Equal(("paid", "customer-7"), ((string?)paid!["body"], (string?)paid["group"]));
        Assert.NotNull(paid["sequence"]);
    }

    [LanguageFact]
    public async Task The_example_of_a_stream_that_sends_stores_each_line_once_over_a_break()
    {
        const int Lines = 20_000;
        await using var wire = new ResettingProxy(workspace.Server.GrpcAddress);
        await using Worker producer = workspace.StartStream(wire.Address, "lines", Enumerable.Range(0, Lines).Select(static number => $"line {number}"));

        await producer.PrintsAsync("sent ");
        await wire.ResetLastStreamAsync(ResettingProxy.InternalError, CancellationToken.None);
        await producer.AssertStopsAsync();

        Assert.Equal((1, Lines), (producer.Count("again in"), producer.Count("sent ")));
        Assert.Equal((Lines, 0, 0), await workspace.Server.CountsAsync("lines"));
    }
}
