namespace Messaging.Broker.Documents;

/// <summary>
/// What a document shall be after a change, of what it is (null: not there): a text, null for none, or a refusal. A pure function: it runs inside the sequencer, must not throw, and may run more than once.
/// </summary>
public delegate Result<string?> DocumentChange(string? text);
