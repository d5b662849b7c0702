using Messaging.TestKit.Histories;

namespace Messaging.Api.Tests.Faults;

/// <summary>The checker of topics catches each broken promise: a good history and what is there at its end, spoilt in one place.</summary>
public sealed class TopicHistoryCheckerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ProducerName First = new(7, 0);
    private static readonly ProducerName Second = new(7, 1);

    private readonly TopicHistory _history = new();
    private readonly List<SeenRecord>[] _all = [[], []];
    private readonly List<SeenRecord>[] _committed = [[], []];
    private readonly long[] _markers = new long[2];
    private int _seconds;

    [Fact]
    public void A_good_history_is_good()
    {
        Publish("a", 0, 0);
        Publish("b", 1, 0);
        Publish("again", 0, null, Outcome.Unknown);
        There("again", 0, 1);
        Publish("again", 0, 1, isThere: false);
        Page(0, 0, false, 2, "a", "again");
        Instance(First);
        Publish("t", 0, 2, transaction: First);
        Publish("u", 1, 1, transaction: First);
        Page(0, 1, true, 2, "again");
        End(First, isCommit: true);
        Instance(Second);
        Publish("zombie", 0, null, Outcome.Refused, First, refusal: "producerFenced");
        Input("i", Outcome.Unknown);
        Input("j");
        Publish(TopicHistory.ProcessedMark + "j", 1, 2, producer: null);
        Publish(TopicHistory.ProcessedMark + "j", 1, null, Outcome.Refused, producer: null, refusal: "messageGone", isThere: false);
        Assert.Empty(Check());
    }

    [Fact]
    public void Calls_without_an_answer_may_have_happened_or_not()
    {
        Publish("never", 0, null, Outcome.Unknown);
        Publish("done", 0, null, Outcome.Unknown);
        There("done", 0, 0);
        Instance(First);
        Publish("t", 0, 1, transaction: First);
        End(First, isCommit: true, Outcome.Unknown);
        Assert.Empty(Check());
        _committed[0].RemoveAt(1);
        Assert.Empty(Check());
    }

    [Fact]
    public void A_lost_record_is_caught()
    {
        Publish("a", 0, 0, isThere: false);
        Broken("a is lost");
    }

    [Fact]
    public void A_record_at_another_offset_than_was_answered_is_caught()
    {
        Publish("a", 0, 0, isThere: false);
        There("a", 0, 1);
        Broken("was answered with 0/0 and is at 0/1");
    }

    [Fact]
    public void A_repeated_record_that_was_answered_with_a_new_offset_is_caught()
    {
        Publish("a", 0, 0);
        Publish("a", 0, 1, isThere: false);
        Broken("was answered with 0/1 and is at 0/0");
    }

    [Fact]
    public void A_record_that_is_stored_twice_is_caught()
    {
        Publish("a", 0, 0);
        There("a", 0, 1);
        Broken("a is there twice");
    }

    [Fact]
    public void A_record_out_of_nowhere_is_caught()
    {
        There("a", 0, 0);
        Broken("which nobody published");
    }

    [Fact]
    public void A_refused_record_that_appears_is_caught()
    {
        Publish("a", 0, null, Outcome.Refused, refusal: "overloaded");
        There("a", 0, 0);
        Broken("although it was refused");
    }

    [Fact]
    public void A_refusal_without_a_reason_is_caught()
    {
        Publish("a", 0, null, Outcome.Refused, refusal: "outOfOrderSequence");
        Publish("b", 0, null, Outcome.Refused, refusal: "producerFenced", transaction: First);
        Assert.Equal(2, Check().Count(promise => promise.Contains("without a reason", StringComparison.Ordinal)));
    }

    [Fact]
    public void Other_bytes_are_caught()
    {
        Publish("a", 0, 0, isThere: false);
        There("a|other", 0, 0);
        Broken("has other bytes");
    }

    [Fact]
    public void Another_partition_is_caught()
    {
        Publish("a", 0, null, Outcome.Unknown);
        There("a", 1, 0);
        Broken("was published to the partition 0");
    }

    [Fact]
    public void Records_of_a_producer_out_of_order_are_caught()
    {
        Publish("a", 0, 1);
        Publish("b", 0, 0);
        Broken("b was published after a");
    }

    [Fact]
    public void A_page_with_something_else_at_an_offset_is_caught()
    {
        Publish("a", 0, 0);
        Page(0, 0, false, 1, "other");
        Broken("has other bytes at 0");
    }

    [Fact]
    public void A_page_that_leaves_a_record_out_is_caught()
    {
        Publish("a", 0, 0);
        Publish("b", 0, 1);
        Page(0, 0, false, 2, "a");
        Broken("leaves out the offset 1");
    }

    [Fact]
    public void A_page_with_a_record_that_is_not_there_at_the_end_is_caught()
    {
        Page(0, 0, false, 1, "a");
        Broken("has the offset 0 where nothing comes next");
    }

    [Fact]
    public void An_end_that_goes_back_is_caught()
    {
        Publish("a", 0, 0);
        Page(0, 0, false, 0);
        Broken("when 1 had been told");
    }

    [Fact]
    public void A_page_behind_its_end_is_caught()
    {
        Publish("a", 0, 0);
        Page(0, 0, false, 2, "a");
        Broken("behind its end");
    }

    [Fact]
    public void An_aborted_record_that_a_reader_of_committed_ones_sees_is_caught()
    {
        Publish("a", 0, 0, transaction: First, isCommitted: false);
        Page(0, 0, true, 1, "a");
        End(First, isCommit: false);
        Broken("has the offset 0 where nothing comes next");
    }

    [Fact]
    public void An_aborted_transaction_that_is_seen_is_caught()
    {
        Publish("a", 0, 0, transaction: First);
        End(First, isCommit: false);
        Broken("was not committed, and a of it is seen");
    }

    [Fact]
    public void A_transaction_that_nobody_committed_and_is_seen_is_caught()
    {
        Publish("a", 0, 0, transaction: First);
        Broken("was not committed, and a of it is seen");
    }

    [Fact]
    public void A_committed_transaction_that_is_not_seen_is_caught()
    {
        Publish("a", 0, 0, transaction: First);
        Publish("b", 1, 0, transaction: First, isCommitted: false);
        End(First, isCommit: true);
        Broken("was committed, and b of it is not seen");
    }

    [Fact]
    public void A_torn_transaction_is_caught_also_where_its_end_has_no_answer()
    {
        Publish("a", 0, 0, transaction: First);
        Publish("b", 1, 0, transaction: First, isCommitted: false);
        End(First, isCommit: true, Outcome.Unknown);
        Broken("is torn: 1 of its 2 records");
    }

    [Fact]
    public void A_record_of_no_transaction_that_is_not_committed_is_caught()
    {
        Publish("a", 0, 0, isCommitted: false);
        Broken("is of no transaction");
    }

    [Fact]
    public void A_partition_whose_last_stable_offset_stays_behind_is_caught()
    {
        Publish("a", 0, 0);
        _markers[0] = 1;
        Broken("has the last stable offset 1 and the high watermark 2");
    }

    [Fact]
    public void A_transaction_that_was_both_committed_and_aborted_is_caught()
    {
        Publish("a", 0, 0, transaction: First);
        End(First, isCommit: true);
        End(First, isCommit: false);
        Broken("was committed and aborted");
    }

    [Fact]
    public void An_end_that_was_refused_without_a_reason_is_caught()
    {
        Instance(First);
        End(First, isCommit: true, Outcome.Refused);
        Broken("was refused without a reason");
    }

    [Fact]
    public void An_instance_with_an_epoch_that_another_one_has_is_caught()
    {
        Instance(First);
        Instance(First);
        Broken("got the epoch 0 of 7 after the epoch 0 of 7");
    }

    [Fact]
    public void A_zombie_that_publishes_is_caught()
    {
        Instance(First);
        Instance(Second);
        Publish("a", 0, 0, transaction: First, isCommitted: false);
        Broken("has published a");
    }

    [Fact]
    public void A_zombie_that_commits_is_caught()
    {
        Instance(First);
        Instance(Second);
        End(First, isCommit: true);
        Broken("has ended the transaction 0");
    }

    [Fact]
    public void An_input_that_never_came_out_of_the_pipeline_is_caught()
    {
        Input("i");
        Broken("never came out");
    }

    [Fact]
    public void An_input_that_came_out_twice_is_caught()
    {
        Input("i");
        Publish(TopicHistory.ProcessedMark + "i", 0, 0, producer: null);
        Publish(TopicHistory.ProcessedMark + "i", 1, 0, producer: null);
        Broken("is there twice");
    }

    [Fact]
    public void A_refused_input_that_came_out_is_caught()
    {
        Input("i", Outcome.Refused);
        Publish(TopicHistory.ProcessedMark + "i", 0, 0, producer: null);
        Broken("although it was refused");
    }

    private static byte[] Body(string key) => MessageBodies.MakeText(key, 20, new Random(1));

    private CallTime Time()
    {
        DateTimeOffset began = Start.AddSeconds(2 * _seconds++);
        return new CallTime(began, began.AddSeconds(1));
    }

    private void Publish(
        string key, int partition, long? offset, Outcome outcome = Outcome.Succeeded, ProducerName? transaction = null, string? producer = "p", string? refusal = null, bool isThere = true, bool isCommitted = true)
    {
        _history.Add([new PublishEvent(Time(), outcome, key, Body(key), producer, _seconds, partition, offset, transaction, refusal)]);
        if (isThere && offset is { } at) There(key, partition, at, isCommitted);
    }

    // At the end.
    private void There(string key, int partition, long offset, bool isCommitted = true)
    {
        var record = new SeenRecord(offset, Body(key));
        _all[partition].Add(record);
        if (isCommitted) _committed[partition].Add(record);
    }

    private void Page(int partition, long from, bool isCommitted, long next, params string[] keys)
    {
        SeenRecord[] records = [.. keys.Select((key, i) => new SeenRecord(from + i, Body(key)))];
        long end = Math.Min(next, from + keys.Length);
        _history.Add(new PageEvent(Time(), partition, from, isCommitted, new TopicPage(records, next, isCommitted ? long.MaxValue : end, end)));
    }

    private void Instance(ProducerName name) => _history.Add(new InstanceEvent(Time(), Outcome.Succeeded, "id", name));

    private void End(ProducerName transaction, bool isCommit, Outcome outcome = Outcome.Succeeded) => _history.Add(new EndEvent(Time(), outcome, transaction, isCommit, null));

    private void Input(string key, Outcome outcome = Outcome.Succeeded) => _history.Add([new InputEvent(outcome, key)]);

    private void Broken(string words) => Assert.Contains(Check(), promise => promise.Contains(words, StringComparison.Ordinal));

    private IReadOnlyList<string> Check() => TopicHistoryChecker.Check(
        _history,
        [
            .. _all.Select((records, partition) =>
            {
                SeenRecord[] inOrder = [.. records.OrderBy(record => record.Offset)];
                long end = inOrder.Length == 0 ? 0 : inOrder[^1].Offset + 1;
                return new PartitionContent(inOrder, [.. _committed[partition].OrderBy(record => record.Offset)], end + _markers[partition], end);
            }),
        ]);
}
