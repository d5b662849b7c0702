using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>StartMessageMoveTask: moves a dead-letter queue's messages back to where they came from, or to one queue, as new ones; in the background, also over a restart.</summary>
internal sealed class StartMessageMoveTask() : Operation<StartMessageMoveTask.Request>(nameof(StartMessageMoveTask), Table)
{
    private const int Source = 0, Destination = 1;

    private static readonly MemberTable Table = new(required: 1, "SourceArn", "DestinationArn", "MaxNumberOfMessagesPerSecond");

    private static readonly AwsError NoDeadLetterQueue = Refusals.Invalid("Source queue must be configured as a Dead Letter Queue.");

    private static readonly AwsError AlreadyRunning = Refusals.Invalid(
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Source)
            request.Source = Encoding.UTF8.GetString(members.Text().Span);
        else if (member == Destination)
            request.Destination = Encoding.UTF8.GetString(members.Text().Span);
        else
            request.PerSecond = members.Integer();
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (request.PerSecond is < 1 or > AwsLimits.MovesPerSecondMax)
            return Refusals.Invalid("MaxNumberOfMessagesPerSecond", $"{request.PerSecond}", $"Must be an integer between 1 and {AwsLimits.MovesPerSecondMax}.");
        (AwsError? refused, QueueKey queue) = await MoveSource.FindAsync(call, "SourceArn", request.Source, Name, nameof(ReceiveMessage), nameof(DeleteMessage), nameof(GetQueueAttributes));
        if (refused is not null)
            return refused;
        Result<QueueKeyPage> sources = await call.Broker.Queues.ListDeadLetterSourcesAsync(queue, 1, null, call.Http.RequestAborted);
        if (!sources.IsOk)
            return BrokerErrors.Of(sources.Error);
        if (sources.Value.Queues.Count == 0)
            return NoDeadLetterQueue;
        (AwsError? wrong, QueueKey? destination) = await FindDestinationAsync(call, request.Destination, queue);
        return wrong ?? await StartAsync(call, request, queue, destination);
    }

    protected override void Write(IAnswer answer, Request request) => answer.Text("TaskHandle"u8, Encoding.ASCII.GetBytes(request.Handle));

    private async ValueTask<(AwsError? Refused, QueueKey? Queue)> FindDestinationAsync(Call call, string? arn, QueueKey source)
    {
        if (string.IsNullOrEmpty(arn))
            return (null, null);
        (AwsError? refused, QueueKey queue) = await MoveSource.FindAsync(call, "DestinationArn", arn, nameof(SendMessage));
        if (refused is null && queue.Account != source.Account)
            refused = Refusals.Invalid("DestinationArn", arn, "The destination must be of the account of the source.");
        return (refused, queue);
    }

    private static async ValueTask<AwsError?> StartAsync(Call call, Request request, QueueKey queue, QueueKey? destination)
    {
        var redrive = new RedriveRequest { Destination = destination?.Name, MessagesPerSecond = request.PerSecond };
        Result<LongOperation> started = await call.Broker.Operations.RedriveAsync(queue, redrive, CancellationToken.None);
        if (!started.IsOk)
            return started.Error.Code == ErrorCode.RedriveRunning ? AlreadyRunning : BrokerErrors.Of(started.Error);
        request.Handle = new TaskHandle(started.Value.Id, call.ArnOf(queue)).ToString();
        return null;
    }

    internal sealed class Request
    {
        public string Source = "";
        public string? Destination;
        public int? PerSecond;
        public string Handle = "";
    }
}
