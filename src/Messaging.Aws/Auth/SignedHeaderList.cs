using System.Collections.Frozen;
using Messaging.Aws.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Auth;

/// <summary>
/// The headers that a signature covers, by their names: what such a list may be, and their values as they are signed. Sans-I/O. Hot path: the names
/// that SDKs sign are known as strings, which the headers are looked up by.
/// </summary>
internal static class SignedHeaderList
{
    private const string AmazonPrefix = "x-amz-";
    private const string Spaces = " \t";

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KnownNames = FrozenSet.Create(
        StringComparer.Ordinal,
        "accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "cache-control", "content-length", "content-md5", "content-type", "date",
        "host", "user-agent", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-amz-target", "x-amz-user-agent", "x-amzn-query-mode",
        "x-amzn-trace-id").GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Refuses a list that is not sorted, names one twice or too many, or leaves out the host or a header of Amazon's that the request has.</summary>
    public static AwsError? Check(ReadOnlySpan<char> names, IHeaderDictionary headers)
    {
        ReadOnlySpan<char> previous = default;
        int count = 0;
        foreach (Range range in names.Split(';'))
        {
            ReadOnlySpan<char> name = names[range];
            // Sorted, so that no header is signed twice, and in small letters, as they are signed.
            if (name.SequenceCompareTo(previous) <= 0 || name.ContainsAnyInRange('A', 'Z'))
                return AuthenticationErrors.Incomplete("'SignedHeaders' must be names of headers in lower case, sorted and separated by semicolons.");
            if (++count > AwsLimits.SignedHeadersMax)
                return AuthenticationErrors.Incomplete($"'SignedHeaders' may name at most {AwsLimits.SignedHeadersMax} headers.");
            previous = name;
        }
        if (!Contains(names, "host"))
            return AuthenticationErrors.Mismatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
        foreach (KeyValuePair<string, StringValues> header in headers)
        {
            if (header.Key.StartsWith(AmazonPrefix, StringComparison.OrdinalIgnoreCase) && !Contains(names, header.Key))
                return AuthenticationErrors.NotSigned(header.Key);
        }
        return null;
    }

    /// <summary>A line for each: its name and its values, by commas, each without spaces around it and with one where there were several.</summary>
    public static void WriteHeaders(ref ByteWriter writer, ReadOnlySpan<char> names, IHeaderDictionary headers)
    {
        foreach (Range range in names.Split(';'))
        {
            ReadOnlySpan<char> name = names[range];
            writer.Append(name);
            writer.Append((byte)':');
            StringValues values = headers[KnownNames.TryGetValue(name, out string? known) ? known : name.ToString()];
            for (int i = 0; i < values.Count; i++)
            {
                if (i > 0)
                    writer.Append((byte)',');
                WriteValue(ref writer, values[i].AsSpan().Trim(Spaces));
            }
            writer.Append((byte)'\n');
        }
    }

    private static void WriteValue(ref ByteWriter writer, ReadOnlySpan<char> value)
    {
        while (value.IndexOfAny(Spaces) is var space and >= 0)
        {
            writer.Append(value[..space]);
            writer.Append((byte)' ');
            value = value[space..].TrimStart(Spaces);
        }
        writer.Append(value);
    }

    private static bool Contains(ReadOnlySpan<char> names, ReadOnlySpan<char> wanted)
    {
        foreach (Range range in names.Split(';'))
        {
            if (names[range].Equals(wanted, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
