using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Queues;
using Messaging.Rest.Operations;
using Messaging.Rest.Wire;

namespace Messaging.Rest.Tests.Wire;

public sealed class ReceiptParserTests
{
    [Theory]
    [InlineData("""{"receipts":[""]}""", "receiptInvalid", "receipts[0]")]
    [InlineData("""{"receipts":["abc"]}""", "receiptInvalid", "receipts[0]")]
    [InlineData("""{"receipts":[7]}""", "invalidValue", "receipts[0]")]
    [InlineData("""{"receipts":[{"receipt":"x"}]}""", "invalidValue", "receipts[0]")]
    [InlineData("""{"receipts":["\ud800"]}""", "invalidValue", "receipts[0]")]
    [InlineData("""{"receipts":"abc"}""", "invalidValue", "receipts")]
    [InlineData("""{}""", "missingField", "receipts")]
    [InlineData("""{"receipts":[]}""", "batchEmpty", "receipts")]
    public void What_is_wrong_with_an_acknowledgement_is_said_at_its_place(string json, string code, string field) =>
        Check<Receipt>(json, AcknowledgeMessages.Parse, code, field);

    [Theory]
    [InlineData("""{"entries":[{"leaseSeconds":1}]}""", "missingField", "entries[0].receipt")]
    [InlineData("""{"entries":[{"receipt":"abc","leaseSeconds":1}]}""", "receiptInvalid", "entries[0].receipt")]
    [InlineData("""{"entries":[{"leaseSeconds":43201}]}""", "invalidValue", "entries[0].leaseSeconds")]
    [InlineData("""{"entries":[{"leaseSeconds":-1}]}""", "invalidValue", "entries[0].leaseSeconds")]
    [InlineData("""{"entries":["abc"]}""", "invalidValue", "entries[0]")]
    [InlineData("""{"entries":[{"delaySeconds":1}]}""", "unknownField", "entries[0].delaySeconds")]
    public void What_is_wrong_with_an_extension_is_said_at_its_place(string json, string code, string field) =>
        Check<ExtendEntry>(json, ExtendLeases.Parse, code, field);

    [Theory]
    [InlineData("""{"entries":[{"delaySeconds":31536001}]}""", "invalidValue", "entries[0].delaySeconds")]
    [InlineData("""{"entries":[{"leaseSeconds":1}]}""", "unknownField", "entries[0].leaseSeconds")]
    [InlineData("""{"entries":[{"unhandled":1}]}""", "invalidValue", "entries[0].unhandled")]
    [InlineData("""{"entries":[{"unhandled":true}]}""", "missingField", "entries[0].receipt")]
    public void What_is_wrong_with_a_release_is_said_at_its_place(string json, string code, string field) =>
        Check<ReleaseEntry>(json, ReleaseMessages.Parse, code, field);

    [Theory]
    [InlineData("""{"entries":[{"reason":"x"}]}""", "missingField", "entries[0].receipt")]
    [InlineData("""{"entries":[{"reason":7}]}""", "invalidValue", "entries[0].reason")]
    [InlineData("""{"entries":[{"reason":"\ud800"}]}""", "invalidValue", "entries[0].reason")]
    [InlineData("""{"entries":[{"delaySeconds":1}]}""", "unknownField", "entries[0].delaySeconds")]
    [InlineData("""{"entries":["abc"]}""", "invalidValue", "entries[0]")]
    [InlineData("""{"entries":[]}""", "batchEmpty", "entries")]
    public void What_is_wrong_with_a_rejection_is_said_at_its_place(string json, string code, string field) =>
        Check<RejectEntry>(json, RejectMessages.Parse, code, field);

    [Theory]
    [InlineData(1_024, "missingField", "entries[0].receipt")]
    [InlineData(1_025, "invalidValue", "entries[0].reason")]
    public void A_reason_has_a_bound(int bytes, string code, string field) =>
        Check<RejectEntry>($$"""{"entries":[{"reason":"{{new string('x', bytes)}}"}] }""", RejectMessages.Parse, code, field);

    private static void Check<TEntry>(string json, ObjectParser<EntryList<TEntry>> parse, string code, string field)
    {
        var entries = new EntryList<TEntry>();
        var problem = JsonRequest.Parse(new RequestDocument(Encoding.UTF8.GetBytes(json)), entries, parse) ?? Parsing.FirstRefusal(entries);

        Assert.Equal((code, field), (problem?.Kind.Code, problem?.Field));
        Assert.True(entries.Accepted.IsEmpty);
    }
}
