using Grpc.Core;
using Grpc.Core.Interceptors;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance;

/// <summary>Calls over gRPC. An outcome is "" for a success, else the reason in the status's details.</summary>
internal static class GrpcCalls
{
    /// <summary>The same connection, with metadata on every call.</summary>
    public static CallInvoker With(this CallInvoker connection, string name, string value) => connection.Intercept(metadata =>
    {
        metadata.Add(name, value);
        return metadata;
    });

    /// <summary>The outcome, and what was answered; null of a refusal.</summary>
    public static async Task<(string Outcome, T? Answer)> AskAsync<T>(this AsyncUnaryCall<T> call)
        where T : class
    {
        try
        {
            return ("", await call);
        }
        catch (RpcException exception)
        {
            return (CodeOf(exception), null);
        }
    }

    /// <summary>The outcome alone.</summary>
    public static async Task<string> OutcomeAsync<T>(this AsyncUnaryCall<T> call)
        where T : class => (await call.AskAsync()).Outcome;

    /// <summary>What is told of each entry, also where all of them failed; or one outcome, of the call.</summary>
    public static async Task<TTold[]> EntriesAsync<T, TResult, TTold>(this AsyncUnaryCall<T> call, Func<T, IEnumerable<TResult>> results, Func<TResult, EntryError?> errorOf, Func<string, TResult?, TTold> told)
        where TResult : class
    {
        try
        {
            return [.. results(await call).Select(result => told(errorOf(result)?.Code ?? "", result))];
        }
        catch (RpcException exception)
        {
            return exception.GetRpcStatus()?.GetDetail<BatchFailure>() is { } failure ? [.. failure.Errors.Select(error => told(error.Code, null))] : [told(CodeOf(exception), null)];
        }
    }

    /// <summary>The outcome of each entry, or of the call.</summary>
    public static Task<string[]> OutcomesAsync<T, TResult>(this AsyncUnaryCall<T> call, Func<T, IEnumerable<TResult>> results, Func<TResult, EntryError?> errorOf)
        where TResult : class => call.EntriesAsync(results, errorOf, (outcome, _) => outcome);

    // A refusal without a code shows itself.
    private static string CodeOf(RpcException exception) => Refused.Of(exception).Code ?? exception.Status.ToString();
}
