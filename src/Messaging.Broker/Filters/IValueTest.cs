namespace Messaging.Broker.Filters;

/// <summary>One alternative among those of a key. Immutable, of any thread; hot path, without allocation.</summary>
internal interface IValueTest
{
    bool Matches(in Scalar value);
}
