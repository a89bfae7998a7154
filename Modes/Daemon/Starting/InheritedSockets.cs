using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Deploy.Model;
using Microsoft.Win32.SafeHandles;

namespace Deploy.Modes.Daemon.Starting;

/// <summary>Sockets that a service manager bound and handed down, sd_listen_fds(3): descriptors from 3 on, LISTEN_FDS many, for the process that LISTEN_PID names.</summary>
internal static partial class InheritedSockets
{
    private const int First = 3;         // SD_LISTEN_FDS_START
    private const int Most = 64;         // ours: more addresses than a daemon has
    private const int SetFlags = 2;      // F_SETFD, asm-generic/fcntl.h
    private const int CloseOnExec = 1;   // FD_CLOEXEC
    private const int SocketLevel = 1;   // SOL_SOCKET, asm-generic/socket.h
    private const int IsListening = 30;  // SO_ACCEPTCONN
    private const string Hint = "the .socket unit takes ListenStream=ADDRESS:PORT, and Accept=no";

    /// <summary>True where some were handed to this process.</summary>
    public static bool AreThere => Surroundings.Variable("LISTEN_PID") == Surroundings.ProcessId.ToString(CultureInfo.InvariantCulture)
        && Surroundings.Variable("LISTEN_FDS") is not (null or "0");

    /// <summary>Those that are for us; none where none were handed down. They stay out of children.</summary>
    /// <exception cref="UserError">One is no listening TCP socket.</exception>
    public static IReadOnlyList<Socket> Take()
    {
        if (!AreThere || !int.TryParse(Surroundings.Variable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count == 0)
        {
            return [];
        }

        if (count > Most)
        {
            throw new UserError($"LISTEN_FDS is {count}: expected at most {Most} sockets", ExitCodes.Configuration, Hint);
        }

        for (int descriptor = First; descriptor < First + count; descriptor++)
        {
            _ = SetDescriptor(descriptor, SetFlags, CloseOnExec);
        }

        return [.. Enumerable.Range(First, count).Select(Open)];
    }

    private static Socket Open(int descriptor)
    {
        try
        {
            var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
            byte[] listens = new byte[sizeof(int)];
            if (socket is { SocketType: SocketType.Stream, LocalEndPoint: IPEndPoint } && socket.GetRawSocketOption(SocketLevel, IsListening, listens) > 0 && BitConverter.ToInt32(listens) != 0)
            {
                return socket;
            }
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            // Said below.
        }

        throw new UserError($"descriptor {descriptor}, handed down as a socket, is no listening TCP socket", ExitCodes.Configuration, Hint);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetDescriptor(int descriptor, int command, int argument);
}
