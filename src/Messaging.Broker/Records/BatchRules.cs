namespace Messaging.Broker.Records;

/// <summary>What a topic demands of a batch on its way in.</summary>
/// <param name="BytesMax">The topic's maxMessageBytes: of the whole batch, compressed as it came, and of each record, decompressed.</param>
/// <param name="KeyRequired">The topic is compacted, which can't be done to a record without a key.</param>
/// <param name="AppendTime">The broker's time takes the place of the producer's, which may then be anything.</param>
internal readonly record struct BatchRules(int BytesMax, bool KeyRequired = false, bool AppendTime = false);
