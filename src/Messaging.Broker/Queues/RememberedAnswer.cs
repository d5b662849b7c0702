using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What a call with an idempotency key has asked, as a hash, and what it was answered, as the bytes that its operation reads. Immutable.</summary>
internal sealed class RememberedAnswer(Hash128 request, byte[] answer) : IRemembered
{
    // Memory of a key with a short answer: a longer one counts as several.
    private const int BytesPerWeight = 128;

    public Hash128 Request => request;

    public byte[] Answer => answer;

    public int Weight => WeightOf(answer.Length);

    public static int WeightOf(int answerBytes) => 1 + (answerBytes / BytesPerWeight);
}
