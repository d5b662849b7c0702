using System.Globalization;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Messages;

/// <summary>
/// Changes when messages are visible again, counted from now; 0 is at once. All timeouts of one receive together are at most 12 hours from it (API Reference, ChangeMessageVisibility).
/// </summary>
internal static class VisibilityChanges
{
    private const string Parameter = "VisibilityTimeout";

    /// <summary>Sets each entry's error; returns what refused the whole call.</summary>
    public static async ValueTask<AwsError?> RunAsync(Call call, QueueKey queue, QueueDefinition definition, IReadOnlyList<HandleEntry> entries)
    {
        var changes = new ExtendEntry[entries.Count];
        int count = 0;
        foreach (HandleEntry entry in entries)
        {
            ReceiptHandle handle = default;
            entry.Error = Check(entry) ?? Deletions.Parse(entry.Handle, out handle);
            if (entry.Error is not null)
                continue;
            changes[count++] = new ExtendEntry(handle.Receipt, entry.VisibilitySeconds!.Value)
            {
                NotAfterMs = handle.ReceivedMs + (AwsLimits.VisibilitySecondsMax * 1_000L),
            };
        }
        if (count == 0)
            return null;
        Result<BrokerError?[]> done = await call.Broker.Queues.ExtendAsync(queue, changes.AsMemory(0, count), CancellationToken.None);
        if (!done.IsOk)
            return BrokerErrors.Of(done.Error);
        int next = 0;
        foreach (HandleEntry entry in entries)
        {
            if (entry.Error is null && done.Value[next++] is { } error)
                entry.Error = ErrorOf(error, definition, entry);
        }
        return null;
    }

    private static AwsError? Check(HandleEntry entry) =>
        entry.VisibilitySeconds is null ? Refusals.Missing(Parameter) : Refusals.Range(Parameter, entry.VisibilitySeconds, 0, AwsLimits.VisibilitySecondsMax);

    // A standard queue's message that is visible again, and that nobody else has received, is no error and stays visible.
    private static AwsError? ErrorOf(BrokerError error, QueueDefinition definition, HandleEntry entry) => error.Code switch
    {
        ErrorCode.NotLeased when definition.Type == QueueType.Standard => null,
        ErrorCode.LeaseTooLong => Refusals.Invalid(
            Parameter, entry.VisibilitySeconds!.Value.ToString(CultureInfo.InvariantCulture), $"Total VisibilityTimeout for the message is beyond the limit [{AwsLimits.VisibilitySecondsMax} seconds]"),
        ErrorCode.ReceiptStale or ErrorCode.MessageGone => Refusals.Invalid(
            "ReceiptHandle", Encoding.UTF8.GetString(entry.Handle.Span), "Message does not exist or is not available for visibility timeout change."),
        _ => BrokerErrors.Of(error),
    };
}
