namespace Deploy.Rsync.Meaning;

/// <summary>rsync's exit codes (errcode.h, rsync.1 "EXIT VALUES"); <c>docs/rsync.md</c> says what each means here.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Usage = 1;
    public const int Protocol = 2;
    public const int FileSelection = 3;
    public const int Unsupported = 4;
    public const int StartClient = 5;
    public const int LogFile = 6;
    public const int SocketIo = 10;
    public const int FileIo = 11;
    public const int StreamIo = 12;
    public const int MessageIo = 13;
    public const int Ipc = 14;
    public const int Crashed = 15;
    public const int Terminated = 16;
    public const int Signal1 = 19;
    public const int Signal = 20;
    public const int WaitChild = 21;
    public const int Malloc = 22;
    public const int Partial = 23;
    public const int Vanished = 24;
    public const int DeleteLimit = 25;
    public const int Timeout = 30;
    public const int ConnectTimeout = 35;
    public const int CommandFailed = 124;
    public const int CommandKilled = 125;
    public const int CommandRun = 126;
    public const int CommandNotFound = 127;

    /// <summary>Not rsync's own: the remote shell failed, ssh's code for all of its errors (ssh.1).</summary>
    public const int RemoteShell = 255;
}
