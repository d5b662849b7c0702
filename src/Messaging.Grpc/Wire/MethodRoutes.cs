using System.Collections.Frozen;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Grpc.Wire;

/// <summary>
/// The methods of all services by their paths, so that routing has nothing left to look for: it would take down, for each call, the parts of its path that
/// every less exact route has a name for. What is not found here is routing's. Made once all is mapped; thread-safe. Hot path.
/// </summary>
internal sealed class MethodRoutes(EndpointDataSource mapped)
{
    private readonly FrozenDictionary<string, Endpoint> _methods = mapped.Endpoints
        .Where(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
        .ToFrozenDictionary(static endpoint => endpoint.Metadata.GetRequiredMetadata<GrpcMethodMetadata>().Method.FullName, StringComparer.Ordinal);

    /// <summary>Sets the call's endpoint where it is a method's. Before routing.</summary>
    public void Pick(HttpContext context)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Value is { } path && _methods.TryGetValue(path, out Endpoint? method))
            context.SetEndpoint(method);
    }
}
