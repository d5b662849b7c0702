using System.Text;

namespace Messaging.Aws.Wire;

/// <summary>Lists of texts as strings.</summary>
internal static class MemberTexts
{
    public static void Read<TMembers>(ref TMembers members, ICollection<string> texts)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginList();
        while (members.NextItem())
            texts.Add(Encoding.UTF8.GetString(members.Text().Span));
    }
}
