using Messaging.Storage;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Benchmarks.Baselines;

/// <summary>The files of a folder read over and over in large positioned reads, with one CRC-32C over each: the least that checked reading costs.</summary>
internal sealed class PackScan : IDisposable
{
    private readonly SafeFileHandle[] _files;
    private readonly byte[] _buffer;
    private int _file;
    private long _position;

    /// <summary>Reads of <paramref name="readBytes"/>.</summary>
    public PackScan(string folder, int readBytes)
    {
        _files = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(path => File.OpenHandle(path))];
        _buffer = GC.AllocateUninitializedArray<byte>(readBytes);
    }

    public long BytesRead { get; private set; }

    /// <summary>Kept, so that nothing of the work can be left out.</summary>
    public uint Crc { get; private set; }

    public void ReadNext()
    {
        int read = RandomAccess.Read(_files[_file], _buffer, _position);
        Crc ^= Crc32C.Compute(_buffer.AsSpan(0, read));
        BytesRead += read;
        _position += read;
        if (read < _buffer.Length)
        {
            (_file, _position) = ((_file + 1) % _files.Length, 0);
        }
    }

    public void Dispose()
    {
        foreach (SafeFileHandle file in _files)
        {
            file.Dispose();
        }
    }
}
