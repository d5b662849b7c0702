#!/usr/bin/env bash
# Checks the checks: seeds one bug at a time into a scratch copy of the source, and verifies that the simulation or the unit
# tests catch it. The tree itself is never touched. Prints a table; ends with 1 when a bug escapes, or can't be seeded any more.
#
#   tests/check-the-checks.sh              all bugs (a quarter to half a minute each)
#   tests/check-the-checks.sh sync slot    only the bugs whose name contains one of these
#
#   MESSAGING_SIMULATION_CYCLES   crash-and-recover cycles of the simulation for each bug (default here 400)
#
# A bug is one line at the end of this file: its name, the file, and a perl substitution over the whole file. A substitution that
# changes nothing fails the run, so that the list follows the source. A fourth word names a further test project to ask, a fifth
# which of its tests, by a part of their names; of a bug in a front, which neither the simulation nor the storage's tests know,
# only that one is asked. A run that hangs counts as caught.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export MESSAGING_SIMULATION_CYCLES="${MESSAGING_SIMULATION_CYCLES:-400}"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1
wanted=("$@")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
log="$scratch/log"
tree="$scratch/tree"
rows=() escaped=0 caught=0
# Asked of every bug that is not a front's.
always=(Messaging.Simulation Messaging.Storage.Tests) sound=0

mkdir "$tree"
tar --exclude=./.git --exclude=bin --exclude=obj --exclude=artifacts -cf - . | tar -xf - -C "$tree"

# build <project>...: those test projects, without analyzers, which do not judge seeded bugs
build() {
  local project
  for project in "$@"; do
    dotnet build "$tree/tests/$project/$project.csproj" -c Release -v q -nodeReuse:false \
      -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:NuGetAudit=false >"$log" 2>&1 || return 1
  done
}

# passes <project> [part of a name]: whether its tests pass, or those with that in their names
passes() {
  timeout --kill-after=10 300 dotnet test "$tree/tests/$1/$1.csproj" --no-build -c Release ${2:+--filter "FullyQualifiedName~$2"} >"$log" 2>&1
}

