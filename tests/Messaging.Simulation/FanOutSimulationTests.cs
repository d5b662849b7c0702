using Messaging.Simulation.FanOut;
using Messaging.Simulation.Harness;
using Xunit.Abstractions;

namespace Messaging.Simulation;

/// <summary>Topics with queues that subscribe to them under power cuts, kills, faults, full disks, bit rot and clean stops, judged by a model of the sequence.</summary>
public sealed class FanOutSimulationTests(ITestOutputHelper output)
{
    /// <summary>A sweep in which one of these never happens proves nothing about it.</summary>
    private static readonly string[] Needed =
    [
        "batches that were stored before",
        "calls that ended with the process",
        "copies acknowledged",
        "copies compared",
        "copies received",
        "copies received from dead-letter queues",
        "DeleteQueueCall that answered OK",
        "DeleteTopicCall that answered OK",
        "gatherings that ended",
        "messages that had gathered",
        "PauseCall that answered OK",
        "PublishAsProducerCall that answered OK",
        "PublishAsProducerCall that was sequenced after a wait",
        "PublishBatchCall that answered OK",
        "PublishBatchCall that was sequenced after a wait",
        "PublishCall that answered OK",
        "PublishCall that was sequenced after a wait",
        "PurgeCopiesCall that answered OK",
        "PutSubscriptionCall that answered OK",
        "TransactCall that answered OK",
        "TransactCall that was sequenced after a wait",
        "TrimPartitionCall that answered OK",
        "UnsubscribeCall that answered OK",
        "unanswered commands that survived",
        "unanswered commands that vanished",
    ];

    [Fact]
    public void Every_record_is_in_every_queue_that_wanted_it_or_nowhere()
    {
        var sweep = new SimulationSweep("fan-out simulation", static (random, coverage) => new FanOutSubject(random, coverage));
        sweep.Run();
        output.WriteLine($"{sweep.Cycles} cycles in {sweep.Elapsed.TotalSeconds:F1} s, {sweep.Cycles / sweep.Elapsed.TotalMinutes:F0} a minute");
        output.WriteLine(sweep.Coverage.ToString());
        if (sweep.IsWhole)
        {
            Assert.All(Needed, what => Assert.True(sweep.Coverage.CountOf(what) > 0, what));
        }
    }
}
