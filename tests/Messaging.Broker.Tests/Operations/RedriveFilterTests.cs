using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Operations;

namespace Messaging.Broker.Tests.Operations;

public sealed class RedriveFilterTests
{
    private const long SentMs = 1_000;

    [Fact]
    public void All_that_is_said_must_be_true()
    {
        Matches(true, new RedriveFilter());
        Matches(true, new RedriveFilter { Reason = MoveReason.Rejected });
        Matches(false, new RedriveFilter { Reason = MoveReason.MaxReceives });
        Matches(true, new RedriveFilter { Origin = BrokerHarness.Key("q").Name });
        Matches(false, new RedriveFilter { Origin = BrokerHarness.Key("r").Name });
        Matches(true, new RedriveFilter { SentAfterMs = SentMs, SentBeforeMs = SentMs + 1 });
        Matches(false, new RedriveFilter { SentAfterMs = SentMs + 1 });
        Matches(false, new RedriveFilter { SentBeforeMs = SentMs });
        Matches(true, With(("color", ["blue", "red"])));
        Matches(true, With(("color", ["red"]), ("count", ["1.0"])));
        Matches(false, With(("color", ["red"]), ("count", ["1"])));
        Matches(false, With(("color", ["Red"])));
        Matches(false, With(("bytes", ["x"])));
        Matches(false, With(("missing", [""])));
        Matches(false, With(("color", ["red"])) with { Reason = MoveReason.MaxReceives });
    }

    [Fact]
    public void A_message_without_an_origin_has_no_reason_and_no_queue()
    {
        RecordDecoder.Decoded plain = Message();
        plain.Origin = null;
        Assert.True(new RedriveFilter { SentAfterMs = 1 }.Matches(plain, SentMs));
        Assert.False(new RedriveFilter { Reason = MoveReason.Rejected }.Matches(plain, SentMs));
        Assert.False(new RedriveFilter { Origin = BrokerHarness.Key("q").Name }.Matches(plain, SentMs));
    }

    private static RedriveFilter With(params (string Name, string[] Values)[] attributes) =>
        new() { Attributes = attributes.ToDictionary(one => one.Name, one => (IReadOnlyList<string>)one.Values) };

    private static void Matches(bool expected, RedriveFilter filter) => Assert.Equal(expected, filter.Matches(Message(), timestampMs: 9_999_999));

    private static RecordDecoder.Decoded Message() => new()
    {
        SentMs = SentMs,
        Origin = new MessageOrigin(default, BrokerHarness.Key("q"), MoveReason.Rejected, null, 1, 1),
        Attributes =
        [
            new MessageAttribute("color", AttributeKind.String, null, "red"u8.ToArray()),
            new MessageAttribute("count", AttributeKind.Number, "int", Encoding.UTF8.GetBytes("1.0")),
            new MessageAttribute("bytes", AttributeKind.Binary, null, "x"u8.ToArray()),
        ],
    };
}
