using System.Text;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Processes;

/// <summary>What a program has printed, on both of its streams, and the address that it named if it is the server. Thread-safe.</summary>
internal sealed partial class ProgramOutput
{
    private const string AddressLine = "Ready at ";
    // What listens on all addresses is called on this one.
    private const string AnyAddress = "0.0.0.0";
    private const string Loopback = "127.0.0.1";

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _errors = new();
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri? _grpcAddress;

    /// <summary>Completes with the address when the server has said that it is ready; is cancelled when the output ended without.</summary>
    public Task<Uri> Address => _address.Task;

    /// <summary>Where it serves gRPC without TLS, if it does; known with <see cref="Address"/>.</summary>
    public Uri? GrpcAddress => Volatile.Read(ref _grpcAddress);

    /// <summary>The lines of the stream of errors.</summary>
    public string Errors
    {
        get
        {
            lock (_text)
                return _errors.ToString();
        }
    }

    public void Add(string line, bool isError)
    {
        lock (_text)
        {
            _text.AppendLine(line);
            if (isError)
                _errors.AppendLine(line);
            foreach ((string text, TaskCompletionSource written) in _awaited)
            {
                if (line.Contains(text, StringComparison.Ordinal))
                    written.TrySetResult();
            }
        }

        if (!line.Contains(AddressLine, StringComparison.Ordinal))
            return;
        if (GrpcPattern().Match(line) is { Success: true } grpc)
            Volatile.Write(ref _grpcAddress, Reached(grpc.Groups[1].Value));
        if (AddressPattern().Match(line) is { Success: true } match)
            _address.TrySetResult(Reached(match.Value));
    }

    private static Uri Reached(string address) => new(address.Replace(AnyAddress, Loopback, StringComparison.Ordinal));

    /// <summary>Completes when a line with this text has been printed: a server logs behind its answers.</summary>
    public Task WrittenAsync(string text)
    {
        lock (_text)
        {
            var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_text.ToString().Contains(text, StringComparison.Ordinal))
                written.SetResult();
            else
                _awaited.Add((text, written));
            return written.Task;
        }
    }

    public void End() => _address.TrySetCanceled();

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    [GeneratedRegex(@"http://\d+\.\d+\.\d+\.\d+:\d+")]
    private static partial Regex AddressPattern();

    [GeneratedRegex(@"(http://\d+\.\d+\.\d+\.\d+:\d+) \(gRPC\)")]
    private static partial Regex GrpcPattern();
}
