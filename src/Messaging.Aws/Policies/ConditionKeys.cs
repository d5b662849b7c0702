using System.Collections.Frozen;
using System.Globalization;
using System.Net;

namespace Messaging.Aws.Policies;

/// <summary>The values that a request has for the keys of conditions, as text, number or address. Pure.</summary>
internal static class ConditionKeys
{
    private static readonly FrozenDictionary<string, ConditionKey> ByName = new Dictionary<string, ConditionKey>
    {
        ["aws:SourceArn"] = ConditionKey.SourceArn,
        ["aws:SourceAccount"] = ConditionKey.SourceAccount,
        ["aws:PrincipalArn"] = ConditionKey.PrincipalArn,
        ["aws:PrincipalAccount"] = ConditionKey.PrincipalAccount,
        ["aws:SourceIp"] = ConditionKey.SourceIp,
        ["aws:SecureTransport"] = ConditionKey.SecureTransport,
        ["aws:CurrentTime"] = ConditionKey.CurrentTime,
        ["aws:EpochTime"] = ConditionKey.EpochTime,
        ["aws:UserAgent"] = ConditionKey.UserAgent,
        ["aws:Referer"] = ConditionKey.Referer,
        ["aws:SourceOwner"] = ConditionKey.SourceOwner,
        ["sns:Endpoint"] = ConditionKey.SubscribedEndpoint,
        ["sns:Protocol"] = ConditionKey.SubscribedProtocol,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static ConditionKey Parse(string name) => ByName.GetValueOrDefault(name);

    public static bool IsPresent(ConditionKey key, in PolicyRequest request) => key switch
    {
        ConditionKey.Unknown => false,
        ConditionKey.SourceArn => request.Context.SourceArn is not null,
        ConditionKey.SourceAccount => request.Context.SourceAccount is not null,
        ConditionKey.PrincipalArn or ConditionKey.PrincipalAccount => request.IsOfAccount,
        ConditionKey.SourceIp => request.Context.SourceIp is not null,
        ConditionKey.SecureTransport or ConditionKey.CurrentTime or ConditionKey.EpochTime => true,
        ConditionKey.UserAgent => request.Context.UserAgent is not null,
        ConditionKey.Referer => request.Context.Referer is not null,
        ConditionKey.SourceOwner or ConditionKey.SubscribedEndpoint or ConditionKey.SubscribedProtocol => Text(key, request) is not null,
    };

    /// <summary>Null where it is absent.</summary>
    public static string? Text(ConditionKey key, in PolicyRequest request) => key switch
    {
        ConditionKey.Unknown => null,
        ConditionKey.SourceArn => request.Context.SourceArn,
        ConditionKey.SourceAccount => request.Context.SourceAccount,
        ConditionKey.PrincipalArn => request.IsOfAccount ? request.PrincipalArn : null,
        ConditionKey.PrincipalAccount => request.IsOfAccount ? request.Caller.Account.Value : null,
        ConditionKey.SourceIp => request.Context.SourceIp?.ToString(),
        ConditionKey.SecureTransport => request.Context.IsSecure ? "true" : "false",
        ConditionKey.CurrentTime => request.Context.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ConditionKey.EpochTime => request.Context.Now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        ConditionKey.UserAgent => request.Context.UserAgent,
        ConditionKey.Referer => request.Context.Referer,
        ConditionKey.SourceOwner => request.IsOfAccount ? request.Caller.Account.Value : request.Context.SourceAccount,
        ConditionKey.SubscribedEndpoint => request.Context.SubscribedEndpoint,
        ConditionKey.SubscribedProtocol => request.Context.SubscribedProtocol,
    };

    /// <summary>A number, or a time in seconds since 1970; null where it is absent or neither.</summary>
    public static double? Number(ConditionKey key, in PolicyRequest request, bool isDate)
    {
        if (key == ConditionKey.EpochTime || (isDate && key == ConditionKey.CurrentTime))
            return request.Context.Now.ToUnixTimeSeconds();
        return Text(key, request) is { } text && ConditionValue.TryReadNumber(text, isDate, out double number) ? number : null;
    }

    /// <summary>Null where it is absent or none.</summary>
    public static IPAddress? Address(ConditionKey key, in PolicyRequest request)
    {
        if (key == ConditionKey.SourceIp)
            return request.Context.SourceIp;
        return Text(key, request) is { } text && IPAddress.TryParse(text, out IPAddress? address) ? address : null;
    }
}
