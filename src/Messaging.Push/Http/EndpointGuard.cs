using System.Net;

namespace Messaging.Push.Http;

/// <summary>
/// Which addresses deliveries may be made to. It is asked with the address that a connection is about to be made to, not with a name, so that a name that changes its address between a check and a connection
/// gains nothing. Immutable.
/// </summary>
public sealed class EndpointGuard(bool allowPrivateNetworks)
{
    /// <summary>Whether a connection may be made.</summary>
    public bool Allows(IPAddress address) => AddressKinds.Of(address) <= (allowPrivateNetworks ? AddressKind.Private : AddressKind.Public);
}
