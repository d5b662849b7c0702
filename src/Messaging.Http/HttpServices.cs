using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Http;

/// <summary>The front door: what every HTTP front needs, once for all of them.</summary>
public static class HttpServices
{
    /// <summary>Registers the gate, which the host opens when the broker has recovered, and the bounds on buffered bytes.</summary>
    public static IServiceCollection AddHttpFronts(this IServiceCollection services) =>
        services.AddSingleton<BrokerGate>().AddSingleton(static _ => new BufferBudgets(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
}
