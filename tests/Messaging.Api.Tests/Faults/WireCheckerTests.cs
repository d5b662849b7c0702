using System.Globalization;
using System.Text;
using Messaging.TestKit.Traces;

namespace Messaging.Api.Tests.Faults;

/// <summary>The checker of traces catches each kind of early answer: a good trace, spoilt in one place.</summary>
public sealed class WireCheckerTests
{
    private const string Journal = "7</data/journal/J-0000.jnl>";
    private const string Other = "8</data/journal/J-0001.jnl>";
    private const string Socket = "9<TCP:[127.0.0.1:80->127.0.0.1:5000]>";
    private const string Request = @"POST /v1/queues/q/messages HTTP/1.1\r\n\r\n{marker-1-}";
    private const string Receive = @"POST /v1/queues/q/receive?encoding=base64 HTTP/1.1\r\n\r\n{}";
    private const string Ok = @"HTTP/1.1 200 OK\r\n\r\n{}";

    private static readonly string[] Good =
    [
        Read(Request), Write(Journal, 1, "marker-1-"), "2 <... recvfrom resumed>", Sync(Journal), Answer(Ok),
        Read(Receive), Write(Journal, 2, "state"), $"1 fdatasync({Journal} <unfinished ...>", "3 write(4</dev/null>, \"\", 0) = 0", "1 <... fdatasync resumed>) = 0", Answer(Ok),
    ];

    [Fact]
    public void A_good_trace_is_good_and_every_success_in_it_is_held()
    {
        WireVerdict verdict = WireChecker.Check(StraceLog.Parse(Good));

        Assert.Empty(verdict.Broken);
        Assert.Equal(1, verdict.Held["POST/messages"]);
        Assert.Equal(1, verdict.Held["POST/receive"]);
    }

    [Fact]
    public void An_answer_without_a_sync_is_caught() => Broken(Without(3), "before the frame");

    [Fact]
    public void An_answer_after_a_failed_sync_is_caught() => Broken(With(3, $"1 fdatasync({Journal}) = -1 EIO (Input/output error) (INJECTED)"), "before the frame");

    [Fact]
    public void A_sync_before_the_write_is_caught() => Broken(Swapped(1, 3), "before the frame");

    [Fact]
    public void A_sync_of_another_file_is_caught() => Broken(With(3, Sync(Other)), "before the frame");

    [Fact]
    public void A_sync_that_began_before_the_write_had_returned_is_caught()
    {
        string write = Good[1][..Good[1].LastIndexOf(')')];
        Broken([Good[0], write + " <unfinished ...>", "2 fdatasync(" + Journal + ") = 0", "1 <... pwrite64 resumed>" + Good[1][write.Length..], .. Good[4..]], "before the frame");
    }

    [Fact]
    public void An_answer_while_the_sync_runs_is_caught() => Broken([.. Good[..8], Answer(Ok, thread: 3), Good[9]], "POST/receive of q was answered");

    [Fact]
    public void A_short_write_is_caught() => Broken(With(1, Good[1][..(Good[1].LastIndexOf('=') + 2)] + "100"), "before the frame");

    [Fact]
    public void A_send_whose_frame_is_another_one_s_is_caught() => Broken(With(1, Write(Journal, 1, "marker-2-")), "no frame carries it");

    [Fact]
    public void A_frame_from_before_the_request_is_caught() => Broken(Swapped(0, 1), "no frame carries it");

    [Fact]
    public void A_receive_without_a_state_entry_is_caught() => Broken(Without(6), "no frame carries it");

    [Fact]
    public void Escapes_are_bytes()
    {
        SystemCall call = Assert.Single(StraceLog.Parse(["12 pwrite64(3</a b>, \"\\0\\1\\28\\377\\n\\\"\\\\\\x41)\"..., 9, 4096) = 9"]));

        Assert.Equal([0, 1, 2, (byte)'8', 255, 10, (byte)'"', (byte)'\\', (byte)'A', (byte)')'], call.Data.ToArray());
        Assert.Equal((12, "pwrite64", "/a b", 9L), (call.Thread, call.Name, call.Target, call.Result!.Value));
    }

    private static void Broken(string[] trace, string words) =>
        Assert.Contains(WireChecker.Check(StraceLog.Parse(trace)).Broken, broken => broken.Contains(words, StringComparison.Ordinal));

    private static string[] Without(int line) => [.. Good.Where((_, index) => index != line)];

    private static string[] With(int line, string text) => [.. Good.Select((old, index) => index == line ? text : old)];

    private static string[] Swapped(int one, int other) => [.. Good.Select((old, index) => index == one ? Good[other] : index == other ? Good[one] : old)];

    private static string Read(string text) => $"2 recvfrom({Socket}, \"{text}\", 4096, 0, NULL, NULL) = {4096}";

    private static string Answer(string text, int thread = 2) => $"{thread} sendto({Socket}, \"{text}\", 100, 0, NULL, 0) = 100";

    private static string Sync(string file) => $"1 fdatasync({file}) = 0";

    // Records (type 1) with the marker, or a state entry (type 2), of stream 5.
    private static string Write(string file, int type, string bytes)
    {
        byte[] frame = TraceFrames.Frame((byte)type, stream: 5, Encoding.ASCII.GetBytes(bytes));
        string text = string.Concat(frame.Select(value => $"\\{Convert.ToString(value, 8).PadLeft(3, '0')}"));
        return string.Create(CultureInfo.InvariantCulture, $"1 pwrite64({file}, \"{text}\", {frame.Length}, 0) = {frame.Length}");
    }
}
