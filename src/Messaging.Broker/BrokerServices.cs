using Messaging.Storage.Disk;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker;

/// <summary>The front door of this project for a host.</summary>
public static class BrokerServices
{
    /// <summary>
    /// Registers one <see cref="MessageBroker"/> over the options' folder. It is opened at the host's start, before the server listens when this is called
    /// before the server is added, or by whoever asks for it first. A fault of the journal ends the process at once.
    /// </summary>
    public static IServiceCollection AddBroker(this IServiceCollection services, BrokerOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(static provider => MessageBroker.Open(
            new PosixDisk(provider.GetRequiredService<BrokerOptions>().DataDirectory),
            provider.GetRequiredService<BrokerOptions>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>(),
            static fault => Environment.FailFast("The journal failed; the process stops and recovers at its next start.", fault)));
        services.AddHostedService<BrokerLifetime>();
        return services;
    }
}
