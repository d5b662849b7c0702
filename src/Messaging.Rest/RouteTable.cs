using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Messaging.Rest;

/// <summary>An operation: it answers the request itself, or returns why not.</summary>
internal delegate Task<Problem?> Operation(HttpContext context);

/// <summary>Marks the endpoints of operations that are served, as openapi.yaml describes them.</summary>
internal sealed record ServedRoute(string Method, string Path);

/// <summary>
/// Maps operations as plain request delegates, without model binding or filters, and around each the one place where callers are known, problems are
/// written and faults are caught. Used at start by one thread.
/// </summary>
internal sealed class RouteTable(IEndpointRouteBuilder endpoints, ILoggerFactory loggers, BasicAuthentication? access)
{
    /// <summary>Behind the endpoints that name a method, before the one for unknown paths.</summary>
    private const int OrderOfWrongMethods = 1;

    public static readonly string[] ReadMethods = ["GET", "HEAD"];

    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Rest");
    private readonly SortedDictionary<string, List<string>> _methods = new(StringComparer.Ordinal);

    public void Serve(string method, string path, Operation operation) =>
        Map(method, path, operation).WithMetadata(new ServedRoute(method, path));

    /// <summary>Answers every request with this problem, without reading it.</summary>
    public void Refuse(string method, string path, Problem problem) => Map(method, path, _ => Task.FromResult<Problem?>(problem));

    /// <summary>Known paths by other methods, and unknown paths.</summary>
    public void RefuseEverythingElse()
    {
        foreach ((string path, List<string> methods) in _methods)
        {
            string allow = string.Join(", ", methods);
            Problem problem = Problem.Of(FrontCode.MethodNotAllowed, $"This path is served by {allow}.");
            endpoints.Map(path, Guard(context =>
            {
                context.Response.Headers.Allow = allow;
                return Task.FromResult<Problem?>(problem);
            })).WithOrder(OrderOfWrongMethods);
        }
        Problem unknown = Problem.Of(FrontCode.RouteNotFound, "No operation has this path; see /openapi.yaml.");
        endpoints.MapFallback("{**path}", Guard(_ => Task.FromResult<Problem?>(unknown)));
    }

    private IEndpointConventionBuilder Map(string method, string path, Operation operation)
    {
        // Who may GET may HEAD: the same operation, and Kestrel leaves the body out.
        string[] served = HttpMethods.IsGet(method) ? ReadMethods : [method];
        if (!_methods.TryGetValue(path, out List<string>? methods))
            _methods.Add(path, methods = []);
        methods.AddRange(served);
        return endpoints.MapMethods(path, served, Guard(operation));
    }

    private RequestDelegate Guard(Operation operation) => async context =>
    {
        try
        {
            Problem? problem = access?.Check(context) ?? ResourcePath.RefuseDotName(context) ?? await operation(context);
            if (problem is not null)
                await ProblemAnswer.WriteAsync(context, problem);
        }
        catch (Exception exception)
        {
            await FaultAnswer.WriteAsync(context, exception, _logger);
        }
    };
}
