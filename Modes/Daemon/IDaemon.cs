using System.Net;
using Deploy.Model;

namespace Deploy.Modes.Daemon;

/// <summary>An agent or a proxy, as <see cref="DaemonMode{TSettings}"/> runs it. Nothing in it is shared: many can live in one process.</summary>
internal interface IDaemon<TSettings> : IAsyncDisposable
    where TSettings : DaemonSettings
{
    /// <summary>The settings in force.</summary>
    TSettings Settings { get; }

    /// <summary>Where it listens, free ports filled in; after the start.</summary>
    IReadOnlyList<IPEndPoint> Bound { get; }

    /// <summary>Binds, and accepts orders from when this ends.</summary>
    /// <param name="afterBind">Called between binding and the first order: privileges go here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UserError">An address cannot be bound.</exception>
    Task StartAsync(Action? afterBind, CancellationToken cancellationToken);

    /// <summary>Takes new settings for the orders to come; what runs goes on under the old ones.</summary>
    /// <exception cref="UserError">They must not replace those in force; names why.</exception>
    void Reload(TSettings settings);

    /// <summary>Stops accepting, gives what runs until the token fires, stops the rest; nothing of it is left when this ends.</summary>
    Task StopAsync(CancellationToken grace);
}
