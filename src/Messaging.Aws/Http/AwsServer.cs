using Messaging.Aws.Auth;
using Messaging.Aws.Policies;
using Messaging.Aws.Queues;
using Messaging.Http;

namespace Messaging.Aws.Http;

/// <summary>What every call of this front starts from. One for the process, thread-safe; no session of a client lives here.</summary>
internal sealed class AwsServer(AwsSettings settings, BrokerGate gate, AccessKeyRing ring, BufferBudgets budgets, TimeProvider clock)
{
    public AwsSettings Settings { get; } = settings;

    public BrokerGate Gate { get; } = gate;

    /// <summary>Signatures are verified and policies hold; else any key is accepted.</summary>
    public bool IsClosed { get; } = ring.IsClosed;

    public BufferBudgets Budgets { get; } = budgets;

    public TimeProvider Clock { get; } = clock;

    public RequestIds RequestIds { get; } = new();

    /// <summary>Who may do what.</summary>
    public Authorizer Authorizer { get; } = new(ring.IsClosed ? AuthenticationMode.Closed : AuthenticationMode.Open);

    /// <summary>Waits after deletions and purges.</summary>
    public CoolDowns CoolDowns { get; } = new(settings.NameCoolDownSeconds, clock);
}
