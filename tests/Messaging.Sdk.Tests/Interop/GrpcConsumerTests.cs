using System.Text.Json.Nodes;

namespace Messaging.Sdk.Tests.Interop;

/// <summary>What a consumer has to bear beside, whose messages come on a stream.</summary>
public abstract class GrpcConsumerTests(GrpcWorkspace workspace) : ConsumerTests(workspace)
{
    // Of RFC 9113, section 7: NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM and CANCEL, as servers and what stands before them reset streams.
    private static readonly int[] Codes = [0, 2, 7, 8];

    [LanguageFact]
    public async Task A_stream_that_is_reset_on_a_connection_that_lives_costs_no_message_its_handler()
    {
        await workspace.Server.CreateQueueAsync("reset");
        await using var wire = new ResettingProxy(workspace.Server.GrpcAddress);
        await using Worker worker = new(workspace.StartThrough(wire.Address, workspace.Server, "scripted", "reset", """{"leaseSeconds":600}"""));

        foreach (int code in Codes)
        {
            await workspace.Server.SendAsync("reset", new JsonObject { ["name"] = $"m{code}", ["seconds"] = 1 });
            await worker.PrintsAsync($"begin m{code} 1");
            await wire.ResetLastStreamAsync(code, CancellationToken.None);
            await worker.PrintsAsync($"done m{code}");
        }
        await StopAsync(worker);

        // It has seen each of them, and has gone on over the same connection.
        Assert.Equal(Codes.Length, worker.Count("again in"));
        Assert.Equal(1, wire.Connected);
        Assert.All(Codes, code => Assert.Equal(1, worker.Count($"begin m{code}")));
        Assert.Equal((0, 0, 0), await workspace.Server.CountsAsync("reset"));
    }
}
