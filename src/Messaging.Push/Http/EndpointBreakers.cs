using Messaging.Broker.Subscriptions.Delivery;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Messaging.Push.Http;

/// <summary>
/// The circuit breaker of each endpoint, with the time limit of an attempt inside of it: an endpoint that only fails is left alone for a while, so that it costs neither connections nor the time of others. Of one endpoint, not
/// of its host: many tenants may share that. The ones that were used last are remembered; forgetting one closes it. Thread-safe.
/// </summary>
internal sealed class EndpointBreakers(PushOptions options, TimeProvider time, int breakersMax = PushLimits.BreakersMax)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Endpoint, ResiliencePipeline<PushResult> Pipeline)>> _nodes = new(StringComparer.Ordinal);

    // The one that was used last stands first.
    private readonly LinkedList<(string Endpoint, ResiliencePipeline<PushResult> Pipeline)> _order = new();

    public ResiliencePipeline<PushResult> Of(Uri endpoint)
    {
        string key = endpoint.AbsoluteUri;
        lock (_lock)
        {
            if (_nodes.TryGetValue(key, out var node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return node.Value.Pipeline;
            }

            if (_nodes.Count == breakersMax)
            {
                _nodes.Remove(_order.Last!.Value.Endpoint);
                _order.RemoveLast();
            }

            ResiliencePipeline<PushResult> pipeline = Build();
            _nodes.Add(key, _order.AddFirst((key, pipeline)));
            return pipeline;
        }
    }

    private ResiliencePipeline<PushResult> Build() => new ResiliencePipelineBuilder<PushResult> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<PushResult>
        {
            FailureRatio = PushLimits.BreakerFailures,
            MinimumThroughput = PushLimits.BreakerAttemptsMin,
            SamplingDuration = PushLimits.BreakerWindow,
            BreakDuration = options.BreakDuration,
            ShouldHandle = new PredicateBuilder<PushResult>().Handle<TimeoutRejectedException>().HandleResult(static result => result.Verdict == DeliveryVerdict.TryAgain),
        })
        .AddTimeout(options.AttemptTimeout)
        .Build();
}
