using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Messaging.TestKit;
using Messaging.TestKit.Signing;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Tests.Auth;

public sealed class AuthenticatorTests
{
    private const string UnknownKeyText = "The security token included in the request is invalid.";

    private static readonly SignedCall Call = new(
        "POST", "/", [new("Host", "127.0.0.1:9324"), new("Content-Type", "application/x-amz-json-1.0"), new("X-Amz-Target", "AmazonSQS.ListQueues")], "{}");

    private readonly ManualTimeProvider _clock = new(BotocoreCalls.Time);
    private readonly Dictionary<string, AccessKey> _keys = new() { [BotocoreCalls.KeyId] = Key(BotocoreCalls.KeyId, BotocoreCalls.Secret) };

    public static TheoryData<string> BotocoreNames => new(BotocoreCalls.All.Keys);

    private ReferenceSigner Signer => new(BotocoreCalls.KeyId, BotocoreCalls.Secret, _clock.GetUtcNow());

    [Theory]
    [MemberData(nameof(BotocoreNames))]
    public void What_botocore_signs_is_right(string name)
    {
        Assert.Null(Authenticate(BotocoreCalls.All[name], out Caller caller));

        Assert.Equal(BotocoreCalls.KeyId, caller.AccessKeyId);
        Assert.Equal("111122223333", caller.Account.Value);
        Assert.Equal(name.Contains("region", StringComparison.Ordinal) ? "eu-central-1" : "us-east-1", caller.Region);
    }

    [Fact]
    public void Who_may_be_known_is_told_before_the_body_by_the_id_of_a_key()
    {
        SignedCall signed = BotocoreCalls.All.Values.First();
        var closed = new Authenticator(id => _keys.GetValueOrDefault(id), _clock, AuthenticationMode.Closed, "sqs");

        Assert.True(closed.MayBeKnown(signed.ToRequest()));
        Assert.False(closed.MayBeKnown(Call.ToRequest()));
        Assert.False(closed.MayBeKnown(Call.And("Authorization", "Basic YTpi").ToRequest()));
        _keys.Clear();
        Assert.False(new Authenticator(id => _keys.GetValueOrDefault(id), _clock, AuthenticationMode.Closed, "sqs").MayBeKnown(signed.ToRequest()));
        Assert.True(new Authenticator(static _ => null, _clock, AuthenticationMode.Open, "sqs").MayBeKnown(Call.ToRequest()));
    }

    [Theory]
    [MemberData(nameof(BotocoreNames))]
    public void What_botocore_signs_is_wrong_with_another_secret(string name)
    {
        _keys[BotocoreCalls.KeyId] = Key(BotocoreCalls.KeyId, BotocoreCalls.Secret[..^1] + "Z");

        Refused(BotocoreCalls.All[name], AwsErrorCode.SignatureDoesNotMatch, "The request signature we calculated does not match");
    }

