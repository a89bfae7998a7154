namespace Deploy.Model;

/// <summary>Every limit on what a peer can cost, with unit, reason and source, in one place.</summary>
internal static class Limits
{
    /// <summary>Bytes of a request's head, before anything is parsed. Kestrel's own default for headers; the original had none.</summary>
    public const int HeadBytes = 32 * 1024;

    /// <summary>Bytes of a request's body: options of 64 KiB, each byte percent-encoded, and room; it is held before its key is known. The original had none.</summary>
    public const int BodyBytes = 256 * 1024;

    /// <summary>Bytes of a job's document: its hosts, a plan that names them again, and room for the words. Ours.</summary>
    public const int DocumentBytes = 512 * 1024;

    /// <summary>Words of a command's arguments. Ours.</summary>
    public const int Arguments = 1000;

    /// <summary>Bytes of all these words together: as many as the original's options hold, and half of what Linux takes as one word (MAX_ARG_STRLEN, 128 KiB).</summary>
    public const int ArgumentBytes = 64 * 1024;

    /// <summary>Signed status and rlist orders that are remembered at once, until their signatures expire: 100 a second for a quarter of an hour, in some 20 MB.</summary>
    public const int RememberedOrders = 100_000;

    /// <summary>Readers of events at once on one daemon, so that half of its <see cref="Connections"/> are left for orders; a job that is sent and followed in one request counts beyond it.</summary>
    public const int EventReaders = 1024;

    /// <summary>How long a reader of a stream may take nothing before it is cut off: six of the bookmarks that come when all is quiet.</summary>
    public static readonly TimeSpan StreamWriteTime = TimeSpan.FromSeconds(60);

    /// <summary>How long a key that was taken away may still read a stream: until the bookmark that follows, so twice ten quiet seconds at most.</summary>
    public static readonly TimeSpan StreamLookAgainTime = TimeSpan.FromSeconds(9);

    /// <summary>How long a whole head may take, however steadily it trickles: three times the original's 5 s for its next byte.</summary>
    public static readonly TimeSpan HeadTime = TimeSpan.FromSeconds(15);

    /// <summary>How long a whole TLS handshake may take, however steadily it trickles: a second's work at most, and three round trips. The original's time for a next byte.</summary>
    public static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(5);

    /// <summary>How long the end of a TLS connection is waited for, once the last answer is out.</summary>
    public static readonly TimeSpan ChannelEndTime = TimeSpan.FromSeconds(2);

    /// <summary>How long a whole body may take, however steadily it trickles.</summary>
    public static readonly TimeSpan BodyTime = TimeSpan.FromSeconds(30);

    /// <summary>Slowest body that is waited for, bytes a second, after <see cref="BodyGrace"/>. Kestrel's default.</summary>
    public const double BodyBytesPerSecond = 240;

    /// <summary>How long a body may be slower than that. Kestrel's default, and the original's socket_timeout.</summary>
    public static readonly TimeSpan BodyGrace = TimeSpan.FromSeconds(5);

    /// <summary>Slowest peer that an answer is written to, bytes a second over the whole answer: a client that does not read holds a command's 1 MiB for a minute and a half. Kestrel's default of 240 would make that 97 minutes.</summary>
    public const double AnswerBytesPerSecond = 16 * 1024;

    /// <summary>Connections at once on one daemon: each costs a descriptor and some 10 KiB; a proxy's fan-out is 256.</summary>
    public const int Connections = 2048;

    /// <summary>Hosts that a proxy asks at once for all its clients together: each costs a descriptor. As many as it takes clients; one order alone takes fan_out.</summary>
    public const int HostsAtOnce = 2048;

    /// <summary>Bytes of answers that a proxy holds at once, of all its orders together: as they came, and as they wait to be sent. Some fifty hosts with an rlist of 10 MB.</summary>
    public const long RelayBytes = 512L * 1024 * 1024;

    /// <summary>Bytes of one agent's answer that a proxy takes: a quarter of <see cref="RelayBytes"/>, so that one agent cannot take all of it; an rlist of two million names.</summary>
    public const int RelayAnswerBytes = 128 * 1024 * 1024;

