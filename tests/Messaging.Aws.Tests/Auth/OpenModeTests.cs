using Messaging.Aws.Auth;
using Messaging.Broker.Names;
using Messaging.TestKit.Signing;

namespace Messaging.Aws.Tests.Auth;

public sealed class OpenModeTests
{
    private static readonly SignedCall Call = new("POST", "/", [new("Host", "localhost")], "{}");

    private readonly Authenticator _open = new(_ => null, TimeProvider.System, AuthenticationMode.Open);

    [Theory]
    [InlineData("111122223333", "111122223333")]
    [InlineData("test", "000000000000")]
    [InlineData("11112222333", "000000000000")]
    [InlineData("1111222233334", "000000000000")]
    [InlineData("000000000000", "000000000000")]
    public void An_access_key_of_twelve_digits_is_the_account(string key, string account)
    {
        SignedCall signed = new ReferenceSigner(key, "anything", DateTimeOffset.UnixEpoch, "ap-southeast-2").Sign(Call);
        SignedCall presigned = new ReferenceSigner(key, "anything", DateTimeOffset.UnixEpoch, "ap-southeast-2").Presign(Call, "1");

        Assert.All([signed, presigned], call =>
        {
            // Twice: as it is read, and as it is remembered.
            for (int i = 0; i < 2; i++) Assert.Equal(new Caller(Account(account), key, "ap-southeast-2"), Read(call));
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("Basic YTpi")]
    [InlineData("AWS4-HMAC-SHA256")]
    [InlineData("AWS4-HMAC-SHA256 Credential=")]
    [InlineData("AWS4-HMAC-SHA256 Credential=test")]
    [InlineData("AWS4-HMAC-SHA256 Credential=/20150830/us-east-1/sqs/aws4_request")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830//sqs/aws4_request")]
    [InlineData("AWS4-HMAC-SHA256 Credential=a/20150830/us<east/sqs/aws4_request")]
    public void A_header_that_can_not_be_read_is_nobody(string header) => Assert.Equal(Caller.Anonymous, Read(Call.With("Authorization", header)));

    [Fact]
    public void No_signature_is_nobody() => Assert.Equal(Caller.Anonymous, Read(Call));

    [Fact]
    public void Callers_are_remembered_within_a_bound()
    {
        for (int i = 0; i < 2 * AwsLimits.CredentialsKept + 10; i++)
            Assert.Equal($"key{i}", Read(new ReferenceSigner($"key{i}", "", DateTimeOffset.UnixEpoch).Sign(Call)).AccessKeyId);
    }

    private static AccountId Account(string text) => AccountId.TryParse(text, out AccountId account) ? account : throw new ArgumentException(text);

    private Caller Read(SignedCall call)
    {
        Assert.Null(_open.Authenticate(call.ToRequest(), call.BodyBytes, out Caller caller));
        return caller;
    }
}
