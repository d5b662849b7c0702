using System.Text;
using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

public sealed class GroupParsersTests
{
    private const string Join = """{"topics":["a","b"],"instanceId":"i","clientId":"c","sessionSeconds":6,"rebalanceSeconds":1,"protocol":"eager","strategy":"roundRobin","owned":[{"topic":"a","partition":2}]}""";
    private const string Heartbeat = """{"generation":7,"owned":[],"instanceId":"i"}""";
    private const string Fetch = """{"topics":["a"],"max":5,"maxBytes":6,"waitSeconds":7,"leaseSeconds":8,"start":"latest","isolation":"readUncommitted"}""";
    private const string Commit = """{"offsets":[{"topic":"a","partition":1,"offset":9007199254740993,"metadata":"\u00e9","leaderEpoch":4}],"memberId":"zzTgqV0kSiq5mJcX2q3M9w","generation":3,"instanceId":"i"}""";
    private const string Reset = """{"to":"1969-01-31T09:00:00Z","topics":[{"topic":"a"},{"topic":"b","partition":3}]}""";

    private static readonly string[] All = [Join, Heartbeat, Fetch, Commit, Reset];

    [Fact]
    public void A_join_is_read_whole()
    {
        var box = new JoinParser.Box();

        Assert.Null(Parse(Join, box, JoinParser.Read));

        JoinRequest request = box.ToRequest("here");
        Assert.Equal(["a", "b"], request.Topics.Select(topic => topic.Value));
        Assert.Equal(("i", "c", "here", 6, 1), (request.InstanceId, request.ClientId, request.ClientHost, request.SessionSeconds, request.RebalanceSeconds));
        Assert.Equal((GroupProtocol.Eager, AssignmentStrategy.RoundRobin), (request.Protocol, request.Strategy));
        Assert.Equal(("a", 2), (Assert.Single(box.Owned).Topic.Value, box.Owned[0].Partition));
    }

    [Fact]
    public void A_heartbeat_that_shows_nothing_is_not_one_that_says_nothing()
    {
        var box = new HeartbeatParser.Box();
        Assert.Null(Parse(Heartbeat, box, HeartbeatParser.Read));
        Assert.Equal((7, "i", 0), (box.Generation, box.InstanceId, box.Owned!.Count));

        var silent = new HeartbeatParser.Box();
        Assert.Null(Parse("""{"generation":7}""", silent, HeartbeatParser.Read));
        Assert.Null(silent.Owned);
    }

    [Fact]
    public void A_fetch_is_read_whole()
    {
        var box = new GroupFetchParser.Box();

        Assert.Null(Parse(Fetch, box, GroupFetchParser.Read));

        GroupFetchRequest request = box.ToRequest();
        Assert.Equal((5, 6, 7, 8), (request.RecordsMax, request.BytesMax, (int)request.Wait.TotalSeconds, request.LeaseSeconds));
        Assert.Equal((true, Isolation.ReadUncommitted), (request.StartsAtLatest, request.Isolation));
        Assert.Equal(Isolation.ReadCommitted, new GroupFetchParser.Box().ToRequest().Isolation);
    }

    [Fact]
    public void A_commit_is_read_whole()
    {
        using var draft = new CommitDraft();

        Assert.Null(Parse(Commit, draft, CommitDraft.Parse));

        OffsetsCommit commit = draft.ToCommit();
        OffsetEntry entry = Assert.Single(commit.Offsets);
        Assert.Equal(("a", 1, 9007199254740993, 4, "\u00e9"), (entry.Topic.Value, entry.Partition, entry.Offset, entry.LeaderEpoch, entry.Metadata));
        Assert.Equal(("zzTgqV0kSiq5mJcX2q3M9w", 3, "i"), (commit.Member?.ToString(), commit.Generation, commit.InstanceId));
    }

    [Fact]
    public void A_reset_before_the_first_of_all_records_is_one_to_that()
    {
        var box = new ResetParser.Box();

        Assert.Null(Parse(Reset, box, ResetParser.Read));

        Assert.Equal((0L, null), (box.At, box.Offset));
        Assert.Equal([("a", null), ("b", 3)], box.Targets.Select(target => (target.Topic.Value, target.Partition)));
    }

    [Fact]
    public void Random_mutations_never_throw()
    {
        var random = new Random(20261125);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] json = Parsing.Mutate(Encoding.UTF8.GetBytes(All[round % All.Length]), random);
            using var draft = new CommitDraft();
            JsonRequest.Parse(new RequestDocument(json), new JoinParser.Box(), JoinParser.Read);
            JsonRequest.Parse(new RequestDocument(json), new HeartbeatParser.Box(), HeartbeatParser.Read);
            JsonRequest.Parse(new RequestDocument(json), new GroupFetchParser.Box(), GroupFetchParser.Read);
            JsonRequest.Parse(new RequestDocument(json), draft, CommitDraft.Parse);
            JsonRequest.Parse(new RequestDocument(json), new ResetParser.Box(), ResetParser.Read);
        }
    }

    private static Problem? Parse<TTarget>(string json, TTarget target, ObjectParser<TTarget> parse) => JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), target, parse);
}
