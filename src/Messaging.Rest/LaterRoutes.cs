namespace Messaging.Rest;

/// <summary>A path of the contract that answers "notSupported" until its issue.</summary>
internal readonly record struct LaterRoute(string Method, string Path, string Detail);

/// <summary>All of them; who implements one moves its line to <see cref="RestFront.MapRest"/>, and describes it in openapi.yaml.</summary>
internal static class LaterRoutes
{
    public static readonly LaterRoute[] All =
    [
        new("GET", "/v1/messages/{id}/journey", "A message's journey is not supported yet."),
    ];
}
