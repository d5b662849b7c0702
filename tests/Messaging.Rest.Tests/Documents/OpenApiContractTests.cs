using Messaging.Broker;
using Messaging.Rest.Errors;
using Messaging.Rest.Operations;
using Messaging.Rest.Wire;
using Messaging.TestKit.Contracts;

namespace Messaging.Rest.Tests.Documents;

/// <summary>
/// openapi.yaml against the tables by which the front parses and refuses. What is served and answered is held against it in
/// Messaging.Api.Tests.
/// </summary>
public sealed class OpenApiContractTests
{
    [Fact]
    public void The_embedded_document_is_the_file_of_the_root()
    {
        using Stream stream = typeof(RestFront).Assembly.GetManifestResourceStream("openapi.yaml")!;
        using var embedded = new StreamReader(stream);

        Assert.Equal(File.ReadAllText(SourceTree.OpenApiFile), embedded.ReadToEnd());
    }

    [Theory]
    [InlineData("QueueDefinition", nameof(QueueDefinitionParser))]
    [InlineData("QueuePatch", nameof(QueueDefinitionParser))]
    [InlineData("DeadLetter", nameof(QueuePartParsers.DeadLetterFields))]
    [InlineData("DeadLetterPatch", nameof(QueuePartParsers.DeadLetterFields))]
    [InlineData("Deduplication", nameof(DeduplicationParser))]
    [InlineData("DeduplicationPatch", nameof(DeduplicationParser))]
    [InlineData("TopicDeduplication", nameof(DeduplicationParser))]
    [InlineData("TopicDeduplicationPatch", nameof(DeduplicationParser))]
    [InlineData("Retry", nameof(QueuePartParsers.RetryFields))]
    [InlineData("RetryPatch", nameof(QueuePartParsers.RetryFields))]
    [InlineData("DefinitionsDocument", nameof(DefinitionsParser))]
    [InlineData("DefinitionsQueueEntry", nameof(QueueEntry))]
    [InlineData("DefinitionsTopicEntry", nameof(TopicEntry))]
    [InlineData("DefinitionsSubscriptionEntry", nameof(SubscriptionEntry))]
    [InlineData("SubscriptionDefinition", nameof(SubscriptionDefinitionParser))]
    [InlineData("SubscriptionPatch", nameof(SubscriptionDefinitionParser))]
    [InlineData("SubscriptionTarget", nameof(SubscriptionTargetParser))]
    [InlineData("SubscriptionFilter", nameof(SubscriptionPartParsers) + "Filter")]
    [InlineData("SubscriptionFilterPatch", nameof(SubscriptionPartParsers) + "Filter")]
    [InlineData("SubscriptionDeadLetter", nameof(SubscriptionPartParsers) + "DeadLetter")]
    [InlineData("PauseRequest", nameof(PauseSubscription))]
    [InlineData("ConfirmRequest", nameof(ConfirmSubscription))]
    [InlineData("ReplayRequest", nameof(ReplaySubscription))]
    [InlineData("SendRequest", nameof(SendMessages))]
    [InlineData("OutgoingMessage", nameof(MessageParser))]
    [InlineData("Attribute", nameof(AttributeParser))]
    [InlineData("ReceiveRequest", nameof(ReceiveMessages))]
    [InlineData("AcknowledgeRequest", nameof(AcknowledgeMessages))]
    [InlineData("ExtendRequest", nameof(ExtendLeases))]
    [InlineData("ExtendEntry", nameof(ExtendLeases) + "Entry")]
    [InlineData("RejectRequest", nameof(RejectMessages))]
    [InlineData("RejectEntry", nameof(RejectMessages) + "Entry")]
    [InlineData("RedriveRequest", nameof(RedriveParser))]
    [InlineData("RedriveFilter", nameof(RedriveParser.FilterFields))]
    [InlineData("ReleaseRequest", nameof(ReleaseMessages))]
    [InlineData("PurgeRequest", nameof(PurgeQueue))]
    [InlineData("ResetRequest", nameof(ResetServer))]
    [InlineData("ReleaseEntry", nameof(ReleaseMessages) + "Entry")]
    [InlineData("TopicDefinition", nameof(TopicDefinitionParser))]
    [InlineData("TopicPatch", nameof(TopicDefinitionParser))]
    [InlineData("PublishRequest", nameof(RecordsDraft))]
    [InlineData("OutgoingRecord", nameof(RecordParser))]
    [InlineData("OutgoingHeader", nameof(RecordHeaderParser))]
    [InlineData("PublishingProducer", nameof(ProducerParser))]
    [InlineData("InitProducerRequest", nameof(InitProducerParser))]
    [InlineData("BeginTransactionRequest", nameof(BeginTransaction))]
    [InlineData("TransactionRequest", nameof(TransactionParser))]
    [InlineData("TransactionOperation", nameof(TransactionParser.OperationFields))]
    [InlineData("TransactionAcknowledge", nameof(TransactionParser.AcknowledgeFields))]
    [InlineData("TransactionSend", nameof(TransactionParser.SendFields))]
    [InlineData("TransactionPublish", nameof(TransactionParser.PublishFields))]
    [InlineData("TransactionCommit", nameof(CommitDraft.FieldsWithGroup))]
    [InlineData("JoinRequest", nameof(JoinParser))]
    [InlineData("HeartbeatRequest", nameof(HeartbeatParser))]
    [InlineData("GroupFetchRequest", nameof(GroupFetchParser))]
    [InlineData("CommitRequest", nameof(CommitDraft))]
    [InlineData("ReleaseRecordsRequest", nameof(ReleaseRecords))]
    [InlineData("OffsetEntry", nameof(OffsetEntryParser))]
    [InlineData("PutOffsetsRequest", nameof(PutGroupOffsets))]
    [InlineData("ResetGroupRequest", nameof(ResetParser))]
    [InlineData("ResetTarget", nameof(GroupPlaceParser))]
    [InlineData("TopicPartition", nameof(GroupPlaceParser))]
    public void Every_field_of_a_request_is_parsed_and_no_other(string schema, string parser)
    {
        FieldTable fields = parser switch
        {
            nameof(QueueDefinitionParser) => QueueDefinitionParser.Fields,
            nameof(QueuePartParsers.DeadLetterFields) => QueuePartParsers.DeadLetterFields,
            nameof(DeduplicationParser) => DeduplicationParser.Fields,
            nameof(QueuePartParsers.RetryFields) => QueuePartParsers.RetryFields,
            nameof(DefinitionsParser) => DefinitionsParser.Fields,
            nameof(QueueEntry) => QueueEntry.EntryFields,
            nameof(TopicEntry) => TopicEntry.EntryFields,
            nameof(SubscriptionEntry) => SubscriptionEntry.EntryFields,
            nameof(SubscriptionDefinitionParser) => SubscriptionDefinitionParser.Fields,
            nameof(SubscriptionTargetParser) => SubscriptionTargetParser.Fields,
            nameof(SubscriptionPartParsers) + "Filter" => SubscriptionPartParsers.FilterFields,
            nameof(SubscriptionPartParsers) + "DeadLetter" => SubscriptionPartParsers.DeadLetterFields,
            nameof(PauseSubscription) => PauseSubscription.Fields,
            nameof(ConfirmSubscription) => ConfirmSubscription.Fields,
            nameof(ReplaySubscription) => ReplaySubscription.Fields,
            nameof(SendMessages) => SendMessages.Fields,
            nameof(MessageParser) => MessageParser.Fields,
            nameof(AttributeParser) => AttributeParser.Fields,
            nameof(ReceiveMessages) => ReceiveMessages.Fields,
            nameof(AcknowledgeMessages) => AcknowledgeMessages.Fields,
            nameof(ExtendLeases) => ExtendLeases.Fields,
            nameof(ExtendLeases) + "Entry" => ExtendLeases.EntryFields,
            nameof(RejectMessages) => RejectMessages.Fields,
            nameof(RejectMessages) + "Entry" => RejectMessages.EntryFields,
            nameof(RedriveParser) => RedriveParser.Fields,
            nameof(RedriveParser.FilterFields) => RedriveParser.FilterFields,
            nameof(ReleaseMessages) => ReleaseMessages.Fields,
            nameof(PurgeQueue) => PurgeQueue.Fields,
            nameof(ResetServer) => ResetServer.Fields,
            nameof(TopicDefinitionParser) => TopicDefinitionParser.Fields,
            nameof(RecordsDraft) => RecordsDraft.Fields,
            nameof(RecordParser) => RecordParser.Fields,
            nameof(RecordHeaderParser) => RecordHeaderParser.Fields,
            nameof(ProducerParser) => ProducerParser.Fields,
            nameof(InitProducerParser) => InitProducerParser.Fields,
            nameof(BeginTransaction) => BeginTransaction.Fields,
            nameof(TransactionParser) => TransactionParser.Fields,
            nameof(TransactionParser.OperationFields) => TransactionParser.OperationFields,
            nameof(TransactionParser.AcknowledgeFields) => TransactionParser.AcknowledgeFields,
            nameof(TransactionParser.SendFields) => TransactionParser.SendFields,
            nameof(TransactionParser.PublishFields) => TransactionParser.PublishFields,
            nameof(CommitDraft.FieldsWithGroup) => CommitDraft.FieldsWithGroup,
            nameof(JoinParser) => JoinParser.Fields,
            nameof(HeartbeatParser) => HeartbeatParser.Fields,
            nameof(GroupFetchParser) => GroupFetchParser.Fields,
            nameof(CommitDraft) => CommitDraft.Fields,
            nameof(OffsetEntryParser) => OffsetEntryParser.Fields,
            nameof(PutGroupOffsets) => PutGroupOffsets.Fields,
            nameof(ReleaseRecords) => ReleaseRecords.Fields,
            nameof(ResetParser) => ResetParser.Fields,
            nameof(GroupPlaceParser) => GroupPlaceParser.Fields,
            _ => ReleaseMessages.EntryFields,
        };

        Assert.Equal(fields.Served.Order(StringComparer.Ordinal), OpenApiContract.Current.Fields(schema).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_is_documented_and_no_other()
    {
        var codes = Enum.GetValues<ErrorCode>().Select(code => ProblemTable.Of(code).Code)
            .Concat(Enum.GetValues<FrontCode>().Select(code => ProblemTable.Of(code).Code));
        var documented = OpenApiContract.Current.Schema("KnownProblemCode")["enum"]!.AsArray().Select(code => code!.GetValue<string>());

        Assert.Equal(codes.Order(StringComparer.Ordinal), documented);
    }
}
