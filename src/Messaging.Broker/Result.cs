using System.Diagnostics.CodeAnalysis;

namespace Messaging.Broker;

/// <summary>A value or a refusal (house rule: what a client can cause is a value, not an exception).</summary>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, BrokerError? error) => (_value, Error) = (value, error);

    /// <summary>The refusal; null when there is a value.</summary>
    public BrokerError? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Error is null;

    /// <summary>The value; only valid when <see cref="IsOk"/>.</summary>
    public T Value => Error is null ? _value! : throw new InvalidOperationException(Error.Detail);

    /// <summary>A value.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A refusal.</summary>
    public static implicit operator Result<T>(BrokerError error) => new(default, error);
}
