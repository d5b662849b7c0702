namespace Messaging.Aws.Auth;

/// <summary>What a request says of its signature, in a header or in its query; spans of the request's own text. Hot path.</summary>
internal ref struct SignatureFields
{
    /// <summary>No limit of its own: the signature stands in a header.</summary>
    public const int NotPresigned = -1;

    /// <summary>Key id, date, region, service and terminator, by slashes.</summary>
    public ReadOnlySpan<char> Credential;

    /// <summary>Names of headers in small letters, sorted, by semicolons.</summary>
    public ReadOnlySpan<char> SignedHeaders;

    /// <summary>64 hexadecimal digits.</summary>
    public ReadOnlySpan<char> Signature;

    /// <summary>Of X-Amz-Date or Date.</summary>
    public ReadOnlySpan<char> Date;

    /// <summary>How long a presigned request is good; <see cref="NotPresigned"/> of others.</summary>
    public int ExpiresSeconds;

    public readonly bool IsPresigned => ExpiresSeconds != NotPresigned;
}
