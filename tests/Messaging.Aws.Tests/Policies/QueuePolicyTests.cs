using System.Net;
using Messaging.Aws.Policies;
using static Messaging.Aws.Tests.Policies.AnyRequest;

namespace Messaging.Aws.Tests.Policies;

public sealed class QueuePolicyTests
{
    [Fact]
    public void A_denial_wins_wherever_it_stands()
    {
        const string Allow = """{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}""";
        const string Deny = """{"Effect":"Deny","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}""";

        foreach (string statements in (string[])[$"{Allow},{Deny}", $"{Deny},{Allow}"])
        {
            string policy = $$"""{"Statement":[{{statements}}]}""";
            Assert.Equal(PolicyDecision.ExplicitDeny, Evaluate(policy, By()));
            Assert.Equal(PolicyDecision.Allow, Evaluate(policy, By(action: "ReceiveMessage")));
        }
    }

    [Theory]
    [InlineData("\"*\"", true, true, true)]
    [InlineData("{\"AWS\":\"*\"}", true, true, true)]
    [InlineData("{\"AWS\":\"111122223333\"}", true, false, false)]
    [InlineData("{\"AWS\":[\"999999999999\",\"arn:aws:iam::111122223333:root\"]}", true, false, false)]
    [InlineData("{\"AWS\":\"arn:aws:iam::111122223333:user/AKIDEXAMPLE0000001\"}", true, false, false)]
    [InlineData("{\"AWS\":\"arn:aws:iam::111122223333:user/AKIDEXAMPLE0000002\"}", false, false, false)]
    [InlineData("{\"AWS\":\"arn:aws:iam::999999999999:user/AKIDEXAMPLE0000001\"}", false, false, false)]
    [InlineData("{\"AWS\":\"arn:aws:iam::111122223333:role/worker\"}", false, false, false)]
    [InlineData("{\"AWS\":\"arn:aws:sts::111122223333:assumed-role/worker/me\"}", false, false, false)]
    [InlineData("{\"AWS\":\"999999999999\"}", false, false, false)]
    [InlineData("{\"Service\":\"sns.amazonaws.com\"}", false, false, true)]
    [InlineData("{\"Service\":[\"s3.amazonaws.com\",\"events.amazonaws.com\"]}", false, false, false)]
    [InlineData("{\"Service\":\"sns.amazonaws.com\",\"AWS\":\"111122223333\"}", true, false, true)]
    [InlineData("{\"Federated\":\"cognito-identity.amazonaws.com\"}", false, false, false)]
    public void A_principal_is_everybody_or_an_account_or_a_key_or_a_service(string principal, bool account, bool nobody, bool service)
    {
        PolicyRequest ofService = Anonymous().With(context => context with { Service = "sns.amazonaws.com" });
        string allow = Policy($"\"Principal\":{principal}");
        string notAllow = Policy($"\"NotPrincipal\":{principal}");

        Assert.Equal([account, nobody, service], Allowed(allow, By(), Anonymous(), ofService));
        Assert.Equal([!account, !nobody, !service], Allowed(notAllow, By(), Anonymous(), ofService));
    }

    [Fact]
    public void The_default_account_is_not_everybody_who_did_not_sign()
    {
        string policy = Policy(""" "Principal":{"AWS":"000000000000"}""");

        Assert.Equal([true, false], Allowed(policy, By(account: "000000000000"), Anonymous()));
    }

    [Theory]
    [InlineData("\"*\"", true, true)]
    [InlineData("\"sqs:*\"", true, true)]
    [InlineData("\"SQS:SendMessage\"", true, false)]
    [InlineData("\"sqs:sendmessage\"", true, false)]
    [InlineData("\"sqs:Send*\"", true, false)]
    [InlineData("\"sqs:*Message\"", true, true)]
    [InlineData("\"sqs:???????Message\"", false, true)]
    [InlineData("[\"sqs:GetQueueUrl\",\"sqs:ReceiveMessage\"]", false, true)]
    [InlineData("\"sqs:Nothing\"", false, false)]
    public void An_action_is_a_name_or_a_pattern_in_any_case(string action, bool send, bool receive)
    {
        PolicyRequest[] requests = [By(), By(action: "ReceiveMessage")];

        Assert.Equal([send, receive], Allowed(Policy($"\"Action\":{action}"), requests));
        Assert.Equal([!send, !receive], Allowed(Policy($"\"NotAction\":{action}"), requests));
    }

