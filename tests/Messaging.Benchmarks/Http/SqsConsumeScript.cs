using System.Text;

namespace Messaging.Benchmarks.Http;

/// <summary>Receives up to 10 messages and deletes them as one batch, over and over, by Amazon SQS's JSON protocol. Counts what is deleted.</summary>
internal sealed class SqsConsumeScript : HttpScript
{
    private static readonly byte[] HandleName = "\"ReceiptHandle\":\""u8.ToArray();

    private readonly string _queue;
    private readonly byte[] _receive;
    private readonly StringBuilder _entries = new();
    private byte[] _delete = [];
    private int _received;

    public SqsConsumeScript(string queue, int max)
    {
        _queue = SqsRequest.QueueUrl(queue);
        _receive = SqsRequest.Of("ReceiveMessage", $$"""{"QueueUrl":"{{_queue}}","MaxNumberOfMessages":{{max}},"WaitTimeSeconds":1,"VisibilityTimeout":600}""", signed: false);
    }

    public override ReadOnlyMemory<byte> Request => _received == 0 ? _receive : _delete;

    /// <summary>Receives that found nothing: a run with many of them measured an empty queue.</summary>
    public int Empty { get; private set; }

    public override int Answered(int status, ReadOnlySpan<byte> body)
    {
        if (_received > 0)
        {
            int deleted = _received;
            _received = 0;
            return deleted;
        }

        _received = ReadHandles(body);
        Empty += _received == 0 ? 1 : 0;
        return 0;
    }

    private int ReadHandles(ReadOnlySpan<byte> body)
    {
        int count = 0;
        _entries.Clear();
        for (int at = body.IndexOf(HandleName); at >= 0; at = body.IndexOf(HandleName))
        {
            body = body[(at + HandleName.Length)..];
            string handle = Encoding.ASCII.GetString(body[..body.IndexOf((byte)'"')]);
            _entries.Append(count == 0 ? "" : ",").Append($$"""{"Id":"{{count++}}","ReceiptHandle":"{{handle}}"}""");
        }

        _delete = SqsRequest.Of("DeleteMessageBatch", $$"""{"QueueUrl":"{{_queue}}","Entries":[{{_entries}}]}""", signed: false);
        return count;
    }
}
