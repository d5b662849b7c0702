using System.Text.Json;
using System.Text.RegularExpressions;
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
internal sealed partial class NamedFields : Interceptor
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
        if (message.Oneofs.Any(oneof => !oneof.IsSynthetic && oneof.Name == path))
            return true;
        Match step = Step().Match(path);
        if (!step.Success || message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == step.Groups["name"].Value) is not { } field)
            return false;
        bool isWhole = step.Length == path.Length;
        if (step.Groups["key"].Success)
            return field.IsMap && isWhole && IsText(step.Groups["key"].Value);
        if (step.Groups["index"].Success && (!field.IsRepeated || field.IsMap))
            return false;
        return isWhole || (field.FieldType == FieldType.Message && field.IsRepeated == step.Groups["index"].Success && Has(field.MessageType, path[step.Length..]));
    }

    // A field with the dot behind it, or the place of an entry in its list, or a key of its map as a text of JSON.
    [GeneratedRegex("""^(?<name>\w+)(\[(?<index>\d+)\]|\[(?<key>".*")\])?(\.|$)""", RegexOptions.Singleline)]
    private static partial Regex Step();

    private static bool IsText(string json)
    {
        using JsonDocument text = JsonDocument.Parse(json);
        return text.RootElement.ValueKind == JsonValueKind.String;
    }
}
