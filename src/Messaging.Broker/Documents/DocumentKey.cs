using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Broker.Documents;

/// <summary>What names a document: its owner, what kind of thing it is of, and its name among those, 1 to <see cref="BrokerLimits.DocumentNameBytesMax"/> bytes of UTF-8. A value.</summary>
public readonly record struct DocumentKey(AccountId Account, NamespaceName Namespace, string Kind, string Name)
{
    internal bool IsLegal => NameRules.IsLegal(Kind) && NameRules.IsLegal(Name, BrokerLimits.DocumentNameBytesMax);

    internal int BytesMax => Account.Value.Length + Encoding.UTF8.GetByteCount(Namespace.Value) + Encoding.UTF8.GetByteCount(Kind) + Encoding.UTF8.GetByteCount(Name);
}
