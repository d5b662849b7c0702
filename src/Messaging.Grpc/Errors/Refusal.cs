using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Messaging.Broker;
using Messaging.Http;

namespace Messaging.Grpc.Errors;

/// <summary>
/// A refusal as clients see it: a status whose details (google.rpc.Status) hold the code, the field that it is about, and when to try again. Thrown at the edge of the front, since that is how
/// service code answers with a status; below, refusals are values.
/// </summary>
internal static class Refusal
{
    private const string Domain = "messaging";

    public static RpcException Of(BrokerError error, IMessage? more = null) =>
        Of(StatusTable.Of(error.Code), error.Code.Word(), error.Detail, error.Field, error.Code.RetryAfterSeconds(), more);

    public static RpcException Of(StatusCode status, string reason, string detail, string? field = null, int retryAfterSeconds = 0, IMessage? more = null)
    {
        (detail, field) = (Echo.Cut(detail, GrpcLimits.DetailCharactersMax), field is null ? null : Echo.Cut(field, GrpcLimits.DetailCharactersMax));
        var told = new global::Google.Rpc.Status { Code = (int)status, Message = detail };
        told.Details.Add(Any.Pack(new ErrorInfo { Domain = Domain, Reason = reason }));
        if (field is not null)
            told.Details.Add(Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field, Description = detail, Reason = reason } } }));
        if (retryAfterSeconds > 0)
            told.Details.Add(Any.Pack(new RetryInfo { RetryDelay = new Duration { Seconds = retryAfterSeconds } }));
        if (more is not null)
            told.Details.Add(Any.Pack(more));
        return told.ToRpcException();
    }

    /// <summary>Who calls has shown no key that the server knows, where it asks for one.</summary>
    public static RpcException Unauthenticated() => Of(
        StatusCode.Unauthenticated, "unauthorized", "The call needs an access key: its id as the user and its secret as the password of HTTP Basic, in the metadata \"authorization\".");

    /// <summary>There is no memory for what a client sends, for now.</summary>
    public static RpcException NoMemory() => Of(new BrokerError(ErrorCode.Overloaded, "Too many large requests are arriving; try again later."));

    /// <summary>There is no place for what a client sends among all that is buffered: for now, or, where what it sends is more than the bound of all, for good.</summary>
    /// <param name="bytes">What it would take, with nothing of other clients.</param>
    /// <param name="bodies">The bound.</param>
    public static RpcException NoPlace(long bytes, BufferBudget bodies) => bytes <= bodies.BytesMax
        ? NoMemory()
        : Of(
            StatusCode.ResourceExhausted, ErrorCode.BatchTooLarge.Word(),
            $"The request takes {bytes} bytes of memory, and all requests together have at most {bodies.BytesMax}: send fewer entries and attributes at once.");

    public static RpcException Invalid(string field, string detail) => Of(new BrokerError(ErrorCode.InvalidValue, detail, field));

    /// <summary>What a call has to say, and does not.</summary>
    public static RpcException Missing(string field, string detail) => Of(StatusCode.InvalidArgument, "missingField", detail, field);

    /// <summary>The value, or the refusal thrown.</summary>
    public static T OrRefuse<T>(this Result<T> result) => result.IsOk ? result.Value : throw Of(result.Error);

    /// <summary>The same, where the request has fields elsewhere than the broker tells them; <paramref name="fieldOf"/> is one of <see cref="RequestFields"/>.</summary>
    public static T OrRefuse<T>(this Result<T> result, Func<string, string> fieldOf)
    {
        if (result.IsOk)
            return result.Value;
        throw Of(At(result.Error, fieldOf));
    }

    /// <summary>The error with its field where the request has it.</summary>
    public static BrokerError At(BrokerError error, Func<string, string> fieldOf) => error.Field is { } field ? error with { Field = fieldOf(field) } : error;

    /// <summary>The refusal of one entry; null is none.</summary>
    public static V1.EntryError? Told(BrokerError? error) =>
        error is null ? null : new V1.EntryError { Code = error.Code.Word(), Detail = error.Detail, Field = error.Field ?? "" };

    /// <summary>What was refused by throwing, as one entry of many.</summary>
    public static V1.EntryError Told(RpcException refused) => new()
    {
        Code = refused.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? "",
        Detail = refused.Status.Detail,
        Field = refused.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations[0].Field ?? "",
    };

    /// <summary>The first of them, as many as a refusal has room for in a client's bound on trailers, but one in any case.</summary>
    public static IEnumerable<V1.EntryError> Fitting(IEnumerable<V1.EntryError> errors)
    {
        int bytes = 0;
        foreach (V1.EntryError error in errors)
        {
            int size = error.CalculateSize();
            if (bytes > 0 && bytes + size > GrpcLimits.ErrorsBytesMax)
                yield break;
            bytes += size;
            yield return error;
        }
    }
}
