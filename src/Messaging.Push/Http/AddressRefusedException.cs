namespace Messaging.Push.Http;

/// <summary>None of a name's addresses may be reached. Goes through the stack of HTTP, which knows no other way; <see cref="PushClient"/> makes a value of it.</summary>
internal sealed class AddressRefusedException() : Exception("The endpoint has no address that deliveries may be made to.");
