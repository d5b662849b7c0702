using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Signing;

/// <summary>Signs as a client does, written down once more and as plainly as the specification says it: strings, lists and no care for speed.</summary>
internal sealed record ReferenceSigner(string KeyId, string Secret, DateTimeOffset Time, string Region = "us-east-1", string Service = "sqs")
{
    private string Stamp => Time.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private string Scope => $"{Stamp[..8]}/{Region}/{Service}/aws4_request";

    public SignedCall Sign(SignedCall call, params string[] leftOut)
    {
        call = call.With("X-Amz-Date", Stamp);
        string names = Names(call, leftOut);
        string signature = Signature(call, names, HexHash(call.BodyBytes));
        return call.With("Authorization", $"AWS4-HMAC-SHA256 Credential={KeyId}/{Scope}, SignedHeaders={names}, Signature={signature}");
    }

    public SignedCall Presign(SignedCall call, string expires, string? contentHash = null)
    {
        string names = Names(call, []);
        string target = call.Target + (call.Target.Contains('?', StringComparison.Ordinal) ? "&" : "?")
            + $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Encode($"{KeyId}/{Scope}")}&X-Amz-Date={Stamp}&X-Amz-Expires={expires}&X-Amz-SignedHeaders={Encode(names)}";
        call = call with { Target = target };
        return call with { Target = $"{target}&X-Amz-Signature={Signature(call, names, contentHash ?? HexHash(call.BodyBytes))}" };
    }

    private static string Names(SignedCall call, string[] leftOut) =>
        string.Join(';', call.Headers.Select(header => header.Key.ToLowerInvariant()).Except(leftOut).Distinct().Order(StringComparer.Ordinal));

    private string Signature(SignedCall call, string names, string contentHash)
    {
        string[] parts = call.Target.Split('?', 2);
        string headers = string.Concat(names.Split(';').Select(name => $"{name}:{Values(call, name)}\n"));
        string canonical = $"{call.Method}\n{Path(parts[0])}\n{Query(parts.Length > 1 ? parts[1] : "")}\n{headers}\n{names}\n{contentHash}";
        string toSign = $"AWS4-HMAC-SHA256\n{Stamp}\n{Scope}\n{HexHash(Encoding.UTF8.GetBytes(canonical))}";
        byte[] key = new[] { Stamp[..8], Region, Service, "aws4_request" }
            .Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (parent, part) => HMACSHA256.HashData(parent, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Values(SignedCall call, string name) =>
        string.Join(',', call.Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => Regex.Replace(header.Value.Trim(), "[ \t]+", " ")));

    private static string Path(string path)
    {
        var segments = new List<string>();
        foreach (string segment in path.Split('/').Where(segment => segment is not ("" or ".")))
        {
            if (segment != "..") segments.Add(Encode(segment));
            else if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
        }

        string joined = "/" + string.Join('/', segments);
        return segments.Count > 0 && path.EndsWith('/') ? joined + "/" : joined;
    }

    private static string Query(string query) =>
        string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Again(pair[0]), Value: Again(pair.Length > 1 ? pair[1] : "")))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));

    // Byte by byte, since what is encoded need not be UTF-8.
    private static string Again(string text) => Encode(
        Encoding.Latin1.GetBytes(Regex.Replace(text.Replace('+', ' '), "%([0-9A-Fa-f]{2})", code => $"{(char)Convert.ToByte(code.Groups[1].Value, 16)}")));

    private static string Encode(string text) => Encode(Encoding.UTF8.GetBytes(text));

    private static string Encode(byte[] bytes) =>
        string.Concat(bytes.Select(value => char.IsAsciiLetterOrDigit((char)value) || "-._~".Contains((char)value, StringComparison.Ordinal) ? $"{(char)value}" : $"%{value:X2}"));

    private static string HexHash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
