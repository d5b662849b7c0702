using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Errors;

/// <summary>
/// Around every unary call of the tests: a field that a refusal names is one of the request, by its path in camel case, or a oneof of it by its name, or metadata by its key. A path that is not there fails the test, whatever the test is about.
/// </summary>
internal sealed class NamedFields : Interceptor
{
    private static readonly string[] Metadata = ["messaging-namespace", "idempotency-key"];

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        AsyncUnaryCall<TResponse> call = continuation(request, context);
        return new AsyncUnaryCall<TResponse>(CheckedAsync(call.ResponseAsync, (IMessage)request), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    private static async Task<TResponse> CheckedAsync<TResponse>(Task<TResponse> answer, IMessage request)
    {
        try
        {
            TResponse response = await answer;
            Check(request, EntryErrors((IMessage)response!).Select(static error => error.Field));
            return response;
        }
        catch (RpcException refused) when (refused.GetRpcStatus() is { } status)
        {
            Check(request, status.GetDetail<BadRequest>()?.FieldViolations.Select(static violation => violation.Field) ?? []);
            Check(request, status.GetDetail<BatchFailure>()?.Errors.Select(static error => error.Field) ?? []);
            Check(request, status.GetDetail<DefinitionsFailure>()?.Errors.Select(static error => error.Field) ?? []);
            throw;
        }
    }

    private static IEnumerable<EntryError> EntryErrors(IMessage response) =>
        response.Descriptor.FindFieldByName("results") is { } results && results.MessageType.FindFieldByName("error") is { } error
            ? ((System.Collections.IList)results.Accessor.GetValue(response)).Cast<IMessage>().Select(error.Accessor.GetValue).OfType<EntryError>()
            : [];

    private static void Check(IMessage request, IEnumerable<string> fields) =>
        Assert.All(fields, field => Assert.True(field.Length == 0 || Metadata.Contains(field) || Has(request.Descriptor, field), $"{request.Descriptor.Name} has no {field}"));

    private static bool Has(MessageDescriptor message, string path)
    {
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        string first = dot < 0 ? path : path[..dot];
        int index = first.IndexOf('[', StringComparison.Ordinal);
        string name = index < 0 ? first : first[..index];
        if (message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name) is not { } field)
            return message.Oneofs.Any(oneof => !oneof.IsSynthetic && oneof.Name == path);
        // What stands behind a map's dot is a key.
        if (field.IsMap || dot < 0)
            return index < 0 || (field.IsRepeated && !field.IsMap);
        return field.FieldType == FieldType.Message && field.IsRepeated == index >= 0 && Has(field.MessageType, path[(dot + 1)..]);
    }
}
