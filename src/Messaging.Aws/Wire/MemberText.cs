using System.Text;

namespace Messaging.Aws.Wire;

/// <summary>Single values as strings, and maps of them.</summary>
internal static class MemberText
{
    public static string Read<TMembers>(ref TMembers members)
        where TMembers : IMembers, allows ref struct => Encoding.UTF8.GetString(members.Text().Span);

    /// <summary>A map of texts; of a key that stands there twice the last one counts.</summary>
    public static void ReadMap<TMembers>(ref TMembers members, Dictionary<string, string> texts)
        where TMembers : IMembers, allows ref struct
    {
        members.BeginMap();
        while (members.NextEntry(out ReadOnlyMemory<byte> key))
            texts[Encoding.UTF8.GetString(key.Span)] = Read(ref members);
    }

    public static void WriteMap(IAnswer answer, ReadOnlySpan<byte> name, IEnumerable<KeyValuePair<string, string>> texts)
    {
        answer.BeginMap(name, MapWords.Entries);
        foreach ((string key, string value) in texts)
            answer.Entry(XmlText.Legal(key), XmlText.Legal(value));
        answer.EndMap();
    }
}
