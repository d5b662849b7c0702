using Messaging.Aws.Auth;
using Messaging.Aws.Http;
using Messaging.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Messaging.Aws;

/// <summary>
/// The front door of the AWS front: <see cref="MapAws"/> maps the root and the URLs of queues, over what <see cref="HttpServices.AddHttpFronts"/> has registered and the host's <see cref="AwsSettings"/>.
/// </summary>
public static class AwsFront
{
    private static readonly string[] Services = ["sqs", "sns", "sts"];

    private const string QueueUrl = "/{account:length(12)}/{queue}";

    /// <summary>Serves the protocols of Amazon SQS and Amazon SNS. <paramref name="home"/> answers a GET of the root that is no call.</summary>
    public static void MapAws(this IEndpointRouteBuilder endpoints, RequestDelegate home)
    {
        IServiceProvider services = endpoints.ServiceProvider;
        AwsSettings settings = services.GetRequiredService<AwsSettings>();
        TimeProvider clock = services.GetRequiredService<TimeProvider>();
        AccessKeyRing ring = services.GetRequiredService<AccessKeyRing>();
        var server = new AwsServer(settings, services.GetRequiredService<BrokerGate>(), ring, services.GetRequiredService<BufferBudgets>(), clock);
        var authenticator = new Authenticator(ring.Find, clock, ring.IsClosed ? AuthenticationMode.Closed : AuthenticationMode.Open, Services);
        var endpoint = new AwsEndpoint(server, authenticator, services.GetRequiredService<ILoggerFactory>().CreateLogger("Messaging.Aws"));
        endpoints.MapPost("/", endpoint.InvokeAsync);
        endpoints.MapMethods("/", ["GET", "HEAD"], context => AwsEndpoint.IsQuery(context.Request) ? endpoint.InvokeAsync(context) : home(context));
        endpoints.MapGet(CertificateEndpoint.Route, new CertificateEndpoint(server.Gate).InvokeAsync);
        endpoints.MapMethods(QueueUrl, ["GET", "POST"], endpoint.InvokeAsync);
    }
}
