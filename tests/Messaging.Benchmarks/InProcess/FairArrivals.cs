using System.Buffers.Binary;
using System.Diagnostics;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;

namespace Messaging.Benchmarks.InProcess;

/// <summary>
/// The senders of one run: messages by the clock, evenly, those of a step at once; nobody waits for an answer before the next is sent. A quiet message carries
/// its number; its group is the next of the quiet ones.
/// </summary>
internal sealed class FairArrivals(MessageBroker broker, QueueKey queue, FairMix mix, int quietMessages)
{
    private const int BodyBytes = 100;
    private const int BatchMax = FairLoad.Groups;
    private const uint StepMicroseconds = 500;

    private readonly OutgoingMessage[] _others = OthersOf(mix);
    private readonly List<Task> _sends = [];
    private int _nextOther;

    public QuietMessages Quiet { get; } = new(quietMessages);

    /// <summary>The quiet messages within so long, and beside them so many others a second. Ends when all quiet ones were received.</summary>
    public async Task RunAsync(double seconds, double othersRate)
    {
        await Task.Factory.StartNew(() => Run(seconds, othersRate), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(_sends);
        await Quiet.AllReceived;
    }

    /// <summary>Messages of the noisy group; where there is none, of all groups in turn.</summary>
    public async Task SendOthersAsync(long messages)
    {
        while (messages > 0)
        {
            int count = (int)Math.Min(messages, BatchMax - _nextOther);
            ReadOnlyMemory<OutgoingMessage> batch = _others.AsMemory(_nextOther, count);
            _nextOther = (_nextOther + count) % BatchMax;
            messages -= count;
            Must.Succeed(await broker.Queues.SendAsync(queue, batch, CancellationToken.None).ConfigureAwait(false));
        }
    }

    private static OutgoingMessage[] OthersOf(FairMix mix)
    {
        byte[] body = new byte[BodyBytes];
        BinaryPrimitives.WriteInt64LittleEndian(body, QuietMessages.None);
        return [.. Enumerable.Range(0, BatchMax).Select(index => new OutgoingMessage { Body = body, Group = GroupOf(mix, mix == FairMix.Even ? index : 0) })];
    }

    private static string? GroupOf(FairMix mix, int group) => mix == FairMix.NoisyWithoutGroups ? null : MessagePattern.GroupOf(group);

    private void Run(double seconds, double othersRate)
    {
        long begun = Stopwatch.GetTimestamp();
        int quiet = 0;
        long others = 0;
        double share = 0;
        while (share < 1)
        {
            share = Math.Min(1, Stopwatch.GetElapsedTime(begun).TotalSeconds / seconds);
            for (; quiet < (int)(quietMessages * share); quiet++)
            {
                _sends.Add(SendQuietAsync(quiet));
            }

            long due = (long)(othersRate * seconds * share) - others;
            others += due;
            if (due > 0)
            {
                _sends.Add(SendOthersAsync(due));
            }

            _ = LibC.Sleep(StepMicroseconds);
        }
    }

    private async Task SendQuietAsync(int number)
    {
        byte[] body = new byte[BodyBytes];
        BinaryPrimitives.WriteInt64LittleEndian(body, number);
        OutgoingMessage[] message = [new() { Body = body, Group = GroupOf(mix, 1 + (number % (FairLoad.Groups - 1))) }];
        Must.Succeed(await broker.Queues.SendAsync(queue, message, CancellationToken.None).ConfigureAwait(false));
        Quiet.Sent(number);
    }
}
