using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Groups;

/// <summary>
/// Clients that join, lose answers, fall silent and come back, fetches that lease, topics that come and go, and restarts, in random order. The seed is in the
/// name of the failing case and replays it. After every step: what a client may use is held for it and for nobody else, and a recovery has the same state. In
/// the end the group is stable.
/// </summary>
public sealed class GroupPropertyTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 60));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_partition_has_one_reader_at_a_time_whatever_happens(int seed) => new Run(seed).Go(500);

    private sealed class Client(JoinRequest request)
    {
        public JoinRequest Request { get; set; } = request;

        public MemberAnswer? Last { get; set; }

        /// <summary>Partitions that it reads.</summary>
        public HashSet<PartitionRef> Reads { get; } = [];

        public long HeardMs { get; set; }

        /// <summary>What it showed last under its former generation, which may arrive twice.</summary>
        public (MemberId Id, int Generation, PartitionRef[]? Shown)? Former { get; set; }

        public void Take(MemberAnswer answer)
        {
            Last = answer;
            Reads.Clear();
            Reads.UnionWith(answer.Assigned);
            Reads.UnionWith(answer.Revoked);
        }

        public void Stop()
        {
            Last = null;
            Reads.Clear();
        }
    }

    private sealed class Run(int seed)
    {
        private static readonly string[] AllTopics = ["a", "b", "c", "d"];

        private readonly GroupHarness _group = new();
        private readonly Random _random = new(seed);
        private readonly List<Client> _clients = [];
        private readonly List<(Lease Lease, bool IsOver)> _leases = [];
        private readonly Dictionary<PartitionRef, long> _committed = [];
        private readonly GroupProtocol _protocol = seed % 2 == 0 ? GroupProtocol.Eager : GroupProtocol.Cooperative;
        private readonly AssignmentStrategy _strategy = (AssignmentStrategy)(seed % 3);

        // Where it can run out, a member may be over before its session is.
        private readonly int _rebalanceSeconds = seed % 4 < 2 ? 20 : GroupLimits.RebalanceSecondsMax;

        public void Go(int steps)
        {
            foreach (string topic in AllTopics[..3]) _group.Topics.Grow(topic, _random.Next(1, 6));
            for (int step = 0; step < steps; step++)
            {
                Step();
                Check();
            }

            Settle();
        }

        private void Step()
        {
            switch (_random.Next(100))
            {
                case < 8:
                    Join(new Client(Request() with { InstanceId = _random.Next(3) == 0 ? $"i{_random.Next(3)}" : null }));
                    break;
                case < 60:
                    if (_clients.Count > 0) Beat(_clients[_random.Next(_clients.Count)], isLost: _random.Next(7) == 0);
                    break;
                case < 62:
                    if (_clients.Count > 0) Repeat(_clients[_random.Next(_clients.Count)]);
                    break;
                case < 64:
                    if (_clients.Count > 0) Rejoin(_clients[_random.Next(_clients.Count)]);
                    break;
                case < 67:
                    if (_clients.Count > 0) Leave(_clients[_random.Next(_clients.Count)]);
                    break;
                case < 75:
                    Commit();
                    break;
                case < 80:
                    Fetch();
                    break;
                case < 85:
                    Settle(_random.Next(3) == 0);
                    break;
                case < 88:
                    ChangeTopics();
                    break;
                case < 94:
                    _group.Advance(_random.Next(10) == 0 ? 12 : _random.Next(4));
                    if (_random.Next(2) == 0) _group.Tick();
                    break;
                case < 96:
                    _group.Checkpoint();
                    break;
                default:
                    _group.Recover();
                    foreach (Client client in _clients.Where(IsMember)) client.HeardMs = _group.NowMs;
                    break;
            }
        }

        private bool IsMember(Client client) => _group.State.Members.TryGet(client.Last!.Id, out _);

        private JoinRequest Request()
        {
            TopicName[] topics = [.. AllTopics.Where(_ => _random.Next(3) > 0).Select(FakeTopics.Name)];
            return new JoinRequest
            {
                Topics = topics.Length > 0 ? topics : [FakeTopics.Name("a")], SessionSeconds = 10, RebalanceSeconds = _rebalanceSeconds, Protocol = _protocol,
                Strategy = _strategy, ClientId = $"c{_random.Next(5)}",
            };
        }

        private void Join(Client client, bool isLost = false)
        {
            Result<MemberAnswer> joined = _group.TryJoin(client.Request with { MemberId = client.Last?.Id }, [.. client.Reads]);
            if (!joined.IsOk)
            {
                CheckRefusal(client, joined.Error.Code);
                client.Stop();
                _clients.Remove(client);
                return;
            }

            if (isLost) return;
            if (!_clients.Contains(client)) _clients.Add(client);
            client.HeardMs = _group.NowMs;
            client.Take(joined.Value);
        }

        // Other topics, or a client that begins anew.
        private void Rejoin(Client client)
        {
            client.Reads.ExceptWith(client.Last!.Revoked);
            if (_random.Next(2) == 0) client.Reads.Clear();
            if (_random.Next(2) == 0) client.Request = Request() with { InstanceId = client.Request.InstanceId };
            Join(client);
        }

        private void Beat(Client client, bool isLost)
        {
            if (_random.Next(4) > 0) client.Reads.ExceptWith(client.Last!.Revoked);
            PartitionRef[]? shown = _random.Next(5) == 0 ? null : [.. client.Reads];
            long heard = client.HeardMs;
            Result<MemberAnswer> beat = _group.TryBeat(client.Last!.Id, client.Last.Generation, shown, _random.Next(2) == 0 ? client.Request.InstanceId : null);
            if (beat.IsOk)
            {
                Assert.True(_group.NowMs - heard < 10_000);
                client.HeardMs = _group.NowMs;
                if (beat.Value.Generation > client.Last.Generation) client.Former = (client.Last.Id, client.Last.Generation, shown);
                if (!isLost) client.Take(beat.Value);
                return;
            }

            if (beat.Error.Code == ErrorCode.StaleGeneration)
            {
                // It missed more than one answer: it stops, and begins anew under its id.
                client.HeardMs = Math.Max(client.HeardMs, heard);
                client.Reads.Clear();
                Join(client);
                return;
            }

            CheckRefusal(client, beat.Error.Code);
            client.Stop();
            _clients.Remove(client);
        }

        // The network brings a heartbeat again that was answered long ago; nobody reads its answer.
        private void Repeat(Client client)
        {
            if (client.Former is not { } former || former.Id != client.Last!.Id) return;
            if (_group.TryBeat(former.Id, former.Generation, former.Shown).IsOk) client.HeardMs = _group.NowMs;
        }

        private void CheckRefusal(Client client, ErrorCode code)
        {
            bool isSilent = _group.NowMs - client.HeardMs >= 10_000;
            if (code == ErrorCode.FencedInstance) Assert.NotNull(client.Request.InstanceId);
            else Assert.Equal(ErrorCode.UnknownMember, code);
            // A static member may have been replaced, and its replacement may be over too.
            if (_rebalanceSeconds == GroupLimits.RebalanceSecondsMax && client.Request.InstanceId is null) Assert.True(isSilent);
        }

        private void Leave(Client client)
        {
            client.Reads.Clear();
            _group.Leave(client.Last!.Id);
            _clients.Remove(client);
        }

        private void Commit()
        {
            PartitionRef partition = Any();
            long offset = _random.Next(1_000);
            Client? client = _clients.Count > 0 && _random.Next(3) > 0 ? _clients[_random.Next(_clients.Count)] : null;
            int generation = client is null ? CommitOffsets.NoGeneration : client.Last!.Generation - (_random.Next(5) == 0 ? 1 : 0);
            ErrorCode? code = _group.Commit(new OffsetCommit(partition, offset), client?.Last!.Id, generation);
            if (code is null)
            {
                _committed[partition] = offset;
                if (client is not null && IsMember(client)) client.HeardMs = _group.NowMs;
            }

            bool isMember = client is not null && IsMember(client);
            ErrorCode? expected = (client, isMember) switch
            {
                (null, _) => _group.State.Members.Count == 0 ? null : ErrorCode.UnknownMember,
                (_, false) => code is ErrorCode.FencedInstance ? ErrorCode.FencedInstance : ErrorCode.UnknownMember,
                _ => Fence(client.Last!.Id, generation),
            };
            // A generation of -1 is nobody's, and good for an empty group.
            if (generation >= 0 || client is null) Assert.Equal(expected, code);
        }

        private ErrorCode? Fence(MemberId id, int generation)
        {
            GroupMembers members = _group.State.Members;
            Assert.True(members.TryGet(id, out GroupMember? member));
            if (member.Epoch != generation) return ErrorCode.StaleGeneration;
            return _group.State.Status == GroupStatus.CompletingRebalance && member.Epoch < members.Generation ? ErrorCode.RebalanceInProgress : null;
        }

        private void Fetch()
        {
            var log = new List<LeaseCandidate>();
            foreach (TopicName topic in _group.Topics.Names)
            {
                foreach (PartitionRef partition in _group.Topics.PartitionsOf(topic)) log.Add(new LeaseCandidate(partition, 0, 0, _random.Next(1_000)));
            }

            Result<Lease[]> taken = _group.TryTake([.. log], _random.Next(1, 2_000), _random.Next(1, 20));
            Assert.Equal(_group.State.Members.Count > 0, !taken.IsOk);
            if (!taken.IsOk) return;
            foreach (Lease lease in taken.Value)
            {
                Assert.Equal(_committed.GetValueOrDefault(lease.Partition), lease.From);
                _leases.Add((lease, false));
            }
        }

        private void Settle(bool isRelease)
        {
            if (_leases.Count == 0) return;
            int place = Math.Max(0, _leases.Count - 1 - _random.Next(4));
            (Lease lease, bool isOver) = _leases[place];
            bool isLive = !isOver && lease.UntilMs > _group.NowMs;
            CommitToken token = CommitTokenTests.Token(new TokenLease(lease.Partition, lease.To, lease.Nonce));
            BrokerError? refusal = _group.Run(change => isRelease ? SettleLeases.Release(change, token) : SettleLeases.Commit(change, token));
            if (isLive)
            {
                Assert.Null(refusal);
                if (!isRelease) _committed[lease.Partition] = lease.To;
            }
            else if (refusal is null && !isRelease)
            {
                // The same commit again.
                Assert.Equal(_committed[lease.Partition], lease.To);
            }

            _leases[place] = (lease, true);
        }

        private void ChangeTopics()
        {
            string topic = AllTopics[_random.Next(AllTopics.Length)];
            if (_random.Next(3) > 0)
            {
                _group.Topics.Grow(topic, _random.Next(1, 3));
            }
            else
            {
                PartitionRef[] gone = _group.Topics.Delete(topic);
                _group.Run(change =>
                {
                    ResetOffsets.Forget(change, gone);
                    return 0;
                });
                foreach (PartitionRef partition in gone) _committed.Remove(partition);
                for (int i = 0; i < _leases.Count; i++)
                {
                    if (gone.Contains(_leases[i].Lease.Partition)) _leases[i] = (_leases[i].Lease, true);
                }
            }

            _group.TopicsChanged();
        }

        private PartitionRef Any()
        {
            PartitionRef[] all = [.. _group.Topics.Names.SelectMany(topic => _group.Topics.PartitionsOf(topic).ToArray())];
            return all.Length == 0 ? _group.Topics.Grow("a", 1)[0] : all[_random.Next(all.Length)];
        }

        private void Check()
        {
            GroupMembers members = _group.State.Members;
            foreach (Client client in _clients)
            {
                if (!members.TryGet(client.Last!.Id, out GroupMember? member)) continue;
                Assert.True(client.Reads.IsSubsetOf(member.Owned), "A client reads what is not held for it.");
            }

            PartitionRef[] owned = [.. members.All.SelectMany(member => member.Owned)];
            PartitionRef[] leased = [.. _leases.Where(lease => !lease.IsOver && lease.Lease.UntilMs > _group.NowMs).Select(lease => lease.Lease.Partition)];
            PartitionRef[] used = [.. owned, .. leased];
            Assert.Equal(used.Length, used.Distinct().Count());
            Assert.Equal(owned.Length, members.Held);
            foreach ((PartitionRef partition, long offset) in _committed) Assert.Equal(offset, _group.Progress(partition)?.Offset);
        }

        // Nobody is in anybody's way any more: all beat, and lose nothing.
        private void Settle()
        {
            _group.Advance(40);
            _group.Tick();
            _clients.Clear();
            for (int i = 0; i < 3; i++) Join(new Client(Request()));
            for (int round = 0; round < 6; round++)
            {
                foreach (Client client in _clients)
                {
                    client.Reads.ExceptWith(client.Last!.Revoked);
                    Result<MemberAnswer> beat = _group.TryBeat(client.Last.Id, client.Last.Generation, [.. client.Reads]);
                    client.Take(GroupHarness.Ok(beat));
                    Check();
                }
            }

            Assert.Equal(GroupStatus.Stable, _group.State.Status);
            IEnumerable<TopicName> topics = _clients.SelectMany(client => client.Request.Topics).Distinct();
            HashSet<PartitionRef> wanted = [.. topics.SelectMany(topic => _group.Topics.PartitionsOf(topic).ToArray())];
            Assert.Equal(wanted.Count, _clients.Sum(client => client.Reads.Count));
            Assert.All(_clients, client => Assert.True(client.Reads.IsSubsetOf(wanted)));
            _group.Recover();
        }
    }
}
