using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Http;
using Microsoft.Extensions.Primitives;

namespace Messaging.Aws.Operations;

/// <summary>One request's bytes, and the parameters where it came by Query. What was read points into it, until it is disposed, which may be more than once. Hot path.</summary>
internal sealed class AwsInput(RequestBody body, QueryForm? form, Scratch scratch) : IDisposable
{
    /// <summary>An empty body in JSON is one without members.</summary>
    private static readonly ReadOnlyMemory<byte> NoMembers = "{}"u8.ToArray();

    /// <summary>The operation's name by the Query protocol; null where it came by another one, or names none.</summary>
    public string? Action => form is not null && form.TryGet("Action"u8, out ReadOnlyMemory<byte> action) ? Encoding.UTF8.GetString(action.Span) : null;

    /// <summary>The service that the Query protocol's version says; null where it says none of ours.</summary>
    public AwsService? Service => form is not null && form.TryGet("Version"u8, out ReadOnlyMemory<byte> version) ? AwsService.OfVersion(Encoding.UTF8.GetString(version.Span)) : null;

    /// <summary>The operation that the call names; null for none of ours. <paramref name="guess"/> decides where two services have one of the name, and the call does not say which it means.</summary>
    public Operation? FindOperation(StringValues target, AwsService guess) => form is null ? OperationList.OfTarget(target) : OperationList.OfAction(Action, Service, guess);

    public long Length => body.Bytes.Length;

    public void Dispose()
    {
        body.Dispose();
        form?.Dispose();
        scratch.Dispose();
    }

    /// <summary>Reads the members of the operation into its request; what is wrong, or null.</summary>
    public AwsError? Read<TRequest>(Operation<TRequest> operation, TRequest request, bool hasQueue)
        where TRequest : class, new()
    {
        if (form is not null)
        {
            var parameters = new QueryMembers(form, scratch, operation.Service.IsWrapped);
            return Read(operation, request, hasQueue, ref parameters);
        }
        var members = new JsonMembers(body.Bytes.IsEmpty ? NoMembers : body.Bytes, scratch);
        AwsError? refused = Read(operation, request, hasQueue, ref members);
        if (refused is not null)
            return refused;
        members.EndBody();
        return members.Fault;
    }

    private static AwsError? Read<TRequest, TMembers>(Operation<TRequest> operation, TRequest request, bool hasQueue, ref TMembers members)
        where TRequest : class, new()
        where TMembers : IMembers, allows ref struct
    {
        uint seen = 0;
        int member;
        while ((member = members.Next(operation.Members, ref seen)) != MemberTable.End)
            operation.Read(ref members, member, request);
        if (members.Fault is { } fault)
            return fault;
        if (hasQueue)
            seen |= operation.QueueUrlBit;
        return operation.Members.Missing(seen) is { } missing ? operation.Missing(missing) : null;
    }
}
