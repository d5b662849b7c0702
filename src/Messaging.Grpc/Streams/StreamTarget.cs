using Messaging.Broker;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Streams;

/// <summary>What a stream is on, as its first request names it. The first one that is read is taken before any is worked on.</summary>
internal sealed class StreamTarget
{
    private string? _name;

    public string Name => _name!;

    /// <summary>Throws where a request names another one than the first; <paramref name="field"/> is the one that names it.</summary>
    public void Take(string name, string field)
    {
        _name ??= name;
        if (name.Length > 0 && name != _name)
            throw Refusal.Of(new BrokerError(ErrorCode.InvalidValue, $"A stream is on one {field}, that of its first request.", field));
    }
}
