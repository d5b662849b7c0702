using Grpc.Core;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Subscriptions;

/// <summary>Subscriptions of topics, as subscription_service.proto says. One for the process, thread-safe.</summary>
internal sealed class SubscriptionService(Front front) : V1.SubscriptionService.SubscriptionServiceBase
{
    private const string ReplayStart = "startAt";

    public override async Task<V1.PutSubscriptionResponse> PutSubscription(V1.PutSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        PutSubscriptionResult put = (await call.Broker.Subscriptions.PutAsync(
            call.Subscription(request.Topic, request.Subscription), SubscriptionDefinitions.Read(request.Definition), Preconditions.Read(request.Precondition),
            CancellationToken.None)).OrRefuse(RequestFields.OfDefinition);
        return new V1.PutSubscriptionResponse { Subscription = SubscriptionWriter.Of(put.Subscription), Created = put.Created };
    }

    public override async Task<V1.PatchSubscriptionResponse> PatchSubscription(V1.PatchSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        PutSubscriptionResult changed = (await call.Broker.Subscriptions.PatchAsync(
            call.Subscription(request.Topic, request.Subscription), SubscriptionDefinitions.Patch(request.Definition, request.UpdateMask),
            Preconditions.Read(request.Precondition), CancellationToken.None)).OrRefuse(RequestFields.OfDefinition);
        return new V1.PatchSubscriptionResponse { Subscription = SubscriptionWriter.Of(changed.Subscription) };
    }

    public override async Task<V1.GetSubscriptionResponse> GetSubscription(V1.GetSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        SubscriptionDescription found = (await call.Broker.Subscriptions.GetAsync(
            call.Subscription(request.Topic, request.Subscription), context.CancellationToken)).OrRefuse();
        return new V1.GetSubscriptionResponse { Subscription = SubscriptionWriter.Of(found) };
    }

    public override async Task<V1.DeleteSubscriptionResponse> DeleteSubscription(V1.DeleteSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (await call.Broker.Subscriptions.DeleteAsync(
            call.Subscription(request.Topic, request.Subscription), Preconditions.Read(request.Precondition), CancellationToken.None)).OrRefuse();
        return new V1.DeleteSubscriptionResponse();
    }

    public override async Task<V1.ListSubscriptionsResponse> ListSubscriptions(V1.ListSubscriptionsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        (int size, string? token) = Pages.Read(request.Page);
        SubscriptionPage page = (await call.Broker.Subscriptions.ListAsync(call.Topic(request.Topic), request.Prefix, size, token, context.CancellationToken)).OrRefuse(RequestFields.OfPage);
        // Each may have a policy of a quarter of a megabyte.
        return LentAnswer.Placed(context, front, new V1.ListSubscriptionsResponse
        {
            Subscriptions = { page.Subscriptions.Select(SubscriptionWriter.Of) },
            NextPageToken = page.NextPageToken ?? "",
        });
    }

    public override async Task<V1.ConfirmSubscriptionResponse> ConfirmSubscription(V1.ConfirmSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        SubscriptionKey key = call.Subscription(request.Topic, request.Subscription);
        if (request.Token.Length == 0)
            throw Refusal.Missing("token", "The token that the endpoint was sent.");
        SubscriptionDescription confirmed = (await call.Broker.Subscriptions.ConfirmAsync(key.Topic, key.Name, request.Token, CancellationToken.None)).OrRefuse();
        return new V1.ConfirmSubscriptionResponse { Subscription = SubscriptionWriter.Of(confirmed) };
    }

    public override async Task<V1.ListDeliveriesResponse> ListDeliveries(V1.ListDeliveriesRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        DeliveryReport report = (await call.Broker.Deliveries.ReportAsync(call.Subscription(request.Topic, request.Subscription), context.CancellationToken)).OrRefuse();
        return DeliveryWriter.Of(report);
    }

    public override async Task<V1.PauseSubscriptionResponse> PauseSubscription(V1.PauseSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        SubscriptionDescription paused = (await call.Broker.Subscriptions.PauseAsync(
            call.Subscription(request.Topic, request.Subscription), isPaused: true, CancellationToken.None)).OrRefuse();
        return new V1.PauseSubscriptionResponse { Subscription = SubscriptionWriter.Of(paused) };
    }

    public override async Task<V1.ResumeSubscriptionResponse> ResumeSubscription(V1.ResumeSubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        SubscriptionDescription resumed = (await call.Broker.Subscriptions.PauseAsync(
            call.Subscription(request.Topic, request.Subscription), isPaused: false, CancellationToken.None)).OrRefuse();
        return new V1.ResumeSubscriptionResponse { Subscription = SubscriptionWriter.Of(resumed) };
    }

    public override async Task<V1.ReplaySubscriptionResponse> ReplaySubscription(V1.ReplaySubscriptionRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        SubscriptionKey key = call.Subscription(request.Topic, request.Subscription);
        if (request.StartAt is null)
            throw Refusal.Missing(ReplayStart, "earliest, or the time that the replay begins at.");
        SubscriptionDescription replayed = (await call.Broker.Subscriptions.ReplayAsync(
            key, SubscriptionDefinitions.ReadStart(request.StartAt, ReplayStart), Times.Maybe(request.To, "to"), CancellationToken.None)).OrRefuse(RequestFields.OfReplay);
        return new V1.ReplaySubscriptionResponse { Subscription = SubscriptionWriter.Of(replayed) };
    }

    public override async Task<V1.EndReplayResponse> EndReplay(V1.EndReplayRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        SubscriptionDescription ended = (await call.Broker.Subscriptions.EndReplayAsync(
            call.Subscription(request.Topic, request.Subscription), CancellationToken.None)).OrRefuse();
        return new V1.EndReplayResponse { Subscription = SubscriptionWriter.Of(ended) };
    }
}
