using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;
using static Messaging.Grpc.Tests.Subscriptions.SubscriptionSteps;

namespace Messaging.Grpc.Tests.Subscriptions;

/// <summary>Every call on subscriptions of queues: what it does, and how it refuses.</summary>
public sealed class SubscriptionServiceTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const string Policy = """{"price":[{"numeric":["=",1.10]}],  "kind":["a"]}""";

    private SubscriptionService.SubscriptionServiceClient Subscriptions => server.Subscriptions();

    [Fact]
    public async Task A_subscription_is_created_with_its_defaults_and_replaced()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();

        PutSubscriptionResponse created = await server.PutAsync(topic, "s", To(queue));
        PutSubscriptionResponse changed = await server.PutAsync(topic, "s", new SubscriptionDefinition { Target = Target(queue), Raw = false, Tags = { ["a"] = "b" } });

        Assert.True(created.Created);
        Assert.Equal(("s", queue, true, SubscriptionStart.Types.End.Now), (created.Subscription.Name, created.Subscription.Definition.Target.Queue.Name, created.Subscription.Definition.Raw, created.Subscription.Definition.StartAt.End));
        Assert.Equal((null, null, null), (created.Subscription.Definition.Filter, created.Subscription.Definition.DeadLetter, created.Subscription.Definition.DeliveryPolicy));
        Assert.False(changed.Created);
        Assert.Equal((false, "b"), (changed.Subscription.Definition.Raw, changed.Subscription.Definition.Tags["a"]));
        Assert.True(changed.Subscription.Version > created.Subscription.Version);
        Assert.Equal(changed.Subscription, await GetAsync(topic, "s"));
    }

    [Fact]
    public async Task Every_field_of_a_definition_comes_back_as_it_was_put()
    {
        string topic = await server.CreateTopicAsync(), dead = await server.CreateQueueAsync();
        var retry = new DeliveryPolicy.Types.RetryPolicy
        {
            MinDelayTarget = 1, MaxDelayTarget = 2, NumRetries = 10, NumNoDelayRetries = 1, NumMinDelayRetries = 2, NumMaxDelayRetries = 3,
            BackoffFunction = DeliveryPolicy.Types.BackoffFunction.Geometric,
        };
        var definition = new SubscriptionDefinition
        {
            Target = new SubscriptionTarget { Http = new HttpTarget { Url = "http://127.0.0.1:1/hook" } },
            Filter = new SubscriptionFilter { Scope = FilterScope.Body, Policy = Policy },
            Raw = true,
            DeliveryPolicy = new DeliveryPolicy
            {
                HealthyRetryPolicy = retry,
                SicklyRetryPolicy = retry,
                ThrottlePolicy = new DeliveryPolicy.Types.ThrottlePolicy { MaxReceivesPerSecond = 5 },
                RequestPolicy = new DeliveryPolicy.Types.RequestPolicy { HeaderContentType = "application/xml" },
                Guaranteed = true,
            },
            Confirmed = true,
            DeadLetter = new SubscriptionDeadLetter { Queue = dead },
            StartAt = new SubscriptionStart { Time = new Timestamp { Seconds = 5, Nanos = 7_000_000 } },
            Tags = { ["t"] = "1" },
            Annotations = { ["x"] = "2" },
        };

        // A field that is added to the contract and forgotten here, in the reader or in the writer, has its default: it would not be set.
        Assert.All(SubscriptionDefinition.Descriptor.Fields.InFieldNumberOrder(), field => Assert.True(field.IsMap || field.Accessor.GetValue(definition) is not null and not false, field.Name));
        Assert.Equal(definition, (await server.PutAsync(topic, "s", definition)).Subscription.Definition);
    }

    [Fact]
    public async Task Every_kind_of_target_comes_back_as_it_was_put()
    {
        string topic = await server.CreateTopicAsync();
        SubscriptionTarget[] targets =
        [
            Target(await server.CreateQueueAsync()),
            new SubscriptionTarget { Http = new HttpTarget { Url = "https://user:secret@example.com/x" } },
            new SubscriptionTarget { Email = new EmailTarget { Address = "a@example.com", Format = EmailTarget.Types.Format.Text } },
            new SubscriptionTarget { Email = new EmailTarget { Address = "b@example.com", Format = EmailTarget.Types.Format.Json } },
            new SubscriptionTarget { Function = new FunctionTarget { Url = "http://127.0.0.1:1/f" } },
            new SubscriptionTarget { Gateway = new GatewayTarget { Protocol = GatewayTarget.Types.Protocol.Sms, Endpoint = "+1" } },
            new SubscriptionTarget { Gateway = new GatewayTarget { Protocol = GatewayTarget.Types.Protocol.Application, Endpoint = "e" } },
            new SubscriptionTarget { Gateway = new GatewayTarget { Protocol = GatewayTarget.Types.Protocol.Firehose, Endpoint = "f" } },
        ];

        foreach (SubscriptionTarget target in targets)
            Assert.Equal(target, (await server.PutAsync(topic, GrpcServer.NewName(), new SubscriptionDefinition { Target = target })).Subscription.Definition.Target);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_leaves_the_rest()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync(), dead = await server.CreateQueueAsync();
        await server.PutAsync(topic, "s", new SubscriptionDefinition
        {
            Target = Target(queue), Raw = false, Filter = new SubscriptionFilter { Policy = Policy }, DeadLetter = new SubscriptionDeadLetter { Queue = dead },
            Tags = { ["a"] = "1", ["b"] = "2" },
        });

        SubscriptionDefinition raw = await PatchAsync(topic, new SubscriptionDefinition { Raw = true, Tags = { ["c"] = "3" } });
        SubscriptionDefinition scope = await PatchAsync(topic, new SubscriptionDefinition { Filter = new SubscriptionFilter { Scope = FilterScope.Body } });
        SubscriptionDefinition policy = await PatchAsync(topic, new SubscriptionDefinition { Filter = new SubscriptionFilter { Policy = """{"k":["v"]}""" } });
        SubscriptionDefinition less = await PatchAsync(topic, new SubscriptionDefinition(), "dead_letter", "tags.a", "raw");
        SubscriptionDefinition unfiltered = await PatchAsync(topic, new SubscriptionDefinition(), "filter", "tags");

        Assert.Equal((true, "1 2 3", queue, dead), (raw.Raw, Tags(raw), raw.Target.Queue.Name, raw.DeadLetter.Queue));
        Assert.Equal((FilterScope.Body, Policy), (scope.Filter.Scope, scope.Filter.Policy));
        Assert.Equal((FilterScope.Body, """{"k":["v"]}"""), (policy.Filter.Scope, policy.Filter.Policy));
        Assert.Equal((true, "2 3", null), (less.Raw, Tags(less), less.DeadLetter));
        Assert.Equal((null, "", queue), (unfiltered.Filter, Tags(unfiltered), unfiltered.Target.Queue.Name));
    }

    [Fact]
    public async Task A_patch_replaces_a_target_whole_and_never_takes_it_away()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync(), other = await server.CreateQueueAsync();
        await server.PutAsync(topic, "s", To(queue));

        Assert.Equal(other, (await PatchAsync(topic, To(other))).Target.Queue.Name);
        Assert.Equal("invalidValue definition.target", await PatchFieldAsync(topic, new SubscriptionDefinition(), "target"));
        Assert.Equal("missingField definition.target", await PatchFieldAsync(topic, new SubscriptionDefinition { Target = new SubscriptionTarget() }));
        Assert.Equal("invalidValue definition.filter.policy", await PatchFieldAsync(topic, new SubscriptionDefinition { Filter = new SubscriptionFilter { Scope = FilterScope.Body } }));
        Assert.Equal("immutable definition.startAt", await PatchFieldAsync(topic, new SubscriptionDefinition { StartAt = new SubscriptionStart { End = SubscriptionStart.Types.End.Earliest } }));
        Assert.Equal("invalidValue updateMask", await PatchFieldAsync(topic, new SubscriptionDefinition(), "leaseSeconds"));
        Assert.Equal("invalidValue updateMask", await PatchFieldAsync(topic, To(other), "target.http.url"));
        Assert.Equal(other, (await GetAsync(topic, "s")).Definition.Target.Queue.Name);
        Assert.Equal(queue, (await PatchAsync(topic, To(queue), "target.queue.name")).Target.Queue.Name);
    }

    [Fact]
    public async Task What_is_wrong_with_a_definition_is_told_by_its_field()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();
        var toQueue = Target(queue);
        Assert.Equal("missingField definition.target", await FieldAsync(topic, null));
        Assert.Equal("missingField definition.target", await FieldAsync(topic, new SubscriptionDefinition { Target = new SubscriptionTarget() }));
        Assert.Equal("queueNotFound definition.target.queue.name", await FieldAsync(topic, To("nobody")));
        Assert.Equal("missingField definition.filter.policy", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, Filter = new SubscriptionFilter { Scope = FilterScope.Body } }));
        Assert.Equal("invalidValue definition.filter.policy", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, Filter = new SubscriptionFilter { Policy = "[]" } }));
        Assert.Equal("invalidValue definition.filter.scope", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, Filter = new SubscriptionFilter { Scope = (FilterScope)9, Policy = "{}" } }));
        Assert.Equal("invalidName definition.deadLetter.queue", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, DeadLetter = new SubscriptionDeadLetter() }));
        Assert.Equal("invalidValue definition.startAt.time", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, StartAt = new SubscriptionStart { Time = new Timestamp { Nanos = -1 } } }));
        Assert.Equal("invalidValue definition.startAt.end", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, StartAt = new SubscriptionStart { End = (SubscriptionStart.Types.End)9 } }));
        Assert.Equal("invalidValue definition.deliveryPolicy", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, DeliveryPolicy = new DeliveryPolicy { HealthyRetryPolicy = new DeliveryPolicy.Types.RetryPolicy() } }));
        Assert.Equal("invalidValue definition.deliveryPolicy", await FieldAsync(topic, new SubscriptionDefinition { Target = toQueue, DeliveryPolicy = new DeliveryPolicy { ThrottlePolicy = new DeliveryPolicy.Types.ThrottlePolicy { MaxReceivesPerSecond = 0 } } }));
        Assert.Equal("topicNotFound ", await FieldAsync("nobody", To(queue)));
        Assert.Equal("invalidName topic", await FieldAsync("", To(queue)));
        Assert.Equal("invalidName subscription", await FieldAsync(topic, To(queue), ""));
    }

    [Fact]
    public async Task A_queue_is_the_target_of_one_subscription_of_a_topic()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();
        await server.PutAsync(topic, "s", To(queue));

        Assert.Equal(StatusCode.AlreadyExists, (await Refused.ByAsync(Subscriptions.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = "other", Definition = To(queue) }))).Status);
        Assert.Equal("targetInUse definition.target", await FieldAsync(topic, To(queue), "other"));
    }

    [Fact]
    public async Task A_precondition_that_does_not_hold_changes_nothing()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();
        Subscription there = (await server.PutAsync(topic, "s", To(queue))).Subscription;
        var stale = new Precondition { Version = there.Version - 1 };

        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Subscriptions.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = "s", Definition = To(queue), Precondition = new Precondition { MustNotExist = true } }))).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Subscriptions.PatchSubscriptionAsync(new PatchSubscriptionRequest { Topic = topic, Subscription = "s", Precondition = stale }))).Told);
        Assert.Equal((StatusCode.Aborted, "preconditionFailed", null), (await Refused.ByAsync(Subscriptions.DeleteSubscriptionAsync(new DeleteSubscriptionRequest { Topic = topic, Subscription = "s", Precondition = stale }))).Told);
        Assert.Equal(there, await GetAsync(topic, "s"));
    }

    [Fact]
    public async Task Subscriptions_are_listed_by_pages_and_deleted()
    {
        string topic = await server.CreateTopicAsync();
        foreach (string name in (string[])["xa", "xb", "xc", "y"]) await server.PutAsync(topic, name, To(await server.CreateQueueAsync()));

        ListSubscriptionsResponse first = await Subscriptions.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic, Prefix = "x", Page = new PageRequest { Size = 2 } });
        ListSubscriptionsResponse second = await Subscriptions.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = topic, Prefix = "x", Page = new PageRequest { Size = 2, Token = first.NextPageToken } });
        await Subscriptions.DeleteSubscriptionAsync(new DeleteSubscriptionRequest { Topic = topic, Subscription = "xa" });

        Assert.Equal(["xa", "xb"], first.Subscriptions.Select(subscription => subscription.Name));
        Assert.Equal(["xc"], second.Subscriptions.Select(subscription => subscription.Name));
        Assert.Equal("", second.NextPageToken);
        Assert.Equal((StatusCode.NotFound, "subscriptionNotFound", null), (await Refused.ByAsync(Subscriptions.GetSubscriptionAsync(new GetSubscriptionRequest { Topic = topic, Subscription = "xa" }))).Told);
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(Subscriptions.ListSubscriptionsAsync(new ListSubscriptionsRequest { Topic = "nobody" }))).Told);
    }

    private static string Tags(SubscriptionDefinition definition) => string.Join(' ', definition.Tags.OrderBy(tag => tag.Key).Select(tag => tag.Value));

    private async Task<Subscription> GetAsync(string topic, string name) => (await Subscriptions.GetSubscriptionAsync(new GetSubscriptionRequest { Topic = topic, Subscription = name })).Subscription;

    private async Task<SubscriptionDefinition> PatchAsync(string topic, SubscriptionDefinition definition, params string[] paths) =>
        (await Subscriptions.PatchSubscriptionAsync(Patch(topic, definition, paths))).Subscription.Definition;

    private async Task<string> PatchFieldAsync(string topic, SubscriptionDefinition definition, params string[] paths)
    {
        Refused refused = await Refused.ByAsync(Subscriptions.PatchSubscriptionAsync(Patch(topic, definition, paths)));
        return $"{refused.Code} {refused.Field}";
    }

    private async Task<string> FieldAsync(string topic, SubscriptionDefinition? definition, string name = "s")
    {
        Refused refused = await Refused.ByAsync(Subscriptions.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = name, Definition = definition }));
        return $"{refused.Code} {refused.Field}";
    }

    private static PatchSubscriptionRequest Patch(string topic, SubscriptionDefinition definition, string[] paths) =>
        new() { Topic = topic, Subscription = "s", Definition = definition, UpdateMask = paths.Length == 0 ? null : new FieldMask { Paths = { paths } } };
}
