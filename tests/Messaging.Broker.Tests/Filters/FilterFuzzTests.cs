using System.Text;
using Messaging.Broker.Filters;

namespace Messaging.Broker.Tests.Filters;

/// <summary>Bytes of any kind, as policies and as messages: each is judged, and none throws.</summary>
public sealed class FilterFuzzTests
{
    private const string Sample = """
        {"a":["x",5,true,null,{"prefix":"y"},{"wildcard":"*a\\*b*"},{"numeric":[">",0,"<=",1e3]},{"cidr":"10.0.0.0/8"},{"anything-but":["q","\u00e4"]},
        {"anything-but":{"suffix":["x"]}},{"exists":false}],"b":{"c.d":[{"equals-ignore-case":"Z"}]},"$or":[{"e":["1"]},{"f":["2"]}]}
        """;

    private static readonly string[] Bits = ["{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d800", "$or", "exists", "null", "1e999", "-", "*", ".", "\0", "ÿ"];

    [Fact]
    public void Mutated_policies_are_read_or_refused()
    {
        var random = new Random(1);
        byte[] sample = Encoding.UTF8.GetBytes(Sample);
        int read = 0;
        for (int turn = 0; turn < 30_000; turn++)
        {
            byte[] json = Mutate(random, sample);
            var scope = (FilterScope)(turn % 2);
            FilterRefusal? refusal = FilterPolicy.Parse(json, scope, FilterLimits.Native, out FilterPolicy? policy);
            Assert.Equal(refusal is null, policy is not null);
            read += policy is null ? 0 : 1;
            if (scope == FilterScope.Body) policy?.MatchesBody(Mutate(random, sample));
        }
        Assert.InRange(read, 1_000, 29_000);
    }

    [Fact]
    public void Mutated_bodies_and_arrays_are_judged()
    {
        var random = new Random(2);
        FilterPolicy overBody = FilterCalls.Policy(Sample, FilterScope.Body);
        FilterPolicy overAttributes = FilterCalls.Policy("""{"a":["x",{"numeric":[">",0]},{"cidr":"::/3"},{"wildcard":"*a*"}]}""", FilterScope.Attributes);
        byte[] sample = Encoding.UTF8.GetBytes("""{"a":["q",{"b":{"c.d":"\u00e4z"}},5,1e-3,{"e":"1"}],"b":{"c":[[{"d":"z"}]]},"f":"2"}""");
        for (int turn = 0; turn < 30_000; turn++)
        {
            byte[] bytes = Mutate(random, sample);
            overBody.MatchesBody(bytes);
            overAttributes.MatchesAttributes(new OneAttribute((FilterValueKind)(turn % 4), bytes));
        }
    }

    [Fact]
    public void Random_bytes_are_judged()
    {
        var random = new Random(3);
        FilterPolicy policy = FilterCalls.Policy(Sample, FilterScope.Body);
        byte[] bytes = new byte[64];
        for (int turn = 0; turn < 30_000; turn++)
        {
            random.NextBytes(bytes);
            Span<byte> some = bytes.AsSpan(0, random.Next(bytes.Length));
            Assert.False(policy.MatchesBody(some));
            Assert.NotNull(FilterPolicy.Parse(some, FilterScope.Body, FilterLimits.Native, out FilterPolicy? _));
        }
    }

    private static byte[] Mutate(Random random, byte[] sample)
    {
        var bytes = new List<byte>(sample);
        for (int i = random.Next(4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(Math.Min(8, bytes.Count - at)));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.Latin1.GetBytes(Bits[random.Next(Bits.Length)]));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count), 1));
                    break;
            }
        }
        return [.. bytes];
    }

    private readonly ref struct OneAttribute(FilterValueKind kind, ReadOnlySpan<byte> value) : IFilterAttributes
    {
        private readonly ReadOnlySpan<byte> _value = value;

        public int Count => 1;

        public FilterAttribute this[int index] => new("a"u8, kind, _value);
    }
}
