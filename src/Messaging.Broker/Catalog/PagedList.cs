using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Broker.Catalog;

/// <summary>
/// A list that is told by pages. Its token is the last entry of the page before, so that the list is stable while entries come and go: what is there all the time is listed exactly once. A token of one list is none of another: that differs by its
/// kind, by whose it is, or by what chooses its entries. A value; pure.
/// </summary>
/// <param name="Kind">What it lists.</param>
/// <param name="Account">Whose they are.</param>
/// <param name="Space">The namespace that they are in.</param>
/// <param name="Of">The thing that they belong to, where it is not the namespace.</param>
/// <param name="Prefix">What their names begin with; null: any.</param>
/// <remarks>
/// Opaque to clients. Bytes: the first 8 of the SHA-256 of the list's five texts, line by line | the last entry, UTF-8. On the wire: base64url without padding. No secret: who makes one up has only chosen where a page begins.
/// </remarks>
internal readonly record struct PagedList(string Kind, AccountId Account, NamespaceName Space, string Of = "", string? Prefix = null)
{
    private const int MarkBytes = 8;

    private static readonly int TokenCharactersMax = Base64Url.GetEncodedLength(MarkBytes + BrokerLimits.DocumentNameBytesMax);

    /// <summary>A token that is none of this list.</summary>
    public static readonly BrokerError NotOurs = new(ErrorCode.InvalidValue, "This is not a page token of this list.", "pageToken");

    /// <summary>Null where both are good; <paramref name="after"/> is the entry behind which the page begins, null for the first page.</summary>
    public BrokerError? Read(int pageSize, string? pageToken, out string? after)
    {
        after = null;
        if (pageSize is < 1 or > BrokerLimits.ListPageSizeMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"pageSize is 1 to {BrokerLimits.ListPageSizeMax}, not {pageSize}.", "pageSize");
        }

        if (pageToken is null) return null;
        if (pageToken.Length > TokenCharactersMax || !Base64Url.IsValid(pageToken)) return NotOurs;
        ReadOnlySpan<byte> bytes = Base64Url.DecodeFromChars(pageToken);
        if (bytes.Length <= MarkBytes || !bytes.StartsWith(Mark())) return NotOurs;
        after = Encoding.UTF8.GetString(bytes[MarkBytes..]);
        return null;
    }

    /// <summary>The token of the page behind this entry.</summary>
    public string TokenOf(string last) => Base64Url.EncodeToString([.. Mark(), .. Encoding.UTF8.GetBytes(last)]);

    // No kind or name has a line's end, and the prefix, which may be any text, stands last.
    private ReadOnlySpan<byte> Mark() => SHA256.HashData(Encoding.UTF8.GetBytes($"{Kind}\n{Account}\n{Space}\n{Of}\n{Prefix}")).AsSpan(0, MarkBytes);
}
