using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;

namespace Messaging.Aws.Operations;

/// <summary>ListMessageMoveTasks: the latest tasks of a source, the newest first. One that has passed over messages that it could not move has failed.</summary>
internal sealed class ListMessageMoveTasks() : Operation<ListMessageMoveTasks.Request>(nameof(ListMessageMoveTasks), Table)
{
    private const int Source = 0;

    private static readonly MemberTable Table = new(required: 1, "SourceArn", "MaxResults");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == Source)
            request.Source = Encoding.UTF8.GetString(members.Text().Span);
        else
            request.Max = members.Integer();
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (request.Max is < 1 or > AwsLimits.MoveTasksMax)
            return Refusals.Invalid("MaxResults", $"{request.Max}", $"MaxResults must be an integer between 1 and {AwsLimits.MoveTasksMax}.");
        (AwsError? refused, QueueKey queue) = await MoveSource.FindAsync(call, "SourceArn", request.Source, Name);
        if (refused is not null)
            return refused;
        Result<IReadOnlyList<LongOperation>> found = await call.Broker.Operations.ListRedrivesAsync(queue, request.Max, call.Http.RequestAborted);
        if (!found.IsOk)
            return BrokerErrors.Of(found.Error);
        (request.Tasks, request.Region) = (found.Value, call.Region);
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        answer.BeginList("Results"u8, "ListMessageMoveTasksResultEntry"u8);
        foreach (LongOperation task in request.Tasks)
        {
            answer.BeginItem();
            Write(answer, task, request.Region);
            answer.EndItem();
        }
        answer.EndList();
    }

    private static void Write(IAnswer answer, LongOperation task, string region)
    {
        var source = new QueueArn(region, task.Queue.Account, task.Queue.Name);
        if (task.Status == OperationStatus.Running)
            answer.Text("TaskHandle"u8, Encoding.ASCII.GetBytes(new TaskHandle(task.Id, source).ToString()));
        answer.Text("Status"u8, StatusOf(task));
        answer.Text("SourceArn"u8, Encoding.ASCII.GetBytes(source.ToString()));
        if (task.Request.Destination is { } destination)
            answer.Text("DestinationArn"u8, XmlText.Legal((source with { Name = destination }).ToString()));
        if (task.Request.MessagesPerSecond is { } perSecond)
            answer.Number("MaxNumberOfMessagesPerSecond"u8, perSecond);
        answer.Number("ApproximateNumberOfMessagesMoved"u8, task.Moved);
        answer.Number("ApproximateNumberOfMessagesToMove"u8, task.ApproximateTotal);
        if (task.FailureReason is { } reason)
            answer.Text("FailureReason"u8, XmlText.Legal(ReasonOf(reason)));
        answer.Number("StartedTimestamp"u8, task.StartedMs);
    }

    private static string ReasonOf(string reason) =>
        RedriveFailures.IsNoQueue(reason) ? AwsErrorTable.Of(AwsErrorCode.QueueDoesNotExist).QueryCode
        : reason == RedriveFailures.NoOrigin ? "CouldNotDetermineMessageSource"
        : reason;

    private static ReadOnlySpan<byte> StatusOf(LongOperation task) => task.Status switch
    {
        OperationStatus.Running => "RUNNING"u8,
        OperationStatus.Cancelling => "CANCELLING"u8,
        OperationStatus.Cancelled => "CANCELLED"u8,
        OperationStatus.Completed => task.Failed == 0 ? "COMPLETED"u8 : "FAILED"u8,
        OperationStatus.Failed => "FAILED"u8,
    };

    internal sealed class Request
    {
        public string Source = "";
        public int Max = 1;
        public IReadOnlyList<LongOperation> Tasks = [];
        public string Region = "";
    }
}
