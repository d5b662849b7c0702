using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Producers;

/// <summary>
/// What time does to producers: a transaction that is open for longer than its producer allowed is aborted, which fences the producer; a transactional id that nobody used for
/// <see cref="ProducerLimits.TransactionalIdIdleSeconds"/> is forgotten.
/// </summary>
internal sealed class ProducerBeat(TopicHost host, ProducerJournal journal)
{
    private const long IdleMs = ProducerLimits.TransactionalIdIdleSeconds * 1_000L;

    /// <summary>One beat. Not to be called twice at once.</summary>
    public async ValueTask BeatAsync()
    {
        while (Find(out int bytes))
        {
            using Admission admission = await host.Engine.AdmitStateAsync(bytes, CancellationToken.None);
            if (admission.IsRefused) return;
            await Step(bytes);
        }
    }

    private bool Find(out int bytes)
    {
        using Command command = host.Engine.BeginCommand(0);
        TransactionalProducer? due = Due(host.Clock.NowMs());
        bytes = due is null ? 0 : ProducerJournal.EndBytesMax(due.Partitions.Count);
        return due is not null;
    }

    // One that has grown since it was measured has its turn in the next round.
    private ValueTask Step(int bytes)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            long now = host.Clock.NowMs();
            if (Due(now) is { } producer && ProducerJournal.EndBytesMax(producer.Partitions.Count) <= bytes)
            {
                if (producer.BeganMs is not null) journal.End(command, producer, isCommit: false, now);
                else journal.Forget(command, producer);
            }

            synced = command.Commit();
        }

        return synced;
    }

    private TransactionalProducer? Due(long now)
    {
        foreach (TransactionalProducer producer in journal.Producers.All)
        {
            if (producer.BeganMs is null ? now - producer.LastMs > IdleMs : producer.DueMs <= now) return producer;
        }

        return null;
    }
}
