namespace Deploy.Api;

/// <summary>A peer while it is connected: what there is to say of it when it is gone.</summary>
/// <param name="name">Address and port.</param>
internal sealed class ConnectedPeer(string name)
{
    public string Name => name;

    /// <summary>What was wrong with its request's body; null while nothing was.</summary>
    public string? Problem { get; set; }

    /// <summary>Kestrel has logged a line about it.</summary>
    public bool Said { get; set; }
}
