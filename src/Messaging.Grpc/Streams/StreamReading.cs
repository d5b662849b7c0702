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

    /// <summary>Bytes that a request is counted with while it is kept: those of its wire, and some for each entry, of which a small one is much more in memory.</summary>
    public static long Weigh(IMessage request, int entries) => request.CalculateSize() + ((long)entries * GrpcLimits.EntryBytes);

    /// <summary>
    /// Reads all of them into what gathers, until the client closes its side or something is wrong: that is told when what came before it is done. <paramref name="look"/> throws where the request can't be; <paramref name="count"/>
    /// tells its entries, which the field <paramref name="place"/> holds.
    /// </summary>
    public static async Task GatherAsync<TRequest>(
        this IAsyncStreamReader<TRequest> requests, Gathering<TRequest> gathering, Action<TRequest> look, Func<TRequest, int> count, string place, CancellationToken cancellationToken)
        where TRequest : class, IMessage
    {
        try
        {
            while (await requests.NextAsync(cancellationToken) is { } request)
            {
                look(request);
                int entries = count(request);
                if (EntryCount.Check(entries, place) is { } refusal)
                    throw Refusal.Of(refusal);
                await gathering.AddAsync(request, entries, Weigh(request, entries), cancellationToken);
            }
        }
        finally
        {
            gathering.End();
        }
    }
}
