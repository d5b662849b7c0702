using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Reading;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>The parts of an open engine that maintenance works on; the engine owns them. Each has its own threading rule.</summary>
internal sealed record EngineParts(
    IDisk Disk, LogEngineOptions Options, CommitQueue Queue, JournalWriter Writer, JournalRing Ring, AdmissionGate Admission, StreamTable Streams, RecordReader Reader);