    // AWS's own examples, which are signed for a service called "service".
    [Theory]
    [InlineData("GET", "/", "", "", "host;x-amz-date", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("GET", "/?Param2=value2&Param1=value1", "", "", "host;x-amz-date", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    [InlineData("POST", "/", "", "", "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("POST", "/", "Content-Type: application/x-www-form-urlencoded", "Param1=value1", "content-type;host;x-amz-date", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")]
    [InlineData("GET", "/", "My-Header1: value1|My-Header2:    \"a   b   c\"", "", "host;my-header1;my-header2;x-amz-date", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736")]
    [InlineData("GET", "/", "My-Header1: value2|My-Header1: value2|My-Header1: value1", "", "host;my-header1;x-amz-date", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea")]
    public void What_AWS_gives_as_an_example_is_right(string method, string target, string headers, string body, string names, string signature)
    {
        _keys["AKIDEXAMPLE"] = Key("AKIDEXAMPLE", BotocoreCalls.Secret);
        var call = new SignedCall(method, target, [new("Host", "example.amazonaws.com"), new("X-Amz-Date", "20150830T123600Z")], body);
        foreach (string header in headers.Split('|', StringSplitOptions.RemoveEmptyEntries)) call = call.And(header.Split(": ")[0], header.Split(": ")[1]);
        call = call.And("Authorization", $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={names}, Signature={signature}");

        Assert.Null(Authenticator("service").Authenticate(call.ToRequest(), call.BodyBytes, out _));
    }

    [Fact]
    public void Whatever_is_changed_after_signing_is_seen()
    {
        SignedCall signed = Signer.Sign(Call);
        SignedCall[] changed =
        [
            signed with { Body = "{} " },
            signed with { Method = "PUT" },
            signed with { Target = "/x" },
            signed with { Target = "/?a" },
            signed.With("Host", "127.0.0.1:9325"),
            signed.With("X-Amz-Target", "AmazonSQS.CreateQueue"),
            signed.And("Content-Type", "application/x-amz-json-1.0"),
            signed.Without("Content-Type"),
            signed.With("X-Amz-Date", "20150830T123601Z"),
            signed.With("Authorization", signed.Value("Authorization").Replace("us-east-1", "us-east-2", StringComparison.Ordinal)),
            signed.With("Authorization", signed.Value("Authorization")[..^1] + "g"),
            signed.With("Authorization", signed.Value("Authorization")[..^1]),
        ];

        Assert.Null(Authenticate(signed, out _));
        Assert.All(changed, call => Refused(call, AwsErrorCode.SignatureDoesNotMatch, "The request signature we calculated does not match"));
    }

    [Fact]
    public void A_signature_is_good_as_often_as_it_comes_until_it_expires()
    {
        Authenticator authenticator = Authenticator();
        SignedCall signed = Signer.Sign(Call);

        for (int i = 0; i < 3; i++) Assert.Null(authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out _));
        _clock.Step(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        AwsError? error = authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out _);

        Assert.Equal("Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)", error?.Message);
        Assert.Equal(AwsErrorCode.SignatureDoesNotMatch, error?.Code);
    }

    [Theory]
    [InlineData(-900, null)]
    [InlineData(900, null)]
    [InlineData(-901, "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)")]
    [InlineData(901, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 min.)")]
    public void The_clocks_may_be_15_minutes_apart(int seconds, string? text)
    {
        SignedCall signed = Signer.Sign(Call);
        _clock.Step(TimeSpan.FromSeconds(seconds));

        Assert.Equal(text, Authenticate(signed, out _)?.Message);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(3600, null)]
    [InlineData(-901, "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T122059Z + 15 min.)")]
    [InlineData(3601, "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T133601Z - 60 min.)")]
    public void A_presigned_request_is_good_for_the_time_that_it_names(int seconds, string? text)
    {
        SignedCall signed = Signer.Presign(Call with { Method = "GET", Body = "" }, "3600");
        _clock.Step(TimeSpan.FromSeconds(seconds));

        Assert.Equal(text, Authenticate(signed, out _)?.Message);
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData("604800", true)]
    [InlineData("604801", false)]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("x", false)]
    [InlineData("", false)]
    public void A_presigned_request_may_be_good_for_a_second_to_a_week(string expires, bool legal)
    {
        SignedCall signed = Signer.Presign(Call, expires);

        if (legal) Assert.Null(Authenticate(signed, out _));
        else Refused(signed, AwsErrorCode.IncompleteSignature, "X-Amz-Expires");
    }

    [Theory]
    [InlineData("X-Amz-Credential")]
    [InlineData("X-Amz-Date")]
    [InlineData("X-Amz-Expires")]
    [InlineData("X-Amz-SignedHeaders")]
    [InlineData("X-Amz-Signature")]
    [InlineData("X-Amz-Algorithm")]
    public void A_presigned_request_that_lacks_a_part_is_told_which(string name)
    {
        SignedCall signed = Signer.Presign(Call, "60");
        signed = signed with { Target = signed.Target.Replace(name, "X-Other", StringComparison.Ordinal) };

        Refused(signed, AwsErrorCode.IncompleteSignature, $"AWS query-string parameters must include '{name}'. Re-examine the query-string parameters.");
    }

    [Fact]
    public void A_body_of_a_presigned_request_is_signed_too()
    {
        SignedCall signed = Signer.Presign(Call, "60");

        Assert.Null(Authenticate(signed, out _));
        Refused(signed with { Body = "{ }" }, AwsErrorCode.SignatureDoesNotMatch, "The request signature we calculated does not match");
    }

    [Theory]
    [InlineData("", "Credential Signature SignedHeaders X-Amz-Date")]
    [InlineData(" Credential=a/20150830/us-east-1/sqs/aws4_request", "Signature SignedHeaders X-Amz-Date")]
    [InlineData(" SignedHeaders=host", "Credential Signature X-Amz-Date")]
    [InlineData(" Signature=00,SignedHeaders=host", "Credential X-Amz-Date")]
    public void A_header_that_lacks_parts_is_told_all_of_them(string parts, string lacking)
    {
        AwsError? error = Authenticate(Call.With("Authorization", "AWS4-HMAC-SHA256" + parts), out _);

        Assert.Equal(AwsErrorCode.IncompleteSignature, error?.Code);
        foreach (string name in (string[])["Credential", "Signature", "SignedHeaders", "X-Amz-Date"])
            Assert.Equal(lacking.Split(' ').Contains(name), error!.Message.Contains($"'{name}'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("AWS4-HMAC-SHA256 Credential", "missing equal-sign")]
    [InlineData("AWS4-HMAC-SHA1 Credential=a", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'.")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host, Signature=00", "5 slash-delimited elements")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/b/c/d/e/f, SignedHeaders=host, Signature=00", "5 slash-delimited elements")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a, Credential=b, SignedHeaders=host, Signature=00", "twice")]
    public void A_header_that_is_none_says_why(string header, string text) =>
        Refused(Call.With("X-Amz-Date", "20150830T123600Z").With("Authorization", header), AwsErrorCode.IncompleteSignature, text);

    [Theory]
    [InlineData("/20150830/us-east-1/sns/aws4_request", "Credential should be scoped to correct service: 'sqs'.")]
    [InlineData("/20150830/us-east-1/sqs/aws5_request", "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'.")]
    [InlineData("/20150829/us-east-1/sqs/aws4_request", "'20150829' != '20150830', from '20150830T123600Z'.")]
    [InlineData("/2015083/us-east-1/sqs/aws4_request", "Date in Credential scope does not match")]
    public void A_scope_that_is_not_this_one_says_why(string scope, string text)
    {
        SignedCall signed = Signer.Sign(Call);
        string header = signed.Value("Authorization").Replace("/20150830/us-east-1/sqs/aws4_request", scope, StringComparison.Ordinal);

        Refused(signed.With("Authorization", header), AwsErrorCode.SignatureDoesNotMatch, text);
    }

    [Fact]
    public void The_date_may_be_that_of_HTTP()
    {
        // Signed with the time in its basic form, which is not a header here.
        SignedCall signed = Signer.Sign(Call.And("Date", "Sun, 30 Aug 2015 12:36:00 GMT"), "x-amz-date").Without("X-Amz-Date");

        Assert.Null(Authenticate(signed, out _));
        Refused(signed.With("Date", "yesterday"), AwsErrorCode.IncompleteSignature, "Date must be in ISO-8601 'basic format'. Got 'yesterday'.");
    }

    [Fact]
    public void The_host_and_all_headers_of_Amazon_must_be_signed()
    {
        Refused(Signer.Sign(Call, "host"), AwsErrorCode.SignatureDoesNotMatch, "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        Refused(Signer.Sign(Call, "x-amz-target"), AwsErrorCode.SignatureDoesNotMatch, "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
        Assert.Null(Authenticate(Signer.Sign(Call, "content-type"), out _));
    }

    [Theory]
    [InlineData("host;content-type;x-amz-date")]
    [InlineData("content-type;host;host;x-amz-date")]
    [InlineData("Host;x-amz-date")]
    [InlineData(";host")]
    public void Signed_headers_are_sorted_small_and_each_there_once(string names)
    {
        SignedCall signed = Signer.Sign(Call);
        string header = signed.Value("Authorization").Replace("content-type;host;x-amz-date;x-amz-target", names, StringComparison.Ordinal);

        Refused(signed.With("Authorization", header), AwsErrorCode.IncompleteSignature, "'SignedHeaders' must be names of headers in lower case");
    }

    [Fact]
    public void A_signature_covers_64_headers_at_most()
    {
        SignedCall few = Enumerable.Range(0, 60).Aggregate(Call, (call, i) => call.And($"h{i:00}", "v"));
        SignedCall many = Enumerable.Range(0, 61).Aggregate(Call, (call, i) => call.And($"h{i:00}", "v"));

        Assert.Null(Authenticate(Signer.Sign(few), out _));
        Refused(Signer.Sign(many), AwsErrorCode.IncompleteSignature, "at most 64 headers");
    }

    [Fact]
    public void What_is_longer_than_a_signature_needs_is_refused()
    {
        SignedCall signed = Signer.Sign(Call);

        Refused(signed.With("Authorization", signed.Value("Authorization") + new string(' ', 8 * 1024)), AwsErrorCode.IncompleteSignature, "longer than a signature needs");
        Refused(Signer.Sign(Call with { Target = "/?" + new string('a', 16 * 1024) }), AwsErrorCode.IncompleteSignature, "longer than a signature needs");
    }

    [Fact]
    public void A_key_that_nobody_has_is_unknown_and_so_is_one_that_was_deleted()
    {
        Authenticator authenticator = Authenticator();
        SignedCall signed = Signer.Sign(Call);
        Refused((Signer with { KeyId = "AKIDEXAMPLE0000002" }).Sign(Call), AwsErrorCode.UnknownAccessKey, UnknownKeyText);

        Assert.Null(authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out _));
        _keys.Clear();

        Assert.Equal(AwsErrorCode.UnknownAccessKey, authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out Caller caller)?.Code);
        Assert.True(caller.IsAnonymous);
    }

    [Fact]
    public void A_secret_that_was_replaced_does_not_sign_any_more()
    {
        Authenticator authenticator = Authenticator();
        SignedCall signed = Signer.Sign(Call);
        Assert.Null(authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out _));

        _keys[BotocoreCalls.KeyId] = Key(BotocoreCalls.KeyId, new string('n', 40));
        Assert.Equal(AwsErrorCode.SignatureDoesNotMatch, authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out _)?.Code);

        SignedCall again = (Signer with { Secret = new string('n', 40) }).Sign(Call);
        for (int i = 0; i < 2; i++) Assert.Null(authenticator.Authenticate(again.ToRequest(), again.BodyBytes, out _));
        Assert.Equal(AwsErrorCode.SignatureDoesNotMatch, authenticator.Authenticate(signed.ToRequest(), signed.BodyBytes, out _)?.Code);
    }

    [Fact]
    public void Session_tokens_are_refused_in_words()
    {
        Refused(Signer.Sign(Call.And("X-Amz-Security-Token", "t")), AwsErrorCode.UnknownAccessKey, "issues no session tokens");
        Refused(Signer.Presign(Call with { Target = "/?X-Amz-Security-Token=t" }, "60"), AwsErrorCode.UnknownAccessKey, "issues no session tokens");
    }

    [Fact]
    public void A_hash_of_the_content_must_be_that_of_the_body()
    {
        SignedCall empty = Call with { Body = "" };
        const string HashOfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

        Assert.Null(Authenticate(Signer.Sign(empty.And("x-amz-content-sha256", HashOfNothing)), out _));
        Refused(Signer.Sign(Call.And("x-amz-content-sha256", HashOfNothing)), AwsErrorCode.SignatureDoesNotMatch, "does not match what was computed");
        Refused(Signer.Sign(Call.And("x-amz-content-sha256", new string('x', 64))), AwsErrorCode.SignatureDoesNotMatch, "does not match what was computed");
        Refused(Signer.Sign(empty.And("x-amz-content-sha256", "UNSIGNED-PAYLOAD")), AwsErrorCode.SignatureDoesNotMatch, "payload must be signed");
        Refused(Signer.Sign(empty.And("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")), AwsErrorCode.SignatureDoesNotMatch, "payload must be signed");
    }

    [Fact]
    public void A_presigned_GET_without_a_body_may_leave_it_unsigned()
    {
        SignedCall call = (Call with { Method = "GET", Body = "" }).And("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        SignedCall signed = Signer.Presign(call, "60", "UNSIGNED-PAYLOAD");

        Assert.Null(Authenticate(signed, out _));
        Refused(signed with { Body = "a" }, AwsErrorCode.SignatureDoesNotMatch, "payload must be signed");
        Refused(Signer.Presign(call with { Method = "POST" }, "60", "UNSIGNED-PAYLOAD"), AwsErrorCode.SignatureDoesNotMatch, "payload must be signed");
    }

    [Fact]
    public void What_is_not_signed_is_anonymous_and_what_is_signed_otherwise_is_refused()
    {
        Assert.Null(Authenticate(Call, out Caller caller));
        Assert.True(caller.IsAnonymous);
        Assert.Equal(Caller.Anonymous, caller);

        Refused(Call.With("Authorization", "Basic YTpi"), AwsErrorCode.MissingAuthentication, "Request is missing Authentication Token");
        Refused(Signer.Sign(Call).And("Authorization", "Basic YTpi"), AwsErrorCode.MissingAuthentication, "Request is missing Authentication Token");
    }

    [Fact]
    public void An_absolute_target_is_its_path()
    {
        SignedCall signed = Signer.Sign(Call with { Target = "/000000000000/q?a=b" });

        Assert.Null(Authenticate(signed with { Target = "http://127.0.0.1:9324/000000000000/q?a=b" }, out _));
    }

    [Fact]
    public void An_answer_shows_no_characters_that_XML_can_not_carry()
    {
        SignedCall signed = Signer.Presign(Call, "60");
        AwsError? error = Authenticate(signed with { Target = signed.Target.Replace("20150830T123600Z", "%00%07" + new string('d', 4096), StringComparison.Ordinal) }, out _);

        Assert.StartsWith("Date must be in ISO-8601 'basic format'. Got '??ddd", error?.Message, StringComparison.Ordinal);
        Assert.InRange(error!.Message.Length, 1, 300);
    }

    private static AccessKey Key(string id, string secret) => new(id, secret, AccountId.TryParse("111122223333", out AccountId account) ? account : default);

    private Authenticator Authenticator(params string[] services) => new(id => _keys.GetValueOrDefault(id), _clock, AuthenticationMode.Closed, services);

    private AwsError? Authenticate(SignedCall call, out Caller caller)
    {
        HttpRequest request = call.ToRequest();
        return Authenticator().Authenticate(request, call.BodyBytes, out caller);
    }

    private void Refused(SignedCall call, AwsErrorCode code, string text)
    {
        AwsError? error = Authenticate(call, out Caller caller);
        Assert.NotNull(error);
        Assert.Contains(text, error.Message, StringComparison.Ordinal);
        Assert.Equal(code, error.Code);
        Assert.True(caller.IsAnonymous);
    }
}
