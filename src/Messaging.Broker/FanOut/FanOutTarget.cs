using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.FanOut;

/// <summary>A queue that gets a copy, as its subscription says it.</summary>
/// <param name="Subscription">Whose message it is.</param>
/// <param name="Queue">Where it goes: the subscription's, or that of its dead letters.</param>
/// <param name="MayDelay">Room was made for saying when its messages are due.</param>
internal readonly record struct FanOutTarget(LiveSubscription Subscription, LiveQueue Queue, bool MayDelay);
