using System.Text;
using System.Text.RegularExpressions;

namespace Messaging.TestKit.Processes;

/// <summary>What a server has printed, on both of its streams, and the address that it named. Thread-safe.</summary>
internal sealed partial class ServerOutput
{
    private const string AddressLine = "Ready at ";
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the address when the server has said that it is ready; is cancelled when the output ended without.</summary>
    public Task<Uri> Address => _address.Task;

    public void Add(string? line)
    {
        if (line is null) return;
        lock (_text)
            _text.AppendLine(line);
        Match match = AddressPattern().Match(line);
        if (match.Success && line.Contains(AddressLine, StringComparison.Ordinal))
            _address.TrySetResult(new Uri(match.Value));
    }

    public void End() => _address.TrySetCanceled();

    public override string ToString()
    {
        lock (_text)
            return _text.ToString();
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex AddressPattern();
}
