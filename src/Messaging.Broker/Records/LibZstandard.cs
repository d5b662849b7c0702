using System.Runtime.InteropServices;

namespace Messaging.Broker.Records;

/// <summary>The simple functions of libzstd (zstd.h, zstd_errors.h). Sizes are size_t; an error is a size that <see cref="IsError"/> knows.</summary>
internal static partial class LibZstandard
{
    private const string Library = "libzstd.so.1";

    /// <summary>ZSTD_error_dstSize_tooSmall.</summary>
    internal const int OutputTooSmall = 70;

    /// <summary>Looked for once.</summary>
    internal static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, typeof(LibZstandard).Assembly, searchPath: null, out _);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    internal static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorCode")]
    internal static partial int ErrorCode(nuint code);

    /// <summary>All frames of the source into the output; whatever is after the last one is an error.</summary>
    [LibraryImport(Library, EntryPoint = "ZSTD_decompress")]
    internal static unsafe partial nuint Decompress(byte* output, nuint outputBytes, byte* source, nuint sourceBytes);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressBound")]
    internal static partial nuint CompressBound(nuint sourceBytes);

    [LibraryImport(Library, EntryPoint = "ZSTD_compress")]
    internal static unsafe partial nuint Compress(byte* output, nuint outputBytes, byte* source, nuint sourceBytes, int level);
}
