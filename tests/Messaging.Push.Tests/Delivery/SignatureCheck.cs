using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace Messaging.Push.Tests.Delivery;

/// <summary>Verifies a document as its receivers do (SNS Developer Guide, "Manually verifying the signature"), without anything of ours.</summary>
internal static class SignatureCheck
{
    private static readonly string[] OfNotifications = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    private static readonly string[] OfQuestions = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

    public static void AssertSigned(JsonNode document, string certificatePem)
    {
        var text = new StringBuilder();
        foreach (string name in (string?)document["Type"] == "Notification" ? OfNotifications : OfQuestions)
        {
            if (document[name] is { } value) text.Append(name).Append('\n').Append((string?)value).Append('\n');
        }

        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(certificatePem);
        using RSA key = certificate.GetRSAPublicKey()!;
        HashAlgorithmName hash = (string?)document["SignatureVersion"] == "2" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1;
        Assert.True(key.VerifyData(Encoding.UTF8.GetBytes(text.ToString()), Convert.FromBase64String((string)document["Signature"]!), hash, RSASignaturePadding.Pkcs1));
    }
}
