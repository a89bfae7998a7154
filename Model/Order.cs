namespace Deploy.Model;

/// <summary>The five orders of the original.</summary>
internal enum Order
{
    Status,
    Rlist,
    Rsync,
    Rkill,
    Exec,
}

/// <summary>Orders by the names that stand in commands, URLs and JSON.</summary>
internal static class Orders
{
    /// <summary>The order's word: lower case.</summary>
    public static string Word(this Order order) => order switch
    {
        Order.Status => "status",
        Order.Rlist => "rlist",
        Order.Rsync => "rsync",
        Order.Rkill => "rkill",
        Order.Exec => "exec",
        _ => throw new ArgumentOutOfRangeException(nameof(order)),
    };

    /// <summary>True for exactly one of the five words, in lower case.</summary>
    public static bool TryParse(string word, out Order order)
    {
        foreach (var candidate in Enum.GetValues<Order>())
        {
            if (candidate.Word() == word)
            {
                order = candidate;
                return true;
            }
        }

        order = default;
        return false;
    }
}