    /// <summary>Bytes of small texts, of 4 KiB at most, that a proxy holds beside <see cref="RelayBytes"/>: no large answer can cost an order like exec its result.</summary>
    public const long RelaySmallBytes = 64L * 1024 * 1024;

    /// <summary>How long sending one answer may take, however steadily it is read: 256 MiB at 450 KiB a second. At <see cref="AnswerBytesPerSecond"/> alone they would be held for hours.</summary>
    public static readonly TimeSpan AnswerTime = TimeSpan.FromMinutes(10);

    /// <summary>Names that are looked up at once: each is a thread, which lives as long as a silent name server takes.</summary>
    public const int LookUpsAtOnce = 64;

    /// <summary>How long a proxy that stops, when its grace is over, takes to send its clients what is known.</summary>
    public static readonly TimeSpan LastAnswerTime = TimeSpan.FromSeconds(2);

    /// <summary>How long a dry run may take: rsync 3.0.9 can hang in one. The default host_timeout.</summary>
    public static readonly TimeSpan DryRunTime = TimeSpan.FromHours(1);

    /// <summary>How long after its start a sync that failed still fails the order: the original waited one second.</summary>
    public static readonly TimeSpan SyncStartTime = TimeSpan.FromSeconds(1);

    /// <summary>TERM to KILL for rkill, so that its answer comes within 3 s (the contract with the original).</summary>
    public static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(2);

    /// <summary>Syncs that write at once; more are refused: each is a process or three, and holds its target.</summary>
    public const int SyncsAtOnce = 64;

    /// <summary>Characters of a job's subject that are kept and logged; a group's name and a pair of paths fit.</summary>
    public const int JobSubject = 1024;

    /// <summary>Dry runs that run at once, and commands that do; more wait their turn: each is a process or three, and whoever retries must not multiply them.</summary>
    public const int ChildrenAtOnce = 64;

    /// <summary>How long an order that stopped a process waits for its record to end, where the process may be stuck in the kernel.</summary>
    public static readonly TimeSpan EndTime = TimeSpan.FromSeconds(2);

    /// <summary>Finished jobs, and syncs that ended badly, remembered in memory.</summary>
    public const int FinishedJobs = 1000;

    /// <summary>Bytes of one change set or output that a store keeps: a change set of some 150,000 files. Of a larger one numbers and digest are kept, which is all that a plan needs.</summary>
    public const int ShapeBytes = 16 * 1024 * 1024;

    /// <summary>Bytes of all change sets and outputs of one job that a store keeps: a thousand hosts that differ by a thousand files each.</summary>
    public const long JobShapesBytes = 128L * 1024 * 1024;

    /// <summary>Bytes of what one host printed that a store keeps, half from its begin, half from its end: what went wrong stands there. A command's output is a shape.</summary>
    public const int HostLogBytes = 64 * 1024;

    /// <summary>Events of ended jobs that are held for readers who are behind, or come back: five jobs of 2,000 hosts; a few MiB.</summary>
    public const int RecentEvents = 10_000;

    /// <summary>Bytes of contents that the events of one job carry, and those of all ended jobs together: beyond it they come without, and whoever wants them asks.</summary>
    public const int EventContentBytes = 4 * 1024 * 1024;

    /// <summary>Lines of logs that are held of one job for its readers; a reader that is further behind asks for the log.</summary>
    public const int EventLines = 500;

    /// <summary>UTF-16 units in these lines.</summary>
    public const int EventLinesSize = 256 * 1024;

    /// <summary>UTF-16 units of an expression of hosts, each one byte where it is right: 100,000 names of common length fold to less; a body holds it.</summary>
    public const int HostTextBytes = 256 * 1024;

    /// <summary>Hosts of one expression: some ten times the largest fleet that one proxy is meant for; as names they are a few MiB.</summary>
    public const int Hosts = 100_000;

    /// <summary>Hosts that resolving one expression goes through, each time that they are gone through: half a second or so. It is a fleet of 100,000 named by twenty groups that overlap.</summary>
    public const int HostSteps = 2_000_000;

