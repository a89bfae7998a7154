using System.Net;
using System.Net.Sockets;
using Deploy.Logs;
using Deploy.Model;

namespace Deploy.Security;

/// <summary>
/// The list of peers that may speak to a daemon: addresses, CIDR blocks and names. An empty list allows nobody.
/// Every address of a block counts, its first and last too (the original left out network and broadcast, and failed on /31 and /0).
/// </summary>
internal sealed class AddressRules
{
    /// <summary>How long a name's addresses are taken as they were; a changed record is seen after this.</summary>
    private static readonly TimeSpan NameLifetime = TimeSpan.FromSeconds(60);

    /// <summary>How soon a name that did not resolve is looked up again.</summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer waits for a name server before a name counts as no match.</summary>
    private static readonly TimeSpan NameWait = TimeSpan.FromSeconds(2);

    private readonly List<Block> blocks = [];
    private readonly List<Name> names = [];
    private readonly HostNames lookUps = new();
    private readonly TimeProvider time;
    private readonly ILog log;

    /// <param name="entries">As written in the configuration; <see cref="IsEntry"/> has been asked about each.</param>
    /// <param name="time">The clock of the names' lifetime.</param>
    /// <param name="log">Says when a name cannot be resolved.</param>
    public AddressRules(IEnumerable<string> entries, TimeProvider time, ILog log)
    {
        this.time = time;
        this.log = log;
        foreach (string entry in entries)
        {
            if (Block.TryParse(entry, out var block))
            {
                blocks.Add(block);
            }
            else
            {
                names.Add(new Name(entry));
            }
        }
    }

    /// <summary>True for what can stand in the list: an address, a CIDR block with a prefix that fits, or a host name; a name without a letter is a misspelt address.</summary>
    public static bool IsEntry(string entry) =>
        Block.TryParse(entry, out _)
        || (!entry.Contains('/') && Uri.CheckHostName(entry) == UriHostNameType.Dns && entry.Any(char.IsAsciiLetter) && !IPAddress.TryParse(entry, out _));

    /// <summary>True when the list has this peer. Never throws; a name that does not resolve matches nothing.</summary>
    public async ValueTask<bool> AllowsAsync(IPAddress peer, CancellationToken cancellationToken)
    {
        var address = Plain(peer);
        foreach (var block in blocks)
        {
            if (block.Contains(address))
            {
                return true;
            }
        }

        foreach (var name in names)
        {
            if (Array.IndexOf(await ResolveAsync(name, cancellationToken).ConfigureAwait(false), address) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>IPv4 in its IPv6 form is IPv4, and a scope is left out: what an operator writes in the list.</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes()) : address;
    }

    /// <summary>The name's addresses: what is known, or one look-up that all who ask share. A peer that leaves stops waiting and spoils nothing.</summary>
    private async ValueTask<IPAddress[]> ResolveAsync(Name name, CancellationToken cancellationToken)
    {
        Task<IPAddress[]> lookUp;
        lock (name)
        {
            if (name.LookUp is not { } last || (last.IsCompleted && time.GetElapsedTime(name.At) >= name.Lifetime))
            {
                name.At = time.GetTimestamp();
                name.LookUp = LookUpAsync(name);
            }

            lookUp = name.LookUp;
        }

        try
        {
            return await lookUp.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private async Task<IPAddress[]> LookUpAsync(Name name)
    {
        using var limit = new CancellationTokenSource(NameWait, time);
        try
        {
            var answer = await lookUps.FindAsync(name.Text, limit.Token).ConfigureAwait(false);
            (name.Good, name.Lifetime) = (Array.ConvertAll(answer, Plain), NameLifetime);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // The last good answer stands: a name server that is down must not lock every peer out.
            name.Lifetime = FailureLifetime;
            log.Warning($"allow list: {name.Text} does not resolve now; {(name.Good.Length == 0 ? "it matches nobody" : "its last addresses stand")}");
        }

        return name.Good;
    }

    /// <summary>A name in the list, and what is known of it; guarded by its own lock, its answer by the one look-up at a time.</summary>
    private sealed class Name(string text)
    {
        public string Text => text;

        public Task<IPAddress[]>? LookUp { get; set; }

        /// <summary>When the last look-up began.</summary>
        public long At { get; set; }

        public TimeSpan Lifetime { get; set; }

        /// <summary>The last answer that was one.</summary>
        public IPAddress[] Good { get; set; } = [];
    }

    private readonly record struct Block(byte[] Network, int Prefix)
    {
        public static bool TryParse(string entry, out Block block)
        {
            block = default;
            int slash = entry.IndexOf('/', StringComparison.Ordinal);
            string host = slash < 0 ? entry : entry[..slash];
            // The class library takes [::1]:99 and drops the port, and reads 010.0.0.1 as 8.0.0.1.
            if (host.Contains('[', StringComparison.Ordinal)
                || !IPAddress.TryParse(host, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != host))
            {
                return false;
            }

            byte[] network = address.GetAddressBytes();
            int prefix = network.Length * 8;
            if (slash >= 0 && (!int.TryParse(entry.AsSpan(slash + 1), System.Globalization.NumberStyles.None, null, out prefix) || prefix > network.Length * 8 || entry[slash + 1] == '0' && slash + 2 < entry.Length))
            {
                return false;
            }

            block = new Block(network, prefix);
            return true;
        }

        public bool Contains(IPAddress address)
        {
            Span<byte> bytes = stackalloc byte[16];
            if (!address.TryWriteBytes(bytes, out int length) || length != Network.Length)
            {
                return false;
            }

            int whole = Prefix / 8;
            int rest = Prefix % 8;
            return bytes[..whole].SequenceEqual(Network.AsSpan(0, whole))
                && (rest == 0 || (bytes[whole] ^ Network[whole]) >> (8 - rest) == 0);
        }
    }
}
