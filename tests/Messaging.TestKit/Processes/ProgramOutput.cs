using System.Text;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Processes;

/// <summary>What a program has printed, on both of its streams, and the addresses that it named if it is the server. Thread-safe.</summary>
internal sealed partial class ProgramOutput
{
    private const string AddressLine = "Ready at ";
    // What listens on all addresses is called on this one.
    private const string AnyAddress = "0.0.0.0";
    private const string Loopback = "127.0.0.1";

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _errors = new();
    private readonly List<(string Text, TaskCompletionSource Written)> _awaited = [];
    private readonly TaskCompletionSource<Uri[]> _addresses = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// Completes with the addresses when the server has said that it is ready, in the order of their names, so that "Grpc" stands before "Http"; is cancelled when the output ended without.
    /// </summary>
    public Task<Uri[]> Addresses => _addresses.Task;

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

        MatchCollection matches = AddressPattern().Matches(line);
        if (matches.Count > 0 && line.Contains(AddressLine, StringComparison.Ordinal))
            _addresses.TrySetResult([.. matches.Select(static match => new Uri(match.Value.Replace(AnyAddress, Loopback, StringComparison.Ordinal)))]);
    }

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

    public void End() => _addresses.TrySetCanceled();

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    [GeneratedRegex(@"http://\d+\.\d+\.\d+\.\d+:\d+")]
    private static partial Regex AddressPattern();
}
