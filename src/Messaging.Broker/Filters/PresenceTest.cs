namespace Messaging.Broker.Filters;

/// <summary>Whether there is a value, whatever it is. A container is none: the key of an object or of an empty array is absent.</summary>
internal sealed class PresenceTest : IValueTest
{
    public static readonly PresenceTest Instance = new();

    public bool Matches(in Scalar value) => true;
}
