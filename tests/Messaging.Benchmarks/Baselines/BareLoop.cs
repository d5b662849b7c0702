using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using Messaging.Benchmarks.Measuring;

namespace Messaging.Benchmarks.Baselines;

/// <summary>
/// Group commit and nothing else. Callers put a reference to their payload into a list under a lock; one thread swaps the list, copies the
/// payloads one behind the other into a buffer on a 4-KiB boundary, writes it (rounded up to 4 KiB) with one pwrite, syncs with one
/// fdatasync, and completes all callers of the list in one work item of the thread pool, while it goes on with the next list. No headers,
/// no checksums, no state, no index, no bound.
/// </summary>
internal sealed unsafe class BareLoop : IDisposable
{
    private const int BufferBytes = 4 << 20;

    private readonly ZeroFile _file;
    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(BufferBytes, ZeroFile.Alignment);
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Stack<Batch> _idle = new();
    private readonly Thread _thread;
    private Batch _open = new();
    private bool _isWaiting;
    private volatile bool _isStopping;

    public BareLoop(string path)
    {
        _file = new ZeroFile(path);
        _thread = new Thread(Run) { Name = "bare loop", IsBackground = true };
        _thread.Start();
    }

    public SyncCounts Counts => _file.Counts;

    /// <summary>Completes when the caller's payload is synced. One append of a caller at a time.</summary>
    public ValueTask AppendAsync(Caller caller)
    {
        ValueTask task = caller.Begin();
        bool wake;
        lock (_lock)
        {
            _open.Callers.Add(caller);
            wake = _isWaiting;
            _isWaiting = false;
        }

        if (wake)
        {
            _wake.Set();
        }

        return task;
    }

    public void Dispose()
    {
        _isStopping = true;
        _wake.Set();
        _thread.Join();
        _file.Dispose();
        _wake.Dispose();
        NativeMemory.AlignedFree(_buffer);
    }

    private void Run()
    {
        while (true)
        {
            Batch? batch = Take();
            if (batch is null)
            {
                if (_isStopping)
                {
                    return;
                }

                _wake.WaitOne();
                continue;
            }

            var room = new Span<byte>(_buffer, BufferBytes);
            int length = 0;
            foreach (Caller caller in batch.Callers)
            {
                caller.Payload.CopyTo(room[length..]);
                length += caller.Payload.Length;
            }

            int padded = (length + ZeroFile.Alignment - 1) & -ZeroFile.Alignment;
            room[length..padded].Clear();
            _file.Append(_buffer, padded);
            batch.Owner = this;
            ThreadPool.UnsafeQueueUserWorkItem(batch, preferLocal: false);
        }
    }

    private Batch? Take()
    {
        lock (_lock)
        {
            _isWaiting = _open.Callers.Count == 0;
            if (_isWaiting)
            {
                return null;
            }

            Batch taken = _open;
            _open = _idle.TryPop(out Batch? idle) ? idle : new Batch();
            return taken;
        }
    }

    private void Recycle(Batch batch)
    {
        batch.Callers.Clear();
        lock (_lock)
        {
            _idle.Push(batch);
        }
    }

    /// <summary>One of the concurrent callers: its payload and its reusable wait. Its continuation runs where the batch is completed.</summary>
    internal sealed class Caller(byte[] payload) : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _core;

        public byte[] Payload => payload;

        public ValueTask Begin()
        {
            _core.Reset();
            return new ValueTask(this, _core.Version);
        }

        public void Complete() => _core.SetResult(true);

        public void GetResult(short token) => _core.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);
    }

    private sealed class Batch : IThreadPoolWorkItem
    {
        public List<Caller> Callers { get; } = [];

        public BareLoop? Owner { get; set; }

        public void Execute()
        {
            foreach (Caller caller in Callers)
            {
                caller.Complete();
            }

            Owner!.Recycle(this);
        }
    }
}
