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
    private const string Access = "v1/access";
    private const string Topics = "v1/topics";
    private const string Subscriptions = "v1/subscriptions";
    private const string Unhandled = "v1/unhandled";
    private const string Current = Unhandled;
    private const string RepeatedSuffix = ".repeated";
    private const string ReceiptsSuffix = ".receipts";
    private static readonly Assembly Tests = typeof(BrokerGoldenTests).Assembly;

    public static TheoryData<string> Versions { get; } = [First, Features, Access, Topics, Subscriptions, Current];

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

    [Fact]
    public void A_publish_that_comes_again_is_answered_as_it_was_then_and_an_elder_producer_is_fenced()
    {
        using var broker = new SampleBroker(GoldenFolder.Load(Tests, Topics), ReadAt(Topics));
        Assert.Equal(GoldenFolder.LoadText(Tests, Topics + RepeatedSuffix), SampleTopics.Repeat(broker));
        Assert.Equal(GoldenFolder.LoadText(Tests, Topics), SampleQueues.Describe(broker));
    }

    [Fact]
    public void A_publish_that_comes_again_brings_no_other_copies_and_notifications_are_signed_as_before()
    {
        using var broker = new SampleBroker(GoldenFolder.Load(Tests, Subscriptions), ReadAt(Subscriptions));
        Assert.Equal(GoldenFolder.LoadText(Tests, Subscriptions + RepeatedSuffix), SampleSubscriptions.Repeat(broker));
        Assert.Equal(GoldenFolder.LoadText(Tests, Subscriptions), SampleQueues.Describe(broker));
        Assert.NotNull(broker.Broker.NotificationSigner);
    }

    /// <summary>Makes the current set's folder anew in memory; with the variable set to this folder's path, in files. See README.md.</summary>
    [Fact]
    public void The_generator_makes_the_same_content_as_the_current_golden_folder()
    {
        Made made = Make(Current, static broker => (SampleUnhandled.Fill(broker), ""));
        if (Environment.GetEnvironmentVariable(WriteVariable) is { Length: > 0 } folder)
        {
            File.WriteAllBytes(Path.Combine(folder, Current + ".zip"), made.Zip);
            File.WriteAllText(Path.Combine(folder, Current + ".txt"), made.Text);
            File.WriteAllText(Path.Combine(folder, Current + ReceiptsSuffix + ".txt"), made.Worth);
            return;
        }

        AssertGolden(Current, made);
    }

    [Fact]
    public void What_filled_the_first_golden_folder_still_does_the_same() => AssertGolden(First, Make(First, static broker => (SampleQueues.Fill(broker), "")));

    [Fact]
    public void What_filled_the_golden_folder_of_features_still_does_the_same()
    {
        Made made = Make(Features, SampleFeatures.Fill);
        AssertGolden(Features, made);
        Assert.Equal(GoldenFolder.LoadText(Tests, Features + RepeatedSuffix), made.Repeated);
    }

    [Fact]
    public void What_filled_the_golden_folder_of_topics_still_does_the_same()
    {
        Made made = Make(Topics, SampleTopics.Fill);
        AssertGolden(Topics, made);
        Assert.Equal(GoldenFolder.LoadText(Tests, Topics + RepeatedSuffix), made.Repeated);
    }

    [Fact]
    public void What_filled_the_golden_folder_of_subscriptions_still_does_the_same()
    {
        Made made = Make(Subscriptions, SampleSubscriptions.Fill);
        AssertGolden(Subscriptions, made);
        Assert.Equal(GoldenFolder.LoadText(Tests, Subscriptions + RepeatedSuffix), made.Repeated);
    }

    [Fact]
    public void What_filled_the_golden_folder_of_access_still_does_the_same() => AssertGolden(Access, Make(Access, static broker => (SampleAccess.Fill(broker), "")));

    private static DateTimeOffset ReadAt(string version) => version switch
    {
        First => SampleQueues.Read,
        Features => SampleFeatures.Read,
        Access => SampleAccess.Read,
        Topics => SampleTopics.Read,
        Subscriptions => SampleSubscriptions.Read,
        _ => SampleUnhandled.Read,
    };

    // The folder after a kill, what it holds when it is read, what its receipts are worth then, and what calls are answered that come again.
    private static Made Make(string version, Func<SampleBroker, (IReadOnlyList<(QueueKey, string)> Receipts, string Repeated)> fill)
    {
        var disk = new SimDisk(1);
        (IReadOnlyList<(QueueKey, string)> Receipts, string Repeated) filled;
        int slotBytes = version == Topics ? SampleTopics.JournalSlotBytes : SampleBroker.JournalSlotBytes;
        using (var writer = new SampleBroker(disk, SampleQueues.Written, slotBytes)) filled = fill(writer);
        disk.Kill();
        byte[] zip = GoldenFolder.Pack(disk);
        using var reader = new SampleBroker(disk, ReadAt(version));
        return new Made(zip, SampleQueues.Describe(reader), Worth(reader, filled.Receipts), filled.Repeated);
    }

    private static void AssertGolden(string version, Made made)
    {
        Assert.Equal(GoldenFolder.LoadText(Tests, version), made.Text);
        Assert.Equal(GoldenFolder.LoadText(Tests, version + ReceiptsSuffix), made.Worth);
    }

    // "namespace queue receipt code": what an acknowledgement answers, one after the other.
    private static string Worth(SampleBroker broker, IEnumerable<(QueueKey Key, string Receipt)> receipts) => string.Concat(
        receipts.Select(held => $"{held.Key.Namespace} {held.Key.Name} {held.Receipt} {broker.Acknowledge(held.Key, held.Receipt)?.ToString() ?? "OK"}\n"));

    private sealed record Made(byte[] Zip, string Text, string Worth, string Repeated);
}
