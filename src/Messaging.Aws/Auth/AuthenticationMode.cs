namespace Messaging.Aws.Auth;

/// <summary>Whether signatures count.</summary>
internal enum AuthenticationMode
{
    /// <summary>Any access key is taken at its word, and so is none.</summary>
    Open,

    /// <summary>A signature must be one of an access key that the server has.</summary>
    Closed,
}
