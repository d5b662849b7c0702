using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// One call on a queue or a topic that came with an idempotency key. The first call of a key stores its answer in the command that it guards; a later one finds it
/// there, does nothing, and is answered once the first one is synced. Used by one call; dispose it at its end.
/// </summary>
/// <remarks>
/// An operation first asks <see cref="LookAsync"/>, so that it needs neither room nor a legal request for what was done before; then, inside its own command,
/// <see cref="Look"/> again, <see cref="HasRoom"/> before it appends anything, and <see cref="Remember"/> at the end. Where one of the first three says so, the
/// call is settled. An operation that has done nothing remembers nothing.
/// </remarks>
internal sealed class IdempotentCall(QueueHost host, IdempotentRequest request) : IDisposable
{
    public static readonly BrokerError Reused = new(
        ErrorCode.IdempotencyKeyReused, $"Another request came with this idempotency key within the last {BrokerLimits.IdempotencySeconds} seconds.");

    private const long WindowMs = BrokerLimits.IdempotencySeconds * 1_000L;
    private const int HeadBytesMax = 1 + (2 * EntryWriter.VarintBytesMax) + (2 * Hash128.Bytes);

    private static readonly BrokerError TooMany = new(
        ErrorCode.TooManyIdempotencyKeys,
        $"As many idempotency keys are remembered as can be here, {QueueLimits.IdempotencyKeysPerQueueMax} of the last {BrokerLimits.IdempotencySeconds} seconds.");

    private byte[]? _entry;
    private int _answerBytesMax;

    /// <summary>What the first call was answered; null when this is the first.</summary>
    public byte[]? Answer { get; private set; }

    /// <summary>Why this call is refused.</summary>
    public BrokerError? Refusal { get; private set; }

    /// <summary>There is nothing left to do.</summary>
    public bool IsSettled => Answer is not null || Refusal is not null;

    /// <summary>Whether the call is settled, once what settles it is synced.</summary>
    public async ValueTask<bool> LookAsync(IRemembering owner)
    {
        ValueTask synced = LookNow(owner);
        if (IsSettled) await synced;
        return IsSettled;
    }

    /// <summary>Memory for an answer of so many bytes; returns what the command may append for it.</summary>
    public int Reserve(int answerBytesMax)
    {
        _answerBytesMax = answerBytesMax;
        _entry = ArrayPool<byte>.Shared.Rent(HeadBytesMax + answerBytesMax);
        return Command.StateBytes(HeadBytesMax + answerBytesMax);
    }

    /// <summary>Inside a command: whether the call is settled.</summary>
    public bool Look(IRemembering owner, long now)
    {
        if (owner.Windows?.Answers?.TryGet(request.Key, now, out RememberedAnswer first, out _) != true) return false;
        if (first.Request.Equals(request.Fingerprint)) Answer = first.Answer;
        else Refusal = Reused;
        return true;
    }

    /// <summary>Inside a command: false settles the call.</summary>
    public bool HasRoom(IRemembering owner)
    {
        if (owner.Windows?.IsFullOfAnswers(_answerBytesMax) != true) return true;
        Refusal = TooMany;
        return false;
    }

    /// <summary>Inside a command, after what it has done: where to write the answer, of which <see cref="Remember"/> gets the end.</summary>
    public EntryWriter BeginAnswer(IRemembering owner, long now)
    {
        var writer = new EntryWriter(_entry);
        writer.Byte(owner.AnsweredKind);
        writer.Unsigned(now);
        writer.Unsigned(WindowMs);
        writer.Hash(request.Key);
        writer.Hash(request.Fingerprint);
        return writer;
    }

    public void Remember(in Command command, IRemembering owner, scoped in EntryWriter written)
    {
        command.AppendState(owner.Stream, written.Written);
        var reader = new EntryReader(written.Written);
        reader.Byte();
        WindowEntries.Answered(owner.OpenWindows(), ref reader, reader.Unsigned());
    }

    public void Dispose()
    {
        if (_entry is not null) ArrayPool<byte>.Shared.Return(_entry);
        _entry = null;
    }

    private ValueTask LookNow(IRemembering owner)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            if (!owner.Deleted) Look(owner, host.Clock.NowMs());
            synced = command.Commit();
        }

        return synced;
    }
}
