using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Tests.Catalog;

public sealed class LocalCatalogTests
{
    private static readonly QueueDefinition Odd = new()
    {
        LeaseSeconds = 7,
        DelaySeconds = 8,
        RetentionSeconds = 900,
        ReceiveWaitSeconds = 10,
        MaxMessageBytes = 2_048,
        Tags = new Dictionary<string, string> { ["team"] = "größe", ["empty"] = "" },
    };

    [Fact]
    public async Task A_definition_survives_a_kill_and_a_restart()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create("q/ü", Odd);
        QueueDescription before = (await broker.Broker.Queues.GetAsync(key, default)).Value;
        Assert.Equal(Odd, before.Definition);
        broker.Kill();
        Assert.Equal(before, (await broker.Broker.Queues.GetAsync(key, default)).Value);
        await broker.Restart();
        Assert.Equal(before, (await broker.Broker.Queues.GetAsync(key, default)).Value);
    }

    [Fact]
    public async Task Put_creates_then_replaces_and_versions_grow()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = BrokerHarness.Key("q");
        PutQueueResult created = (await broker.Broker.Queues.PutAsync(key, new QueueDefinition(), default)).Value;
        Assert.True(created.Created);
        await broker.Send(key, "kept");
        broker.Advance(5);
        PutQueueResult replaced = (await broker.Broker.Queues.PutAsync(key, Odd with { DelaySeconds = 0 }, default)).Value;
        Assert.False(replaced.Created);
        Assert.True(replaced.Queue.Version > created.Queue.Version);
        Assert.Equal(created.Queue.CreatedAt, replaced.Queue.CreatedAt);
        Assert.Equal(created.Queue.CreatedAt.AddSeconds(5), replaced.Queue.ModifiedAt);
        Assert.Equal("kept", Assert.Single(await broker.Receive(key)).Body);
    }

    [Fact]
    public async Task A_patch_changes_what_it_names_and_survives_a_kill()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create("q", Odd);
        QueuePatch patch = definition => definition with { LeaseSeconds = 9, Tags = new Dictionary<string, string> { ["empty"] = "", ["new"] = "x" } };
        QueueDescription patched = (await broker.Broker.Queues.PatchAsync(key, patch, default, default)).Value.Queue;
        Assert.Equal(Odd with { LeaseSeconds = 9, Tags = new Dictionary<string, string> { ["empty"] = "", ["new"] = "x" } }, patched.Definition);
        broker.Kill();
        Assert.Equal(patched, (await broker.Broker.Queues.GetAsync(key, default)).Value);
    }

    [Fact]
    public async Task A_patch_is_judged_by_what_it_makes_of_the_definition()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var tags = Enumerable.Range(0, 45).ToDictionary(i => $"{i}", i => "");
        QueueKey key = await broker.Create("q", new QueueDefinition { Tags = tags });
        QueueDescription before = (await broker.Broker.Queues.GetAsync(key, default)).Value;
        QueuePatch patch = definition => definition with { Tags = Enumerable.Range(0, 51).ToDictionary(i => $"{i}", i => "") };
        Assert.Equal(("tags", ErrorCode.InvalidValue), await RefusalAsync(default));
        // Who has not seen the definition is told that first.
        Assert.Equal((null, ErrorCode.PreconditionFailed), await RefusalAsync(new Precondition { Versions = [before.Version - 1] }));
        Assert.Equal(before, (await broker.Broker.Queues.GetAsync(key, default)).Value);

        async Task<(string?, ErrorCode)> RefusalAsync(Precondition precondition)
        {
            BrokerError error = (await broker.Broker.Queues.PatchAsync(key, patch, precondition, default)).Error!;
            return (error.Field, error.Code);
        }
    }

    [Fact]
    public async Task What_breaks_a_rule_names_its_field()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueDefinition Definition, string Field, ErrorCode Code)[] cases =
        [
            (new() { LeaseSeconds = -1 }, "leaseSeconds", ErrorCode.InvalidValue),
            (new() { LeaseSeconds = 43_201 }, "leaseSeconds", ErrorCode.InvalidValue),
            (new() { DelaySeconds = 31_536_001 }, "delaySeconds", ErrorCode.InvalidValue),
            (new() { RetentionSeconds = 59 }, "retentionSeconds", ErrorCode.InvalidValue),
            (new() { ReceiveWaitSeconds = 61 }, "receiveWaitSeconds", ErrorCode.InvalidValue),
            (new() { MaxMessageBytes = 1_023 }, "maxMessageBytes", ErrorCode.InvalidValue),
            (new() { Tags = Enumerable.Range(0, 51).ToDictionary(i => $"{i}", i => "") }, "tags", ErrorCode.InvalidValue),
            (new() { Tags = new Dictionary<string, string> { [""] = "" } }, "tags", ErrorCode.InvalidValue),
            (new() { Tags = new Dictionary<string, string> { ["a\0"] = "" } }, "tags", ErrorCode.InvalidValue),
            (new() { Tags = new Dictionary<string, string> { ["a"] = "\0" } }, "tags.a", ErrorCode.InvalidValue),
            (new() { Annotations = null! }, "annotations", ErrorCode.InvalidValue),
            (new() { Annotations = Enumerable.Range(0, 33).ToDictionary(i => $"{i}", i => "") }, "annotations", ErrorCode.InvalidValue),
            (new() { Annotations = Annotation("", "") }, "annotations", ErrorCode.InvalidValue),
            (new() { Annotations = Annotation(new string('k', 129), "") }, "annotations", ErrorCode.InvalidValue),
            (new() { Annotations = Annotation("a\n", "") }, "annotations", ErrorCode.InvalidValue),
            (new() { Annotations = Annotation("a", "\0") }, "annotations.a", ErrorCode.InvalidValue),
            (new() { Annotations = Annotation("a", new string('v', 16_385)) }, "annotations.a", ErrorCode.InvalidValue),
            (new() { Annotations = Enumerable.Range(0, 3).ToDictionary(i => $"{i}", i => new string('v', 10_922)) }, "annotations", ErrorCode.InvalidValue),
            (new() { Type = (QueueType)2 }, "type", ErrorCode.InvalidValue),
            (new() { Type = QueueType.Fifo, Priorities = 2 }, "priorities", ErrorCode.InvalidValue),
            (new() { Priorities = 0 }, "priorities", ErrorCode.InvalidValue),
            (new() { Priorities = 11 }, "priorities", ErrorCode.InvalidValue),
            (new() { MaxMessages = 0 }, "maxMessages", ErrorCode.InvalidValue),
            (new() { MaxMessages = 1_000_000_001 }, "maxMessages", ErrorCode.InvalidValue),
            (new() { DeadLetter = new DeadLetterDefinition { MaxReceives = 1 } }, "deadLetter.queue", ErrorCode.InvalidValue),
            (new() { DeadLetter = new DeadLetterDefinition { Queue = BrokerHarness.Key("d").Name } }, "deadLetter.maxReceives", ErrorCode.InvalidValue),
            (new() { DeadLetter = new DeadLetterDefinition { Queue = BrokerHarness.Key("d").Name, MaxReceives = 1_001 } }, "deadLetter.maxReceives", ErrorCode.InvalidValue),
            (new() { Deduplication = new DeduplicationDefinition { WindowSeconds = 0 } }, "deduplication.windowSeconds", ErrorCode.InvalidValue),
            (new() { Deduplication = new DeduplicationDefinition { WindowSeconds = 86_401 } }, "deduplication.windowSeconds", ErrorCode.InvalidValue),
            (new() { Deduplication = new DeduplicationDefinition { Scope = (DeduplicationScope)2 } }, "deduplication.scope", ErrorCode.InvalidValue),
            (new() { Retry = new RetryDefinition { MinSeconds = -1 } }, "retry.minSeconds", ErrorCode.InvalidValue),
            (new() { Retry = new RetryDefinition { MinSeconds = 10, MaxSeconds = 9 } }, "retry.maxSeconds", ErrorCode.InvalidValue),
            (new() { Retry = new RetryDefinition { MaxSeconds = 43_201 } }, "retry.maxSeconds", ErrorCode.InvalidValue),
            (new() { Retry = new RetryDefinition { Factor = 0.9 } }, "retry.factor", ErrorCode.InvalidValue),
            (new() { Retry = new RetryDefinition { Factor = double.NaN } }, "retry.factor", ErrorCode.InvalidValue),
            (new() { Retry = new RetryDefinition { Jitter = 1.1 } }, "retry.jitter", ErrorCode.InvalidValue),
        ];
        foreach ((QueueDefinition definition, string field, ErrorCode code) in cases)
        {
            Result<PutQueueResult> put = await broker.Broker.Queues.PutAsync(BrokerHarness.Key("q"), definition, default);
            Assert.Equal((code, field), (put.Error!.Code, put.Error.Field));
        }

        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.GetAsync(BrokerHarness.Key("q"), default)).Error?.Code);

        static Dictionary<string, string> Annotation(string key, string value) => new() { [key] = value };
    }

    [Fact]
    public async Task A_definition_that_grows_while_its_patches_wait_for_room_gets_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start(BrokerHarness.SmallEngine() with { JournalSlotBytes = 128 << 10 });
        QueueKey key = await broker.Create();
        QueuePatch patch = static definition => definition with
        {
            Annotations = new Dictionary<string, string>(definition.Annotations) { [$"{definition.Annotations.Count}"] = new('v', 8_000) },
        };
        Task<Result<PutQueueResult>>[] patches;
        using (Admission all = await broker.Broker.Engine.AdmitRecordsAsync(broker.Broker.Engine.CommandBytesMax, default))
        {
            patches = [.. Enumerable.Range(0, 4).Select(_ => broker.Broker.Queues.PatchAsync(key, patch, default, default).AsTask())];
            Assert.DoesNotContain(patches, one => one.IsCompleted);
        }

        Assert.All(await Task.WhenAll(patches), one => Assert.True(one.IsOk, one.Error?.Detail));
        broker.Kill();
        Assert.Equal(4, (await broker.Broker.Queues.GetAsync(key, default)).Value.Definition.Annotations.Count);
    }

    [Fact]
    public async Task A_page_of_large_definitions_ends_early_and_the_list_goes_on()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var large = new QueueDefinition { Annotations = new Dictionary<string, string> { ["a"] = new('v', 16_384), ["b"] = new('v', 16_382) } };
        const int fitting = BrokerLimits.ListPageCharactersMax / BrokerLimits.AnnotationCharactersMax;
        for (int i = 0; i < fitting + 2; i++) await broker.Create($"q{i:000}", large);
        QueuePage first = (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, null, 1_000, null, default)).Value;
        Assert.Equal(fitting, first.Queues.Count);
        QueuePage second = (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, null, 1_000, first.NextPageToken, default)).Value;
        Assert.Equal([$"q{fitting}", $"q{fitting + 1}"], second.Queues.Select(queue => queue.Key.Name.Value));
        Assert.Null(second.NextPageToken);
    }

    [Fact]
    public async Task The_largest_definition_fits_its_entry()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var tags = Enumerable.Range(0, BrokerLimits.TagsMax).ToDictionary(i => $"{i:00}" + new string('€', 126), _ => new string('€', 256));
        var annotations = new Dictionary<string, string> { ["a"] = new('€', 16_384), ["b"] = new('€', 16_382) };
        QueueKey key = await broker.Create(new string('n', 255), new QueueDefinition { Tags = tags, Annotations = annotations });
        await broker.Restart();
        QueueDefinition definition = (await broker.Broker.Queues.GetAsync(key, default)).Value.Definition;
        Assert.Equal(tags, definition.Tags);
        Assert.Equal(annotations, definition.Annotations);
    }

    [Fact]
    public async Task A_deleted_queue_is_gone_with_its_messages_also_when_it_is_made_again()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.DeleteAsync(key, default)).Error?.Code);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.SendAsync(key, new OutgoingMessage[1], default)).Error?.Code);
        broker.Kill();
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.GetAsync(key, default)).Error?.Code);
        await broker.Create();
        await broker.Restart();
        Assert.Empty(await broker.Receive(key));
        Assert.Equal(default, await broker.Counts(key));
    }

    [Fact]
    public async Task A_list_goes_page_by_page_in_ordinal_order_and_stays_stable()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        string[] names = ["b", "B", "a", "ab", "abc", "ä", "ac", "aé", "a0", "z"];
        foreach (string name in names) await broker.Create(name);
        Assert.True((await broker.Broker.Queues.PutAsync(BrokerHarness.Key("a", "other"), new QueueDefinition(), default)).IsOk);
        Assert.Equal(names.Order(StringComparer.Ordinal), await List(broker, null, 100));
        Assert.Equal(names.Order(StringComparer.Ordinal), await List(broker, null, 3));
        string[] withPrefix = [.. names.Where(name => name.StartsWith('a')).Order(StringComparer.Ordinal)];
        Assert.Equal(withPrefix, await List(broker, "a", 2));
        Assert.Empty(await List(broker, "nothing", 2));
        Assert.Empty(await List(broker, "zz", 2));

        QueuePage page = (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, "a", 2, null, default)).Value;
        await broker.Broker.Queues.DeleteAsync(page.Queues[1].Key, default);
        await broker.Create("a000");
        QueuePage next = (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, "a", 10, page.NextPageToken, default)).Value;
        Assert.Equal(withPrefix.Skip(2), next.Queues.Select(queue => queue.Key.Name.Value).Where(name => name != "a000"));
        Assert.Null(next.NextPageToken);
        Assert.Equal("pageToken", (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, "a", 10, "not a token", default)).Error?.Field);
        Assert.Equal("pageSize", (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, "a", 0, null, default)).Error?.Field);
    }

    [Fact]
    public async Task Keys_survive_so_that_ids_and_receipts_do()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId id = Assert.Single(await broker.Send(key, "a"));
        broker.Kill();
        Delivered received = Assert.Single(await broker.Receive(key));
        Assert.Equal(id, received.Id);
        await broker.Restart();
        Assert.Null(await broker.Acknowledge(key, received.Receipt));
    }

    private static async Task<List<string>> List(BrokerHarness broker, string? prefix, int size)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            QueuePage page = (await broker.Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, prefix, size, token, default)).Value;
            Assert.True(page.Queues.Count <= size);
            names.AddRange(page.Queues.Select(queue => queue.Key.Name.Value));
            token = page.NextPageToken;
        }
        while (token is not null);
        return names;
    }
}
