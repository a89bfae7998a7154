namespace Deploy.Modes.Binding.Toml;

/// <summary>The table <c>[secure]</c>: read and checked, and said to have no effect yet.</summary>
internal static class SecureTable
{
    /// <summary>Takes the table.</summary>
    /// <param name="table">The binder of <c>[secure]</c>.</param>
    /// <param name="daemon">Whose it is, <c>agent</c> or <c>proxy</c>, for the examples.</param>
    public static void Bind(TableBinder table, string daemon)
    {
        table.AbsolutePath("host_key", $"/etc/deploy/{daemon}.key");
        table.AbsolutePath("operators", "/etc/deploy/authorized_operators");
        foreach (string key in new[] { "host_key", "operators" })
        {
            table.WithoutEffect(key, "the secure mode is not there yet");
        }

        table.Close();
    }
}
