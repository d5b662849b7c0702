using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Http;

namespace Messaging.Aws.Operations;

/// <summary>One operation of the wire, by its public name. One instance for the process, thread-safe.</summary>
internal abstract class Operation(string name, MemberTable members)
{
    private const string QueueUrl = "QueueUrl";

    public string Name { get; } = name;

    public MemberTable Members { get; } = members;

    /// <summary>The member of a queue's URL, which a call to the URL itself need not repeat.</summary>
    public uint QueueUrlBit { get; } = members.Names is [QueueUrl, ..] ? 1u : 0;

    /// <summary>The service that it is of.</summary>
    public virtual AwsService Service => AwsService.Sqs;

    /// <summary>Bytes that its request may have.</summary>
    public virtual int RequestBytesMax => AwsLimits.SmallRequestBytesMax;

    /// <summary>Whether the answer has members, which Query puts into an element of their own.</summary>
    public virtual bool HasResult => false;

    /// <summary>The refusal of a request without a member that it must have.</summary>
    public virtual AwsError Missing(string member) => Refusals.Missing(member);

    /// <summary>Reads the request, does it, and composes the answer; or tells why not.</summary>
    public abstract ValueTask<AwsError?> RunAsync(Call call, AwsInput input, AwsOutput output, BufferedAnswer answer);
}

/// <summary>
/// The same with its request: an object that one call reads into, and that carries what it is answered too; disposed with the call where it holds memory of the broker's. Hot path.
/// </summary>
internal abstract class Operation<TRequest>(string name, MemberTable members) : Operation(name, members)
    where TRequest : class, new()
{
    private static readonly AwsError Overloaded = new(AwsErrorCode.Throttled, "Too many large answers are being read; ask again later.");

    /// <summary>Reads one member, which counts as in <see cref="Operation.Members"/>.</summary>
    public abstract void Read<TMembers>(ref TMembers members, int member, TRequest request)
        where TMembers : IMembers, allows ref struct;

    public sealed override async ValueTask<AwsError?> RunAsync(Call call, AwsInput input, AwsOutput output, BufferedAnswer answer)
    {
        var request = new TRequest();
        try
        {
            AwsError? refused = input.Read(this, request, call.HasQueuePath) ?? await InvokeAsync(call, request);
            if (refused is not null)
                return refused;
            bool composed = await call.Front.Budgets.ComposeAsync(answer, AnswerBytes(request), call.Front.Clock, (this, output, request), static (_, state) => state.Item1.Compose(state.output, state.request));
            if (composed)
                return null;
            await GiveBackAsync(call, request);
            return Overloaded;
        }
        finally
        {
            (request as IDisposable)?.Dispose();
        }
    }

    /// <summary>Does it; null, or why not.</summary>
    protected abstract ValueTask<AwsError?> InvokeAsync(Call call, TRequest request);

    /// <summary>Writes the answer's members.</summary>
    protected virtual void Write(IAnswer answer, TRequest request)
    {
        // Most operations have nothing to tell.
    }

    /// <summary>Bytes that the answer is made from, where they may be many.</summary>
    protected virtual long AnswerBytes(TRequest request) => 0;

    private void Compose(AwsOutput output, TRequest request)
    {
        output.Begin(this);
        Write(output, request);
        output.End(this);
    }

    /// <summary>Undoes what an answer that can't be sent would have told.</summary>
    protected virtual ValueTask GiveBackAsync(Call call, TRequest request) => ValueTask.CompletedTask;
}
