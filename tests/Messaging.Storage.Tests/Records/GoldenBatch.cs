namespace Messaging.Storage.Tests.Records;

/// <summary>
/// A batch that a public Kafka client wrote (record batch v2, uncompressed): three records at deltas 0 to 2, timestamps
/// 1700000000000, +5 and +7. (key "k", value "hello", header "h1" = 01), (null, ""), ("k", null).
/// </summary>
internal static class GoldenBatch
{
    public const long BaseTimestamp = 1_700_000_000_000;

    public static byte[] Bytes => Convert.FromHexString(
        "00000000000000000000005200000000024E6F19AC0000000000020000018BCFE568000000018BCFE56807"
        + "FFFFFFFFFFFFFFFFFFFFFFFFFFFF00000003"
        + "22000000026B0A68656C6C6F0204683102010C000A020100000E000E04026B0100");
}
