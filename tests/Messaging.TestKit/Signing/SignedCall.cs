using System.Text;

namespace Messaging.TestKit.Signing;

/// <summary>A request as plain data, which can be changed before it is signed or after.</summary>
internal sealed record SignedCall(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, string Body)
{
    public byte[] BodyBytes => Encoding.UTF8.GetBytes(Body);

    public SignedCall With(string name, string value) => this with { Headers = [.. Headers.Where(header => !Is(header, name)), new(name, value)] };

    public SignedCall And(string name, string value) => this with { Headers = [.. Headers, new(name, value)] };

    public SignedCall Without(string name) => this with { Headers = [.. Headers.Where(header => !Is(header, name))] };

    public string Value(string name) => Headers.Single(header => Is(header, name)).Value;

    private static bool Is(KeyValuePair<string, string> header, string name) => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
