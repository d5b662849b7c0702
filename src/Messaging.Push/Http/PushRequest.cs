namespace Messaging.Push.Http;

/// <summary>One POST. Its memory is borrowed until the call has ended. Immutable.</summary>
public sealed record PushRequest
{
    /// <summary>With http or https. A user and a password in it are sent as basic authentication, as SNS does.</summary>
    public required Uri Endpoint { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The header Content-Type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Names and values without line ends: <see cref="PushHeaders"/> has SNS's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Without the endpoint, which may hold a secret.</summary>
    public override string ToString() => $"{Body.Length} bytes of {ContentType}";
}
