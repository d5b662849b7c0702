using Messaging.Simulation.Broker;
using Messaging.Simulation.Harness;
using Xunit.Abstractions;

namespace Messaging.Simulation;

/// <summary>The queues under power cuts, kills, faults, full disks, bit rot and clean stops, judged by a model (engine.md sections 8 and 10).</summary>
public sealed class BrokerSimulationTests(ITestOutputHelper output)
{
    /// <summary>A sweep in which one of these never happens proves nothing about it.</summary>
    private static readonly string[] Needed =
    [
        "browses that answered InvalidValue",
        "browses that answered OK",
        "calls that ended with the process",
        "cancels that answered MessageLeased",
        "cancels that answered MessageNotFound",
        "cancels that answered OK",
        "damaged messages seen",
        "definitions that answered DeadLetterInvalid",
        "documents that were applied",
        "documents that were not applied",
        "looks at a message that has expired",
        "looks that answered MessageNotFound",
        "looks that answered OK",
        "messages delivered again",
        "messages given back unhandled",
        "messages moved as dead",
        "messages past their retention that a receive dropped",
        "messages past their retention that a tick dropped",
        "messages redriven",
        "messages rejected",
        "messages purged",
        "messages that found their queue full",
        "messages that waited for a queue that was deleted",
        "pages listed",
        "receipts that answered MessageGone",
        "receipts that answered NotLeased",
        "receipts that answered ReceiptInvalid",
        "receipts that answered ReceiptOfAnotherQueue",
        "receipts that answered ReceiptStale",
        "receives that waited in vain",
        "receives that were cancelled",
        "receives woken for a message",
        "redrives that answered RedriveRunning",
        "redrives that became Cancelled",
        "redrives that became Completed",
        "redrives that became Failed",
        "steps of the wall clock",
        "turns after which nothing dead was left",
        "unanswered commands that survived",
        "unanswered commands that vanished",
        "waits for room",
    ];

    [Fact]
    public void Every_answer_is_kept_over_every_crash()
    {
        var sweep = new SimulationSweep("queue simulation", static (random, coverage) => new BrokerSubject(random, coverage));
        sweep.Run();
        output.WriteLine($"{sweep.Cycles} cycles in {sweep.Elapsed.TotalSeconds:F1} s, {sweep.Cycles / sweep.Elapsed.TotalMinutes:F0} a minute");
        output.WriteLine(sweep.Coverage.ToString());
        if (sweep.IsWhole)
        {
            Assert.Empty(sweep.Coverage.Missed().Except(DurableBoundary.OfPromotion));
            Assert.All(Needed, what => Assert.True(sweep.Coverage.CountOf(what) > 0, what));
        }
    }

    [Fact]
    public void One_seed_gives_one_run()
    {
        Assert.Equal(DurableCalls(7), DurableCalls(7));
        Assert.NotEqual(DurableCalls(7), DurableCalls(8));
    }

    private static long DurableCalls(int seed)
    {
        var run = new SimulatedRun(seed, static (random, coverage) => new BrokerSubject(random, coverage), new SimulationCoverage());
        run.Run();
        return run.DurableCalls;
    }
}