is_wanted() {
  ((${#wanted[@]} == 0)) && return 0
  local word
  for word in "${wanted[@]}"; do [[ $1 == *"$word"* ]] && return 0; done
  return 1
}

# Once, before the first bug of which they are asked: what fails anyhow would catch everything.
pass_unchanged() {
  local project
  ((sound == 0)) || return 0
  echo "building the unchanged tree"
  build "${always[@]}" || { cat "$log"; exit 1; }
  for project in "${always[@]}"; do
    passes "$project" || { echo "the unchanged tree fails in $project"; tail -n 40 "$log"; exit 1; }
  done
  sound=1
}

# bug <name> <file> <perl substitution> [further test project] [part of its tests' names]
bug() {
  local name=$1 file=$2 change=$3 further=${4:-} tests=${5:-} project asked verdict="NOT CAUGHT" by=""
  local projects=("${always[@]}" ${further:+"$further"})
  is_wanted "$name" || return 0
  if [[ $file =~ ^src/Messaging\.(Grpc|Rest|Aws|Http|Push)/ ]]; then projects=("$further"); else pass_unchanged; fi
  cp "$tree/$file" "$scratch/original"
  perl -0pi -e "$change" "$tree/$file"
  if cmp -s "$scratch/original" "$tree/$file"; then
    verdict="DOES NOT APPLY"
  elif ! build "${projects[@]}"; then
    verdict="DOES NOT BUILD"
    grep -m 1 'error' "$log" || true
  else
    for project in "${projects[@]}"; do
      if [[ $project == "$further" ]]; then asked=$tests; else asked=""; fi
      if ! passes "$project" "$asked"; then verdict=caught by=$project; break; fi
    done
  fi

  cp "$scratch/original" "$tree/$file"
  if [[ $verdict == caught ]]; then caught=$((caught + 1)); else escaped=$((escaped + 1)); fi
  rows+=("$(printf '%-58s %-15s %s' "$name" "$verdict" "$by")")
  echo "${rows[-1]}"
}

storage=src/Messaging.Storage

# What was acknowledged is on the disk.
bug "answer before the sync" $storage/Journal/JournalWriter.cs 's/(_slot\.File\.Write\(_builder\.Pieces, offset\);\s*_builder\.Forget\(\);)\s*(_slot\.File\.DataSync\(\);)/$2 $1/'
bug "no sync of the journal" $storage/Journal/JournalWriter.cs 's/_slot\.File\.DataSync\(\);//'
bug "readable before the sync" $storage/Journal/JournalWriter.cs 's/(        _slot\.File\.Write\(_builder\.Pieces, offset\);.*?)(        foreach.*?\n        }\n)/$2$1/s'
bug "a failing journal goes on" $storage/Journal/JournalLoop.cs 's/            Fail\(fault\);\n            return false;/            queue.EndFlight(writer.Position);\n            FrameCompletion.Start(queue, frame, here: true);\n            return false;/'
bug "a lone caller is answered after a failed sync" $storage/Journal/JournalLoop.cs 's/if \(isSynced\)/if (frame is not null)/'
bug "the last frame is not made durable at a start" $storage/Recovery/JournalReplay.cs 's/(        )WriteLastFrameAgain\(meta, slots\);/$1/'
bug "META of a killed process is believed" $storage/Meta/MetaFile.cs 's/file\.DropCache\(\);//'
bug "names of a killed process are believed" $storage/Recovery/FolderRecovery.cs 's/disk\.SyncFolder\(folder\);//'

# Truncation.
bug "wrong truncation: a torn frame counts" $storage/Recovery/JournalScan.cs 's/(header\.PreviousCrc != Position\.Crc)\s*\|\| !JournalFormat\.CrcIsValid\(bytes, header, \w+\)/$1/'
bug "wrong truncation: damage in the middle is cut off" $storage/Recovery/JournalScan.cs 's/header\.Lsn > Position\.Lsn/header.Lsn < 0/'
bug "wrong truncation: the next slot is not looked for" $storage/Recovery/JournalScan.cs 's/slot\.Number != Position\.Slot && StartsWith/slot.Number < 0 && StartsWith/'
bug "old frames of a recycled slot count" $storage/Recovery/JournalScan.cs 's/\|\| header\.Lsn != Position\.Lsn \+ 1\s*\|\| header\.PreviousCrc != Position\.Crc//'
bug "frames carry no salt" $storage/Meta/MetaRecord.cs 's/return BinaryPrimitives\.ReadUInt32LittleEndian\(hash\);/return 0;/'

# Offsets and ids.
bug "reused offset: after a replay" $storage/Recovery/JournalReplay.cs 's/stream\.Next = header\.BaseOffset \+ count;/stream.Next = header.BaseOffset;/'
bug "reused offset: after a checkpoint" $storage/Recovery/FolderRecovery.cs 's/Next = entry\.Next,/Next = entry.Tail.Count > 0 ? entry.Tail[^1].BaseOffset + entry.Tail[^1].Count : entry.Extents.Count > 0 ? entry.Extents[^1].EndOffset : 0,/'
bug "reused stream id" $storage/LogEngine.cs 's/state\.LastStreamId\);/state.Streams.Keys.Max());/'
bug "whole batch: offsets by its records" $storage/Command.cs 's/stream\.Next \+= header\.LastOffsetDelta \+ 1L/stream.Next += header.Count/'
bug "whole batch: a record joins a batch from before it" $storage/Journal/PendingFrame.cs 's/        stream\.OpenBatchFrame = 0;\n//'
bug "whole batch: its times move the clock after a replay" $storage/Recovery/JournalReplay.cs 's/\(entry\.Flags & EntryFlags\.ProducerTime\) == 0/stream is not null/'
bug "whole batch: a rebuilt one loses its leader epoch" $storage/Records/RecordBatchFilter.cs 's/, header\.LeaderEpoch\)/)/'
bug "whole batch: read before the sync" $storage/LogStream.cs 's/Volatile\.Read\(ref _syncedNext\)/Next/'
bug "whole batch: a read skips the first after a hole" $storage/Streams/StreamIndex.cs 's/\? 0 : 1;(\s+int extent)/? 0 : 2;$1/'
bug "whole batch: blocks are not checked" $storage/Reading/BatchRead.cs 's/Crc32C\.Compute\(bytes\) == crc/crc == crc/'
bug "large batch: its bytes are not in the checksum of its frame" $storage/Crc32C.cs 's/return first \^ second;/return first;/'
bug "promotion: a slot that is a pack is written again" $storage/Recovery/FolderRecovery.cs 's/        ring\.KeepFromPacks\(\);\n//'
bug "promotion: the index is not synced" $storage/Maintenance/SlotPromotion.cs 's/        slot\.File\.DataSync\(\);\n//; s/promoted => promoted\.Slot\.File\.DropCache\(\)/static _ => { }/'
bug "promotion: the pack's name is not synced" $storage/Maintenance/SlotPromotion.cs 's/        disk\.SyncFolder\("packs"\);\n//'
bug "large batch: what died of it is copied into a pack" $storage/Maintenance/ExtentCopier.cs 's/!stream\.HasReleasedAboveLow && //'
bug "a pack ends with the padding of its last write" $storage/Packs/PackWriter.cs 's/_file\.SetLength\(_flushed\);//'
bug "copy-forward counts offsets anew" $storage/Records/RecordBatchFilter.cs 's/WriteRecord\(buffer\[length\.\.\], records\.OffsetDelta,/WriteRecord(buffer[length..], count,/'
bug "timestamps go back after a restart" $storage/Recovery/FolderRecovery.cs 's/LastTimestamp = entry\.LastTimestamp,//'

# Checkpoints, slots and packs.
bug "checkpoint past the synced journal" $storage/Journal/CommitQueue.cs 's/else if \(_open is null or \{ HasWork: false \} && _closed\.Count == 0 && _inFlight is null\)/else if (_fault is null)/'
bug "checkpoint after the journal has failed" $storage/Journal/CommitQueue.cs 's/if \(_fault is not null\)\n(\s+)\{\n(\s+)\/\/ What/if (_lastNumber < 0)\n$1\{\n$2\/\/ What/'
bug "slot reused and pack deleted before META names the checkpoint" $storage/Maintenance/Checkpointer.cs 's/(        long old = Meta\.CheckpointId;\n)(        WriteMeta\(id, generation, isClean\);\n        Position = position;\n)(        Release\(old, .*?\);\n)/$1$3$2/s'
bug "slot reused although records live in it" $storage/Maintenance/Checkpointer.cs 's/ \|\| live\.Contains\(slot\)//'
bug "slot reused although a reader holds it" $storage/Journal/JournalRing.cs 's/slot\.Use == 0 && !slot\.IsPinned/slot.Use == 0/'
bug "no sync of a checkpoint" $storage/Checkpoints/CheckpointFile.cs 's/file\.DataSync\(\);//'
bug "no sync of the folder of checkpoints" $storage/Checkpoints/CheckpointFile.cs 's/disk\.SyncFolder\("checkpoints"\);//'
bug "no sync of META" $storage/Meta/MetaFile.cs 's/file\.DataSync\(\);//'
bug "no sync of a pack" $storage/Packs/PackWriter.cs 's/_file\.DataSync\(\);//'
bug "no sync of the folder of packs" $storage/Packs/PackWriter.cs 's/_disk\.SyncFolder\("packs"\);//'
bug "no sync of the folder of slots" $storage/Journal/JournalSlotFile.cs 's/disk\.SyncFolder\("journal"\);//'
bug "forgotten release: checkpoints leave them out" $storage/Checkpoints/StreamSnapshots.cs 's/OffsetSetCodec\.Write\(stream\.Released, _bytes\)/OffsetSetCodec.Write(new OffsetSet(), _bytes)/'
bug "a batch with one dead record is dead" $storage/Maintenance/TailFlush.cs 's/stream\.Released\.CountAboveLow >= to - from && stream\.Released\.CountIn\(from, to\) == to - from/stream.Released.CountIn(from, to) > 0/'
bug "maintenance never rests" $storage/Maintenance/MergePlan.cs 's/PackFormat\.HeaderBytes \+ PackFormat\.FooterBytes/0/; s/LiveBytes \+ PackFormat\.ExtentBytes \+ \(Extent\.BlockCount \* PackFormat\.BlockBytes\)/LiveBytes/'
bug "dead packs are never deleted" $storage/Maintenance/Checkpointer.cs 's/_garbage\.Add\(pack\.Name\);//'

# Damage and want of space.
bug "damage is skipped silently" $storage/Reading/RecordReader.cs 's/state = StoredRecordState\.Damaged;/state = StoredRecordState.Missing;/'
bug "damaged blocks are served" $storage/Reading/RecordBlock.cs 's/Crc32C\.Compute\(Bytes\) != crc/false/; s/\|\| !RecordBatch\.CrcIsValid\(batch\)//'
bug "a full disk ends the engine" $storage/Maintenance/Maintainer.cs 's/fault\.Fault == StorageFault\.DiskFull && MayGoOn\)\n(\s+)\{\n(\s+)if \(!_watch\.ReleaseBallast/fault.Fault == StorageFault.FolderInUse && MayGoOn)\n$1\{\n$2if (!_watch.ReleaseBallast/; s/when \(!isSecond && MayGoOn\)/when (fault.Fault != StorageFault.DiskFull && !isSecond && MayGoOn)/'
bug "sends stay refused when space is back" $storage/Maintenance/DiskWatch.cs 's/public void Succeeded\(\) => _hasFailed = false;/public void Succeeded() { }/'
bug "no back-pressure" $storage/Journal/AdmissionGate.cs 's/return admitsRecords && RecordsIn\(after\)[^;]*;/return true;/'
bug "state starves records that fill a slot" $storage/Journal/AdmissionGate.cs 's/\(StateIn\(after\) <= _stateShare \|\| !admitsRecords \|\| _records\.Count == 0\)/true/'
bug "who waits where nothing can be freed waits for ever" $storage/Maintenance/Maintainer.cs 's/_admission\.RefuseWaiting\(\)/false/'
bug "records take the slots of state" $storage/Journal/AdmissionGate.cs 's/bool admitsRecords = free > SlotsForState;/bool admitsRecords = free > 0;/'

broker=src/Messaging.Broker

# Queues: an answer tells only what is on the disk.
bug "queues: a send answers before the sync" $broker/Queues/SendMessages.cs 's/await (Sequence\(admission, queue, encoded, guard, commandBytes, out bool found\));/_ = $1.AsTask();/'
bug "queues: a receive answers before the sync" $broker/Queues/ReceiveMessages.cs 's/if \(!take\.Waits\) await synced;/_ = synced.AsTask();/'
bug "queues: an acknowledgement answers before the sync" $broker/Queues/AcknowledgeMessages.cs 's/await (Sequence\(admission, queue, receipts\.Span, onlyWhileLeased, outcomes, bytes, out bool found\));/_ = $1.AsTask();/'
bug "queues: a refusal is told before the sync" $broker/Queues/QueueHost.cs 's/if \(refusal\.Code != ErrorCode\.Stopping\) await engine\.SyncedAsync\(\);/await Task.CompletedTask;/'
bug "queues: counts are told before the sync" $broker/Catalog/GetQueue.cs 's/await host\.Engine\.SyncedAsync\(\);//'

# Queues: what is folded is what was done.
bug "queues: lost receive count: the fold" $broker/Queues/QueueEntries.cs 's/state\.ApplyReceived\(offset \+= reader\.Signed\(\), now, deadline, retry\);/\{ offset += reader.Signed(); if (!state.TryGet(offset, out _)) state.ApplyReceived(offset, now, deadline, retry); else state.ApplyExtended(offset, deadline); \}/'
bug "queues: lost receive count: the snapshot" $broker/Queues/StateSections.cs 's/writer\.Unsigned\(delivery\.ReceiveCount\);/writer.Unsigned(1);/'
bug "queues: forgotten acknowledgement: the fold" $broker/Queues/QueueEntries.cs 's/state\.ApplyGone\(offset \+= reader\.Signed\(\)\);/offset += reader.Signed();/'
bug "queues: forgotten acknowledgement: not journaled" $broker/Queues/AcknowledgeMessages.cs 's/command\.AppendState\(queue\.Stream, entry\.Written\);//'
bug "queues: lease lost over a restart: the fold" $broker/Queues/QueueEntries.cs 's/long deadline = now \+ reader\.Unsigned\(\);/long deadline = now + (0 * reader.Unsigned());/'
bug "queues: lease lost over a restart: the snapshot" $broker/Queues/StateSections.cs 's/writer\.Signed\(delivery\.State\);/writer.Signed(0);/'
bug "queues: an extended lease is forgotten" $broker/Queues/QueueEntries.cs 's/state\.ApplyExtended\(offset \+= reader\.Signed\(\), now \+ reader\.Unsigned\(\)\);/offset += reader.Signed() + (0 * reader.Unsigned());/'
bug "queues: a release is forgotten" $broker/Queues/QueueEntries.cs 's/state\.ApplyReleased\(offset \+= reader\.Signed\(\), now \+ reader\.Unsigned\(\)\);/offset += reader.Signed() + (0 * reader.Unsigned());/'
bug "queues: a precondition is ignored" $broker/Catalog/Precondition.cs 's/Versions\.Contains\(version!\.Value\)/true/'
bug "queues: a patch is not validated" $broker/Catalog/DefineQueue.cs 's/return definition\.Validate\(\) is \{ \} refusal \? refusal : definition;/return definition;/' Messaging.Broker.Tests
bug "queues: a deleted queue comes back" $broker/Catalog/CatalogJournal.cs 's/command\.DropStream\(queue\.Stream\);//; s/command\.AppendState\(host\.Engine\.System, CatalogEntries\.QueueDeleted.*?\);//'
bug "queues: keys are lost with a checkpoint" $broker/Catalog/CatalogSnapshot.cs 's/if \(idKey\.Length == MessageKeys\.KeyBytes\) catalog\.ApplyKeys\(idKey, receiptKey\);//'
bug "queues: the clock forgets what it has written" $broker/Time/BrokerClock.cs 's/_nowMs = Math\.Max\(WallMs\(\), floorMs\);/_nowMs = WallMs();/'

# Queues: when, how often and to whom.
bug "queues: delivered early: a delay of its own, in the fold" $broker/Queues/QueueEntries.cs 's/state\.ApplyDelayed\(offset \+= reader\.Signed\(\), now \+ reader\.Unsigned\(\)\);/state.ApplyDelayed(offset += reader.Signed(), now + (reader.Unsigned() \/ 2));/'
bug "queues: delivered early: a delay of its own, in the snapshot" $broker/Queues/StateSections.cs 's/(WriteDelayed\(ref BufferEntryWriter writer, long offset, long due\)\s*\{\s*writer\.Unsigned\(offset \+ 1\);\s*writer\.Unsigned\()due\)/$1due - 1)/'
bug "queues: delivered early: the queue's delay" $broker/Queues/DelayMarks.cs 's/_ring\[_head\]\.Due <= now/_ring[_head].Due <= now + 100/'
bug "queues: a lease ends early" $broker/Queues/DeliveryTable.cs 's/_timed\.PeekKey\(\) <= now/_timed.PeekKey() <= now + 1/'
bug "queues: a stale receipt acknowledges" $broker/Queues/AcknowledgeMessages.cs 's/refusal\.Code == ErrorCode\.NotLeased &&/refusal.Code is ErrorCode.NotLeased or ErrorCode.ReceiptStale \&\&/'
bug "queues: forged receipts are genuine" $broker/Messages/MessageKeys.cs 's/genuine\[i\] = .*?;/genuine[i] = true;/'
bug "queues: lost wake-up: by a release" $broker/Queues/ChangeLeases.cs 's/host\.Wakes\.Wake\(queue, now\);//'
bug "queues: lost wake-up: by time" $broker/Queues/Wakes.cs 's/Cancel\(queue\);\n(\s+)Wake\(queue, now\);/Cancel(queue);\n$1_ = now;/'
bug "queues: what is past its retention is delivered" $broker/Queues/TakenReader.cs 's/Math\.Max\(message\.SentAtMs\(record\.TimestampMs\), message\.NotBeforeMs\) < oldest/record.TimestampMs < 0/'
bug "queues: retention drops what is leased" $broker/Queues/QueueTrim.cs 's/if \(delivery\.State == 0 && delivery\.DueMs < dueBefore\) state\.ApplyGone/if (delivery.DueMs < dueBefore) state.ApplyGone/'
bug "catalog: a document with a bad entry is applied in part" $broker/Catalog/DefinitionsPlan.cs 's/HasWork => IsSound && /HasWork => /'
bug "catalog: a document overwrites what it has not seen" $broker/Catalog/ApplyDefinitions.cs 's/(Apply\(in Command command.*?Judge\(proposed, )precondition/$1default/s' Messaging.Broker.Tests
bug "queues: retention forgets a delay" $broker/Queues/Retention.cs 's/dueBefore - state\.Backlog\.DelayMsMax/dueBefore/'

# Moves: in one place, exactly when, exactly counted.
bug "moves: delivered once more than allowed" $broker/Queues/SetAside.cs 's/delivery\.CountedReceives < ReceivesMax/delivery.CountedReceives <= ReceivesMax/'
bug "moves: lost receive count at the limit" $broker/Queues/StateSections.cs 's/ReceiveCount = reader\.Int32\(\),/ReceiveCount = Math.Min(reader.Int32(), Math.Max(1, state.Aside.ReceivesMax - 1)),/'
bug "moves: two frames" $broker/Moves/MoveBatch.cs 's/command\.AppendState\(source\.Stream, away\.Written\);/(_late, _host) = (away.Written.ToArray(), host);/; s/(public void Dispose\(\)\s*\{)/$1 if (_late is not null) { using Command late = _host!.Engine.BeginCommand(4096); late.AppendState(source.Stream, _late); _ = late.Commit().AsTask(); }/; s/(    private readonly Message\[\] _messages)/    private byte[]? _late; private QueueHost? _host;\n$1/'
bug "moves: another id in the next queue" $broker/Moves/DeadLetters.cs 's/message\.Id \?\? own\[0\]/own[0]/'
bug "moves: a rejection without a lease" $broker/Moves/RejectMessages.cs 's/ReceiptCheck\.Holds\(queue\.State, entries\[index\]\.Receipt\)/null/'
bug "moves: progress of a redrive is not journaled" $broker/Moves/RedriveRunner.cs 's/journal\.Progress\(command, host\.Engine, operation\.Number, /journal.Operations.ApplyProgress(operation.Number, /'
bug "moves: what waited for a deleted queue waits for ever" $broker/Queues/QueueDirectory.cs 's/if (\(_byKey\.TryRemove\(.*?\)\)) LimitSourcesOf\(queue\.Key\);/_ = $1;/'
bug "moves: a queue that is made again gets nothing" $broker/Queues/QueueDirectory.cs 's/(_byKey\[queue\.Key\] = queue;\s*)LimitSourcesOf\(queue\.Key\);/$1/'
bug "moves: operations are lost with a checkpoint" $broker/Catalog/CatalogSnapshot.cs 's/if \(version >= VersionWithoutAccessKeys\) catalog\.Operations\.Operations\.Restore\(ref reader\);/if (version >= VersionWithoutAccessKeys) new OperationTable().Restore(ref reader);/'
# Queues: groups, priorities and retries.
bug "lanes: a group goes on while one of it is out" $broker/Queues/LaneTable.cs 's/_isOrdered && lane\.Held > 0/_isOrdered \&\& lane.Held < 0/'
bug "lanes: what was given back for a time is in nobody's way" $broker/Queues/LaneTable.cs 's/handle == LaneNodes\.None \|\| _isOrdered\)/handle == LaneNodes.None)/'
bug "lanes: the fold knows no groups" $broker/Queues/QueueEntries.cs 's/state\.ApplyLaned\(offset, lane, isPending: \(tag & 1\) != 0\);//'
bug "lanes: a snapshot forgets who is held" $broker/Queues/QueueState.cs 's/_lanes\?\.RestoreHeld\(offset, LastNowMs\);//'
bug "lanes: a snapshot forgets what became due late" $broker/Queues/StateSections.cs 's/foreach \(\(long offset, long due\) in state\.Lanes\?\.Late\(\) \?\? \[\]\) WriteDelayed\(ref writer, offset, due\);//' Messaging.Broker.Tests
bug "lanes: the newest of a lane first" $broker/Queues/LaneTable.cs 's/node\.Previous = lane\.Tail;\n        if \(lane\.Tail == LaneNodes\.None\) lane\.Head = handle;\n        else _nodes\[lane\.Tail\]\.Next = handle;\n        lane\.Tail = handle;/node.Next = lane.Head;\n        if (lane.Head == LaneNodes.None) lane.Tail = handle;\n        else _nodes[lane.Head].Previous = handle;\n        lane.Head = handle;/'
bug "lanes: lost wake-up: by an acknowledgement" $broker/Queues/AcknowledgeMessages.cs 's/wasFull \|\| state\.Deliverable > deliverable/wasFull/' Messaging.Broker.Tests
bug "lanes: priorities count for nothing" $broker/Queues/LaneOrder.cs 's/for \(int priority = _highest; priority >= 0; priority--\)/for (int priority = 0; priority <= _highest; priority++)/'
bug "retries: the wait is forgotten by the fold" $broker/Queues/QueueEntries.cs 's/hasRetry \? reader\.Retry\(\) : null/hasRetry ? reader.Retry() with { MinSeconds = 0 } : null/'
bug "retries: the wait is forgotten by the snapshot" $broker/Queues/QueueSnapshot.cs 's/StateSections\.WriteNumbers\(ref writer, RetriesSection, .*?\);//' Messaging.Broker.Tests

# The catalog in Postgres.
bug "catalog: a mirror keeps the messages of an older queue" $broker/Catalog/CatalogAttachment.cs 's/if \(mirror\.Count > 0\) await DropOlderAsync.*?\);\n//' Messaging.Catalog.Tests
bug "catalog: a row that is missing is not added" $broker/Catalog/CatalogAttachment.cs 's/if \(await truth\.CountAsync\(cancellationToken\) != mirror\.Count\) await AddMissingAsync\(cancellationToken\);//' Messaging.Catalog.Tests
bug "catalog: what an unknown commit did is not looked for" $broker/Catalog/CatalogAttachment.cs 's/Head = Head!\.Epoch == seen\?\.Epoch \? seen : Head;//' Messaging.Catalog.Tests
bug "catalog: a commit that got through is made again" src/Messaging.Catalog/PostgresCatalog.cs 's/if \(wasSent && now == after\) return true;//' Messaging.Catalog.Tests
bug "catalog: an older process is not shut out" src/Messaging.Catalog/PostgresCatalog.cs 's/if \(now != head\) return false;//' Messaging.Catalog.Tests
bug "catalog: two changes of one queue are decided at once" $broker/Catalog/CatalogPlan.cs 's/change\.Keys\.Any\(key => _keys\.Contains\(key\) \|\| _needs\.Contains\(key\)\)/false/' Messaging.Catalog.Tests
bug "catalog: changes that look at each other are decided at once" $broker/Catalog/CatalogPlan.cs 's/!\(_isLinked && draft\.IsLinked\)/true/' Messaging.Catalog.Tests
bug "catalog: an older Postgres is taken" $broker/Catalog/CatalogRules.cs 's/head\.Version >= mirror\.Version/true/' Messaging.Catalog.Tests
bug "catalog: rows of another history are passed over" src/Messaging.Catalog/CatalogTransaction.cs 's/SET version = \@first \+ numbered\.place/SET version = numbered.place/' Messaging.Catalog.Tests
# Queues: looking into them, and what ends messages.
bug "looking: a cancel is forgotten" $broker/Queues/CancelMessage.cs 's/command\.AppendState\(queue\.Stream, entry\.Written\);//'
bug "looking: a cancel answers before the sync" $broker/Queues/CancelMessage.cs 's/await (Sequence\(admission, queue, id, place, out refusal\));/_ = $1.AsTask();/'
bug "looking: what is leased can be cancelled" $broker/Queues/CancelMessage.cs 's/State == MessageState\.Leased\)/State == (MessageState)9)/'
bug "looking: a cancelled message counts as delayed" $broker/Queues/OwnDelays.cs 's/(if \(!_waiting\.Remove\(offset\)\) return false;\s*)Count--;/$1/'
bug "looking: a page leaves one out" $broker/Queues/BrowsePage.cs 's/Next = offset < queue\.Stream\.Next \? offset/Next = offset < queue.Stream.Next ? offset + 1/'
bug "looking: a page token is good for every queue" $broker/Messages/MessageKeys.cs 's/new Receipt\(streamId, offset, 0, 0\)/new Receipt(0, offset, 0, 0)/'
bug "looking: a purge spares the marks of the delay" $broker/Queues/Backlog.cs 's/(stream\.ReleaseBelow\(below\);\s*)_marks = null;/$1/'
bug "looking: a purge is forgotten: the fold" $broker/Queues/QueueEntries.cs 's/state\.ApplyPurged\(reader\.Unsigned\(\)\);/reader.Unsigned();/'
bug "expiry: forgotten: the fold" $broker/Queues/QueueEntries.cs 's/state\.ApplyExpiring\(offset \+= reader\.Signed\(\), now \+ reader\.Unsigned\(\)\);/offset += reader.Signed() + (0 * reader.Unsigned());/'
bug "expiry: forgotten: the snapshot" $broker/Queues/QueueSnapshot.cs 's/queue\.State\.Expiry is \{ IsEmpty: false \} expiry/queue.State.Expiry is { IsEmpty: true } expiry/'
bug "expiry: a lease that runs does not keep the message" $broker/Queues/QueueState.cs 's/delivery\.State > 0\) expiry\.Defer\(offset\);/delivery.State > long.MaxValue - 1) expiry.Defer(offset);/'
bug "expiry: what is given back too late lives on" $broker/Queues/QueueState.cs 's/(Reschedule\(offset, -due\);\s*)if \(_expiry\?\.IsOverdue\(offset\) == true\) ApplyGone\(offset\);/$1/'
bug "unhandled: what nobody has worked on counts for the dead-letter queue" $broker/Queues/SetAside.cs 's/delivery\.CountedReceives < ReceivesMax/delivery.ReceiveCount < ReceivesMax/' Messaging.Broker.Tests ReleaseEntryTests
bug "unhandled: forgotten: the fold" $broker/Queues/QueueEntries.cs 's/state\.ApplyUnhandled\(/state.ApplyReleased(/' Messaging.Broker.Tests ReleaseEntryTests
bug "unhandled: forgotten: the snapshot" $broker/Queues/QueueSnapshot.cs 's/static delivery => delivery\.UnhandledCount/static delivery => 0/' Messaging.Broker.Tests ReleaseEntryTests
bug "maxMessages: one too many" $broker/Queues/SendMessages.cs 's/most - queue\.Stream\.LiveCount/most + 1 - queue.Stream.LiveCount/'
# Queues: what is remembered so that a repeated call has no second effect.
bug "windows: a key is not looked up" $broker/Queues/IdempotentCall.cs 's/(else Refusal = Reused;\s*)return true;/$1(Answer, Refusal) = (null, null);\n        return false;/'
bug "windows: keys are forgotten: the fold" $broker/Queues/QueueEntries.cs 's/WindowEntries\.Answered\(state\.OpenWindows\(\), ref reader, now\);//'
bug "windows: keys are forgotten: the snapshot" $broker/Queues/QueueSnapshot.cs 's/queue\.State\.Windows\?\.Answers is \{ \} answers/queue.State.Windows?.Answers is { Count: < 0 } answers/'
bug "windows: a key ends early" $broker/Queues/TimedMap.cs 's/entry\.Until > now;/entry.Until > now + 1_000;/'
bug "windows: an answer is told before the first is synced" $broker/Queues/IdempotentCall.cs 's/if \(IsSettled\) await synced;/_ = synced.AsTask();/'
bug "windows: ids are forgotten: the fold" $broker/Queues/QueueEntries.cs 's/WindowEntries\.Deduplicated\(state\.OpenWindows\(\), ref reader, now\);//'
bug "windows: ids are forgotten: the snapshot" $broker/Queues/QueueSnapshot.cs 's/queue\.State\.Windows\?\.Firsts is \{ \} firsts/queue.State.Windows?.Firsts is { Count: < 0 } firsts/'
bug "windows: a duplicate is stored" $broker/Queues/SendMessages.cs 's/if \(windows\.TryGetFirst\(id, now, out long first\)\)/if (!windows.TryGetFirst(id, now, out long first) \&\& first < 0)/'
bug "windows: attempts are forgotten: the fold" $broker/Queues/QueueEntries.cs 's/WindowEntries\.Attempted\(state\.OpenWindows\(\), ref reader, now\);//'
bug "windows: attempts are forgotten: the snapshot" $broker/Queues/QueueSnapshot.cs 's/queue\.State\.Windows\?\.Attempts is \{ \} attempts/queue.State.Windows?.Attempts is { Count: < 0 } attempts/'
bug "windows: an attempt repeats what has moved on" $broker/Queues/ReceiveAttempt.cs 's/ && delivery\.State == deadline//' Messaging.Broker.Tests

# Topics: what was told stays, and nothing is shown that may not be.
bug "topics: a publish answers before the sync" $broker/Topics/PublishRecords.cs 's/await (Sequence\(admission, new Batch\(topic, encoded, outcomes, guard\), \(int\)bytes, out BrokerError\? refusal, out bool isStale\));/_ = $1.AsTask();/'
bug "topics: the last stable offset is ignored" $broker/Topics/FetchRecords.cs 's/isolation == Isolation\.ReadCommitted \? offsets\.LastStable : offsets\.HighWatermark;/offsets.HighWatermark;/'
bug "topics: aborted records are shown" $broker/Topics/VisibleBatches.cs 's/if \(IsAborted\(batch\.Header, aborted\)\) continue;//'
bug "topics: aborted transactions are forgotten: the snapshot" $broker/Topics/PartitionSnapshot.cs 's/if \(state\.Aborted is \{ \} aborted\)/if (state.Aborted is { } aborted \&\& state.LastNowMs < 0)/'
bug "topics: a sequence that comes again is stored again" $broker/Producers/AppendProduced.cs 's/if \(duplicateOf is \{ \} first\)/if (duplicateOf is { } first \&\& first < 0)/'
bug "topics: producers are forgotten: the snapshot" $broker/Topics/PartitionSnapshot.cs 's/state\.Producers is \{ Count: > 0 \} producers/state.Producers is { Count: < 0 } producers/'
bug "topics: a fenced producer publishes" $broker/Producers/ProducerRegistry.cs 's/if \(stamp\.Epoch != producer\.Epoch\)/if (stamp.Epoch > producer.Epoch)/'
bug "topics: retention takes what is not old enough" $broker/Topics/TopicRetention.cs 's/now - \(seconds \* 1_000L\)/now - (seconds * 100L)/'
bug "topics: deleted records come back: the fold" $broker/Topics/PartitionEntries.cs 's/state\.ApplyTrimmed\(reader\.Unsigned\(\)\);/reader.Unsigned();/'
bug "compaction: the latest record goes" $broker/Topics/Compaction/LatestOffsets.cs 's/latest > offset/latest >= offset/'
bug "compaction: a tombstone goes at once" $broker/Topics/Compaction/BatchCleaner.cs 's/offset < _clearedBelow && !IsDamaged/!IsDamaged/'
bug "compaction: aborted records supersede others" $broker/Topics/Compaction/CompactionPass.cs 's/batch\.Header\.IsControl \|\| VisibleBatches\.IsAborted\(batch\.Header, aborted\)/batch.Header.IsControl/'
bug "compaction: an open transaction supersedes others" $broker/Topics/Compaction/CompactionPass.cs 's/Math\.Min\(lastStable, _synced\)/_synced/'
bug "compaction: it ends before its end" $broker/Topics/Compaction/CompactionPass.cs 's/_cursor = Partition\.Stream\.Low;/_cursor = _from;/'
bug "compaction: it moves where a partition begins" $broker/Topics/PartitionState.cs 's/return _compaction is \{ \} compaction \? compaction\.Low : low;/return low;/'
# Topics: producers and transactions, as clients see them whose server is killed.
bug "producers: a new instance keeps the epoch of its elder" $broker/Producers/ProducerJournal.cs 's/\(short\)\(known!\.Epoch \+ 1\)/known!.Epoch/' Messaging.Api.Tests TopicKillTests
bug "producers: a repeated batch is answered with another offset" $broker/Producers/AppendProduced.cs 's/PublishedBatch\(partition\.Number, first, /PublishedBatch(partition.Number, partition.Stream.Next, /' Messaging.Api.Tests TopicKillTests
bug "transactions: an end marks one partition only" $broker/Producers/ProducerJournal.cs 's/in producer\.Partitions\)/in producer.Partitions.Take(1))/' Messaging.Api.Tests TopicKillTests
bug "transactions: acknowledged and not published" $broker/Transactions/PublishPart.cs 's/=> _operation\.Append\(command, _batch, now\);/=> _ = now;/' Messaging.Api.Tests TopicKillTests
bug "transactions: who reads committed records sees all" src/Messaging.Rest/Http/FetchQuery.cs 's/ \{ Isolation = Isolation \};/;/' Messaging.Api.Tests TopicKillTests

# Topics: what is published reaches the queues that subscribe.
bug "fan-out: a copy by a table that has changed" $broker/FanOut/FanOutCall.cs 's/if \(call\._subscriptions\.Table != call\.Table\) return true;//'
bug "fan-out: who resumed meanwhile is missed" $broker/FanOut/FanOutCall.cs 's/if \(call is null\) return !subscriptions\.Table\.IsEmpty;/if (call is null) return false;/'
bug "fan-out: a copy does not say what it is one of" $broker/FanOut/GroupAppender.cs 's/PublishedPlace\.Fill\(group\.Body\(records, form, i\)\.Span, record\.StreamId, record\.Offset\);//'
bug "fan-out: a pause is forgotten: the snapshot" $broker/Catalog/SubscriptionCatalog.cs 's/\(subscription\.Paused \? PausedFlag : 0\)/0/'
bug "fan-out: a pause is forgotten: the fold" $broker/Catalog/CatalogEntries.cs 's/catalog\.Subscriptions\.ApplyPaused\(reader\.Unsigned\(\), reader\.Int32\(\) != 0\);/catalog.Subscriptions.ApplyPaused(reader.Unsigned(), reader.Int32() > 1);/'
bug "fan-out: what is gathered is passed" $broker/Subscriptions/LiveSubscription.cs 's/\(Paused \|\| gathering\.State\.IsOrdered\)/Paused/'
bug "fan-out: what is gathered is forgotten: the fold" $broker/Catalog/CatalogEntries.cs 's/catalog\.Subscriptions\.ApplyDrained\(reader\.Unsigned\(\)\);/reader.Unsigned();/'
bug "fan-out: what is gathered goes twice" $broker/Copies/DrainRunner.cs 's/state\.ApplyGone\(_offsets\[i\]\);/if (i > 0) state.ApplyGone(_offsets[i]);/'
bug "fan-out: what is gathered ends too early" $broker/Copies/DrainRunner.cs 's/bool isEmpty = step\.Gathering\.Stream\.LiveCount == 0;/bool isEmpty = step.Gathering.Stream.LiveCount <= 1;/' Messaging.Broker.Tests GatheringTests
bug "fan-out: what is gathered goes again after a restart" $broker/Copies/DrainRunner.cs 's/away\.HasElements && !isEmpty/away.HasElements \&\& false/' Messaging.Broker.Tests GatheringTests
bug "fan-out: all get what one filter wants" $broker/Subscriptions/FanOutTable.cs 's/if \(subscription\.Policy is \{ \} policy\)/if (subscription.Policy is { } policy \&\& !subscription.Definition.Raw)/'
bug "fan-out: a shared entry is of its first stream alone" src/Messaging.Storage/Journal/JournalFormat.cs 's/if \(_target < _targets\.Count\)/if (_target < Math.Min(1, _targets.Count))/'
bug "fan-out: shared records have the first stream's offsets" src/Messaging.Storage/Reading/BlockPlace.cs 's/IsShared \? BaseOffset : 0/0/'
bug "fan-out: a checkpoint forgets what is shared" src/Messaging.Storage/Checkpoints/CheckpointFile.cs 's/batch\.IsShared \? -batch\.Length : batch\.Length/batch.Length/'
bug "fan-out: a producer's copies by a table that has changed" $broker/Producers/PublishAsProducer.cs 's/FanOutCall\.IsStale\(/false \&\& FanOutCall.IsStale(/'
bug "fan-out: what a producer sends again is copied again" $broker/Producers/PublishAsProducer.cs 's/appended is \{ IsOk: true, Value\.IsDuplicate: false \}/appended is { IsOk: true }/'

# Who may call.
bug "access: keys are lost with a checkpoint" $broker/Catalog/CatalogSnapshot.cs 's/if \(version >= VersionWithoutTopics\) catalog\.AccessKeys\.Restore\(ref reader\);//' Messaging.Broker.Tests
bug "access: a deleted key comes back" $broker/Catalog/CatalogEntries.cs 's/catalog\.AccessKeys\.ApplyDeleted\(AccessKeyTable\.Text\(ref reader\)\);/AccessKeyTable.Text(ref reader);/' Messaging.Broker.Tests
bug "access: any secret is right" src/Messaging.Http/BasicCredentials.cs 's/CryptographicOperations\.FixedTimeEquals\(password, secret\[\.\.length\]\) && key is not null/key is not null/' Messaging.Http.Tests BasicCredentialsTests
bug "access: any signature is right" src/Messaging.Aws/Auth/Authenticator.cs 's/&& CryptographicOperations\.FixedTimeEquals\(bytes, signature\)//' Messaging.Aws.Tests
bug "access: a signature is good for ever" src/Messaging.Aws/Auth/SignatureTime.cs 's/if \(now - time > life\)/if (now - time > TimeSpan.MaxValue)/' Messaging.Aws.Tests
bug "access: a deleted key signs on" src/Messaging.Aws/Auth/SigningKeys.cs 's/ReferenceEquals\(current, kept\.Key\)/true/' Messaging.Aws.Tests
bug "access: the hash of the content is taken at its word" src/Messaging.Aws/Auth/ContentHash.cs 's/isHash && claimedHash\.SequenceEqual\(hash\)/isHash/' Messaging.Aws.Tests
bug "access: headers of Amazon need not be signed" src/Messaging.Aws/Auth/SignedHeaderList.cs 's/header\.Key\.StartsWith\(AmazonPrefix, StringComparison\.OrdinalIgnoreCase\) && //; s/!Contains\(names, header\.Key\)/header.Key.Length == 0/' Messaging.Aws.Tests
bug "policies: what is allowed first is not denied" src/Messaging.Aws/Policies/AccessPolicy.cs 's/\(decision == PolicyDecision\.Allow && !statement\.IsDeny\)/decision == PolicyDecision.Allow/' Messaging.Aws.Tests
bug "policies: others may do what is the owner's alone" src/Messaging.Aws/Policies/Authorizer.cs 's/ && !request\.Actions\.IsOwnersOnly\(request\.Action\)//' Messaging.Aws.Tests
bug "policies: an account is everybody who did not sign" src/Messaging.Aws/Policies/PrincipalSet.cs 's/if \(request\.Caller\.IsAnonymous\)\s*return false;//' Messaging.Aws.Tests
bug "policies: a negated operator wants the key" src/Messaging.Aws/Policies/ConditionOperator.cs 's/IsNegated: true, HoldsWithoutKey: true/IsNegated: true, HoldsWithoutKey: false/' Messaging.Aws.Tests
bug "policies: a client brings a star of its own" src/Messaging.Aws/Policies/TextPattern.cs 's/value is null \|\| Wildcard\.HasMarks\(value\)/value is null/' Messaging.Aws.Tests
# The front of SQS.
bug "sqs: a region has a second name" src/Messaging.Aws/Http/Call.cs 's/Region = Namespace == NamespaceName\.Default \? front\.Settings\.Region : region;/Region = region;/' Messaging.Aws.Tests
bug "sqs: items are not counted" src/Messaging.Aws/Wire/JsonMembers.cs 's/if \(\+\+_items > AwsLimits\.ParametersMax\)/if (_items > AwsLimits.ParametersMax)/' Messaging.Aws.Tests
bug "sqs: a member may stand there twice" src/Messaging.Aws/Wire/JsonMembers.cs 's/if \(\(seen & bit\) != 0\)/if (bit == 0)/' Messaging.Aws.Tests
bug "sqs: digests run over the padding of others" src/Messaging.Aws/Wire/BodyDigests.cs 's/\(next\.A & active\)/next.A/' Messaging.Aws.Tests
bug "sqs: a handle is read without its time" src/Messaging.Aws/Wire/ReceiptHandle.cs 's/BinaryPrimitives\.ReadInt64BigEndian\(time\)/0/' Messaging.Aws.Tests
bug "sqs: a link of another site may call" src/Messaging.Rest/Http/BrowserGuard.cs 's/ && \(IsPage\(request\) \|\| IsLinkOfMail\(request\)\) && / \&\& /' Messaging.Rest.Tests

# The front of gRPC: what strangers and few bytes may cost.
grpc=src/Messaging.Grpc
bug "grpc: who has no key is refused when the message has come" $grpc/Wire/WireGuard.cs 's/return RefuseAsync\(context, Refusal\.Unauthenticated\(\)\);/return call(context);/' Messaging.Grpc.Tests AuthenticationTests.A_refusal
bug "grpc: what stands inside an entry is not counted" $grpc/Wire/BoundedRequests.cs 's/FieldType: FieldType\.Message \};/FieldType: FieldType.Group };/' Messaging.Grpc.Tests RequestBoundsTests
bug "grpc: want of memory is told as a request that can not be read" $grpc/Wire/BoundedRequests.cs 's/catch \(OutOfMemoryException\)/catch (InvalidCastException)/' Messaging.Grpc.Tests RequestBoundsTests
bug "grpc: what decompresses to too much is not told the bound" $grpc/Wire/BoundedGzip.cs 's/_read \+= read;/_read = read;/' Messaging.Grpc.Tests CompressionTests
bug "grpc: bytes that have arrived keep their place" $grpc/Wire/BudgetedReader.cs 's/_share\.Dispose\(\);//' Messaging.Grpc.Tests ArrivingBytesTests
bug "grpc: a server that begins to stop says that it serves" $grpc/Health/HealthService.cs 's/ && !front\.Stopping\.IsCancellationRequested//' Messaging.Grpc.Tests HealthTests
# The front of gRPC: streams.
bug "grpc: outcomes are those of other requests" $grpc/Streams/AnsweredStream.cs 's/next \+= accepted;/next += requests[index].Count;/' Messaging.Grpc.Tests GatheredRequestsTests
bug "grpc: more gathers than a call takes" $grpc/Streams/Gathering.cs 's/_entries \+ entries > entriesMax/_entries > entriesMax/' Messaging.Grpc.Tests GatheredRequestsTests
bug "grpc: a producer joins what stands before it" $grpc/Topics/PublishStream.cs 's/while \(to < batch\.Count && batch\[to\]\.Producer is null\)/while (to < batch.Count)/' Messaging.Grpc.Tests GatheredRequestsTests
bug "grpc: what is delivered does not count in the credit" $grpc/Queues/ReceiveStream.cs 's/_credit\.TryAdd\(request\.Credit, _deliveries\.Count\)/_credit.TryAdd(request.Credit, 0)/' Messaging.Grpc.Tests CreditTests
bug "grpc: a lease that the client has shortened is extended" $grpc/Queues/Deliveries.cs 's/_open\[receipt\] = new Terms\(endMs, endMs\);/_open[receipt] = _open[receipt] with { LeasedUntilMs = endMs };/' Messaging.Grpc.Tests ReceiveStreamTests
bug "grpc: what is given back waits as if it had failed" $grpc/Queues/Deliveries.cs 's/new ReleaseEntry\(receipt, 0\)/new ReleaseEntry(receipt, null)/' Messaging.Grpc.Tests ReceiveStreamTests
bug "grpc: a stop ends the extension of leases" $grpc/Queues/ReceiveStream.cs 's/WaitForNextTickAsync\(_ended\.Token\)/WaitForNextTickAsync(_stopped.Token)/' Messaging.Grpc.Tests ReceiveStreamTests
bug "grpc: a fetch stays before what is aborted" $grpc/Topics/FetchStream.cs 's/offset = end\.NextOffset;/offset = response.Records.Count > 0 ? end.NextOffset : offset;/' Messaging.Grpc.Tests FetchStreamTests
# The front of gRPC: calls, and what they are told.
bug "grpc: a token commits what the answer has not" $grpc/Groups/GroupRecordPage.cs 's/Reached\(part, record\.Record\.Offset,/Reached(part, reader.NextOffset,/' Messaging.Grpc.Tests GroupPageTests
bug "grpc: an error stands where the broker has its entry" $grpc/Calls/BatchAnswer.cs 's/\$"\{place\}\[\{entry\}\]\{field\[end\.\.\]\}"/place + field/' Messaging.Grpc.Tests SendMessagesTests
bug "grpc: a field of a page is told in the word of REST" $grpc/Errors/RequestFields.cs 's/field is "pageToken" or "after" \? "page\.token" : field/field/' Messaging.Grpc.Tests RequestFieldsTests
bug "grpc: a key of a map is told as a field of it" $grpc/Errors/RequestFields.cs 's/Maps\.Contains\(field\[start\.\.dot\]\)/Maps.Contains(field)/' Messaging.Grpc.Tests RequestFieldsTests
bug "grpc: a limit that passes is told as one that does not" $grpc/Errors/StatusTable.cs 's/(ErrorCode\.TooManyLeased => StatusCode\.)ResourceExhausted/$1FailedPrecondition/' Messaging.Grpc.Tests StatusTableTests
bug "grpc: a key knows the order of maps" $grpc/Calls/Fingerprint.cs 's/ \{ Deterministic = true \};/;/' Messaging.Grpc.Tests SendMessagesTests
bug "grpc: a patch passes over an object of which nothing is set" $grpc/Calls/FieldPaths.cs 's/if \(paths\.Count == before\)/if (paths.Count == before \&\& value is not IMessage)/' Messaging.Grpc.Tests PatchTests
bug "grpc: each page of a list is the first" $grpc/Calls/Pages.cs 's/return \(size, Maybe\(page\?\.Token\)\);/return (size, null);/' Messaging.Grpc.Tests QueueServiceTests
bug "grpc: a document is applied without what can not be read" $grpc/Definitions/DefinitionsDraft.cs 's/dryRun \|\| _errors\.Count > 0/dryRun/' Messaging.Grpc.Tests DefinitionServiceTests

echo
printf '%s\n' "${rows[@]}"
echo "$caught caught, $escaped escaped"
((escaped == 0))
