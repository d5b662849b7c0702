using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>Whether the dead-letter queue that a definition names is one for it, in the service's words.</summary>
internal static class DeadLetterTarget
{
    /// <summary>Before the change: the target's own word. Null where there is nothing against it; whether it is there is the broker's to say.</summary>
    public static AwsError? Check(Call call, in QueueKey queue, QueueDefinition? before, QueueDefinition next)
    {
        if (next.DeadLetter is not { } deadLetter || deadLetter.Queue == before?.DeadLetter?.Queue)
            return null;
        return call.Broker.Queues.TryGetDefinition(queue with { Name = deadLetter.Queue }, out QueueDefinition? target) && !RedriveAllowPolicy.Allows(target, call.ArnOf(queue))
            ? RedrivePolicy.Invalid(TextOf(call, queue, next), "Queue does not have permission to use the dead letter target.")
            : null;
    }

    /// <summary>The broker has refused it.</summary>
    public static AwsError Refused(Call call, in QueueKey queue, QueueDefinition next, BrokerError error)
    {
        bool isThere = call.Broker.Queues.TryGetDefinition(queue with { Name = next.DeadLetter!.Queue }, out QueueDefinition? target);
        string reason = !isThere ? "Dead letter target does not exist."
            : target!.Type != next.Type ? "Dead-letter queue must be same type of queue as the source."
            : error.Detail;
        return RedrivePolicy.Invalid(TextOf(call, queue, next), reason);
    }

    private static string TextOf(Call call, in QueueKey queue, QueueDefinition next) =>
        RedrivePolicy.Read(new QueueView(new QueueDescription(queue, next, 0, default, default, default), call.Region))!;
}
