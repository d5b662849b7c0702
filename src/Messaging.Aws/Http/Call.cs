using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Aws.Policies;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Http;

/// <summary>
/// One call on its way: who calls, from what region, at which queue's URL. The region is a namespace, the configured one the default namespace (message.md). Owned by the request. Hot path.
/// </summary>
internal sealed class Call
{
    private readonly Caller _caller;
    private readonly IDisposable _body;
    private readonly string? _path;

    public Call(AwsServer front, HttpContext context, MessageBroker broker, in Caller caller, IDisposable body)
    {
        (Front, Http, Broker, _caller, _body) = (front, context, broker, caller, body);
        _path = context.Request.Path.Value is { Length: > 1 } path ? path : null;
        string region = caller.Region ?? HostRegion.Of(context.Request.Host.Value) ?? front.Settings.Region;
        Namespace = region == front.Settings.Region || !NamespaceName.TryParse(region, out NamespaceName space) ? NamespaceName.Default : space;
        // One name for each: ARNs of policies would not hold for a queue that is called by another one, such as "default".
        Region = Namespace == NamespaceName.Default ? front.Settings.Region : region;
    }

    public AwsServer Front { get; }

    public HttpContext Http { get; }

    public MessageBroker Broker { get; }

    public AccountId Account => _caller.Account;

    public ref readonly Caller Caller => ref _caller;

    public string Region { get; }

    public NamespaceName Namespace { get; }

    /// <summary>Whether it was sent to a queue's URL.</summary>
    public bool HasQueuePath => _path is not null;

    /// <summary>Before a long wait, by whoever has read all that it needs: the request's memory is given back.</summary>
    public void ReleaseBody() => _body.Dispose();

    /// <summary>The queue's URL under the name by which this call reached the server.</summary>
    public string UrlOf(in QueueKey queue) => $"{Http.Request.Scheme}://{Http.Request.Host.Value}{QueuePath.Format(queue.Account, queue.Name)}";

    /// <summary>The region that the namespace is.</summary>
    public string RegionOf(NamespaceName space) => space == NamespaceName.Default ? Front.Settings.Region : space.Value;

    public QueueArn ArnOf(in QueueKey queue) => new(Region, queue.Account, queue.Name);

    /// <summary>
    /// The queue of this URL, or of the call's own path without one, for whoever may do this with it. What it refuses is told by <see cref="ToldAsync"/>, since it may stem from what is not synced yet.
    /// </summary>
    public AwsError? Find(ReadOnlyMemory<byte> url, string action, out QueueKey queue, out QueueDefinition definition)
    {
        definition = null!;
        if (ReadUrl(url, out queue) is { } refused)
            return refused;
        return Broker.Queues.TryGetDefinition(queue, out definition!) ? Authorize(action, queue, definition) : Authorize(action, queue, null) ?? Refusals.NoQueue;
    }

    /// <summary>A refusal of <see cref="Find"/>, or of what the definition does not allow, once what it tells of the queue is on the disk.</summary>
    public async ValueTask<AwsError?> ToldAsync(AwsError refused, QueueKey queue)
    {
        if (queue.Name.Value.Length > 0)
            await Broker.Queues.GetAsync(queue, Http.RequestAborted);
        return refused;
    }

    /// <summary>The queue's description at a synced point, for whoever may do this with it.</summary>
    public async ValueTask<(AwsError? Refused, QueueDescription? Queue)> DescribeAsync(ReadOnlyMemory<byte> url, string action)
    {
        if (ReadUrl(url, out QueueKey key) is { } wrong)
            return (wrong, null);
        return await DescribeAsync(key, action);
    }

    /// <summary>What a message of this call says of its sender; null where that is the queue's own account.</summary>
    public string? SenderTo(in QueueKey queue) => Account == queue.Account ? null : Account.Value;

    /// <inheritdoc cref="DescribeAsync(ReadOnlyMemory{byte}, string)"/>
    public async ValueTask<(AwsError? Refused, QueueDescription? Queue)> DescribeAsync(QueueKey queue, string action)
    {
        Result<QueueDescription> found = await Broker.Queues.GetAsync(queue, Http.RequestAborted);
        // Who may not ask is not told whether it is there.
        return found.IsOk
            ? (Authorize(action, queue, found.Value.Definition), found.Value)
            : (Authorize(action, queue, null) ?? BrokerErrors.Of(found.Error), null);
    }

    /// <summary>Null where the caller may do this with the queue; for what concerns no queue there is no definition.</summary>
    public AwsError? Authorize(string action, in QueueKey queue, QueueDefinition? definition)
    {
        if (!Front.IsClosed)
            return null;
        var request = new PolicyRequest(_caller, action, ArnOf(queue).ToString(), RequestContext.Of(Http, Front.Clock.GetUtcNow()));
        return Front.Authorizer.Authorize(request, queue.Account, definition is null ? null : QueuePolicies.Of(definition));
    }

    private AwsError? ReadUrl(ReadOnlyMemory<byte> url, out QueueKey queue)
    {
        queue = default;
        ReadOnlySpan<byte> text = url.IsEmpty && _path is not null ? System.Text.Encoding.UTF8.GetBytes(_path) : url.Span;
        if (text.IsEmpty)
            return Refusals.Missing("QueueUrl");
        if (!QueuePath.TryParse(text, out AccountId account, out ReadOnlySpan<byte> name))
            return new AwsError(AwsErrorCode.InvalidAddress, $"The address {Refusals.Shown(System.Text.Encoding.UTF8.GetString(text))} is not valid for this endpoint.");
        if (!QueueNames.TryParse(name, out QueueName queueName))
            return Refusals.NoQueue;
        queue = new QueueKey(account, Namespace, queueName);
        return null;
    }
}
