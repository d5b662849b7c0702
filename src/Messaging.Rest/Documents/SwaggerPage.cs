using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Messaging.Rest.Documents;

/// <summary>
/// Swagger UI over our own document. It is middleware and stands in a branch behind its own endpoint, so that no other request passes
/// through it.
/// </summary>
internal static class SwaggerPage
{
    /// <summary>Where it is.</summary>
    public const string Path = "/" + Prefix;

    private const string Prefix = "swagger";

    public static void MapSwaggerPage(this IEndpointRouteBuilder endpoints)
    {
        IApplicationBuilder branch = endpoints.CreateApplicationBuilder();
        branch.Use(static (HttpContext context, RequestDelegate next) =>
        {
            // Its static files leave a request alone that has an endpoint.
            context.SetEndpoint(null);
            return next(context);
        });
        branch.UseSwaggerUI(options =>
        {
            options.RoutePrefix = Prefix;
            options.DocumentTitle = "Messaging API";
            options.SwaggerEndpoint(OpenApiDocument.Path, "Messaging API v1");
            // An operation has an address of its own, #/queues/putQueue, and shows the name that it has in generated clients.
            options.EnableDeepLinking();
            options.DisplayOperationId();
            options.DisplayRequestDuration();
            // A browser asks for a password by itself where a call that may carry its credentials is refused; whoever logs in does so on the page.
            options.UseRequestInterceptor("(request) => { request.credentials = 'omit'; return request; }");
            // Limits stand beside the fields that they are about.
            options.ShowCommonExtensions();
            // A hundred schemas below the operations are found at the operations already.
            options.DefaultModelsExpandDepth(0);
        });
        endpoints.MapMethods("/" + Prefix + "/{**path}", RouteTable.ReadMethods, branch.Build());
    }
}
