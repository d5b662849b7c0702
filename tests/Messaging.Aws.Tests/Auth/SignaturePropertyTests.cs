using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Messaging.TestKit;
using Messaging.TestKit.Signing;

namespace Messaging.Aws.Tests.Auth;

/// <summary>Random requests: signed by the reference they are right, with one character changed they are not, and with any noise nothing throws.</summary>
public sealed class SignaturePropertyTests
{
    private const string PathCharacters = "abcXYZ019-._~/%20:@!$&'()*+,;=";
    private const string HeaderCharacters = "abcXYZ019 \t\",;=äΩ€";

    private static readonly AccessKey Key = new(BotocoreCalls.KeyId, BotocoreCalls.Secret, AccountId.Default);

    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 20));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_the_reference_signs_is_right_and_a_change_is_seen(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 100; i++)
        {
            SignedCall call = AnyCall(random);
            var signer = new ReferenceSigner(Key.Id, Key.Secret, BotocoreCalls.Time, $"region-{random.Next(3)}");
            SignedCall signed = random.Next(2) == 0 ? signer.Sign(call) : signer.Presign(call, $"{random.Next(1, 604_801)}");

            Assert.Null(Authenticate(signed));
            Assert.NotNull(Authenticate(signed with { Body = signed.Body + "x" }));
            Assert.NotNull(Authenticate(signed.And("X-Amz-Meta", "x")));
            Assert.NotNull(Authenticate(signed with { Target = signed.Target + (signed.Target.Contains('?', StringComparison.Ordinal) ? "&x" : "x") }));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_noise_throws_or_passes(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            var signer = new ReferenceSigner(Key.Id, Key.Secret, BotocoreCalls.Time);
            SignedCall signed = random.Next(2) == 0 ? signer.Sign(AnyCall(random)) : signer.Presign(AnyCall(random), "60");
            SignedCall noisy = random.Next(2) == 0 && signed.Headers.Any(header => header.Key == "Authorization")
                ? signed.With("Authorization", Noise(random, signed.Value("Authorization")))
                : signed with { Target = Noise(random, signed.Target) };

            AwsError? error = Authenticate(noisy, out Caller caller);
            // A change may say the same in another way, such as the case of a digit in hexadecimal; then it is still the signer's.
            if (error is null && !caller.IsAnonymous) Assert.Equal(Key.Id, caller.AccessKeyId);
            Assert.Null(new Authenticator(_ => Key, TimeProvider.System, AuthenticationMode.Open).Authenticate(noisy.ToRequest(), noisy.BodyBytes, out _));
        }
    }

    private static SignedCall AnyCall(Random random) => new(
        random.Next(2) == 0 ? "POST" : "GET",
        "/" + Text(random, PathCharacters, 30) + (random.Next(2) == 0 ? "" : "?" + AnyQuery(random)),
        [new("Host", "localhost:9324"), new("X-Amz-Meta", Text(random, HeaderCharacters, 40)), new("X-Amz-Meta", Text(random, HeaderCharacters, 40)), new("Zeta", "")],
        Text(random, HeaderCharacters, 200));

    private static string AnyQuery(Random random) =>
        string.Join('&', Enumerable.Range(0, random.Next(50)).Select(_ => Text(random, "ab-=%C3%A4+", 6)));

    private static string Text(Random random, string characters, int lengthMax) =>
        new([.. Enumerable.Range(0, random.Next(lengthMax)).Select(_ => characters[random.Next(characters.Length)])]);

    private static string Noise(Random random, string text)
    {
        char[] characters = text.ToCharArray();
        for (int i = random.Next(1, 5); i > 0; i--) characters[random.Next(characters.Length)] = random.Next(8) == 0 ? (char)random.Next(0x250) : "/,=;&?% A0"[random.Next(10)];
        return random.Next(3) == 0 ? new string(characters)[..random.Next(characters.Length)] : new string(characters);
    }

    private static AwsError? Authenticate(SignedCall call) => Authenticate(call, out Caller caller) ?? (caller.IsAnonymous ? AuthenticationErrors.Missing : null);

    private static AwsError? Authenticate(SignedCall call, out Caller caller) =>
        new Authenticator(id => id == Key.Id ? Key : null, new ManualTimeProvider(BotocoreCalls.Time), AuthenticationMode.Closed)
            .Authenticate(call.ToRequest(), call.BodyBytes, out caller);
}
