namespace Messaging.Api.Configuration;

/// <summary>Who may call the server.</summary>
internal enum AuthMode
{
    /// <summary>Everyone who reaches it; the default while only this machine does.</summary>
    Open,
    /// <summary>Who has an access key.</summary>
    Closed,
}
