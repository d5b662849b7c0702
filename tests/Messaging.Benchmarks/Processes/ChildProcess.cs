using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Messaging.Benchmarks.Processes;

/// <summary>A program, usually a .NET binary, in a process of its own, and what the kernel counts of it (/proc). Killed when disposed.</summary>
internal class ChildProcess : IDisposable
{
    /// <summary>Ticks a second of /proc's CPU times: USER_HZ, 100 on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private const int LinesKept = 50;

    private readonly Process _process;
    private readonly Queue<string> _lines = new();

    protected ChildProcess(string binary, string workingFolder, params string[] arguments)
        : this(new ProcessStartInfo("dotnet", [binary, .. arguments]) { WorkingDirectory = workingFolder })
    {
    }

    protected ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        // As the server's runtimeconfig says: no side of a pair gains by how its thread pool waits.
        start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data, isAnswer: true);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data, isAnswer: false);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines that it printed: for the report of a failure.</summary>
    public string Output
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>User and system time of all its threads so far.</summary>
    public double CpuSeconds
    {
        get
        {
            // The name, in parentheses, may hold spaces; utime and stime are the 12th and 13th field after it (proc(5)).
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>
    /// Bytes that it gave to write calls on files, pads included; sockets, which .NET sends to by sendmsg, do not count. Not write_bytes:
    /// that counts the whole folio (1 MiB, say, where zeros were written so) for every page of it that becomes dirty, though the disk gets the page.
    /// </summary>
    public long WrittenBytes => Field("io", "wchar:");

    /// <summary>Memory that belongs to it alone and is present: heaps, stacks, native; no mapped files.</summary>
    public long AnonymousBytes => Field("status", "RssAnon:") * 1024;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public Task StopAsync()
    {
        _ = LibC.Kill(_process.Id, LibC.SignalTerminate);
        return EndedAsync();
    }

    /// <summary>SIGKILL, and waits for the end.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    protected void WriteLine(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>A line of its standard output; may come before the constructors have ended.</summary>
    protected virtual void OnLine(string line)
    {
    }

    /// <summary>Its standard output has ended.</summary>
    protected virtual void OnEnd()
    {
    }

    protected async Task EndedAsync()
    {
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
        {
            throw new InvalidOperationException($"The process ended with {_process.ExitCode}: {Output}");
        }
    }

    private void Keep(string? line, bool isAnswer)
    {
        if (line is null)
        {
            if (isAnswer)
            {
                OnEnd();
            }

            return;
        }

        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }

        if (isAnswer)
        {
            OnLine(line);
        }
    }

    private long Field(string file, string name)
    {
        string line = File.ReadLines($"/proc/{_process.Id}/{file}").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
