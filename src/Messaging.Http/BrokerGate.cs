using Messaging.Broker;

namespace Messaging.Http;

/// <summary>
/// Between the open port and the broker: the server listens while it recovers, and until <see cref="Open"/> every call is answered 503
/// "starting". Owned by the host, thread-safe.
/// </summary>
public sealed class BrokerGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MessageBroker? _broker;

    /// <summary>Null until the broker has recovered.</summary>
    public MessageBroker? Broker => _broker;

    /// <summary>Ends when the broker has recovered.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Lets calls through to the broker, which stays the caller's to dispose, after the server has stopped listening.</summary>
    public void Open(MessageBroker broker)
    {
        _broker = broker;
        _opened.TrySetResult();
    }
}
