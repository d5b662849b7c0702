using System.Text;
using Messaging.Broker.Access;
using Messaging.Broker.Names;

namespace Messaging.Http.Tests;

/// <summary>The header by itself; what it opens is tested in Messaging.Api.Tests.</summary>
public sealed class BasicCredentialsTests
{
    private static readonly AccessKey Key = new(new string('k', 128), new string(':', 128), AccountId.Default);
    private static readonly BasicCredentials Basic = new(new AccessKeyRing(new BrokerGate(), isClosed: true, Key));

    [Fact]
    public void The_longest_key_passes_and_its_secret_may_have_colons() => Assert.Same(Key, Basic.Find(Header($"{Key.Id}:{Key.Secret}")));

    [Fact]
    public void Another_secret_is_none()
    {
        Assert.Null(Basic.Find(Header($"{Key.Id}:{Key.Secret[..^1]}.")));
        Assert.Null(Basic.Find(Header($"{Key.Id}:{Key.Secret[..^1]}")));
        Assert.Null(Basic.Find(Header($"{Key.Id}:")));
        Assert.Null(Basic.Find(Header(Key.Id)));
    }

    [Fact]
    public void Two_headers_are_none() => Assert.Null(Basic.Find(new([Header($"{Key.Id}:{Key.Secret}"), "Basic YTpi"])));

    [Fact]
    public void Nobody_s_palindrome_is_no_secret() => Assert.Null(Basic.Find(Header("nobody:abba")));

    [Fact]
    public void No_noise_throws_or_passes()
    {
        var random = new Random(1);
        string right = Header($"{Key.Id}:{Key.Secret}");
        for (int i = 0; i < 20_000; i++)
        {
            char[] noisy = right.ToCharArray();
            // In the part that says something: the rest are colons.
            for (int j = random.Next(1, 4); j > 0; j--) noisy[random.Next(170)] = (char)random.Next(0x100);
            string text = new(noisy, 0, random.Next(2) == 0 ? noisy.Length : random.Next(noisy.Length));

            if (Basic.Find(text) is { } key) Assert.Equal(Decoded(right), Decoded(text), ignoreCase: false);
        }
    }

    private static string Header(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    private static string Decoded(string header) => Encoding.UTF8.GetString(Convert.FromBase64String(header[6..].Trim(' ')));
}
