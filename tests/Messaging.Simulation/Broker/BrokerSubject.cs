using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Simulation.Harness;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Simulation.Broker;

/// <summary>
/// The broker with its queues under a random workload of clients, on one thread: a call goes one step at a time, between the turns of the
/// journal that the harness makes. Judged by a <see cref="BrokerModel"/>: every answer, and after every recovery all that is there.
/// </summary>
internal sealed class BrokerSubject : ISimulatedSubject
{
    private const int StepsToStopMax = 10_000;
    private const int TicksToConsumeMax = 5;

    private readonly BrokerWorld _world;
    private readonly BrokerWorkload _workload;
    private readonly RecoveryJudge _judge;
    private readonly LogEngineOptions _options;
    private readonly bool _hasClockSteps;
    private DateTimeOffset _wall = new(2040, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private bool _isOpen;

    public BrokerSubject(Random random, SimulationCoverage coverage)
    {
        _world = new BrokerWorld(random, coverage);
        _hasClockSteps = random.Next(2) == 0;
        _workload = new BrokerWorkload(_world, _hasClockSteps);
        _judge = new RecoveryJudge(_world);
        _options = ChooseOptions(random);
    }

    public int JournalSlots => _options.JournalSlots;

    public LogEngine Open(SimDisk disk, Action<Exception> fatal)
    {
        _world.Time = new ManualTimeProvider(_wall);
        _world.Fatal = null;
        BrokerOptions options = new() { Engine = _options };
        _world.Broker = MessageBroker.Open(disk, options, _world.Time, NullLoggerFactory.Instance, fault =>
        {
            _world.Fatal ??= fault;
            fatal(fault);
        });
        _isOpen = true;
        return _world.Engine;
    }

    public void JudgeRecovery()
    {
        int untold = _world.History.Untold;
        int survived = _world.History.Recover(_judge.Difference);
        _world.Coverage.Count("unanswered commands that survived", survived);
        _world.Coverage.Count("unanswered commands that vanished", untold - survived);
        SimulationException.Check(_world.NowMs >= _world.History.Durable.LatestMs(), "no clock is earlier than what it has written");
        _workload.AskForEverything();
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
        if (_judge.Difference(_world.History.Current) is { } difference)
        {
            throw new SimulationException($"in memory: {difference}");
        }

        if (all && _world.History.Untold == 0)
        {
            _judge.JudgeBytes(_world.History.Current);
        }
    }

    public void Stop()
    {
        _world.IsStopping = true;
        _world.Broker.BeginStop();
        for (int step = 0; _world.Calls.Count > 0; step++)
        {
            SimulationException.Check(step < StepsToStopMax, $"a stop ends {_world.Calls.First()}");
            Pump(all: true);
            if (!_world.Engine.CommitOnce() && _world.Calls.Count > 0)
            {
                _world.Engine.Maintain();
            }
        }

        // Nobody calls any more, so that no other thread decides anything.
        _world.Broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _isOpen = false;
    }

    public void Lost()
    {
        if (_isOpen)
        {
            _world.Broker.Abandon();
        }

        _isOpen = false;
        _world.IsStopping = false;
        _world.Pump.Clear();
        _world.Calls.Clear();
        _world.Pages.Clear();
        _wall = _world.Time.GetUtcNow() + TimeSpan.FromMilliseconds(_world.Random.Next(40_000));
        if (_hasClockSteps && _world.Random.Next(2) == 0)
        {
            _wall += TimeSpan.FromSeconds(_world.Random.Next(-7_200, 7_200));
        }
    }

    public void Rotted() => _world.IsRotten = true;

    /// <summary>Half of the runs delete all queues, the others let all messages grow too old.</summary>
    public void ConsumeAll()
    {
        Finish();
        MoveAll();
        if (_world.Random.Next(2) == 0)
        {
            // Those that nobody sends his dead letters to first.
            while (_world.History.Current.Queues.Values.FirstOrDefault(queue => !_world.History.Current.SourcesOf(queue.Key).Any()) is { } queue)
            {
                new DeleteCall(_world, queue.Key).Start();
                Finish();
            }
        }
        else
        {
            _world.Time.Advance(TimeSpan.FromDays(5));
            for (int tick = 0; tick < TicksToConsumeMax; tick++)
            {
                new TickCall(_world).Start();
                Finish();
            }

            SimulationException.Check(_world.History.Current.Queues.Values.All(queue => !queue.Alive(_world.NowMs).Any()), "what is past its retention goes away");
        }

        Finish();
    }

    // Small, so that flushes, merges and recycled slots come often.
    internal static LogEngineOptions ChooseOptions(Random random)
    {
        int slotBytes = (72 << 10) + (random.Next(3) * (24 << 10));
        return new LogEngineOptions
        {
            JournalSlotBytes = slotBytes,
            JournalSlots = random.Next(6, 9),
            CheckpointBytes = slotBytes * random.Next(1, 4),
            PackBytesTarget = 64 << 10,
            PromotedBatchBytes = random.Next(4) > 0 ? 1 : slotBytes,
            PromotedShareMin = 1.0 / random.Next(2, 100),
            ReadCacheBytes = (16 << 10) << random.Next(4),
            DiskReserveBytes = 32 << 10,
            BallastBytes = slotBytes,
            RunThreads = false,
            FillRandom = bytes => random.NextBytes(bytes.Span),
        };
    }

    // Where there is room, nothing stays where it has had all its deliveries.
    private void MoveAll()
    {
        if (_world.Calls.OfType<MoveCall>().Any())
        {
            return;
        }

        var move = new MoveCall(_world);
        move.Start();
        Finish();
        if (move.Task.IsCompletedSuccessfully && !_world.IsRotten && !_world.Engine.SendsRefused)
        {
            bool isLeft = _world.History.Current.Queues.Values.Any(queue => queue.Alive(_world.NowMs).Any(message => queue.IsDead(message) && message.IsReady(_world.NowMs)));
            SimulationException.Check(!isLeft, "what has had all its deliveries moves while there is room");
            _world.Coverage.Count("turns after which nothing dead was left");
        }
    }

    private void Finish()
    {
        do
        {
            Pump(all: true);
        }
        while (_world.Engine.CommitOnce());
    }

    private void Pump(bool all)
    {
        int steps = all ? int.MaxValue : _world.Random.Next(4);
        for (; steps > 0 && _world.Pump.Count > 0; steps--)
        {
            _world.Pump.Next.Resume();
        }

        if (_world.Pump.Count == 0 && _world.Fatal is null && !_hasClockSteps)
        {
            CheckSleepers();
        }
    }

    // While the clock runs as the wall does, timers are exact: no receive sleeps while a message is ready, or longer than it was asked.
    private void CheckSleepers()
    {
        ReceiveCall[] receives = [.. _world.Calls.OfType<ReceiveCall>()];
        foreach (ReceiveCall sleeper in receives.Where(receive => receive.IsAsleep))
        {
            SimulationException.Check(!sleeper.HasLeft, $"{sleeper} sleeps no longer than it was asked");
            // One that is over at this very moment may have been ready until then, and was not taken in time.
            bool isReady = sleeper.Queue?.Ready(_world.NowMs - 1, int.MaxValue).Exists(message => message.IsAlive(_world.NowMs)) == true;
            bool someoneComes = receives.Any(receive => receive.IsBehindRoom && receive.Queue == sleeper.Queue);
            SimulationException.Check(someoneComes || !isReady, $"{sleeper} does not sleep while a message is ready");
        }
    }
}
