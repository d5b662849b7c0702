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

    /// <summary>Bytes that a request is counted with while it is kept: those of its wire, and some for each of its parts, of which a small one is much more in memory (<see cref="GrpcLimits.PartBytes"/>).</summary>
    public static long Weigh(IMessage request, RequestParts parts) => request.CalculateSize() + (((long)parts.Entries + parts.Attributes) * GrpcLimits.PartBytes);

    /// <summary>
    /// Reads all of them into what gathers, until the client closes its side or something is wrong: that is told when what came before it is done. <paramref name="look"/> throws where the request can't be; <paramref name="count"/>
    /// tells its parts, of which the field <paramref name="place"/> holds the entries.
    /// </summary>
    public static async Task GatherAsync<TRequest>(
        this IAsyncStreamReader<TRequest> requests, Gathering<TRequest> gathering, Action<TRequest> look, Func<TRequest, RequestParts> count, string place, CancellationToken cancellationToken)
        where TRequest : class, IMessage
    {
        try
        {
            while (await requests.NextAsync(cancellationToken) is { } request)
            {
                look(request);
                RequestParts parts = count(request);
                if (EntryCount.Check(parts.Entries, place) is { } refusal)
                    throw Refusal.Of(refusal);
                await gathering.AddAsync(request, parts.Entries, Weigh(request, parts), cancellationToken);
            }
        }
        finally
        {
            gathering.End();
        }
    }
}

/// <summary>What a stream's request is made of: entries, and attributes and headers of all of them.</summary>
internal readonly record struct RequestParts(int Entries, int Attributes);
