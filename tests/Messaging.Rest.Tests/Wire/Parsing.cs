using System.Text;
using Messaging.Broker.Messages;
using Messaging.Rest.Errors;
using Messaging.Rest.Operations;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

/// <summary>Calls of the parsers as the operations make them. Documents are never disposed, so that results can be looked at.</summary>
internal static class Parsing
{
    public static (OutgoingMessage[] Messages, Problem? Problem) Send(byte[] json)
    {
        var messages = new EntryList<OutgoingMessage>();
        Problem? problem = JsonRequest.Parse(new RequestDocument(json), messages, SendMessages.Parse);
        return (messages.Accepted.ToArray(), problem ?? FirstRefusal(messages));
    }

    public static (OutgoingMessage[] Messages, Problem? Problem) Send(string json) => Send(Encoding.UTF8.GetBytes(json));

    public static Problem? FirstRefusal<T>(EntryList<T> entries) =>
        Enumerable.Range(0, entries.Count).Select(entries.RefusalAt).FirstOrDefault(problem => problem is not null);

    /// <summary>The same document with a few random changes; mostly no JSON any more.</summary>
    public static byte[] Mutate(byte[] valid, Random random)
    {
        byte[] bytes = [.. valid];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(bytes.Length);
            int length = Math.Min(random.Next(1, 8), bytes.Length - at);
            int from = random.Next(bytes.Length - length + 1);
            bytes = (random.Next(6) switch
            {
                0 => [.. bytes[..at], .. bytes[(at + length)..]],
                1 => [.. bytes[..at], .. bytes[from..(from + length)], .. bytes[at..]],
                2 => [.. bytes[..at], (byte)random.Next(256), .. bytes[(at + 1)..]],
                3 => [.. bytes[..at], (byte)"{}[]\",:\\u0-"[random.Next(11)], .. bytes[(at + 1)..]],
                4 => [.. bytes[..at], .. "\\ud800"u8, .. bytes[at..]],
                _ => bytes[..at],
            }) is { Length: > 0 } mutated ? mutated : [.. valid];
        }
        return bytes;
    }
}
