namespace Messaging.Broker;

/// <summary>Whose a stream is: the first byte of its first entry, and of its snapshot, tells.</summary>
internal enum StreamOwner
{
    Queue,
    Partition,
    Group,
}

/// <summary>The ranges of <see cref="StreamOwner"/>.</summary>
internal static class StreamOwners
{
    private const byte FirstOfPartitions = 64;
    private const byte FirstOfGroups = 128;

    public static StreamOwner Of(byte first) => first < FirstOfPartitions ? StreamOwner.Queue : first < FirstOfGroups ? StreamOwner.Partition : StreamOwner.Group;
}
