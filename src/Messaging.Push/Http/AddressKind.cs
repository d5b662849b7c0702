namespace Messaging.Push.Http;

/// <summary>What an address is for us; of one that has another inside, the higher of both.</summary>
internal enum AddressKind
{
    /// <summary>Reachable by everybody.</summary>
    Public,

    /// <summary>Of a network that not everybody reaches: loopback, private, link-local, and what is for documentation and benchmarks.</summary>
    Private,

    /// <summary>No endpoint for anybody: groups, "any address", a cloud's metadata, what is reserved.</summary>
    Never,
}
