using Messaging.Broker.Producers;

namespace Messaging.Simulation.Topics;

/// <summary>A producer that numbers its records, and sends those again whose answer it has not got, before any others.</summary>
internal sealed class SequenceClient(TopicLedger topic, int partition)
{
    public TopicLedger Topic => topic;

    public int Partition => partition;

    public ProducerIdentity? Identity { get; set; }

    /// <summary>A call of it is under way.</summary>
    public bool IsBusy { get; set; }

    public int Next { get; set; }

    /// <summary>Sent and not answered.</summary>
    public SentRecord[]? Pending { get; set; }

    /// <summary>The latest that was answered; null before.</summary>
    public SentRecord[]? Latest { get; set; }
}

/// <summary>A producer with a transactional id, one transaction after the other.</summary>
internal sealed class TransactionClient(string id)
{
    public string Id => id;

    /// <summary>Null: it must ask for one, as a new instance.</summary>
    public ProducerIdentity? Identity { get; set; }

    /// <summary>What it was before.</summary>
    public ProducerIdentity? Former { get; set; }

    public bool IsBusy { get; set; }

    /// <summary>The open one.</summary>
    public SentTransaction? Transaction { get; set; }

    /// <summary>A process of it has died, or does not know any more how it stands: the next instance fences this one, whose open transaction is aborted.</summary>
    public void Forget()
    {
        if (Transaction is { Ending: Ending.Open } open)
        {
            open.Ending = Ending.Aborted;
        }

        (Identity, Transaction) = (null, null);
    }
}
