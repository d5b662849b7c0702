namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>What is wrong with a policy: the first thing that was said.</summary>
internal sealed class PolicyProblem
{
    public string? First { get; private set; }

    public void Say(string sentence) => First ??= sentence;
}
