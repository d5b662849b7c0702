using System.Globalization;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>
/// SendMessageBatch: stores up to 10 messages in one frame, and answers when they are on the disk. An entry that breaks a rule fails alone. Hot path.
/// </summary>
internal sealed class SendMessageBatch() : Operation<SendMessageBatch.Request>(nameof(SendMessageBatch), Table)
{
    private const int QueueUrl = 0, Id = 0, FirstOfMessage = 1;

    internal static readonly MemberTable EntryTable = new(required: 2, ["Id", .. MessageDraft.Members]);

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "Entries");

    public override bool HasResult => true;

    public override int RequestBytesMax => AwsLimits.RequestBytesMax;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            ReadEntries(ref members, request.Entries);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, nameof(SendMessage), out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        if (BatchRules.Check(request.Entries, "SendMessageBatchRequestEntry", static entry => entry.Id) is { } wrong)
            return wrong;
        foreach (Entry entry in request.Entries)
        {
            if (entry.Message.CheckLacking(definition) is { } lacking)
                return await call.ToldAsync(lacking, queue);
        }
        OutgoingMessage[] messages = Accept(request.Entries, definition, call.SenderTo(queue), out int accepted, out long size);
        if (size > AwsLimits.MessageBytesMax)
            return new AwsError(AwsErrorCode.BatchRequestTooLong, string.Create(
                CultureInfo.InvariantCulture, $"Batch requests cannot be longer than {AwsLimits.MessageBytesMax} bytes. You have sent {size} bytes."));
        // What the definition does not allow is told once that is on the disk.
        if (accepted == 0)
        {
            await call.Broker.Queues.GetAsync(queue, call.Http.RequestAborted);
            return null;
        }
        Result<SendOutcome[]> sent = await call.Broker.Queues.SendAsync(queue, messages.AsMemory(0, accepted), CancellationToken.None);
        if (!sent.IsOk)
            return BrokerErrors.Of(sent.Error);
        Settle(request.Entries, sent.Value);
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        Span<byte> digests = stackalloc byte[AwsLimits.BatchEntriesMax * BodyDigest.TextLength];
        var bodies = new ReadOnlyMemory<byte>[request.Entries.Count];
        for (int index = 0; index < bodies.Length; index++)
            bodies[index] = request.Entries[index].Message.BodyText;
        BodyDigests.Write(bodies, digests);
        answer.BeginList("Successful"u8, "SendMessageBatchResultEntry"u8);
        for (int index = 0; index < request.Entries.Count; index++)
        {
            Entry entry = request.Entries[index];
            if (entry.Error is not null)
                continue;
            answer.BeginItem();
            answer.Text("Id"u8, Encoding.UTF8.GetBytes(entry.Id!));
            SentMessage.Write(answer, entry.Message, entry.Outcome, digests.Slice(index * BodyDigest.TextLength, BodyDigest.TextLength));
            answer.EndItem();
        }
        answer.EndList();
        FailedEntries.Write(answer, request.Entries, static entry => (entry.Id, entry.Error));
    }

    private static void ReadEntries<TMembers>(ref TMembers members, List<Entry> entries)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginList();
        while (members.NextItem())
        {
            var entry = new Entry();
            entries.Add(entry);
            members.BeginStructure();
            uint seen = 0;
            int member;
            while ((member = members.Next(EntryTable, ref seen)) != MemberTable.End)
            {
                if (member == Id)
                    entry.Id = Encoding.UTF8.GetString(members.Text().Span);
                else
                    entry.Message.Read(ref members, member - FirstOfMessage);
            }
        }
    }

    private static OutgoingMessage[] Accept(List<Entry> entries, QueueDefinition definition, string? sender, out int accepted, out long size)
    {
        (accepted, size) = (0, 0);
        var messages = new OutgoingMessage[entries.Count];
        foreach (Entry entry in entries)
        {
            entry.Error = entry.Message.Check(definition, sender, inBatch: true, out messages[accepted]);
            size += entry.Message.Size;
            if (entry.Error is null)
                accepted++;
        }
        return messages;
    }

    private static void Settle(List<Entry> entries, SendOutcome[] outcomes)
    {
        int next = 0;
        foreach (Entry entry in entries)
        {
            if (entry.Error is not null)
                continue;
            entry.Outcome = outcomes[next++];
            if (entry.Outcome.Error is { } error)
                entry.Error = BrokerErrors.Of(error);
        }
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly List<Entry> Entries = [];
    }

    internal sealed class Entry
    {
        public string? Id;
        public readonly MessageDraft Message = new();
        public AwsError? Error;
        public SendOutcome Outcome;
    }
}
