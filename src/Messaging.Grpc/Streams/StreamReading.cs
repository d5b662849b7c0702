using Google.Protobuf;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Streams;

/// <summary>Reads a stream's requests into what gathers, until its client closes its side, or something is wrong: that is told when what came before it is done.</summary>
internal static class StreamReading
{
    /// <summary><paramref name="look"/> throws where the request can't be; <paramref name="count"/> tells its entries.</summary>
    public static async Task RunAsync<TRequest>(
        IAsyncStreamReader<TRequest> requests, Gathering<TRequest> gathering, Action<TRequest> look, Func<TRequest, int> count, CancellationToken cancellationToken)
        where TRequest : IMessage
    {
        try
        {
            while (await requests.MoveNext(cancellationToken))
            {
                TRequest request = requests.Current;
                look(request);
                int entries = count(request);
                if (entries == 0)
                    throw Refusal.Of(new BrokerError(ErrorCode.BatchEmpty, "A request has at least one entry."));
                await gathering.AddAsync(request, entries, request.CalculateSize(), cancellationToken);
            }
        }
        finally
        {
            gathering.End();
        }
    }
}
