using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// A change of which only what is there tells how much it appends: measured, admitted by that, and made; measured again where what was there has changed meanwhile, so that the room does not do.
/// </summary>
internal static class MeasuredCommand
{
    /// <summary>Null where it needs more than so many bytes by now: nothing is appended then.</summary>
    public delegate Result<TResult>? Step<TResult>(in Command command, int bytes);

    /// <summary>Cancellation counts until the command is sequenced. What <paramref name="frees"/> space is also made on a nearly full disk.</summary>
    public static async ValueTask<Result<TResult>> RunAsync<TResult>(QueueHost host, bool frees, Func<int> measure, Step<TResult> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            int bytes = measure();
            using Admission admission = frees ? await host.Engine.AdmitStateAsync(bytes, cancellationToken) : await host.Engine.AdmitRecordsAsync(bytes, cancellationToken);
            if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
            await Sequence(host, bytes, step, out Result<TResult>? result);
            if (result is { } done) return done;
        }
    }

    private static ValueTask Sequence<TResult>(QueueHost host, int bytes, Step<TResult> step, out Result<TResult>? result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            result = step(command, bytes);
            synced = command.Commit();
        }

        return synced;
    }
}
