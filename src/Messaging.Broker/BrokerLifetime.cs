using Microsoft.Extensions.Hosting;

namespace Messaging.Broker;

/// <summary>
/// Ties the broker to the host. Waiting receives are answered as soon as the host begins to stop, before the server waits for its requests; the
/// engine stops when the server is done, and again by the container, to which it is nothing new.
/// </summary>
internal sealed class BrokerLifetime(MessageBroker broker, IHostApplicationLifetime lifetime) : IHostedService
{
    private CancellationTokenRegistration _stopping;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _stopping = lifetime.ApplicationStopping.Register(static broker => ((MessageBroker)broker!).BeginStop(), broker);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.DisposeAsync();
        await broker.DisposeAsync();
    }
}
