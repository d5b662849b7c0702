using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Pages;

/// <summary>Lists over gRPC, by the generated client.</summary>
internal sealed class GrpcPagedFront(GrpcServer server, string queue, string topic) : IPagedFront
{
    public string[] Lists => ["queues", "topics", "groups", "operations", "subscriptions", "messages"];

    public Task<(string Outcome, string? Next)> PageAsync(string list, string? token)
    {
        var page = new PageRequest { Size = 1, Token = token ?? "" };
        return list switch
        {
            "queues" => ToldAsync(server.Queues.ListQueuesAsync(new ListQueuesRequest { Page = page }), response => response.NextPageToken),
            "topics" => ToldAsync(server.Topics().ListTopicsAsync(new ListTopicsRequest { Page = page }), response => response.NextPageToken),
            "groups" => ToldAsync(new GroupService.GroupServiceClient(server.Channel).ListGroupsAsync(new ListGroupsRequest { Page = page }), response => response.NextPageToken),
            "operations" => ToldAsync(server.Operations.ListOperationsAsync(new ListOperationsRequest { Page = page }), response => response.NextPageToken),
            "subscriptions" => ToldAsync(
                new SubscriptionService.SubscriptionServiceClient(server.Channel).ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic, Page = page }), response => response.NextPageToken),
            "messages" => ToldAsync(server.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue, Page = page }), response => response.NextPageToken),
            _ => throw new ArgumentOutOfRangeException(nameof(list)),
        };
    }

    private static async Task<(string Outcome, string? Next)> ToldAsync<T>(AsyncUnaryCall<T> call, Func<T, string> next)
        where T : class
    {
        (string outcome, T? response) = await call.AskAsync();
        return (outcome, response is null || next(response).Length == 0 ? null : next(response));
    }
}
