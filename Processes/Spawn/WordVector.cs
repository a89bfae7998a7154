using System.Runtime.InteropServices;
using Deploy.Model.Text;

namespace Deploy.Processes.Spawn;

/// <summary>Words as C wants them: NUL-terminated byte strings behind a NULL-terminated array of pointers. Owns its native memory.</summary>
internal sealed unsafe class WordVector : IDisposable
{
    private byte** _pointers;

    /// <param name="words">ByteText without NUL; the caller has checked that.</param>
    public WordVector(IReadOnlyList<string> words)
    {
        var bytes = words.Select(ByteText.ToBytes).ToList();
        nuint table = (nuint)((bytes.Count + 1) * sizeof(byte*));
        nuint text = (nuint)bytes.Sum(word => (long)word.Length + 1);
        _pointers = (byte**)NativeMemory.AllocZeroed(table + text);
        byte* next = (byte*)_pointers + table;
        for (int i = 0; i < bytes.Count; i++)
        {
            _pointers[i] = next;
            bytes[i].CopyTo(new Span<byte>(next, bytes[i].Length));
            next += bytes[i].Length + 1;
        }
    }

    /// <summary>The array; valid until disposed.</summary>
    public byte** Pointers => _pointers;

    public void Dispose()
    {
        NativeMemory.Free(_pointers);
        _pointers = null;
    }
}
