namespace Messaging.Broker.Filters;

/// <summary>
/// Whether a value is none of those that are excluded; of other kinds than they are, every value is. Of an array each element is judged, and one is enough:
/// ["rugby", "tennis"] is something but rugby (Amazon SNS Developer Guide, "String value matching").
/// </summary>
internal sealed class AnythingButTest(IValueTest[] excluded) : IValueTest
{
    public bool Matches(in Scalar value)
    {
        foreach (IValueTest test in excluded)
        {
            if (test.Matches(value))
                return false;
        }
        return true;
    }
}
