using System.Net;
using System.Text.Json.Nodes;
using Messaging.Aws.Auth;
using Messaging.Aws.Policies;

namespace Messaging.Aws.Tests.Policies;

/// <summary>Random policies and requests, decided by the compiled form as by a naive evaluator; and random noise, which is refused and never throws.</summary>
public sealed class PolicyPropertyTests
{
    private const string Characters = "{}[]\",:*$\\u0dN\uFFFE\uD800";

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 20));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_compiled_form_decides_as_the_naive_one(int seed)
    {
        var random = new Random(seed);
        var decisions = new HashSet<PolicyDecision>();
        for (int i = 0; i < 200; i++)
        {
            string text = AnyPolicy(random).ToJsonString();
            Assert.Null(AccessPolicy.Parse(PolicyActions.Sqs, text, out AccessPolicy? policy));
            for (int j = 0; j < 10; j++)
            {
                PolicyRequest request = AnyCall(random);
                PolicyDecision decision = policy!.Evaluate(request);
                Assert.True(NaiveEvaluator.Evaluate(text, request) == decision, $"{decision}: {text} for {request}");
                decisions.Add(decision);
            }
        }

        Assert.Equal(3, decisions.Count);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_noise_throws(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 500; i++)
        {
            char[] text = AnyPolicy(random).ToJsonString().ToCharArray();
            for (int j = random.Next(4); j >= 0; j--) text[random.Next(text.Length)] = Characters[random.Next(Characters.Length)];
            string noisy = new string(text)[..random.Next(text.Length + 1)];

            if (AccessPolicy.Parse(PolicyActions.Sqs, random.Next(2) == 0 ? noisy : new string(text), out AccessPolicy? policy) is null) policy!.Evaluate(AnyCall(random));
        }
    }

    private static JsonObject AnyPolicy(Random random)
    {
        var statements = new JsonArray();
        for (int i = random.Next(1, 5); i > 0; i--) statements.Add(AnyStatement(random));
        return new JsonObject { ["Version"] = "2012-10-17", ["Statement"] = statements };
    }

    private static JsonObject AnyStatement(Random random)
    {
        var statement = new JsonObject { ["Effect"] = random.Next(3) == 0 ? "Deny" : "Allow" };
        statement[Name(random, "Principal")] = random.Next(3) == 0 ? "*" : AnyPrincipals(random);
        statement[Name(random, "Action")] = Some(random, "*", "sqs:*", "SQS:SendMessage", "sqs:*Message", "sqs:get*", "sqs:PurgeQueue", "sqs:ReceiveMess?ge");
        statement[Name(random, "Resource")] = Some(random, "*", AnyRequest.Queue, "arn:aws:sqs:*:*:ord*", "arn:aws:sqs:*", "arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:*", "arn:aws:sqs:us-east-1:1:x");
        if (random.Next(2) == 0) statement["Condition"] = AnyConditions(random);
        return statement;
    }

    private static JsonObject AnyPrincipals(Random random)
    {
        var principals = new JsonObject
        {
            ["AWS"] = Some(random, "111122223333", "arn:aws:iam::444455556666:root", "arn:aws:iam::111122223333:user/key1", "arn:aws:iam::111122223333:role/r", "999999999999"),
        };
        if (random.Next(3) == 0) principals["Service"] = Some(random, "sns.amazonaws.com", "s3.amazonaws.com");
        return principals;
    }

    private static JsonObject AnyConditions(Random random)
    {
        var conditions = new JsonObject();
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            (string operation, string key, JsonNode values) = random.Next(9) switch
            {
                0 => (Text(random, "StringEquals"), "aws:UserAgent", Some(random, "curl", "boto", "${aws:SourceIp}")),
                1 => (Text(random, "StringLike"), "AWS:UserAgent", Some(random, "c*", "?oto", "*", "${aws:SourceArn}*")),
                2 => (Text(random, "StringEqualsIgnoreCase"), "aws:PrincipalAccount", Some(random, "111122223333", "444455556666")),
                3 => (Text(random, "ArnLike"), "aws:SourceArn", Some(random, "arn:aws:sns:*:*:news", "*", "arn:aws:sns:us-east-1:1:old")),
                4 => (random.Next(2) == 0 ? "IpAddress" : "NotIpAddress", "aws:SourceIp", Some(random, "203.0.113.0/24", "10.0.0.0/8", "::/0")),
                5 => ("Bool", "aws:SecureTransport", Some(random, "true", "false")),
                6 => (random.Next(2) == 0 ? "NumericLessThan" : "NumericGreaterThanEqualsIfExists", "aws:EpochTime", Some(random, "500", "1000")),
                7 => ("DateLessThan", "aws:CurrentTime", Some(random, "1970-01-01T00:10:00Z", "1971-01-01T00:00:00Z")),
                _ => ("Null", random.Next(2) == 0 ? "aws:UserAgent" : "aws:Nothing", Some(random, "true", "false")),
            };
            conditions[operation] = new JsonObject { [key] = values };
        }

        return conditions;
    }

    private static string Text(Random random, string operation)
    {
        string named = random.Next(3) == 0 ? operation.Replace("String", "StringNot", StringComparison.Ordinal).Replace("Arn", "ArnNot", StringComparison.Ordinal) : operation;
        return random.Next(5) switch { 0 => named + "IfExists", 1 => "ForAnyValue:" + named, 2 => "ForAllValues:" + named, _ => named };
    }

    private static string Name(Random random, string element) => random.Next(5) == 0 ? "Not" + element : element;

    private static JsonNode Some(Random random, params string[] values)
    {
        if (random.Next(2) == 0) return values[random.Next(values.Length)];
        return new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => (JsonNode)values[random.Next(values.Length)])]);
    }

    private static PolicyRequest AnyCall(Random random)
    {
        string account = random.Next(2) == 0 ? "111122223333" : AnyRequest.Owner;
        Caller caller = random.Next(4) == 0 ? Caller.Anonymous : new Caller(AnyRequest.Account(account), $"key{random.Next(2)}", null);
        string action = new[] { "SendMessage", "ReceiveMessage", "GetQueueUrl", "PurgeQueue" }[random.Next(4)];
        string resource = random.Next(3) == 0 ? "arn:aws:sqs:us-east-1:111122223333:other" : AnyRequest.Queue;
        return new PolicyRequest(caller, action, resource, new RequestContext
        {
            Now = DateTimeOffset.FromUnixTimeSeconds(random.Next(2000)),
            SourceIp = random.Next(4) == 0 ? null : IPAddress.Parse(new[] { "203.0.113.7", "10.1.2.3", "2001:db8::1" }[random.Next(3)]),
            IsSecure = random.Next(2) == 0,
            UserAgent = new[] { null, "curl", "boto" }[random.Next(3)],
            SourceArn = new[] { null, "arn:aws:sns:us-east-1:1:news", "arn:aws:sns:us-east-1:1:old" }[random.Next(3)],
            Service = random.Next(5) == 0 ? "sns.amazonaws.com" : null,
        });
    }
}
