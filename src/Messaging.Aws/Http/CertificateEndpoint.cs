using System.Text;
using Messaging.Broker.Envelopes;
using Messaging.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Http;

/// <summary>Serves the certificate that notifications are signed with, under the name that stands in each of them (SNS Developer Guide, "Verifying the signatures of Amazon SNS messages"). Without a signature: it is public.</summary>
internal sealed class CertificateEndpoint(BrokerGate gate)
{
    /// <summary>As a route: whatever stands between the two.</summary>
    public const string Route = "/SimpleNotificationService-{hash}.pem";

    private const string MediaType = "application/x-pem-file";

    public async Task InvokeAsync(HttpContext context)
    {
        EnvelopeSigner? signer = gate.Broker?.NotificationSigner;
        if (signer is null || context.Request.Path.Value != "/" + signer.CertificateFileName)
        {
            context.Response.StatusCode = gate.Broker is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status404NotFound;
            return;
        }
        byte[] certificate = Encoding.ASCII.GetBytes(signer.CertificatePem);
        context.Response.ContentType = MediaType;
        context.Response.ContentLength = certificate.Length;
        await context.Response.Body.WriteAsync(certificate, context.RequestAborted);
    }
}
