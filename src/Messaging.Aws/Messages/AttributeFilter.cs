using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Aws.Messages;

/// <summary>
/// Which of the sender's attributes a receiver asks for: "All", "*" or ".*", names, and prefixes as in "foo.*" (API Reference, ReceiveMessage, MessageAttributeNames). Owned by one request. Hot path.
/// </summary>
internal sealed class AttributeFilter
{
    private const string PrefixEnd = ".*";

    private bool _all;
    private List<string>? _names;

    public void Add(ReadOnlySpan<byte> utf8)
    {
        string name = Encoding.UTF8.GetString(utf8);
        if (name is "All" or "*" or PrefixEnd)
            _all = true;
        else
            (_names ??= []).Add(name);
    }

    /// <summary>Those of the message that are asked for.</summary>
    public MessageAttribute[] Choose(IReadOnlyList<MessageAttribute> attributes)
    {
        if (attributes.Count == 0 || (!_all && _names is null))
            return [];
        var chosen = new MessageAttribute[attributes.Count];
        int count = 0;
        for (int index = 0; index < attributes.Count; index++)
        {
            if (_all || Matches(attributes[index].Name))
                chosen[count++] = attributes[index];
        }
        return count == chosen.Length ? chosen : chosen[..count];
    }

    private bool Matches(string attribute)
    {
        foreach (string name in _names!)
        {
            bool isPrefix = name.EndsWith(PrefixEnd, StringComparison.Ordinal);
            if (isPrefix ? attribute.AsSpan().StartsWith(name.AsSpan(0, name.Length - PrefixEnd.Length)) : attribute == name)
                return true;
        }
        return false;
    }
}
