namespace Messaging.Storage.Reading;

/// <summary>A block or batch that one read fetches together with its neighbours; behind it, the stream goes on at <see cref="EndOffset"/> at the earliest.</summary>
internal readonly record struct ReadPiece(BlockPlace Place, long EndOffset);
