namespace Messaging.Broker;

/// <summary>The first byte of an entry of the system stream: kind and version in one, a changed format is a new kind.</summary>
/// <remarks>
/// Varints, unsigned; texts and bytes with their length before them:
/// <code>
/// Keys          1 | id key, 32 bytes | receipt key, 32 bytes
/// QueuePut      2 | old queue                      (read, not written any more)
/// QueueDeleted  3 | stream id | catalog version
/// QueueDefined  4 | queue
/// Reached       8 | catalog version: the mirror of a catalog in Postgres is as that was at this version
/// OperationStarted     5 | started              <see cref="Operations.OperationEntries"/> has what is behind these
/// OperationProgress    6 | progress
/// OperationCancelling  7 | cancelling
/// OperationEnded       9 | ended
/// AccessKeyPut        10 | access key
/// AccessKeyDeleted    11 | id
/// TopicDefined        12 | topic
/// TopicDeleted        13 | first stream id | catalog version
/// SubscriptionDefined 19 | subscription
/// SubscriptionDeleted 20 | number | catalog version        (those of a topic that is deleted go by that entry)
/// SubscriptionPaused  21 | number | 1 paused, 0 resumed
/// SigningKey          22 | PKCS #8                 what notifications are signed with; there at most once
/// SubscriptionQueue   23 | number | stream id            what is pushed waits in that stream's queue
/// SubscriptionConfirmed 24 | number
/// 26, 27              records on their way to queues: <see cref="Copies.CopyTable"/>
/// SubscriptionGathers 30 | number | stream id            what is for its queue gathers in that stream's queue
/// SubscriptionDrained 31 | number                        all of that has gone on, and the stream with it
/// ReplayStarted       32 | number | replay                <see cref="Subscriptions.LiveReplay"/> has it
/// ReplayFailed        33 | number                        something of it was left out
/// ReplayEnded         34 | number                        it is over before it was done, or forgotten
/// DocumentPut         28 | document
/// DocumentDeleted     29 | account | namespace | kind | name
/// 14 to 18            producers and their transactions: <see cref="Producers.ProducerEntries"/>
/// queue: stream id | account | namespace | name | created version | version | created ms | modified ms | definition
/// definition: (field, value)... | 0               <see cref="Catalog.DefinitionFields"/> has the fields
/// old queue: stream id | account | namespace | name | version | created ms | modified ms | type
///        | lease s | delay s | retention s | receive wait s | max message bytes | tags | (key, value)...
/// access key: id | secret | account
/// topic: runs | (stream id, count)... | account | namespace | name | created version | version | created ms | modified ms | definition
///        of which <see cref="Catalog.TopicFields"/> has the fields
/// subscription: account | namespace | topic | name | number, which is the created version | version | created ms | modified ms | definition
///        of which <see cref="Catalog.SubscriptionFields"/> has the fields
/// document: account | namespace | kind | name | text
/// snapshot: version = 6 | clock ms | catalog version | id key | receipt key | queues | queue... | operations | access keys | access key... | topics | topic... | producers | subscriptions | (subscription | 1 paused + 2 confirmed | delivery queue's stream id + 1, 0 for none | the same of the queue in which it gathers | replay, a 0 for none)... | signing key, empty for none | copies | documents | document...
///           (version 5: without subscriptions; version 4: without topics; version 3: without access keys; version 2: without operations; version 1: old queue...)
/// </code>
/// The created version tells a queue from a later one of the same name; 0 where the old form did not say it.
/// docs/formats.md names this page.
/// </remarks>
internal enum CatalogEntryKind : byte
{
    Keys = 1,
    QueuePut = 2,
    QueueDeleted = 3,
    QueueDefined = 4,
    Reached = 8,
    OperationStarted = 5,
    OperationProgress = 6,
    OperationCancelling = 7,
    OperationEnded = 9,
    AccessKeyPut = 10,
    AccessKeyDeleted = 11,
    TopicDefined = 12,
    TopicDeleted = 13,
    ProducerTaken = 14,
    ProducerInitiated = 15,
    TransactionBegan = 16,
    TransactionEnded = 17,
    ProducerForgotten = 18,
    SubscriptionDefined = 19,
    SubscriptionDeleted = 20,
    SubscriptionPaused = 21,
    SigningKey = 22,
    SubscriptionQueue = 23,
    SubscriptionConfirmed = 24,
    CopyStarted = 26,
    CopyProgressed = 27,
    DocumentPut = 28,
    DocumentDeleted = 29,
    SubscriptionGathers = 30,
    SubscriptionDrained = 31,
    ReplayStarted = 32,
    ReplayFailed = 33,
    ReplayEnded = 34,
}