    [Theory]
    [InlineData("SendMessageBatch", "sqs:SendMessage")]
    [InlineData("DeleteMessageBatch", "sqs:DeleteMessage")]
    [InlineData("ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility")]
    public void A_batch_is_granted_by_its_single_operation(string operation, string action)
    {
        Assert.Equal([true], Allowed(Policy($"\"Action\":\"{action}\""), By(action: operation)));
        Assert.Equal([false], Allowed(Policy($"\"Action\":\"sqs:{operation}\""), By(action: operation)));
    }

    [Theory]
    [InlineData("*", true)]
    [InlineData(Queue, true)]
    [InlineData("arn:aws:sqs:us-east-1:444455556666:*", true)]
    [InlineData("arn:aws:sqs:*:444455556666:ord?rs", true)]
    [InlineData("arn:aws:sqs:*", true)]
    [InlineData("arn:aws:sqs:us-east-1:444455556666:Orders", false)]
    [InlineData("arn:aws:sqs:us-east-1:444455556666:order", false)]
    [InlineData("arn:aws:sqs:us-east-1:111122223333:orders", false)]
    public void A_resource_is_an_ARN_or_a_pattern(string resource, bool matches)
    {
        Assert.Equal([matches], Allowed(Policy($"\"Resource\":\"{resource}\""), By()));
        Assert.Equal([!matches], Allowed(Policy($"\"NotResource\":[\"{resource}\"]"), By()));
    }

