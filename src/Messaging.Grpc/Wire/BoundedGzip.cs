using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Wire;

/// <summary>
/// gzip, both ways. A message that decompresses to more than it may have is refused while it is read, and told the bound: the package, which has the same one, does not say by what it refuses.
/// What there is of it counts in the bound of all bodies as it grows, since many of them together could be all memory.
/// </summary>
/// <param name="messageBytesMax">Of the service's messages.</param>
internal sealed class BoundedGzip(int messageBytesMax) : ICompressionProvider
{
    /// <summary>As "grpc-encoding" has it.</summary>
    public const string Name = "gzip";

    /// <inheritdoc/>
    public string EncodingName => Name;

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) => new Bounded(new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true), messageBytesMax, BudgetedReader.OfCompressedCall!);

    private sealed class Bounded(GZipStream inner, int bytesMax, BudgetedReader body) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read;
            try
            {
                read = inner.Read(buffer);
            }
            catch (InvalidDataException)
            {
                throw new RpcException(new Status(StatusCode.Internal, "The message is not well-formed gzip."));
            }
            _read += read;
            if (_read > bytesMax)
                throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message decompresses to more than {bytesMax} bytes."));
            body.HoldUnpacked(read);
            return read;
        }

        // As the package reads all of it, into memory that grows.
        public override void CopyTo(Stream destination, int bufferSize)
        {
            try
            {
                base.CopyTo(destination, bufferSize);
            }
            catch (OutOfMemoryException)
            {
                throw Refusal.NoMemory();
            }
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
