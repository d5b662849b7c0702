using Messaging.Broker;
using Messaging.Broker.Topics;
using Messaging.Simulation.Broker;
using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Simulation.Topics;

/// <summary>
/// The broker with its topics under a random workload of clients, on one thread, as <see cref="BrokerSubject"/> has its queues. Judged by what clients know (<see cref="PartitionLedger"/>): every answer, and
/// after every recovery all that is there.
/// </summary>
internal sealed class TopicSubject : ISimulatedSubject
{
    private const int StepsMax = 10_000;

    private readonly TopicWorld _world;
    private readonly TopicWorkload _workload;
    private readonly LogEngineOptions _options;
    private DateTimeOffset _wall = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private bool _isOpen;

    public TopicSubject(Random random, SimulationCoverage coverage)
    {
        _world = new TopicWorld(random, coverage);
        _workload = new TopicWorkload(_world);
        _options = BrokerSubject.ChooseOptions(random);
    }

    public int JournalSlots => _options.JournalSlots;

    private BrokerWorld Base => _world.Base;

    public LogEngine Open(SimDisk disk, Action<Exception> fatal)
    {
        Base.Time = new ManualTimeProvider(_wall);
        Base.Fatal = null;
        Base.Broker = MessageBroker.Open(disk, new BrokerOptions { Engine = _options }, Base.Time, NullLoggerFactory.Instance, fault =>
        {
            Base.Fatal ??= fault;
            fatal(fault);
        });
        _isOpen = true;
        return Base.Engine;
    }

    public void JudgeRecovery()
    {
        foreach (TopicLedger topic in _world.Topics)
        {
            bool isThere = Base.Broker.TopicHost.Topics.TryGet(topic.Key, out LiveTopic? live);
            SimulationException.Check(topic.Presence == Presence.Unknown || isThere == (topic.Presence == Presence.There), $"{topic} is {topic.Presence} after a recovery");
            topic.Presence = isThere ? Presence.There : Presence.Gone;
            if (live is not null)
            {
                SimulationException.Check(live.Partitions.Length >= topic.Partitions.Count, $"{topic} has {topic.Partitions.Count} partitions at least");
                topic.IsDoomed = false;
                topic.Grow(live.Partitions.Length);
            }
        }
    }

    public void Operate()
    {
        _workload.Operate();
        if (_world.Random.Next(2) == 0)
        {
            Pump(all: true);
        }
    }

    public void Settle() => Pump(all: _world.Random.Next(4) > 0);

    public void JudgeReads(bool all)
    {
        if (!all)
        {
            return;
        }

        bool isFirst = Base.Calls.Count == 0;
        foreach ((TopicLedger topic, PartitionLedger partition) in Partitions())
        {
            Run(new FetchCall(_world, topic, partition, TopicWorkload.All(Isolation.ReadUncommitted), fetched =>
            {
                // Nobody else calls: what is not there is nowhere.
                if (isFirst && Base.Calls.Count == 0 && fetched.NextOffset >= fetched.Offsets.HighWatermark)
                {
                    partition.Settle();
                }
            }));
            Run(new FetchCall(_world, topic, partition, TopicWorkload.All(Isolation.ReadCommitted)));
        }
    }

    public void Stop()
    {
        Base.IsStopping = true;
        Base.Broker.BeginStop();
        for (int step = 0; Base.Calls.Count > 0; step++)
        {
            SimulationException.Check(step < StepsMax, $"a stop ends {Base.Calls.First()}");
            Pump(all: true);
            if (!Base.Engine.CommitOnce() && Base.Calls.Count > 0)
            {
                Base.Engine.Maintain();
            }
        }

        Base.Broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _isOpen = false;
    }

    public void Lost()
    {
        if (_isOpen)
        {
            Base.Broker.Abandon();
        }

        _isOpen = false;
        Base.IsStopping = false;
        Base.Pump.Clear();
        Base.Calls.Clear();
        _world.Producers.ForEach(client => client.IsBusy = false);
        foreach (TransactionClient client in _world.Transactions)
        {
            client.IsBusy = false;
            client.Forget();
        }

        _wall = Base.Time.GetUtcNow() + TimeSpan.FromMilliseconds(_world.Random.Next(40_000));
    }

    public void Rotted() => Base.IsRotten = true;

    /// <summary>Compacts all that can be and judges that; then half of the runs delete all topics, the others drop all records.</summary>
    public void ConsumeAll()
    {
        Finish();
        JudgeCompacted();
        bool deletes = _world.Random.Next(2) == 0;
        foreach ((TopicLedger topic, PartitionLedger partition) in Partitions())
        {
            if (!deletes)
            {
                Run(new TrimCall(_world, topic, partition, FetchRequest.Latest));
            }
        }

        foreach (TopicLedger topic in _world.Topics.Where(topic => deletes && topic.Presence == Presence.There))
        {
            Run(new DeleteTopicCall(_world, topic));
        }

        Finish();
    }

    private void JudgeCompacted()
    {
        if (Base.IsRotten || Base.Engine.SendsRefused)
        {
            return;
        }

        // A turn that was under way has not looked at what came later.
        Run(new CompactCall(_world, long.MaxValue));
        Run(new CompactCall(_world, long.MaxValue));
        foreach ((TopicLedger topic, PartitionLedger partition) in Partitions().Where(pair => pair.Topic.IsCompacted))
        {
            Run(new FetchCall(_world, topic, partition, TopicWorkload.All(Isolation.ReadUncommitted), fetched =>
            {
                partition.JudgeCompacted(fetched);
                _world.Coverage.Count("partitions that were compacted");
            }));
        }
    }

    private List<(TopicLedger Topic, PartitionLedger Partition)> Partitions() =>
        [.. _world.Topics.Where(topic => topic.Presence == Presence.There).SelectMany(topic => topic.Partitions, (topic, partition) => (topic, partition))];

    private void Run(SimulatedCall call)
    {
        call.Start();
        for (int step = 0; !call.Task.IsCompleted && Base.Fatal is null; step++)
        {
            SimulationException.Check(step < StepsMax, $"{call} ends");
            Pump(all: true);
            if (!Base.Engine.CommitOnce() && Base.Pump.Count == 0)
            {
                Base.Engine.Maintain();
            }
        }
    }

    private void Finish()
    {
        do
        {
            Pump(all: true);
        }
        while (Base.Engine.CommitOnce());
    }

    private void Pump(bool all)
    {
        for (int steps = all ? int.MaxValue : _world.Random.Next(4); steps > 0 && Base.Pump.Count > 0; steps--)
        {
            Base.Pump.Next.Resume();
        }
    }
}
