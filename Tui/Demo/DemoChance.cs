using System.Globalization;
using System.Text;
using Deploy.Model;

namespace Deploy.Tui.Demo;

/// <summary>Chance that a seed decides: the same question gets the same answer, in whatever order questions are asked.</summary>
/// <param name="seed">Any number.</param>
internal sealed class DemoChance(int seed)
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // a ULID's

    private long ids;

    /// <summary>From 0 up to 1.</summary>
    public double Share(string question) => (Bits(question) >> 11) / (double)(1UL << 53);

    /// <summary>A whole number from 0, below a limit.</summary>
    public int Below(int limit, string question) => (int)(Share(question) * limit);

    /// <summary>A number between two.</summary>
    public double Between(double least, double most, string question) => least + (Share(question) * (most - least));

    /// <summary>True so many times of a thousand.</summary>
    public bool Of1000(int times, string question) => Share(question) * 1000 < times;

    /// <summary>The next id of a job, for this moment.</summary>
    public JobId NextId(DateTimeOffset now)
    {
        var number = ((UInt128)(ulong)now.ToUnixTimeMilliseconds() << 80)
            | ((UInt128)(Bits(string.Create(CultureInfo.InvariantCulture, $"id {++ids}")) & 0xFFFF) << 64) | Bits(string.Create(CultureInfo.InvariantCulture, $"id and {ids}"));
        Span<char> letters = stackalloc char[26];
        for (int at = letters.Length - 1; at >= 0; at--)
        {
            letters[at] = Alphabet[(int)(number & 31)];
            number >>= 5;
        }

        return JobId.TryParse(letters, out var id) ? id : throw new InvalidOperationException("a made-up id is none");
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public string Hex(string question) => Bits(question).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>FNV-1a of the question and the seed, then the mixing of SplitMix64: short questions that differ in a digit give numbers that differ in all.</summary>
    private ulong Bits(string question)
    {
        ulong hash = 14695981039346656037UL ^ (uint)seed; // FNV's offset basis, 64 bits
        foreach (byte one in Encoding.UTF8.GetBytes(question))
        {
            hash = (hash ^ one) * 1099511628211UL; // FNV's prime
        }

        hash += 0x9E3779B97F4A7C15UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return hash ^ (hash >> 31);
    }
}
