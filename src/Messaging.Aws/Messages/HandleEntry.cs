using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Messages;

/// <summary>An entry of a batch on messages that were received: its id, its receipt handle, and what becomes of it. Owned by one request. Hot path.</summary>
internal sealed class HandleEntry
{
    private const int IdMember = 0, HandleMember = 1;

    public static readonly MemberTable DeleteMembers = new(required: 2, "Id", "ReceiptHandle");
    public static readonly MemberTable VisibilityMembers = new(required: 2, "Id", "ReceiptHandle", "VisibilityTimeout");

    public string? Id { get; private set; }

    public ReadOnlyMemory<byte> Handle { get; set; }

    public int? VisibilitySeconds { get; set; }

    public AwsError? Error { get; set; }

    public static void ReadAll<TMembers>(ref TMembers members, MemberTable table, List<HandleEntry> entries)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginList();
        while (members.NextItem())
        {
            var entry = new HandleEntry();
            entries.Add(entry);
            members.BeginStructure();
            uint seen = 0;
            int member;
            while ((member = members.Next(table, ref seen)) != MemberTable.End)
                entry.Read(ref members, member);
        }
    }

    /// <summary>The ids of those that succeeded, and the errors of the others.</summary>
    public static void WriteAll(IAnswer answer, ReadOnlySpan<byte> item, List<HandleEntry> entries)
    {
        answer.BeginList("Successful"u8, item);
        foreach (HandleEntry entry in entries)
        {
            if (entry.Error is not null)
                continue;
            answer.BeginItem();
            answer.Text("Id"u8, Encoding.UTF8.GetBytes(entry.Id!));
            answer.EndItem();
        }
        answer.EndList();
        FailedEntries.Write(answer, entries, static entry => (entry.Id, entry.Error));
    }

    private void Read<TMembers>(ref TMembers members, int member)
        where TMembers : IMembers, allows ref struct
    {
        if (member == IdMember)
            Id = Encoding.UTF8.GetString(members.Text().Span);
        else if (member == HandleMember)
            Handle = members.Text();
        else
            VisibilitySeconds = members.Integer();
    }
}
