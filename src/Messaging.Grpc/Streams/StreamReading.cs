using Google.Protobuf;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Streams;

/// <summary>Reads a stream's requests.</summary>
internal static class StreamReading
{
    /// <summary>The next request; null when the client has closed its side.</summary>
    public static async ValueTask<TRequest?> NextAsync<TRequest>(this IAsyncStreamReader<TRequest> requests, CancellationToken cancellationToken)
        where TRequest : class => await requests.MoveNext(cancellationToken) ? requests.Current : null;

    /// <summary>Bytes that a request is counted with while it is kept: those of its wire, and some for each entry, of which a small one is much more in memory. Throws where it has more entries than a call.</summary>
    public static long Weigh(IMessage request, int entries) => entries <= BrokerLimits.CallEntriesMax
        ? request.CalculateSize() + ((long)entries * GrpcLimits.EntryBytes)
        : throw Refusal.TooManyEntries(entries);

    /// <summary>
    /// Reads all of them into what gathers, until the client closes its side or something is wrong: that is told when what came before it is done. <paramref name="look"/> throws where the request can't be; <paramref name="count"/>
    /// tells its entries.
    /// </summary>
    public static async Task GatherAsync<TRequest>(
        this IAsyncStreamReader<TRequest> requests, Gathering<TRequest> gathering, Action<TRequest> look, Func<TRequest, int> count, CancellationToken cancellationToken)
        where TRequest : class, IMessage
    {
        try
        {
            while (await requests.NextAsync(cancellationToken) is { } request)
            {
                look(request);
                int entries = count(request);
                if (entries == 0)
                    throw Refusal.Of(new BrokerError(ErrorCode.BatchEmpty, "A request has at least one entry."));
                await gathering.AddAsync(request, entries, Weigh(request, entries), cancellationToken);
            }
        }
        finally
        {
            gathering.End();
        }
    }
}
