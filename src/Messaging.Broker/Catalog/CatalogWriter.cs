using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Storage;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The one who changes definitions where the truth is not the log: takes the changes that have gathered, decides each of them, writes them to
/// the truth in one transaction, applies them to the mirror in one command, and answers when that is synced. The sequencer is never held
/// while the truth is asked. While the truth can't be reached, or must not be used, changes are refused at once and everything else goes on;
/// it is looked for again every <see cref="ReturnPause"/>.
/// </summary>
internal sealed partial class CatalogWriter(
    QueueHost host, TopicDirectory topics, LocalCatalog catalog, CatalogMirror mirror, CatalogAttachment attachment, ICatalogTruth truth, ILogger logger)
{
    public static readonly TimeSpan ReturnPause = TimeSpan.FromSeconds(2);

    private readonly ChangeLine _line = new();

    /// <summary>Why definitions can't change now; null where they can.</summary>
    public CatalogAbsence? Absence => _line.Absence;

    /// <summary>Per row of its draft what it has led to; or why nothing was changed. Answered when it is synced.</summary>
    public async ValueTask<Result<ChangedDefinition[]>> ChangeAsync(CatalogChange change, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingChange(change);
        if (_line.TryEnter(pending) is { } refusal) return refusal;
        await using (cancellationToken.UnsafeRegister(static (pending, token) => ((PendingChange)pending!).TryLeave(token), pending))
        {
            return await pending.Done;
        }
    }

    /// <summary>The first look at the truth, once: a truth that can't be reached is looked for again by <see cref="RunAsync"/>.</summary>
    /// <exception cref="CatalogRefusedException">It is there and must not be used.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        if (Absence is { IsConflict: true } conflict) throw new CatalogRefusedException(conflict.Detail, conflict.IsContradiction);
    }

    /// <summary>Until the token stops it; a batch that is under way ends first.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                if (Absence is not null)
                {
                    await Task.Delay(ReturnPause, host.Time, stopping);
                    await LookAsync(stopping);
                }
                else if (await _line.WaitAsync(stopping))
                {
                    await WriteAsync(Gather());
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The broker stops.
        }
        finally
        {
            _line.Close();
        }
    }

    private CatalogPlan Gather()
    {
        var plan = new CatalogPlan(host, topics, catalog, attachment.Head!.Version);
        while (!plan.IsFull && _line.TryPeek(out PendingChange? change) && plan.TryDecide(change.Change, out Result<CatalogDraft> decided))
        {
            if (_line.Take()) plan.Add(change, decided);
        }

        return plan;
    }

    private async Task WriteAsync(CatalogPlan plan)
    {
        if (plan.Rows.Count == 0) return;
        // Before the truth is asked, so that what it has taken can be applied.
        using Admission admission = await host.Engine.AdmitStateAsync(plan.Bytes, CancellationToken.None);
        BrokerError? refusal = admission.IsRefused ? await host.WhyNotAdmittedAsync() : await TellTruthAsync(plan);
        if (refusal is not null)
        {
            foreach (PlannedChange planned in plan.Changes) planned.Pending.End(refusal);
            return;
        }

        var changed = new ChangedDefinition[plan.Rows.Count];
        await Apply(plan, changed);
        foreach ((PendingChange pending, int firstRow, IReadOnlyList<bool> creates) in plan.Changes) pending.End(changed[firstRow..(firstRow + creates.Count)]);
    }

    // Not cancelled by a stop: it has a bound of its own, and who has asked wants to know.
    private async Task<BrokerError?> TellTruthAsync(CatalogPlan plan)
    {
        try
        {
            if (await truth.WriteAsync(attachment.Head!, catalog.Version, plan.Rows, CancellationToken.None))
            {
                attachment.Advance(plan.Rows[^1].Version);
                return null;
            }

            // Somebody else has written: why, the next look tells.
            await LookAsync(CancellationToken.None);
            return Absence?.Error ?? new BrokerError(ErrorCode.CatalogUnavailable, "The catalog in Postgres was changed by somebody else; try again.");
        }
        catch (CatalogUnavailableException fault)
        {
            BeAbsent(new CatalogAbsence(fault.Message, IsConflict: false));
            return new BrokerError(
                ErrorCode.CatalogUnavailable,
                "The catalog in Postgres did not answer: the change may have been made or not, which shows when it is reached again.");
        }
    }

    private ValueTask Apply(CatalogPlan plan, ChangedDefinition[] changed)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(plan.Bytes))
        {
            foreach (PlannedChange planned in plan.Changes)
            {
                for (int i = 0; i < planned.Creates.Count; i++)
                {
                    CatalogRow row = plan.Rows[planned.FirstRow + i];
                    mirror.Apply(command, row);
                    changed[planned.FirstRow + i] = mirror.Describe(row, planned.Creates[i]);
                }
            }

            synced = command.Commit();
        }

        return synced;
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            string? conflict = await attachment.RunAsync(cancellationToken);
            if (conflict is null) BePresent();
            else BeAbsent(new CatalogAbsence(conflict, IsConflict: true) { IsContradiction = true });
        }
        catch (CatalogRefusedException fault)
        {
            BeAbsent(new CatalogAbsence(fault.Message, IsConflict: true));
        }
        catch (CatalogUnavailableException fault)
        {
            BeAbsent(new CatalogAbsence(fault.Message, IsConflict: false));
        }
    }

    private void BePresent()
    {
        if (Absence is null) return;
        _line.Open();
        LogPresent(logger, attachment.Head!.Version, attachment.Head.Epoch);
    }

    private void BeAbsent(CatalogAbsence absence)
    {
        // Said once, and not with every look.
        if (Absence != absence)
        {
            if (absence.IsConflict) LogConflict(logger, absence.Detail);
            else LogUnreachable(logger, absence.Detail);
        }

        _line.Shut(absence);
    }

    [LoggerMessage(EventId = 2100, Level = LogLevel.Information, Message = "The catalog in Postgres is in use at version {Version}, owner's epoch {Epoch}.")]
    private static partial void LogPresent(ILogger logger, long version, long epoch);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning,
        Message = "The catalog in Postgres can't be reached: {Reason} Definitions can't change until it can; what exists is served as ever.")]
    private static partial void LogUnreachable(ILogger logger, string reason);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Error,
        Message = "The catalog in Postgres is not used: {Conflict} Definitions can't change; what exists is served as ever.")]
    private static partial void LogConflict(ILogger logger, string conflict);
}