    [Theory]
    // Text
    [InlineData("StringEquals", "aws:UserAgent", "\"Boto3/1.29\"", true)]
    [InlineData("StringEquals", "AWS:useragent", "[\"curl\",\"Boto3/1.29\"]", true)]
    [InlineData("StringEquals", "aws:UserAgent", "\"boto3/1.29\"", false)]
    [InlineData("StringEquals", "aws:UserAgent", "\"Boto3*\"", false)]
    [InlineData("StringNotEquals", "aws:UserAgent", "\"curl\"", true)]
    [InlineData("StringNotEquals", "aws:UserAgent", "[\"curl\",\"Boto3/1.29\"]", false)]
    [InlineData("StringEqualsIgnoreCase", "aws:UserAgent", "\"bOTO3/1.29\"", true)]
    [InlineData("StringEqualsIgnoreCase", "aws:UserAgent", "\"boto\"", false)]
    [InlineData("StringNotEqualsIgnoreCase", "aws:UserAgent", "\"bOTO3/1.29\"", false)]
    [InlineData("StringNotEqualsIgnoreCase", "aws:UserAgent", "\"boto\"", true)]
    [InlineData("StringLike", "aws:UserAgent", "\"Boto?/*\"", true)]
    [InlineData("StringLike", "aws:UserAgent", "\"boto*\"", false)]
    [InlineData("StringNotLike", "aws:UserAgent", "\"Boto*\"", false)]
    [InlineData("StringNotLike", "aws:UserAgent", "\"boto*\"", true)]
    // Keys
    [InlineData("StringEquals", "aws:PrincipalAccount", "\"111122223333\"", true)]
    [InlineData("StringEquals", "aws:PrincipalAccount", "\"111122223334\"", false)]
    [InlineData("ArnEquals", "aws:PrincipalArn", "\"arn:aws:iam::111122223333:user/AKIDEXAMPLE0000001\"", true)]
    [InlineData("ArnLike", "aws:PrincipalArn", "\"arn:aws:iam::111122223333:user/*\"", true)]
    [InlineData("StringEquals", "aws:SourceIp", "\"203.0.113.7\"", true)]
    [InlineData("StringEquals", "aws:CurrentTime", "\"2026-03-01T12:00:00Z\"", true)]
    [InlineData("StringEquals", "aws:SecureTransport", "false", true)]
    [InlineData("StringEquals", "aws:MultiFactorAuthPresent", "\"true\"", false)]
    [InlineData("StringNotEquals", "aws:MultiFactorAuthPresent", "\"true\"", true)]
    // Numbers; 2026-03-01 12:00:00 is 1772366400
    [InlineData("NumericEquals", "aws:EpochTime", "1772366400", true)]
    [InlineData("NumericEquals", "aws:EpochTime", "\"1772366401\"", false)]
    [InlineData("NumericNotEquals", "aws:EpochTime", "1772366400", false)]
    [InlineData("NumericNotEquals", "aws:EpochTime", "1772366401", true)]
    [InlineData("NumericLessThan", "aws:EpochTime", "1772366400", false)]
    [InlineData("NumericLessThan", "aws:EpochTime", "1772366400.5", true)]
    [InlineData("NumericLessThanEquals", "aws:EpochTime", "1772366400", true)]
    [InlineData("NumericLessThanEquals", "aws:EpochTime", "1772366399", false)]
    [InlineData("NumericGreaterThan", "aws:EpochTime", "1772366400", false)]
    [InlineData("NumericGreaterThan", "aws:EpochTime", "1772366399", true)]
    [InlineData("NumericGreaterThanEquals", "aws:EpochTime", "1772366400", true)]
    [InlineData("NumericGreaterThanEquals", "aws:EpochTime", "1772366401", false)]
    [InlineData("NumericEquals", "aws:PrincipalAccount", "111122223333", true)]
    [InlineData("NumericEquals", "aws:UserAgent", "1", false)]
    // Times
    [InlineData("DateEquals", "aws:CurrentTime", "\"2026-03-01T12:00:00Z\"", true)]
    [InlineData("DateEquals", "aws:CurrentTime", "\"2026-03-01T13:00:00+01:00\"", true)]
    [InlineData("DateEquals", "aws:CurrentTime", "1772366400", true)]
    [InlineData("DateEquals", "aws:EpochTime", "\"2026-03-01T12:00:00Z\"", true)]
    [InlineData("DateEquals", "aws:CurrentTime", "\"2026-03-01\"", false)]
    [InlineData("DateNotEquals", "aws:CurrentTime", "\"2026-03-01T12:00:00Z\"", false)]
    [InlineData("DateNotEquals", "aws:CurrentTime", "\"2026-03-01T12:00:01Z\"", true)]
    [InlineData("DateLessThan", "aws:CurrentTime", "\"2026-03-01T12:00:00Z\"", false)]
    [InlineData("DateLessThan", "aws:CurrentTime", "\"2026-03-01T12:00:01Z\"", true)]
    [InlineData("DateLessThanEquals", "aws:CurrentTime", "\"2026-03-01T12:00:00Z\"", true)]
    [InlineData("DateLessThanEquals", "aws:CurrentTime", "\"2026-03-01T11:59:59Z\"", false)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "\"2026-03-01\"", true)]
    [InlineData("DateGreaterThan", "aws:CurrentTime", "\"2026-03-02\"", false)]
    [InlineData("DateGreaterThanEquals", "aws:CurrentTime", "\"2026-03-01T12:00Z\"", true)]
    [InlineData("DateGreaterThanEquals", "aws:CurrentTime", "\"2026-03-01T12:01Z\"", false)]
    // Truths
    [InlineData("Bool", "aws:SecureTransport", "\"false\"", true)]
    [InlineData("Bool", "aws:SecureTransport", "true", false)]
    // Addresses
    [InlineData("IpAddress", "aws:SourceIp", "\"203.0.113.0/24\"", true)]
    [InlineData("IpAddress", "aws:SourceIp", "\"203.0.113.7\"", true)]
    [InlineData("IpAddress", "aws:SourceIp", "\"203.0.113.6/31\"", true)]
    [InlineData("IpAddress", "aws:SourceIp", "\"203.0.113.8/29\"", false)]
    [InlineData("IpAddress", "aws:SourceIp", "[\"2001:db8::/32\",\"0.0.0.0/0\"]", true)]
    [InlineData("IpAddress", "aws:SourceIp", "\"::/0\"", false)]
    [InlineData("NotIpAddress", "aws:SourceIp", "\"203.0.113.0/24\"", false)]
    [InlineData("NotIpAddress", "aws:SourceIp", "\"198.51.100.0/24\"", true)]
    // What is absent
    [InlineData("StringEquals", "aws:Referer", "\"x\"", false)]
    [InlineData("StringEqualsIfExists", "aws:Referer", "\"x\"", true)]
    [InlineData("StringNotEquals", "aws:Referer", "\"x\"", true)]
    [InlineData("ArnLikeIfExists", "aws:SourceArn", "\"arn:aws:sns:*:*:x\"", true)]
    [InlineData("ArnLike", "aws:SourceArn", "\"*\"", false)]
    [InlineData("ArnNotLike", "aws:SourceArn", "\"*\"", true)]
    [InlineData("ForAllValues:StringEquals", "aws:Referer", "\"x\"", true)]
    [InlineData("ForAnyValue:StringEquals", "aws:Referer", "\"x\"", false)]
    [InlineData("ForAnyValue:StringNotEquals", "aws:Referer", "\"x\"", false)]
    [InlineData("ForAnyValue:StringLike", "aws:UserAgent", "[\"curl\",\"Boto*\"]", true)]
    [InlineData("ForAllValues:StringLike", "aws:UserAgent", "\"curl\"", false)]
    [InlineData("Null", "aws:Referer", "\"true\"", true)]
    [InlineData("Null", "aws:Referer", "false", false)]
    [InlineData("Null", "aws:UserAgent", "true", false)]
    [InlineData("Null", "aws:UserAgent", "false", true)]
    [InlineData("Null", "aws:Nothing", "true", true)]
    // Variables
    [InlineData("StringEquals", "aws:SourceIp", "\"${aws:SourceIp}\"", true)]
    [InlineData("StringLike", "aws:PrincipalArn", "\"arn:aws:iam::${aws:PrincipalAccount}:user/*\"", true)]
    [InlineData("StringEquals", "aws:UserAgent", "\"${aws:Referer, 'Boto3/1.29'}\"", true)]
    [InlineData("StringEquals", "aws:UserAgent", "\"${aws:Referer}\"", false)]
    [InlineData("StringLike", "aws:UserAgent", "\"${*}*\"", false)]
    public void A_condition_holds_or_not(string operation, string key, string value, bool holds) =>
        Assert.Equal([holds], Allowed(Policy($"\"Condition\":{{\"{operation}\":{{\"{key}\":{value}}}}}"), By()));

    [Fact]
    public void All_conditions_must_hold()
    {
        const string Both = """ "Condition":{"StringEquals":{"aws:UserAgent":"Boto3/1.29","aws:PrincipalAccount":"111122223333"},"Bool":{"aws:SecureTransport":"false"}}""";

        Assert.Equal([true, false], Allowed(Policy(Both), By(), By(account: Owner)));
        Assert.Equal([false], Allowed(Policy(Both), By().With(context => context with { IsSecure = true })));
    }

    [Fact]
    public void A_topic_sends_for_its_source()
    {
        string policy = Policy(""" "Principal":{"Service":"sns.amazonaws.com"},"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:444455556666:news"},"StringEquals":{"aws:SourceAccount":"444455556666"}}""");
        PolicyRequest ofTopic(string arn) => Anonymous().With(context => context with { Service = "sns.amazonaws.com", SourceArn = arn, SourceAccount = Owner });

        Assert.Equal(
            [true, false, false],
            Allowed(policy, ofTopic("arn:aws:sns:us-east-1:444455556666:news"), ofTopic("arn:aws:sns:us-east-1:444455556666:old"), ofTopic("arn:aws:sns:a:b:444455556666:news")));
    }

    [Fact]
    public void Addresses_of_version_6_have_ranges_too()
    {
        string policy = Policy(""" "Condition":{"IpAddress":{"aws:SourceIp":"2001:db8:0:4::/62"}}""");
        PolicyRequest from(string address) => By().With(context => context with { SourceIp = IPAddress.Parse(address) });

        Assert.Equal([true, true, false], Allowed(policy, from("2001:db8:0:4::1"), from("2001:db8:0:7::1"), from("2001:db8:0:8::1")));
    }

    [Fact]
    public void Variables_are_of_the_newer_version_alone()
    {
        const string Members = """ "Resource":"arn:aws:sqs:us-east-1:444455556666:${aws:PrincipalAccount}-*" """;
        string ofNewer = Policy(Members);
        string ofOlder = Policy(Members, version: "2008-10-17");
        PolicyRequest own = By(resource: "arn:aws:sqs:us-east-1:444455556666:111122223333-jobs");

        Assert.Equal([true, false], Allowed(ofNewer, own, own with { Resource = "arn:aws:sqs:us-east-1:444455556666:999999999999-jobs" }));
        Assert.Equal([false], Allowed(ofOlder, own));
        // Nobody has no account, so that it is no part of any name.
        Assert.Equal([false], Allowed(ofNewer, own with { Caller = Messaging.Aws.Auth.Caller.Anonymous }));
    }

    [Fact]
    public void A_client_can_not_bring_a_star_of_its_own()
    {
        string policy = Policy(""" "Condition":{"StringLike":{"aws:PrincipalAccount":"${aws:UserAgent}"}}""");

        Assert.Equal(
            [false, false, true],
            Allowed(policy, By().With(context => context with { UserAgent = "*" }), By().With(context => context with { UserAgent = $"{Wildcard.AnyText}" }), By().With(context => context with { UserAgent = "111122223333" })));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Statement":[]}""")]
    [InlineData("""{"Statement":[1]}""")]
    [InlineData("""{"Version":"2012-10-18","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Id":1,"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Id":"\uD800","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"\uD800":"","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Other":1,"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Effect":"Deny"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Principal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","NotPrincipal":"*","Action":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","NotAction":"*","Resource":"*"}]}""")]
    [InlineData("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Extra":1}]}""")]
    [InlineData("""{"Statement":[{"Sid":"a","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Sid":"a","Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}""")]
    public void What_is_no_policy_is_refused(string text)
    {
        Assert.NotNull(AccessPolicy.Parse(PolicyActions.Sqs, text, out AccessPolicy? policy));
        Assert.Null(policy);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_text() => Assert.NotNull(AccessPolicy.Parse(PolicyActions.Sqs, Policy("\"Sid\":\"\uD800\""), out _));

    [Fact]
    public void An_evaluation_allocates_nothing_where_nothing_is_filled_in()
    {
        const string Members = """ "Principal":{"AWS":["999999999999","111122223333"]},"Action":["sqs:Send*"],"Condition":{"StringLike":{"aws:UserAgent":"Boto3/*"},"IpAddress":{"aws:SourceIp":"203.0.113.0/24"},"DateLessThan":{"aws:CurrentTime":"2030-01-01"}}""";
        Assert.Null(AccessPolicy.Parse(PolicyActions.Sqs, Policy(Members), out AccessPolicy? policy));
        PolicyRequest request = By();
        Assert.Equal(PolicyDecision.Allow, policy!.Evaluate(request));

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) policy.Evaluate(request);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData("\"Principal\":\"111122223333\"")]
    [InlineData("\"Principal\":{}")]
    [InlineData("\"Principal\":{\"AWS\":[]}")]
    [InlineData("\"Principal\":{\"AWS\":\"11112222333\"}")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/*\"}")]
    [InlineData("\"Principal\":{\"AWS\":\"arn:aws:s3::111122223333:root\"}")]
    [InlineData("\"Principal\":{\"AWS\":1}")]
    [InlineData("\"Principal\":{\"Nobody\":\"x\"}")]
    [InlineData("\"Principal\":{\"Service\":\"*\"}")]
    [InlineData("\"Action\":[]")]
    [InlineData("\"Action\":\"sns:Publish\"")]
    [InlineData("\"Action\":\"SendMessage\"")]
    [InlineData("\"Action\":\"sqs:\"")]
    [InlineData("\"Action\":1")]
    [InlineData("\"Resource\":\"orders\"")]
    [InlineData("\"Resource\":[]")]
    [InlineData("\"Resource\":\"arn:aws:sqs:${aws:PrincipalAccount\"")]
    [InlineData("\"Resource\":\"arn:aws:sqs:${nothing}\"")]
    [InlineData("\"Resource\":\"arn:aws:sqs:\\uFFFE\"")]
    [InlineData("\"Condition\":[]")]
    [InlineData("\"Condition\":{\"StringSame\":{\"aws:UserAgent\":\"x\"}}")]
    [InlineData("\"Condition\":{\"NullIfExists\":{\"aws:UserAgent\":\"true\"}}")]
    [InlineData("\"Condition\":{\"IfExists\":{\"aws:UserAgent\":\"true\"}}")]
    [InlineData("\"Condition\":{\"ForAnyValue:\":{\"aws:UserAgent\":\"true\"}}")]
    [InlineData("\"Condition\":{\"StringEquals\":\"x\"}")]
    [InlineData("\"Condition\":{\"StringEquals\":{\"UserAgent\":\"x\"}}")]
    [InlineData("\"Condition\":{\"StringEquals\":{\"aws:UserAgent\":[]}}")]
    [InlineData("\"Condition\":{\"StringEquals\":{\"aws:UserAgent\":{}}}")]
    [InlineData("\"Condition\":{\"NumericEquals\":{\"aws:EpochTime\":\"x\"}}")]
    [InlineData("\"Condition\":{\"NumericEquals\":{\"aws:EpochTime\":\"NaN\"}}")]
    [InlineData("\"Condition\":{\"DateEquals\":{\"aws:CurrentTime\":\"yesterday\"}}")]
    [InlineData("\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"yes\"}}")]
    [InlineData("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0.113.0/33\"}}")]
    [InlineData("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"203.0\"}}")]
    [InlineData("\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"fe80::1%1\"}}")]
    public void A_member_that_can_not_be_is_refused(string member) => Assert.NotNull(AccessPolicy.Parse(PolicyActions.Sqs, Policy(member), out _));

    [Fact]
    public void A_policy_has_bounds()
    {
        string many(int count, Func<int, string> one) => string.Join(',', Enumerable.Range(0, count).Select(one));
        string statements(int count) => $"{{\"Statement\":[{many(count, _ => """{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}""")}]}}";
        string principals(int count) => Policy($"\"Principal\":{{\"AWS\":[{many(count, i => $"\"{i:000000000000}\"")}]}}");
        string actions(int count) => Policy($"\"Action\":[{many(count, _ => "\"sqs:*\"")}]");
        string conditions(int count) => Policy($"\"Condition\":{{\"StringEquals\":{{{many(count, i => $"\"aws:k{i}\":\"v\"")}}}}}");
        string bytes(int count) => Policy().PadRight(count);

        Assert.All([statements(20), principals(50), actions(7), conditions(10), bytes(8192)], text => Assert.Null(AccessPolicy.Parse(PolicyActions.Sqs, text, out _)));
        Assert.All([statements(21), principals(51), actions(8), conditions(11), bytes(8193)], text => Assert.NotNull(AccessPolicy.Parse(PolicyActions.Sqs, text, out _)));
    }

    private static bool[] Allowed(string policy, params PolicyRequest[] requests) => [.. requests.Select(request => Evaluate(policy, request) == PolicyDecision.Allow)];
}
