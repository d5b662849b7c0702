using Google.Rpc;
using Grpc.Core;

namespace Messaging.Grpc.Tests;

/// <summary>How a call was refused: what a client that was generated from the contract can tell.</summary>
internal sealed record Refused(StatusCode Status, string? Code, string? Field, string Detail, long RetryAfterSeconds)
{
    public static async Task<Refused> ByAsync<T>(AsyncUnaryCall<T> call) => Of(await Assert.ThrowsAsync<RpcException>(async () => await call));

    public static async Task<Refused> ByAsync(Task call) => Of(await Assert.ThrowsAsync<RpcException>(() => call));

    public static Refused Of(RpcException exception)
    {
        global::Google.Rpc.Status? status = exception.GetRpcStatus();
        return new Refused(
            exception.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason, status?.GetDetail<BadRequest>()?.FieldViolations.Single().Field, exception.Status.Detail,
            status?.GetDetail<RetryInfo>()?.RetryDelay.Seconds ?? 0);
    }

    /// <summary>Without the words for people.</summary>
    public (StatusCode Status, string? Code, string? Field) Told => (Status, Code, Field);
}
