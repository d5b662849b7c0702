using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;

namespace Messaging.Grpc.Calls;

/// <summary>What a request asks, for its idempotency key: the method and the request, written in one way whatever order its client gave to maps.</summary>
internal static class Fingerprint
{
    /// <summary>Null without a key.</summary>
    public static IdempotentRequest? Of(IdempotencyKey? key, string method, IMessage request)
    {
        if (key is not { } given)
            return null;
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(method) + request.CalculateSize()];
        int name = Encoding.UTF8.GetBytes(method, bytes);
        using var output = new CodedOutputStream(new MemoryStream(bytes, name, bytes.Length - name)) { Deterministic = true };
        request.WriteTo(output);
        output.Flush();
        return new IdempotentRequest(given, SHA256.HashData(bytes));
    }
}
