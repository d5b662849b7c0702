using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Benchmarks.InProcess;

/// <summary>What the messages of a load look like, by their number, so that every run has the same.</summary>
/// <param name="bytes">Of a body.</param>
/// <param name="groups">The messages go around so many; 0: they have none.</param>
/// <param name="delayMsMin">The least delay.</param>
/// <param name="delayMsMax">Delays are spread between the two as if by chance; 0: the messages have none of their own.</param>
internal sealed class MessagePattern(int bytes, int groups = 0, long delayMsMin = 0, long delayMsMax = 0)
{
    private readonly byte[] _body = Encoding.ASCII.GetBytes(new string('x', bytes));
    private readonly string[] _groups = [.. Enumerable.Range(0, groups).Select(GroupOf)];
    private OutgoingMessage[]? _same;

    public static string GroupOf(int group) => $"group-{group}";

    public OutgoingMessage At(long number) => new()
    {
        Body = _body,
        Group = groups == 0 ? null : _groups[number % groups],
        DelayMilliseconds = delayMsMax == 0 ? OutgoingMessage.QueueDelay : delayMsMin + (long)(Scatter(number) % (ulong)(delayMsMax - delayMsMin)),
    };

    /// <summary>Those from a number on; one array for all where they don't differ.</summary>
    public OutgoingMessage[] Batch(long first, int count)
    {
        bool differ = groups > 0 || delayMsMax > 0;
        if (!differ && _same is { } same && same.Length == count)
        {
            return same;
        }

        var batch = new OutgoingMessage[count];
        for (int index = 0; index < count; index++)
        {
            batch[index] = At(first + index);
        }

        return differ ? batch : _same = batch;
    }

    // The finalizer of SplitMix64.
    private static ulong Scatter(long number)
    {
        ulong mixed = (ulong)number * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
