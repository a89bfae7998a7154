namespace Deploy.Modes.Binding.Ini;

/// <summary>The four files of the original.</summary>
internal enum IniFileKind
{
    /// <summary>deploy_agent.ini.</summary>
    Agent,

    /// <summary>The file that an agent's <c>[jobs] path</c> names.</summary>
    Jobs,

    /// <summary>deploy_proxy.ini.</summary>
    Proxy,

    /// <summary>The file that a proxy's <c>[api] path</c> names.</summary>
    Api,
}
