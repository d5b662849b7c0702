using System.Reflection;
using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Rest.Documents;

/// <summary>openapi.yaml of the project's root, written by hand, embedded as it is and served at /openapi.yaml.</summary>
internal static class OpenApiDocument
{
    public const string Path = "/openapi.yaml";

    /// <summary>RFC 9512.</summary>
    private const string MediaType = "application/yaml";

    private static readonly byte[] Bytes = Load();

    public static void MapOpenApiDocument(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapMethods(Path, RouteTable.ReadMethods, context => ServeAsync(context, endpoints.ServiceProvider.GetRequiredService<TimeProvider>()));

    private static async Task ServeAsync(HttpContext context, TimeProvider clock)
    {
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = Bytes.Length;
        using IDisposable deadline = AnswerDeadline.Start(context, clock);
        var pieces = new PieceWriter(context.Response.BodyWriter, HttpLimits.AnswerBytesWritten);
        if (await pieces.WriteAsync(Bytes))
            await pieces.FlushAsync();
    }

    private static byte[] Load()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("openapi.yaml")!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
