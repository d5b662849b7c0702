using System.Text;
using Messaging.Broker.Messages;
using Messaging.Rest.Errors;
using Messaging.Rest.Operations;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

/// <summary>Calls of the parsers as the operations make them. Documents are never disposed, so that results can be looked at.</summary>
internal static class Parsing
{
    public static readonly DateTimeOffset Now = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    public static (OutgoingMessage[] Messages, Problem? Problem) Send(byte[] json)
    {
        var messages = new EntryList<OutgoingMessage>();
        Problem? problem = JsonRequest.Parse(new RequestDocument(json, Now), messages, SendMessages.Parse);
        return (messages.Accepted.ToArray(), problem ?? FirstRefusal(messages));
    }

    public static (OutgoingMessage[] Messages, Problem? Problem) Send(string json) => Send(Encoding.UTF8.GetBytes(json));

    public static Problem? FirstRefusal<T>(EntryList<T> entries) =>
        Enumerable.Range(0, entries.Count).Select(entries.RefusalAt).FirstOrDefault(problem => problem is not null);
}
