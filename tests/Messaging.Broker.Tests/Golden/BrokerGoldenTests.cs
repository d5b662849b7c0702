using System.Reflection;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage.Check;
using Messaging.TestKit;

namespace Messaging.Broker.Tests.Golden;

/// <summary>Every format version that was ever released opens with exactly the queues, messages and receipts that it held, and goes on.</summary>
public sealed class BrokerGoldenTests
{
    private const string WriteVariable = "MESSAGING_WRITE_GOLDEN";
    private const string First = "v1/broker";
    private const string Features = "v1/features";
    private const string Current = "v1/access";
    private const string RepeatedSuffix = ".repeated";
    private const string ReceiptsSuffix = ".receipts";
    private static readonly Assembly Tests = typeof(BrokerGoldenTests).Assembly;

    public static TheoryData<string> Versions { get; } = [First, Features, Current];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_golden_folder_holds_exactly_the_queues_and_messages_that_were_written(string version)
    {
        SimDisk disk = GoldenFolder.Load(Tests, version);
        Assert.Empty(FolderCheck.Run(disk).Damages);
        using var broker = new SampleBroker(disk, ReadAt(version));
        Assert.Equal(GoldenFolder.LoadText(Tests, version), SampleQueues.Describe(broker));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_golden_folder_is_the_same_after_a_clean_stop_and_after_a_crash(string version)
    {
        string expected = GoldenFolder.LoadText(Tests, version);
        SimDisk disk = GoldenFolder.Load(Tests, version);
        new SampleBroker(disk, ReadAt(version)).Stop();
        using (var stopped = new SampleBroker(disk, ReadAt(version))) Assert.Equal(expected, SampleQueues.Describe(stopped));
        disk.Crash(new Random(3));
        using var crashed = new SampleBroker(disk, ReadAt(version));
        Assert.Equal(expected, SampleQueues.Describe(crashed));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_receipt_that_was_minted_then_is_worth_the_same_now(string version)
    {
        using var broker = new SampleBroker(GoldenFolder.Load(Tests, version), ReadAt(version));
        string expected = GoldenFolder.LoadText(Tests, version + ReceiptsSuffix);
        IEnumerable<(QueueKey, string)> receipts = expected.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Select(words => (BrokerHarness.Key(words[1], words[0]), words[2]));
        Assert.Equal(expected, Worth(broker, receipts));
    }

    [Fact]
    public void A_call_that_comes_again_is_answered_as_it_was_then()
    {
        using var broker = new SampleBroker(GoldenFolder.Load(Tests, Features), ReadAt(Features));
        // An attempt that comes again leases its messages anew; nothing else changes.
        QueueCounts[] before = Counts();
        Assert.Equal(GoldenFolder.LoadText(Tests, Features + RepeatedSuffix), SampleFeatures.Repeat(broker));
        Assert.Equal(before, Counts());

        QueueCounts[] Counts() => [.. broker.List(NamespaceName.Default).Select(queue => queue.Counts)];
    }

    /// <summary>Makes the current set's folder anew in memory; with the variable set to this folder's path, in files. See README.md.</summary>
    [Fact]
    public void The_generator_makes_the_same_content_as_the_current_golden_folder()
    {
        (byte[] zip, string text, string worth) = Make(Current, SampleAccess.Fill);
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, Current + ".zip"), zip);
            File.WriteAllText(Path.Combine(folder, Current + ".txt"), text);
            File.WriteAllText(Path.Combine(folder, Current + ReceiptsSuffix + ".txt"), worth);
            return;
        }

        AssertGolden(Current, text, worth);
    }

    [Fact]
    public void What_filled_the_first_golden_folder_still_does_the_same()
    {
        (_, string text, string worth) = Make(First, SampleQueues.Fill);
        AssertGolden(First, text, worth);
    }

    [Fact]
    public void What_filled_the_golden_folder_of_features_still_does_the_same()
    {
        string repeated = "";
        (_, string text, string worth) = Make(Features, broker =>
        {
            (IReadOnlyList<(QueueKey, string)> receipts, repeated) = SampleFeatures.Fill(broker);
            return receipts;
        });
        AssertGolden(Features, text, worth);
        Assert.Equal(GoldenFolder.LoadText(Tests, Features + RepeatedSuffix), repeated);
    }

    private static DateTimeOffset ReadAt(string version) => version switch
    {
        First => SampleQueues.Read,
        Features => SampleFeatures.Read,
        _ => SampleAccess.Read,
    };

    // The folder after a kill, what it holds when it is read, and what its receipts are worth then.
    private static (byte[] Zip, string Text, string Worth) Make(string version, Func<SampleBroker, IReadOnlyList<(QueueKey, string)>> fill)
    {
        var disk = new SimDisk(1);
        IReadOnlyList<(QueueKey, string)> receipts;
        using (var writer = new SampleBroker(disk, SampleQueues.Written)) receipts = fill(writer);
        disk.Kill();
        byte[] zip = GoldenFolder.Pack(disk);
        using var reader = new SampleBroker(disk, ReadAt(version));
        return (zip, SampleQueues.Describe(reader), Worth(reader, receipts));
    }

    private static void AssertGolden(string version, string text, string worth)
    {
        Assert.Equal(GoldenFolder.LoadText(Tests, version), text);
        Assert.Equal(GoldenFolder.LoadText(Tests, version + ReceiptsSuffix), worth);
    }

    // "namespace queue receipt code": what an acknowledgement answers, one after the other.
    private static string Worth(SampleBroker broker, IEnumerable<(QueueKey Key, string Receipt)> receipts) => string.Concat(
        receipts.Select(held => $"{held.Key.Namespace} {held.Key.Name} {held.Receipt} {broker.Acknowledge(held.Key, held.Receipt)?.ToString() ?? "OK"}\n"));
}
