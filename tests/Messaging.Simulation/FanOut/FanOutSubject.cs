using Messaging.Broker;
using Messaging.Simulation.Broker;
using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Simulation.FanOut;

/// <summary>
/// Topics whose records go to queues, under a random workload of clients on one thread, as <see cref="BrokerSubject"/> has queues alone. After a crash all that is there is what some first ones of the commands
/// have left, those that were told among them: so a record is in its partition and in every queue that wanted it at its place in the sequence, or nowhere.
/// </summary>
internal sealed class FanOutSubject : ISimulatedSubject
{
    private const int StepsMax = 10_000;

    private readonly FanOutWorld _world;
    private readonly FanOutWorkload _workload;
    private readonly FanOutJudge _judge;
    private readonly LogEngineOptions _options;
    private DateTimeOffset _wall = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private bool _isOpen;

    public FanOutSubject(Random random, SimulationCoverage coverage)
    {
        _world = new FanOutWorld(random, coverage);
        _workload = new FanOutWorkload(_world);
        _judge = new FanOutJudge(_world);
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
        int untold = _world.History.Untold;
        int survived = _world.History.Recover(_judge.Difference);
        _world.Coverage.Count("unanswered commands that survived", survived);
        _world.Coverage.Count("unanswered commands that vanished", untold - survived);
    }

    public void Operate()
    {
        _workload.Operate();
        if (_world.Random.Next(2) == 0) Pump(all: true);
    }

    public void Settle() => Pump(all: _world.Random.Next(4) > 0);

    public void JudgeReads(bool all)
    {
        if (_judge.Difference(_world.History.Current) is { } difference) throw new SimulationException($"in memory: {difference}");
        if (all && _world.History.Untold == 0) _judge.JudgeBytes(_world.History.Current);
    }

    public void Stop()
    {
        Base.IsStopping = true;
        Base.Broker.BeginStop();
        for (int step = 0; Base.Calls.Count > 0; step++)
        {
            SimulationException.Check(step < StepsMax, $"a stop ends {Base.Calls.First()}");
            Pump(all: true);
            if (!Base.Engine.CommitOnce() && Base.Calls.Count > 0) Base.Engine.Maintain();
        }

        Base.Broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _isOpen = false;
    }

    public void Lost()
    {
        if (_isOpen) Base.Broker.Abandon();
        _isOpen = false;
        Base.IsStopping = false;
        Base.Pump.Clear();
        Base.Calls.Clear();
        _world.Producers.ForEach(client => client.IsBusy = false);
        _wall = Base.Time.GetUtcNow() + TimeSpan.FromMilliseconds(_world.Random.Next(40_000));
    }

    public void Rotted() => Base.IsRotten = true;

    /// <summary>Half of the runs delete the topics first, the others the queues: neither has anything of the other's bytes then.</summary>
    public void ConsumeAll()
    {
        Finish();
        bool topicsFirst = _world.Random.Next(2) == 0;
        if (topicsFirst) DeleteTopics();
        foreach (string queue in _world.History.Current.Queues.Keys.ToArray()) Run(new DeleteQueueCall(_world, queue));
        JudgeReads(all: true);
        if (!topicsFirst) DeleteTopics();
        Finish();
    }

    private void DeleteTopics()
    {
        foreach (string topic in _world.History.Current.Topics.Keys.ToArray()) Run(new DeleteTopicCall(_world, topic));
        JudgeReads(all: true);
    }

    private void Run(SimulatedCall call)
    {
        call.Start();
        for (int step = 0; !call.Task.IsCompleted && Base.Fatal is null; step++)
        {
            SimulationException.Check(step < StepsMax, $"{call} ends");
            Pump(all: true);
            if (!Base.Engine.CommitOnce() && Base.Pump.Count == 0) Base.Engine.Maintain();
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
        for (int steps = all ? int.MaxValue : _world.Random.Next(4); steps > 0 && Base.Pump.Count > 0; steps--) Base.Pump.Next.Resume();
    }
}
