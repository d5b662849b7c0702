using System.Net;
using Messaging.Aws.Auth;
using Messaging.Aws.Policies;
using Messaging.Broker.Names;

namespace Messaging.Aws.Tests.Policies;

/// <summary>Requests to a queue of account 444455556666, with what a condition can ask about.</summary>
internal static class AnyRequest
{
    public const string Owner = "444455556666";
    public const string Queue = "arn:aws:sqs:us-east-1:444455556666:orders";
    public const string KeyId = "AKIDEXAMPLE0000001";

    public static PolicyRequest By(string account = "111122223333", string action = "SendMessage", string resource = Queue, string keyId = KeyId) =>
        new(new Caller(Account(account), keyId, "us-east-1"), action, resource, new RequestContext
        {
            Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, 900, TimeSpan.Zero),
            SourceIp = IPAddress.Parse("203.0.113.7"),
            UserAgent = "Boto3/1.29",
        });

    public static PolicyRequest Anonymous(string action = "SendMessage") => By(action: action) with { Caller = Caller.Anonymous };

    public static PolicyRequest With(this PolicyRequest request, Func<RequestContext, RequestContext> change) => request with { Context = change(request.Context) };

    public static AccountId Account(string text) => AccountId.TryParse(text, out AccountId account) ? account : throw new ArgumentException(text);

    /// <summary>A policy of one statement that allows everybody all, unless these members say otherwise.</summary>
    public static string Policy(string members = "", string effect = "Allow", string version = "2012-10-17")
    {
        string principal = members.Contains("Principal\":", StringComparison.Ordinal) ? "" : "\"Principal\":\"*\",";
        string action = members.Contains("Action\":", StringComparison.Ordinal) ? "" : "\"Action\":\"sqs:*\",";
        string resource = members.Contains("Resource\":", StringComparison.Ordinal) ? "" : "\"Resource\":\"*\",";
        return $$"""{"Version":"{{version}}","Statement":[{{{principal}}{{action}}{{resource}}{{members}}{{(members.Length == 0 ? "" : ",")}}"Effect":"{{effect}}"}]}""";
    }

    public static PolicyDecision Evaluate(string policy, PolicyRequest request)
    {
        Assert.Null(AccessPolicy.Parse(PolicyActions.Sqs, policy, out AccessPolicy? parsed));
        return parsed!.Evaluate(request);
    }
}
