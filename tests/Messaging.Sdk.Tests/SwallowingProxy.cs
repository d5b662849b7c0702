using System.Net.Sockets;

namespace Messaging.Sdk.Tests;

/// <summary>From a test's word on, no answer comes back on the connections that are there.</summary>
internal sealed class SwallowingProxy(Uri server) : ClientProxy(server)
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _swallowed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _swallowedUpTo;

    /// <summary>Completes when a request has been passed on.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Completes when an answer has been swallowed.</summary>
    public Task Swallowed => _swallowed.Task;

    /// <summary>From now on nothing comes back on the connections that are there; later ones pass everything.</summary>
    public void SwallowAnswers() => Volatile.Write(ref _swallowedUpTo, Connected);

    protected override Task PassAsync(NetworkStream client, NetworkStream server, int number, CancellationToken cancellationToken) =>
        Task.WhenAny(AskAsync(client, server, cancellationToken), AnswerAsync(server, client, number, cancellationToken)).Unwrap();

    private async Task AskAsync(NetworkStream client, NetworkStream server, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await client.ReadAsync(buffer, cancellationToken) is > 0 and int count)
        {
            await server.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            _asked.TrySetResult();
        }
    }

    private async Task AnswerAsync(NetworkStream server, NetworkStream client, int number, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        while (await server.ReadAsync(buffer, cancellationToken) is > 0 and int count)
        {
            if (number <= Volatile.Read(ref _swallowedUpTo)) _swallowed.TrySetResult();
            else await client.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }
}
