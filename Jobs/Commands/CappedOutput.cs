using System.Buffers;
using System.Text;
using Deploy.Processes;

namespace Deploy.Jobs.Commands;

/// <summary>Keeps the first bytes of a command's output, up to a cap, and counts the rest.</summary>
internal sealed class CappedOutput(int capBytes) : IChildOutput
{
    private readonly ArrayBufferWriter<byte> kept = new();
    private long dropped;

    public void OnOutput(ReadOnlySpan<byte> bytes)
    {
        int room = Math.Min(capBytes - kept.WrittenCount, bytes.Length);
        kept.Write(bytes[..room]);
        dropped += bytes.Length - room;
    }

    public void OnError(ReadOnlySpan<byte> bytes) => OnOutput(bytes);

    /// <summary>What was kept, then a line that says <c>truncated</c> where something was not, then <paramref name="notes"/>, a line each.</summary>
    public ReadOnlyMemory<byte> ToBytes(params IEnumerable<string> notes)
    {
        IEnumerable<string> lines = dropped > 0 ? [$"deploy: output truncated: {dropped} bytes over the cap of {capBytes} were dropped", .. notes] : notes;
        foreach (string line in lines)
        {
            if (kept.WrittenCount > 0 && kept.WrittenSpan[^1] != (byte)'\n')
            {
                kept.Write("\n"u8);
            }

            kept.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return kept.WrittenMemory;
    }
}
