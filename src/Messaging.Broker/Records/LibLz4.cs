using System.Runtime.InteropServices;

namespace Messaging.Broker.Records;

/// <summary>The frame functions of liblz4 (lz4frame.h, interface version 100). Sizes are size_t; an error is a size that <see cref="IsError"/> knows.</summary>
internal static partial class LibLz4
{
    private const string Library = "liblz4.so.1";

    /// <summary>LZ4F_VERSION.</summary>
    internal const uint Version = 100;

    /// <summary>Looked for once.</summary>
    internal static bool IsAvailable { get; } = NativeLibrary.TryLoad(Library, typeof(LibLz4).Assembly, searchPath: null, out _);

    /// <summary>LZ4F_preferences_t with its LZ4F_frameInfo_t; zero is the default of each.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Preferences
    {
        public int BlockSizeId;
        public int BlockMode;
        public int ContentChecksum;
        public int FrameType;
        public ulong ContentSize;
        public uint DictionaryId;
        public int BlockChecksum;
        public int CompressionLevel;
        public uint AutoFlush;
        public uint FavorDecompression;
        public uint Reserved0;
        public uint Reserved1;
        public uint Reserved2;
    }

    [LibraryImport(Library, EntryPoint = "LZ4F_isError")]
    internal static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "LZ4F_createDecompressionContext")]
    internal static partial nuint CreateDecompression(out nint context, uint version);

    [LibraryImport(Library, EntryPoint = "LZ4F_freeDecompressionContext")]
    internal static partial nuint FreeDecompression(nint context);

    /// <summary>Sizes go in as what there is and come out as what was used; 0 says that the frame has ended.</summary>
    [LibraryImport(Library, EntryPoint = "LZ4F_decompress")]
    internal static unsafe partial nuint Decompress(nint context, byte* output, ref nuint outputBytes, byte* source, ref nuint sourceBytes, nint options);

    [LibraryImport(Library, EntryPoint = "LZ4F_compressFrameBound")]
    internal static partial nuint CompressFrameBound(nuint sourceBytes, in Preferences preferences);

    [LibraryImport(Library, EntryPoint = "LZ4F_compressFrame")]
    internal static unsafe partial nuint CompressFrame(byte* output, nuint outputBytes, byte* source, nuint sourceBytes, in Preferences preferences);
}
