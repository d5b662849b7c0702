using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Notifications;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>PublishBatch: up to 10 messages to a topic in one frame, answered when they are on the disk. An entry that breaks a rule of its own fails alone. Hot path.</summary>
internal sealed class PublishBatch() : SnsOperation<PublishBatch.Request>(nameof(PublishBatch), Table)
{
    private const int TopicArn = 0, Id = 0, FirstOfMessage = 1;

    internal static readonly MemberTable EntryTable = new(required: 2, ["Id", .. NotificationDraft.Members]);

    private static readonly MemberTable Table = new(required: 2, "TopicArn", "PublishBatchRequestEntries");

    public override bool HasResult => true;

    public override int RequestBytesMax => AwsLimits.RequestBytesMax;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == TopicArn)
            request.TopicArn = MemberText.Read(ref members);
        else
            ReadEntries(ref members, request.Entries);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((SnsArns.ReadTopic(call, request.TopicArn, "TopicArn", out TopicKey topic) ?? NotificationBatch.Check(request.Entries)) is { } wrong)
            return wrong;
        if (!call.Broker.Topics.TryGetDefinition(topic, out TopicDefinition? definition))
            return (await TopicAccess.DescribeAsync(call, topic, nameof(Publish))).Refused ?? SnsRefusals.NoTopic;
        if (TopicAccess.Authorize(call, Name, topic, definition) is { } denied)
            return denied;
        AwsError? refused = NotificationBatch.Accept(request.Entries, definition, out OutgoingRecord[] records, out int accepted);
        if (refused is not null || accepted == 0)
            return refused;
        Result<PublishOutcome[]> published = await call.Broker.Topics.PublishAsync(topic, records.AsMemory(0, accepted), null, CancellationToken.None);
        if (!published.IsOk)
            return SnsRefusals.Of(published.Error);
        int next = 0;
        foreach (NotificationEntry entry in request.Entries)
        {
            if (entry.Error is not null)
                continue;
            PublishOutcome outcome = published.Value[next++];
            entry.Sequence = definition.Type == TopicType.Fifo ? outcome.Offset : null;
            entry.Error = outcome.Error is { } error ? SnsRefusals.Of(error) : call.Broker.Topics.TryIdentify(topic, outcome, out entry.MessageId) ? null : SnsRefusals.NoTopic;
        }
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        answer.BeginList("Successful"u8, "member"u8);
        foreach (NotificationEntry entry in request.Entries)
        {
            if (entry.Error is not null)
                continue;
            answer.BeginItem();
            answer.Text("Id"u8, Encoding.UTF8.GetBytes(entry.Id));
            PublishedRecord.Write(answer, entry.MessageId, entry.Sequence);
            answer.EndItem();
        }
        answer.EndList();
        NotificationBatch.WriteFailed(answer, request.Entries);
    }

    private static void ReadEntries<TMembers>(ref TMembers members, List<NotificationEntry> entries)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginList();
        while (members.NextItem())
        {
            var entry = new NotificationEntry();
            entries.Add(entry);
            members.BeginStructure();
            uint seen = 0;
            int member;
            while ((member = members.Next(EntryTable, ref seen)) != MemberTable.End)
            {
                if (member == Id)
                    entry.Id = MemberText.Read(ref members);
                else
                    entry.Message.Read(ref members, member - FirstOfMessage);
            }
        }
    }

    internal sealed class Request
    {
        public string TopicArn = "";
        public readonly List<NotificationEntry> Entries = [];
    }
}