    /// <summary>Bracket parts of one name: an IPv4 address has four numbers.</summary>
    public const int HostBrackets = 4;

    /// <summary>Digits of a number in a bracket part: it fits an int.</summary>
    public const int HostDigits = 9;

    /// <summary>Letters of a host's name. RFC 1035 2.3.4: 255 bytes on the wire are 253 in text.</summary>
    public const int HostNameLetters = 253;

    /// <summary>Bytes of a file of the audit log before it is put aside: some 40,000 records. Ours.</summary>
    public const long AuditFileBytes = 16 * 1024 * 1024;

    /// <summary>Files of the audit log that are kept, with the one that is written: 128 MiB, a third of a million records.</summary>
    public const int AuditFiles = 8;

    /// <summary>Records of the audit log that wait to be written: more than there are <see cref="Connections"/>, each of which waits for one at most.</summary>
    public const int AuditWaiting = 4096;

    /// <summary>How long a record that nobody waits for may be in the system's memory alone: a kill loses none, a power cut these.</summary>
    public static readonly TimeSpan AuditSyncTime = TimeSpan.FromSeconds(1);

    /// <summary>How often a record tells of those that were not written, in a flood: it must not be one of its own.</summary>
    public static readonly TimeSpan AuditOmittedTime = TimeSpan.FromSeconds(10);

    /// <summary>How often the end of the audit log is said in the daemon's log.</summary>
    public static readonly TimeSpan AuditHeadTime = TimeSpan.FromHours(1);

    /// <summary>Letters of the folded hosts in a record of the audit log; the job's own document has all of them.</summary>
    public const int AuditHostLetters = 4096;

    /// <summary>Letters of any other text in a record of the audit log.</summary>
    public const int AuditTextLetters = 1024;

    /// <summary>Refusals of unproved peers together, and refusals and reading orders of each key, that are recorded at once, and how many a second after that; the rest is counted in one record. Two days of 1 a second are 170,000 records: a flood does not push out what counts within a weekend.</summary>
    public const int AuditRefusals = 1000;

    /// <inheritdoc cref="AuditRefusals"/>
    public const double AuditRefusalsPerSecond = 1;

    /// <summary>New connections of one address at once, and a second after that: ten clients that ask 2,000 agents each, or one proxy for as many; a handshake costs a millisecond or so of a core.</summary>
    public const int AddressConnections = 20_000;

    /// <inheritdoc cref="AddressConnections"/>
    public const double AddressConnectionsPerSecond = 2_000;

    /// <summary>Places that connections of one address which have not shown who they are take together: a quarter of <see cref="Connections"/>, so that no address shuts all others out.</summary>
    public const int AddressShare = Connections / 4;

    /// <summary>Lines of the log about one address, of connections and requests that prove nothing or are refused, in a minute; the others are one line with their number.</summary>
    public const int AddressLines = 10;

    /// <summary>How often what comes again and again is told.</summary>
    public static readonly TimeSpan RepeatsTime = TimeSpan.FromMinutes(1);

    /// <summary>Failed authentications of one address at once, and a second after that; more, and it waits. A fleet's script with a wrong key fails some dozens of times; 100 a minute.</summary>
    public const int AddressFailures = 100;

    /// <inheritdoc cref="AddressFailures"/>
    public const double AddressFailuresPerSecond = 100 / 60.0;

    /// <summary>How long an address waits after that.</summary>
    public static readonly TimeSpan FailurePenalty = TimeSpan.FromSeconds(10);

    /// <summary>Orders of one key at once, and a second after that: more than a person or a script gives, and less than a core verifies and stores.</summary>
    public const int KeyOrders = 2_000;

    /// <inheritdoc cref="KeyOrders"/>
    public const double KeyOrdersPerSecond = 200;

    /// <summary>Addresses (of IPv6 networks of 64 bits), and keys, whose rates are remembered; beyond it the one that was idle longest is forgotten. Some 150 bytes each.</summary>
    public const int RatesRemembered = 8192;
}
