using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Benchmarks.InProcess;

/// <summary>A benchmark in which something is refused measured something else: it ends.</summary>
internal static class Must
{
    public static QueueKey Key(string name) =>
        QueueName.TryParse(name, out QueueName queue)
            ? new QueueKey(AccountId.Default, NamespaceName.Default, queue)
            : throw new InvalidOperationException($"{name} names no queue.");

    public static TopicKey Topic(string name) =>
        TopicName.TryParse(name, out TopicName topic)
            ? new TopicKey(AccountId.Default, NamespaceName.Default, topic)
            : throw new InvalidOperationException($"{name} names no topic.");

    public static T Succeed<T>(Result<T> result) => result.IsOk ? result.Value : throw new InvalidOperationException(result.Error.ToString());

    /// <summary>Of a send: every message is stored.</summary>
    public static void Succeed(Result<SendOutcome[]> result)
    {
        foreach (SendOutcome outcome in Succeed<SendOutcome[]>(result))
        {
            Succeed(outcome.Error);
        }
    }

    /// <summary>Of a publish: every record is stored.</summary>
    public static void Succeed(Result<PublishOutcome[]> result)
    {
        foreach (PublishOutcome outcome in Succeed<PublishOutcome[]>(result))
        {
            Succeed(outcome.Error);
        }
    }

    /// <summary>Of an acknowledgement: every message is acknowledged.</summary>
    public static void Succeed(Result<BrokerError?[]> result)
    {
        foreach (BrokerError? error in Succeed<BrokerError?[]>(result))
        {
            Succeed(error);
        }
    }

    private static void Succeed(BrokerError? error)
    {
        if (error is not null)
        {
            throw new InvalidOperationException(error.ToString());
        }
    }
}
