namespace Deploy.Tests.Security.Keys;

/// <summary>Bends what is good a little, here and there: letters changed, taken, put in, doubled, cut.</summary>
internal static class Bend
{
    private const string Letters = "\0\t\n\r \"#%*,-./0129:;=?@AZaz\\~\u007f\u0080\u00e9\u202e\ud800";

    public static string Text(string good, Random random)
    {
        var text = good.ToList();
        Change(text, random, () => random.Next(3) == 0 ? good[random.Next(good.Length)] : Letters[random.Next(Letters.Length)]);
        return new string([.. text]);
    }

    public static byte[] Bytes(byte[] good, Random random)
    {
        var bytes = good.ToList();
        Change(bytes, random, () => (byte)(random.Next(3) == 0 ? 0xFF : random.Next(256)));
        return [.. bytes];
    }

    private static void Change<T>(List<T> items, Random random, Func<T> other)
    {
        do
        {
            int at = random.Next(items.Count + 1);
            int length = Math.Min(random.Next(1, 9), items.Count - at);
            switch (random.Next(5))
            {
                case 0 when at < items.Count:
                    items[at] = other();
                    break;
                case 1:
                    items.Insert(at, other());
                    break;
                case 2:
                    items.RemoveRange(at, length);
                    break;
                case 3:
                    items.InsertRange(at, items.GetRange(at, length));
                    break;
                case 4 when random.Next(4) == 0:
                    items.RemoveRange(at, items.Count - at);
                    break;
            }
        }
        while (random.Next(3) > 0);
    }
}
