using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Catalog;

public sealed class ApplyDefinitionsTests
{
    private static readonly QueueDefinition Plain = new();

    [Fact]
    public async Task A_document_creates_and_changes_in_one_and_survives_a_kill()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey old = await broker.Create("old");
        await broker.Send(old, "kept");
        broker.Advance(5);

        AppliedDefinitions applied = await Apply(broker, Entry("new", Plain with { DelaySeconds = 1 }), Entry("old", Plain with { LeaseSeconds = 7 }), Entry("plain", Plain, "blue"));

        Assert.True(applied.IsApplied);
        Assert.Equal(0, applied.Unchanged);
        Assert.Equal(["new", "old", "plain"], applied.Changes.Select(change => change.Key.Name));
        Assert.Equal([null, Plain, null], applied.Changes.Cast<DefinitionChange.OfQueue>().Select(change => change.Before));
        Assert.Equal(["delaySeconds", "leaseSeconds", ""], applied.Changes.Select(change => string.Join(',', change.Fields)));
        CatalogDefinitions before = await Definitions(broker);
        Assert.Equal(applied.Version, before.Version);
        QueueDescription changed = (await broker.Broker.Queues.GetAsync(old, default)).Value;
        Assert.Equal(changed.CreatedAt.AddSeconds(5), changed.ModifiedAt);
        broker.Kill();
        await Same(before, broker);
        await broker.Restart();
        await Same(before, broker);
        Assert.Equal("kept", Assert.Single(await broker.Receive(old)).Body);
    }

    [Fact]
    public async Task Dead_letter_queues_are_judged_by_the_whole_document_whatever_its_order()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        Assert.True((await Apply(broker, Entry("q", To("d")), Entry("d", Plain))).IsApplied);

        AppliedDefinitions circle = await Apply(broker, Entry("d", To("x")), Entry("x", To("q")), Entry("y", To("nobody")));

        Assert.False(circle.IsApplied);
        Assert.Equal([0, 1, 2], circle.Refusals.Select(refusal => refusal.Entry).Order());
        Assert.All(circle.Refusals, refusal => Assert.Equal(ErrorCode.DeadLetterInvalid, refusal.Error.Code));
        // The circle is opened in the same document that would close it.
        Assert.True((await Apply(broker, Entry("d", To("x")), Entry("x", To("q")), Entry("q", Plain))).IsApplied);

        static QueueDefinition To(string name) => Plain with { DeadLetter = new DeadLetterDefinition { Queue = BrokerHarness.Key(name).Name, MaxReceives = 2 } };
    }

    [Fact]
    public async Task One_bad_entry_refuses_all_and_every_bad_one_is_named()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Create("old");
        await broker.Create("standard");
        CatalogDefinitions before = await Definitions(broker);

        AppliedDefinitions refused = await Apply(
            broker,
            Entry("good", Plain),
            Entry("old", Plain with { LeaseSeconds = -1 }),
            Entry("good", Plain with { LeaseSeconds = 1 }),
            new QueueDefinitionEntry(new QueueKey(AccountId.Default, NamespaceName.Default, default), Plain),
            Entry("tagged", Plain with { Tags = null! }),
            Entry("good", Plain, "blue"),
            Entry("standard", Plain with { Type = QueueType.Fifo }));

        Assert.False(refused.IsApplied);
        Assert.Equal(
            [
                (1, ErrorCode.InvalidValue, "leaseSeconds"), (2, ErrorCode.InvalidValue, "name"), (3, ErrorCode.InvalidName, "name"), (4, ErrorCode.InvalidValue, "tags"),
                (6, ErrorCode.Immutable, "type"),
            ],
            refused.Refusals.Select(refusal => (refusal.Entry, refusal.Error.Code, refusal.Error.Field!)));
        await Same(before, broker);
        broker.Kill();
        await Same(before, broker);
    }

    [Fact]
    public void A_server_has_so_many_queues_those_of_the_document_included()
    {
        // Of the new queues of one document each counts.
        var proposed = new ProposedDefinitions(new DefinitionsDocument { Queues = [Entry("a", Plain), Entry("b", Plain), Entry("c", Plain)] });
        EntryRefusal refusal = Assert.Single(proposed.Judge(new QueueDirectory(), QueueLimits.QueuesMax - 2, new TopicDirectory(), new SubscriptionDirectory()).ToAnswer(isApplied: true, 0).Refusals);
        Assert.Equal((2, ErrorCode.TooManyQueues), (refusal.Entry, refusal.Error.Code));
        Assert.True(proposed.Judge(new QueueDirectory(), QueueLimits.QueuesMax - 3, new TopicDirectory(), new SubscriptionDirectory()).IsSound);
    }

    [Fact]
    public async Task What_is_as_the_document_says_keeps_its_version()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var tags = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" };
        await broker.Create("same", new QueueDefinition { Tags = tags });
        await broker.Create("other");
        QueueDescription same = (await broker.Broker.Queues.GetAsync(BrokerHarness.Key("same"), default)).Value;
        QueueDefinitionEntry sameButOrder = Entry("same", Plain with { Tags = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } });

        AppliedDefinitions none = await Apply(broker, sameButOrder, Entry("other", Plain));
        Assert.Equal((true, 2, 0, same.Version + 1), (none.IsApplied, none.Unchanged, none.Changes.Count, none.Version));
        AppliedDefinitions one = await Apply(broker, sameButOrder, Entry("other", Plain with { LeaseSeconds = 1 }));

        Assert.Equal((true, 1, 1, same.Version + 2), (one.IsApplied, one.Unchanged, one.Changes.Count, one.Version));
        Assert.Equal(same, (await broker.Broker.Queues.GetAsync(BrokerHarness.Key("same"), default)).Value);
        Assert.Equal((true, 0), ((await Apply(broker)).IsApplied, (await Apply(broker)).Unchanged));
    }

    [Fact]
    public async Task The_caller_may_change_its_tags_and_annotations_afterwards()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var tags = new Dictionary<string, string> { ["a"] = "1" };
        var annotations = new Dictionary<string, string> { ["b"] = "1" };
        await Apply(broker, Entry("q", Plain with { Tags = tags, Annotations = annotations }));
        (tags["a"], annotations["b"]) = ("2", "2");
        Assert.Equal("1", Assert.Single((await Definitions(broker)).Document.Queues).Definition!.Annotations["b"]);
        Assert.Equal("1", Assert.Single((await Definitions(broker)).Document.Queues).Definition!.Tags["a"]);
    }

    [Fact]
    public async Task A_dry_run_tells_the_same_and_changes_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Create("old");
        QueueDefinitionEntry[] document = [Entry("old", Plain with { LeaseSeconds = 7 }), Entry("new", Plain), Entry("old", Plain, "blue")];
        CatalogDefinitions before = await Definitions(broker);

        AppliedDefinitions dry = await Apply(broker, dryRun: true, default, document);

        Assert.Equal((false, before.Version), (dry.IsApplied, dry.Version));
        await Same(before, broker);
        AppliedDefinitions applied = await Apply(broker, document);
        Assert.Equal(dry.Changes, applied.Changes);
        Assert.Equal((true, before.Version + 3), (applied.IsApplied, applied.Version));
    }

    [Fact]
    public async Task An_entry_that_could_not_be_read_only_names_its_queue()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueDefinitionEntry[] document = [Entry("unread", null), new(default, null), Entry("good", Plain), Entry("bad", Plain with { LeaseSeconds = -1 })];

        AppliedDefinitions dry = await Apply(broker, dryRun: true, default, document);

        Assert.Equal(3, Assert.Single(dry.Refusals).Entry);
        Assert.Equal(ResourceKey.Of(BrokerHarness.Key("good")), Assert.Single(dry.Changes).Key);
        var proposed = new ProposedDefinitions(new DefinitionsDocument { Queues = document });
        Assert.True(proposed.Names(BrokerHarness.Key("unread"), out QueueDefinition? definition));
        Assert.Null(definition);
        Assert.True(proposed.Names(BrokerHarness.Key("good"), out definition));
        Assert.Equal(Plain, definition);
        Assert.False(proposed.Names(BrokerHarness.Key("good", "blue"), out _));
    }

    [Fact]
    public async Task Of_many_who_apply_what_they_have_read_one_does()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        for (int round = 0; round < 20; round++)
        {
            var seen = new Precondition { Versions = [(await Definitions(broker)).Version] };
            Result<AppliedDefinitions>[] results = await Task.WhenAll(Enumerable.Range(1, 8).Select(racer => Task.Run(async () =>
                await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [Entry("q", Plain with { LeaseSeconds = (round * 8) + racer }), Entry($"of{racer}", Plain with { DelaySeconds = round + 1 })] }, seen, dryRun: false, default))));
            Assert.Single(results, result => result.IsOk);
            Assert.All(results.Where(result => !result.IsOk), result => Assert.Equal(ErrorCode.PreconditionFailed, result.Error!.Code));
        }
    }

    [Fact]
    public async Task A_precondition_is_on_the_document()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Create("q");
        long version = (await Definitions(broker)).Version;

        Assert.Equal(ErrorCode.PreconditionFailed, await RefusalAsync(new Precondition { Versions = [version - 1] }, dryRun: false));
        Assert.Equal(ErrorCode.PreconditionFailed, await RefusalAsync(new Precondition { Versions = [version + 1] }, dryRun: true));
        Assert.Equal(ErrorCode.PreconditionFailed, await RefusalAsync(new Precondition { MustNotExist = true }, dryRun: false));
        Assert.Null(await RefusalAsync(new Precondition { MustExist = true }, dryRun: false));
        Assert.Null(await RefusalAsync(new Precondition { Versions = [version - 1, version + 1] }, dryRun: false));

        async Task<ErrorCode?> RefusalAsync(Precondition precondition, bool dryRun) =>
            (await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [Entry("other", Plain)] }, precondition, dryRun, default)).Error?.Code;
    }

    [Fact]
    public async Task A_document_has_at_most_so_many_entries_and_so_has_one_that_is_read()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueDefinitionEntry[] most = [.. Enumerable.Range(0, CatalogLimits.DefinitionsMax).Select(i => Entry($"q{i:00000}", Plain, $"n{i % 7}"))];

        Assert.Equal(ErrorCode.DefinitionsTooLarge, (await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [.. most, Entry("more", Plain)] }, default, dryRun: true, default)).Error?.Code);
        Assert.Equal(CatalogLimits.DefinitionsMax, (await Apply(broker, most)).Changes.Count);
        CatalogDefinitions read = await Definitions(broker);
        Assert.Equal(most.Select(entry => entry.Key).Order(ResourceKeyOrder<QueueKey>.Instance), read.Document.Queues.Select(entry => entry.Key));
        broker.Kill();
        await Same(read, broker);
        await broker.Create("more");
        Assert.Equal(ErrorCode.DefinitionsTooLarge, (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Error?.Code);
    }

    [Fact]
    public async Task A_document_is_at_most_as_large_as_one_command_whatever_of_it_is_there()
    {
        await using BrokerHarness broker = BrokerHarness.Start(BrokerHarness.SmallEngine() with { JournalSlotBytes = 256 << 10 });
        QueueDefinitionEntry[] document = [Entry("q", Plain with { Tags = Tags(40) }), Entry("r", Plain with { Tags = Tags(40) }), Entry("s", Plain)];
        long bytes = new ProposedDefinitions(new DefinitionsDocument { Queues = document }).Bytes;
        int room = broker.Broker.Engine.CommandBytesMax;
        int each = (int)(new ProposedDefinitions(new DefinitionsDocument { Queues = [Entry("n0000", Plain)] }).Bytes);
        QueueDefinitionEntry[] fitting = [.. document, .. Enumerable.Range(0, (int)((room - bytes) / each)).Select(i => Entry($"n{i:0000}", Plain))];

        Assert.True((await Apply(broker, fitting)).IsApplied);
        Assert.Equal(ErrorCode.DefinitionsTooLarge, (await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [.. fitting, Entry("t", Plain)] }, default, dryRun: false, default)).Error?.Code);
        broker.Kill();
        Assert.Equal(fitting.Length, (await Definitions(broker)).Document.Queues.Count);

        static Dictionary<string, string> Tags(int count) => Enumerable.Range(0, count).ToDictionary(i => $"{i}", _ => new string('€', 256));
    }

    [Fact]
    public async Task A_full_disk_refuses_what_would_change_something_and_nothing_else()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Create("q");
        await broker.FillDisk();

        Assert.Equal(1, (await Apply(broker, Entry("q", Plain))).Unchanged);
        Assert.Single((await Apply(broker, dryRun: true, default, Entry("q", Plain with { LeaseSeconds = 1 }))).Changes);
        Result<AppliedDefinitions> refused = await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [Entry("q", Plain with { LeaseSeconds = 1 })] }, default, dryRun: false, default);
        Assert.Equal(ErrorCode.DiskFull, refused.Error?.Code);
        broker.Disk.CapacityBytes = 1L << 40;
    }

    [Fact]
    public async Task A_stopping_broker_refuses()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        broker.Broker.BeginStop();
        Assert.Equal(ErrorCode.Stopping, (await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = [] }, default, dryRun: true, default)).Error?.Code);
        Assert.Equal(ErrorCode.Stopping, (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Error?.Code);
    }

    /// <summary>Random documents, good and bad, in any order of their entries, against a dictionary.</summary>
    [Fact]
    public async Task Documents_do_what_they_say_in_whatever_order_or_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        var random = new Random(20261126);
        var model = new Dictionary<QueueKey, QueueDefinition>();
        for (int round = 0; round < 400; round++)
        {
            QueueDefinitionEntry[] document = [.. Enumerable.Range(0, random.Next(6)).Select(_ => AnyEntry(random))];
            var wrong = document.Where((entry, place) => entry.Definition!.LeaseSeconds < 0 || document.Take(place).Any(before => before.Key == entry.Key)).ToList();
            bool dryRun = random.Next(4) == 0;

            AppliedDefinitions applied = await Apply(broker, dryRun, default, document);

            Assert.Equal(wrong, applied.Refusals.Select(refusal => document[refusal.Entry]));
            Assert.Equal(wrong.Count == 0 && !dryRun, applied.IsApplied);
            if (wrong.Count == 0) Assert.Equal(document.Count(entry => model.GetValueOrDefault(entry.Key) == entry.Definition), applied.Unchanged);
            if (wrong.Count == 0 && random.Next(2) == 0)
            {
                random.Shuffle(document);
                AppliedDefinitions shuffled = await Apply(broker, dryRun: true, default, document);
                Assert.Equal(applied.IsApplied ? [] : applied.Changes.Select(Text).Order(), shuffled.Changes.Select(Text).Order());
            }

            foreach (QueueDefinitionEntry entry in applied.IsApplied ? document : []) model[entry.Key] = entry.Definition!;
            if (random.Next(20) == 0) broker.Kill();
            CatalogDefinitions read = await Definitions(broker);
            Assert.Equal(model.OrderBy(one => one.Key, ResourceKeyOrder<QueueKey>.Instance).Select(one => new QueueDefinitionEntry(one.Key, one.Value)), read.Document.Queues);
            AppliedDefinitions again = await Apply(broker, [.. read.Document.Queues]);
            Assert.Equal((true, read.Version, read.Document.Queues.Count), (again.IsApplied, again.Version, again.Unchanged));
        }

        static string Text(DefinitionChange change) => $"{change.Key} {change.IsCreated} {string.Join(',', change.Fields)}";
    }

    private static QueueDefinitionEntry AnyEntry(Random random)
    {
        string[] spaces = ["default", "blue", " "];
        QueueDefinition definition = Plain with
        {
            LeaseSeconds = random.Next(12) == 0 ? -1 : random.Next(3),
            Tags = random.Next(2) == 0 ? Plain.Tags : new Dictionary<string, string> { ["t"] = $"{random.Next(2)}" },
        };
        return Entry($"q{random.Next(8)}", definition, spaces[random.Next(3)]);
    }

    private static QueueDefinitionEntry Entry(string name, QueueDefinition? definition, string space = "default") => new(BrokerHarness.Key(name, space), definition);

    private static Task<AppliedDefinitions> Apply(BrokerHarness broker, params QueueDefinitionEntry[] entries) => Apply(broker, dryRun: false, default, entries);

    private static async Task<AppliedDefinitions> Apply(BrokerHarness broker, bool dryRun, Precondition precondition, params QueueDefinitionEntry[] entries)
    {
        Result<AppliedDefinitions> applied = await broker.Broker.Definitions.ApplyAsync(new DefinitionsDocument { Queues = entries }, precondition, dryRun, default);
        Assert.True(applied.IsOk, applied.Error?.Detail);
        return applied.Value;
    }

    private static async Task<CatalogDefinitions> Definitions(BrokerHarness broker) => (await broker.Broker.Definitions.GetAsync(AccountId.Default, default)).Value;

    private static async Task Same(CatalogDefinitions expected, BrokerHarness broker)
    {
        CatalogDefinitions read = await Definitions(broker);
        Assert.Equal(expected.Version, read.Version);
        Assert.Equal(expected.Document.Queues, read.Document.Queues);
    }
}
