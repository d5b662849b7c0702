using System.Buffers.Text;
using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Broker.Catalog;

/// <summary>Pages of lists that are in the order of names: a token is the last name of the page before.</summary>
internal static class NamePages
{
    /// <summary>Null where both are good.</summary>
    public static BrokerError? Check(int pageSize, string? pageToken)
    {
        if (pageSize is < 1 or > BrokerLimits.ListPageSizeMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"pageSize is 1 to {BrokerLimits.ListPageSizeMax}, not {pageSize}.", "pageSize");
        }

        return pageToken is null || NameIn(pageToken) is not null ? null : new BrokerError(ErrorCode.InvalidValue, "This is not a page token of this server.", "pageToken");
    }

    public static string TokenOf(string last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last));

    /// <summary>Null where there is none.</summary>
    public static string? NameIn(string? token)
    {
        if (token is null || token.Length > 2 * BrokerLimits.NameBytesMax || !Base64Url.IsValid(token)) return null;
        string name = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        return NameRules.IsLegal(name) ? name : null;
    }
}
