using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Topics;
using Messaging.V1;
using Attribute = Messaging.V1.Attribute;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>Subscriptions over gRPC, by the generated client.</summary>
internal sealed class GrpcSubscriptionFront(CallInvoker connection) : IPausingFront
{
    private readonly GrpcTopicFront _topics = new(connection);

    private SubscriptionService.SubscriptionServiceClient Calls => new(connection);

    public Task<string> CreateTopicAsync(string name, bool isFifo = false) => _topics.CreateTopicAsync(name, new TopicTerms(IsFifo: isFifo));

    public Task<string> DeleteTopicAsync(string name) => _topics.DeleteTopicAsync(name);

    public Task<string[]> ListTopicsAsync(string prefix) => _topics.ListTopicsAsync(prefix);

    public Task<string[]> PublishAsync(string topic, params FrontSend[] messages) =>
        new TopicService.TopicServiceClient(connection).PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { messages.Select(Of) } }).OutcomesAsync(response => response.Results, result => result.Error);

    public Task<string> SubscribeAsync(string topic, string queue, SubscriptionTerms terms)
    {
        var definition = new SubscriptionDefinition { Target = GrpcShapes.ToQueue(queue), Raw = terms.IsRaw };
        if (terms.Filter is not null) definition.Filter = Of(terms.Filter);
        if (terms.DeadLetter is not null) definition.DeadLetter = new SubscriptionDeadLetter { Queue = terms.DeadLetter };
        return Calls.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = GrpcServer.NewName(), Definition = definition }).OutcomeAsync();
    }

    public async Task<string> FilterAsync(string topic, string queue, FrontFilter filter)
    {
        var request = new PatchSubscriptionRequest { Topic = topic, Subscription = await FindAsync(topic, queue), Definition = new SubscriptionDefinition { Filter = Of(filter) } };
        return await Calls.PatchSubscriptionAsync(request).OutcomeAsync();
    }

    public async Task<string> UnsubscribeAsync(string topic, string target) =>
        await Calls.DeleteSubscriptionAsync(new DeleteSubscriptionRequest { Topic = topic, Subscription = await FindAsync(topic, target) }).OutcomeAsync();

    public async Task<(string Outcome, FrontSubscription[] Subscriptions)> ListAsync(string topic)
    {
        (string outcome, ListSubscriptionsResponse? response) = await Calls.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic }).AskAsync();
        return (outcome, [.. (response?.Subscriptions ?? []).Select(one => new FrontSubscription(GrpcShapes.TextOf(one.Definition.Target), new SubscriptionTerms(
            one.Definition.Raw, one.Definition.Filter is { } filter ? new FrontFilter(filter.Scope == FilterScope.Body, filter.Policy) : null, one.Definition.DeadLetter?.Queue)))]);
    }

    public async Task<string> PauseAsync(string topic, string queue, bool isPaused)
    {
        string name = await FindAsync(topic, queue);
        return isPaused
            ? await Calls.PauseSubscriptionAsync(new PauseSubscriptionRequest { Topic = topic, Subscription = name }).OutcomeAsync()
            : await Calls.ResumeSubscriptionAsync(new ResumeSubscriptionRequest { Topic = topic, Subscription = name }).OutcomeAsync();
    }

    public Task<string> SubscribeEndpointAsync(string topic, string url)
    {
        var definition = new SubscriptionDefinition { Target = new SubscriptionTarget { Http = new HttpTarget { Url = url } }, Raw = false };
        return Calls.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = GrpcServer.NewName(), Definition = definition }).OutcomeAsync();
    }

    public async Task<string> ConfirmAsync(string topic, string url, string token) =>
        await Calls.ConfirmSubscriptionAsync(new ConfirmSubscriptionRequest { Topic = topic, Subscription = await FindAsync(topic, url), Token = token }).OutcomeAsync();

    public async Task<bool> IsPendingAsync(string topic, string url) => (await GetAsync(topic, url)).Pending;

    public async Task<string> ReplayAsync(string topic, string queue, DateTimeOffset from, DateTimeOffset? to)
    {
        var request = new ReplaySubscriptionRequest { Topic = topic, Subscription = await FindAsync(topic, queue), StartAt = new SubscriptionStart { Time = Timestamp.FromDateTimeOffset(from) } };
        if (to is { } end) request.To = Timestamp.FromDateTimeOffset(end);
        return await Calls.ReplaySubscriptionAsync(request).OutcomeAsync();
    }

    public async Task<string?> ReplayStatusAsync(string topic, string queue) =>
        (await GetAsync(topic, queue)).Replay is { } replay ? JsonNamingPolicy.CamelCase.ConvertName(replay.Status.ToString()) : null;

    public async Task<string> EndReplayAsync(string topic, string queue) =>
        await Calls.EndReplayAsync(new EndReplayRequest { Topic = topic, Subscription = await FindAsync(topic, queue) }).OutcomeAsync();

    private async Task<string> FindAsync(string topic, string target) => (await GetAsync(topic, target)).Name;

    private async Task<Subscription> GetAsync(string topic, string target) =>
        (await Calls.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic })).Subscriptions.Single(one => GrpcShapes.TextOf(one.Definition.Target) == target);

    private static SubscriptionFilter Of(FrontFilter filter) => new() { Scope = filter.IsOfBody ? FilterScope.Body : FilterScope.Attributes, Policy = filter.Policy };

    /// <summary>The message as a record to publish.</summary>
    public static OutgoingRecord Of(FrontSend message)
    {
        var record = new OutgoingRecord { Body = ByteString.CopyFromUtf8(message.Body), DeduplicationId = message.DeduplicationId ?? "" };
        if (message.Group is not null) record.Key = ByteString.CopyFromUtf8(message.Group);
        if (message.Number is not null) record.Attributes["n"] = new Attribute { Number = message.Number };
        if (message.Kind is not null) record.Attributes["kind"] = new Attribute { Text = message.Kind };
        return record;
    }
}
