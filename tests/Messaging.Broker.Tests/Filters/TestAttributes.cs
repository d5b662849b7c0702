using System.Text;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

internal sealed record TestAttribute(string Name, FilterValueKind Kind, string Value)
{
    public byte[] NameBytes { get; } = Encoding.UTF8.GetBytes(Name);

    public byte[] ValueBytes { get; } = Encoding.UTF8.GetBytes(Value);
}

internal readonly struct TestAttributes(TestAttribute[] attributes) : IFilterAttributes
{
    public int Count => attributes.Length;

    public FilterAttribute this[int index] => new(attributes[index].NameBytes, attributes[index].Kind, attributes[index].ValueBytes);
}
