using Grpc.Core;
using Microsoft.Extensions.Hosting;

namespace Messaging.Grpc.Calls;

/// <summary>
/// The streams that go on. When the server stops they end by themselves, and Kestrel is told to stop only after that: it closes a connection as soon as its last stream is about to end, and the status that says why could be lost. One for
/// the process, thread-safe.
/// </summary>
internal sealed class OpenStreams(IHostApplicationLifetime lifetime, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>What a stream may take to end; a client that does not read its last responses is cut off then.</summary>
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What Kestrel's writer has for the statuses of streams that have ended. It counts a stream as closed just before it writes its last frame, and a connection that is to stop and has no stream closes there, without that frame; nothing tells when it is
    /// out.
    /// </summary>
    private static readonly TimeSpan LastFrames = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _isStopping;
    private volatile bool _hadAny;

    /// <summary>Counts the stream until its status is written.</summary>
    public void Add(ServerCallContext context)
    {
        lock (_lock)
        {
            _count++;
            _hadAny = true;
        }
        context.GetHttpContext().Response.OnCompleted(static streams => ((OpenStreams)streams).RemoveAsync(), this);
    }

    /// <summary>Before anything else stops.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // Who stops the host by its method has not told anybody yet.
        lifetime.StopApplication();
        lock (_lock)
        {
            _isStopping = true;
            EndIfLast();
        }
        // Those that the stop has ended may be gone already, but for their last frames.
        if (!_hadAny)
            return;
        try
        {
            await _allEnded.Task.WaitAsync(EndTimeout, clock, cancellationToken);
            // The network's time, whatever the broker's clock does.
            await Task.Delay(LastFrames, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Kestrel cuts off what is left.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task RemoveAsync()
    {
        lock (_lock)
        {
            _count--;
            EndIfLast();
        }
        return Task.CompletedTask;
    }

    private void EndIfLast()
    {
        if (_isStopping && _count == 0)
            _allEnded.TrySetResult();
    }
}
