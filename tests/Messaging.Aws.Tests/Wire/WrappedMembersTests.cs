using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Tests.Wire;

/// <summary>The Query protocol as Amazon SNS has it: lists below "member", maps below "entry", and names as they are.</summary>
public sealed class WrappedMembersTests
{
    private static readonly MemberTable Table = new(0, "Keys", "Attributes", "Attribute");

    [Theory]
    [InlineData("Keys.member.2=b&Keys.member.1=a&Keys.member.10=c", "[a b c]")]
    [InlineData("Attributes.entry.1.key=k&Attributes.entry.1.value=v&Attributes.entry.2.value=w&Attributes.entry.2.key=l", "{k=v l=w}")]
    [InlineData("Attributes.entry.1.Name=k&Attributes.entry.1.Value=v", "{k=v}")]
    [InlineData("Keys=&Attributes=", "{}[]")]
    [InlineData("Attribute=a", "a")]
    [InlineData("Unknown.member.1=a", "")]
    public void Lists_and_maps_are_read(string form, string expected) => Assert.Equal((expected, null), Read(form));

    [Theory]
    [InlineData("Keys.1=a")]
    [InlineData("Keys.member=a")]
    [InlineData("Keys.member.x=a")]
    [InlineData("Keys.entry.1=a")]
    [InlineData("Keys.member.1=a&Keys.other.1=b")]
    [InlineData("Attributes.entry.1.value=v")]
    [InlineData("Attributes.member.1.key=k")]
    [InlineData("Keys=a")]
    public void What_is_no_list_or_map_is_refused(string form) => Assert.Equal(AwsErrorCode.MalformedRequest, Read(form).Fault?.Code);

    [Fact]
    public void Whatever_comes_there_is_an_answer()
    {
        string[] pieces = ["Keys", "Attributes", "member", "entry", "1", "2", "key", "value", "", "x", "Name"];
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var names = new HashSet<string>(StringComparer.Ordinal);
            for (int left = random.Next(6); left > 0; left--) names.Add(string.Join('.', Enumerable.Range(0, 1 + random.Next(4)).Select(_ => pieces[random.Next(pieces.Length)])));
            Read(string.Join('&', names.Select(name => $"{name}={random.Next(2)}")));
        }
    }

    private static (string Text, AwsError? Fault) Read(string encoded)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(encoded);
        using var scratch = new Scratch(bytes.Length);
        using var form = new QueryForm(scratch);
        if ((form.Add(bytes) ?? form.Sort()) is { } malformed) return ("", malformed);
        var members = new QueryMembers(form, scratch, isWrapped: true);
        var text = new StringBuilder();
        uint seen = 0;
        int member;
        while ((member = members.Next(Table, ref seen)) != MemberTable.End)
        {
            if (member == 0)
            {
                var keys = new List<string>();
                MemberTexts.Read(ref members, keys);
                text.Append($"[{string.Join(' ', keys)}]");
            }
            else if (member == 1)
            {
                var map = new Dictionary<string, string>(StringComparer.Ordinal);
                MemberText.ReadMap(ref members, map);
                text.Append($"{{{string.Join(' ', map.Select(static one => $"{one.Key}={one.Value}"))}}}");
            }
            else
            {
                text.Append(MemberText.Read(ref members));
            }
        }

        return (members.Fault is null ? text.ToString() : "", members.Fault);
    }
}
