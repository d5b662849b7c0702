using System.Text;
using Messaging.Broker.Names;

namespace Messaging.Aws.Wire;

/// <summary>
/// The end of a queue's URL: account and name. Clients keep URLs, and the server may have had another name when they got them: what stands before is not looked at. Pure. Hot path.
/// </summary>
internal static class QueuePath
{
    /// <summary>Out of a whole URL; false where it does not end so. The name is as it stands there, and may be none that a queue can have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> url, out AccountId account, out ReadOnlySpan<byte> name)
    {
        account = default;
        name = default;
        int scheme = url.IndexOf("://"u8);
        ReadOnlySpan<byte> path = scheme < 0 ? url : url[(scheme + 3)..];
        path = path.TrimEnd((byte)'/');
        int last = path.LastIndexOf((byte)'/');
        if (last <= 0)
            return false;
        name = path[(last + 1)..];
        path = path[..last];
        return AccountId.TryParse(Encoding.UTF8.GetString(path[(path.LastIndexOf((byte)'/') + 1)..]), out account);
    }

    public static string Format(AccountId account, QueueName name) => $"/{account}/{name}";
}
