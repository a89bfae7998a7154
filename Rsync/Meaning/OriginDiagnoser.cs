namespace Deploy.Rsync.Meaning;

/// <summary>What is wrong with the origin or on the way there.</summary>
internal static class OriginDiagnoser
{
    private const int Enetunreach = 101; // errno values of Linux, asm-generic/errno.h
    private const int Etimedout = 110;
    private const int Econnrefused = 111;
    private const int Ehostdown = 112;
    private const int Ehostunreach = 113;

    private const string Error = "@ERROR: "; // how a daemon says no (clientserver.c)

    /// <summary>Code 5: the daemon said no; its words decide.</summary>
    public static Diagnosis Refused(Ending ending)
    {
        var origin = Origin.Read(ending.Call.Origin);
        string url = Words.Shown(PartialDiagnoser.ModuleUrl(origin with { Module = string.Empty }));
        string? said = Reason.Beginning(ending, Error)?[Error.Length..];
        return said switch
        {
            null => new Diagnosis(Fault.Configuration, $"origin {origin.Host} did not start the transfer: {Reason.First(ending)}", "look into the log of rsyncd at the origin"),
            _ when said.StartsWith("max connections", StringComparison.Ordinal) => new Diagnosis(Fault.OriginBusy,
                $"origin {origin.Host} is busy: module {origin.Module} has its {said}", "wait and sync again, or raise 'max connections' of that module"),
            _ when said.StartsWith("Unknown module", StringComparison.Ordinal) => new Diagnosis(Fault.Configuration,
                $"origin {origin.Host} has no module {origin.Module}", $"see which it has: rsync {url}"),
            _ when said.StartsWith("auth failed", StringComparison.Ordinal) => new Diagnosis(Fault.Configuration,
                $"origin {origin.Host} refused the user or password for module {origin.Module}", "check --password-file in the group's options, and at the origin 'auth users' and 'secrets file' of that module"),
            _ when said.StartsWith("access denied", StringComparison.Ordinal) => new Diagnosis(Fault.Configuration,
                $"origin {origin.Host} does not let this host read module {origin.Module}: {said}", "add this host's address to 'hosts allow' of that module"),
            _ when said.StartsWith("chdir failed", StringComparison.Ordinal) || said.StartsWith("chroot failed", StringComparison.Ordinal) => new Diagnosis(Fault.Configuration,
                $"the directory of module {origin.Module} does not exist at origin {origin.Host}, or rsyncd may not enter it", "at the origin, check 'path' of that module in rsyncd.conf"),
            _ => new Diagnosis(Fault.Configuration, $"origin {origin.Host} refused: {said}", "look into the log of rsyncd at the origin"),
        };
    }

    /// <summary>Codes 10, 12, 30, 35.</summary>
    public static Diagnosis Unreachable(Ending ending, int cause)
    {
        var origin = Origin.Read(ending.Call.Origin);
        string port = ExitMeaning.Text(origin.Port);
        string host = Words.Shown(origin.Host);
        if (Reason.Beginning(ending, "rsync: getaddrinfo: ") is not null)
        {
            return new Diagnosis(Fault.Network, $"origin host {origin.Host} cannot be resolved to an address", $"check the name and this host's name service: getent hosts {host}");
        }

        if (Reason.WithErrno(ending, Econnrefused) is not null)
        {
            return new Diagnosis(Fault.Network, $"origin {origin.Host} refused the connection (port {port})",
                $"check that rsyncd runs at the origin and listens on that port: rsync {Words.Shown(PartialDiagnoser.ModuleUrl(origin with { Module = string.Empty }))}");
        }

        if (cause == ExitCode.ConnectTimeout || Reason.WithErrno(ending, Etimedout, Ehostunreach, Enetunreach, Ehostdown) is not null)
        {
            return new Diagnosis(Fault.Network, $"origin {origin.Host} cannot be reached (port {port}): {Reason.First(ending)}", $"check route and firewalls between here and there: ping {host}");
        }

        return cause switch
        {
            ExitCode.Timeout => new Diagnosis(Fault.Network, $"origin {Named(origin)} sent nothing for too long: {Reason.First(ending)}", "check load and network of the origin, or raise the I/O timeout (--timeout)"),
            ExitCode.StreamIo => TargetDiagnoser.Of(ending) // rsync 3.0 ends with 12 for a full disk
                ?? new Diagnosis(Fault.Network, $"the connection to origin {Named(origin)} broke: {Reason.First(ending)}", "look into the log of rsyncd at the origin, then sync again"),
            _ => new Diagnosis(Fault.Network, $"the network between here and origin {Named(origin)} failed: {Reason.First(ending)}", "sync again; if it stays so, check the network"),
        };
    }

    /// <summary>Code 255: ssh, or what stands in its place.</summary>
    public static Diagnosis RemoteShellFailed(Ending ending)
    {
        var origin = Origin.Read(ending.Call.Origin);
        return new Diagnosis(Fault.Network, $"the remote shell to origin {Named(origin)} failed: {Reason.First(ending)}",
            $"try it by hand as the agent's user: {ending.Call.Rsh ?? "ssh"} {Words.Shown(origin.Host)} true");
    }

    /// <summary>Codes 124 to 127: the command at the other end of the remote shell.</summary>
    public static Diagnosis RemoteCommandFailed(Ending ending, int cause)
    {
        var origin = Origin.Read(ending.Call.Origin);
        return cause switch
        {
            ExitCode.CommandNotFound => new Diagnosis(Fault.Configuration, $"rsync was not found at origin {Named(origin)}", "install rsync there, or name its path with --rsync-path in the group's options"),
            ExitCode.CommandRun => new Diagnosis(Fault.Configuration, $"rsync at origin {Named(origin)} cannot be executed: {Reason.First(ending)}", "check its mode and owner there"),
            ExitCode.CommandKilled => new Diagnosis(Fault.Configuration, $"a signal ended the remote command at origin {Named(origin)}: {Reason.First(ending)}", "look into the log of that host"),
            _ => new Diagnosis(Fault.Configuration, $"the remote command at origin {Named(origin)} failed: {Reason.First(ending)}", "look into the log of that host"),
        };
    }

    private static string Named(Origin origin) => origin.Kind == OriginKind.Local ? origin.Path : origin.Host;
}
