using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Messages;

/// <summary>The entries of a batch that failed, each with its own error: the others have succeeded all the same.</summary>
internal static class FailedEntries
{
    public static void Write<TEntry>(IAnswer answer, List<TEntry> entries, Func<TEntry, (string? Id, AwsError? Error)> of)
    {
        bool any = false;
        foreach (TEntry entry in entries)
        {
            if (of(entry) is not (var id, { } error))
                continue;
            if (!any)
                answer.BeginList("Failed"u8, "BatchResultErrorEntry"u8);
            any = true;
            AwsErrorKind kind = AwsErrorTable.Of(error.Code);
            answer.BeginItem();
            answer.Text("Id"u8, Encoding.UTF8.GetBytes(id!));
            answer.Boolean("SenderFault"u8, kind.Fault == "Sender");
            answer.Text("Code"u8, Encoding.ASCII.GetBytes(kind.QueryCode));
            answer.Text("Message"u8, XmlText.Legal(error.Message));
            answer.EndItem();
        }
        if (any)
            answer.EndList();
    }
}
