using System.Collections.Frozen;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Grpc.Wire;

/// <summary>
/// The methods of all services by their paths, so that a call need not pass through routing, which takes down the parts of its path for every less exact route that it might be: a tenth of what a send
/// allocates. What is not found here is routing's to answer. Made once all is mapped; thread-safe. Hot path.
/// </summary>
internal sealed class MethodRoutes(EndpointDataSource mapped)
{
    private readonly FrozenDictionary<string, RequestDelegate> _methods = mapped.Endpoints.OfType<RouteEndpoint>()
        .Where(static endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null)
        .ToFrozenDictionary(static endpoint => endpoint.Metadata.GetRequiredMetadata<GrpcMethodMetadata>().Method.FullName, static endpoint => endpoint.RequestDelegate!, StringComparer.Ordinal);

    /// <summary>What answers the call; null where it is none of a method.</summary>
    public RequestDelegate? Find(HttpRequest request) => HttpMethods.IsPost(request.Method) && request.Path.Value is { } path ? _methods.GetValueOrDefault(path) : null;
}
