using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Messages;

public sealed class DistinctAttributesTests
{
    [Fact]
    public void Those_that_are_distinct_are_the_same_array()
    {
        MessageAttribute[] attributes = [Of("a", "1"), Of("b", "2"), Of("A", "3")];

        Assert.Same(attributes, DistinctAttributes.Of(attributes, attributes.Length));
        Assert.Equal(attributes[..2], DistinctAttributes.Of(attributes, 2));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public void Of_one_name_the_last_one_counts_and_stands_where_it_stood(int others)
    {
        MessageAttribute[] attributes = [Of("twice", "1"), .. Enumerable.Range(0, others).Select(number => Of($"n{number}", "x")), Of("twice", "2"), Of("last", "3")];

        MessageAttribute[] distinct = DistinctAttributes.Of(attributes, attributes.Length);

        Assert.Equal(attributes[1..], distinct);
    }

    private static MessageAttribute Of(string name, string value) => new(name, AttributeKind.String, null, Encoding.UTF8.GetBytes(value));
}
