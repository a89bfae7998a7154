using Deploy.Model.Text;

namespace Deploy.Rsync.Output;

/// <summary>rsync's stderr as it comes: its text within bounds, and the facts that tell what went wrong.</summary>
internal sealed class ErrorText
{
    private const int HeadBytes = 32768; // with the tail and OutputParser.SaidBytes under the 64 KiB of SyncResult.Said
    private const int TailBytes = 12288;
    private const int FirstLines = 100;  // a cause stands first
    private const int LastLines = 20;    // or at the end, after thousands of lines about single files
    private const int LineBytes = 2048;

    /// <summary>Without a terminal rsync prints its prompt to stderr, and the daemon's answer right after it.</summary>
    private static ReadOnlySpan<byte> PasswordPrompt => "Password: "u8;

    private readonly BoundedText _text = new(HeadBytes, TailBytes);
    private readonly LineSplitter _splitter;
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = new();

    public ErrorText() => _splitter = new LineSplitter(Take);

    /// <summary>N of the first <c>rsync error: … (code N)</c>, which names the cause where several follow; null without one.</summary>
    public int? FirstCode { get; private set; }

    /// <summary><c>Deletions stopped due to --max-delete limit (N skipped)</c> was said.</summary>
    public bool DeletionsStopped { get; private set; }

    /// <summary>The first and the last lines in ByteText, without blank ones and rsync's own summaries (<c>rsync error: …</c>, <c>rsync warning: …</c>), each 2 KiB at most.</summary>
    public IEnumerable<string> Lines => _first.Concat(_last);

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        _text.Add(bytes);
        _splitter.Feed(bytes);
    }

    /// <summary>Nothing follows.</summary>
    public void Complete() => _splitter.Complete();

    /// <summary>All of it within bounds, in ByteText.</summary>
    public string Text() => _text.Text();

    private void Take(ReadOnlySpan<byte> line, LineEnd end)
    {
        line = line.Trim((byte)' ');
        if (line.StartsWith(PasswordPrompt))
        {
            line = line[PasswordPrompt.Length..];
        }

        if (line.IsEmpty)
        {
            return;
        }

        if (line.StartsWith("Deletions stopped due to --max-delete"u8))
        {
            DeletionsStopped = true;
        }
        else if (line.StartsWith("rsync error: "u8))
        {
            FirstCode ??= CodeOf(line);
        }
        else if (!line.StartsWith("rsync warning: "u8))
        {
            Keep(ByteText.FromBytes(line[..Math.Min(line.Length, LineBytes)]));
        }
    }

    private void Keep(string line)
    {
        if (_first.Count < FirstLines)
        {
            _first.Add(line);
            return;
        }

        if (_last.Count == LastLines)
        {
            _last.Dequeue();
        }

        _last.Enqueue(line);
    }

    /// <summary>N of <c>… (code N) at file.c(123) [role=3.5.0]</c>.</summary>
    private static int? CodeOf(ReadOnlySpan<byte> line)
    {
        int at = line.LastIndexOf("(code "u8);
        return at >= 0 && RsyncNumber.TryRead(line[(at + "(code ".Length)..], out long code) && code is > 0 and < 256 ? (int)code : null;
    }
}
