using System.Runtime.InteropServices;

namespace Deploy.Modes;

/// <summary>glibc: the host's, or linked in (`./build publish --static`, docs/decisions/008).</summary>
internal static partial class CLibrary
{
    /// <summary>Debian's name for what is not there, base-passwd: the home of who has none.</summary>
    public const string Nowhere = "/nonexistent";

    private const nuint InterpreterBase = 7; // AT_BASE of getauxval(3): where the kernel put the dynamic loader, 0 without one

    /// <summary>What nsswitch.conf(5) calls the databases that are asked here: accounts in Modes/Daemon, hosts in the class library.</summary>
    private static readonly (string Database, string Services)[] OwnServices = [("passwd", "files"), ("group", "files"), ("initgroups", "files"), ("hosts", "files dns")];

    /// <summary>Whether it is linked in. (Also true when the loader was named by hand, <c>ld.so deploy</c>.)</summary>
    public static bool IsLinkedIn => GetAuxiliaryValue(InterpreterBase) == 0;

    /// <summary>E.g. <c>2.36</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8(GetVersion())!;

    /// <summary>
    /// Must come before any name is looked up. Where the C library is linked in, names of users, groups and hosts come from files and DNS, whatever nsswitch.conf says: its other
    /// services are modules, and loading one brings the host's C library in beside ours, which ends in SIGSEGV (seen with <c>passwd: files systemd</c>, as libnss-systemd sets it).
    /// </summary>
    public static void KeepToItself()
    {
        if (IsLinkedIn)
        {
            foreach (var (database, services) in OwnServices)
            {
                _ = ConfigureLookup(database, services);
            }
        }
    }

    /// <summary>
    /// Must come before the first TLS. OpenSSL's roots, which the class library loads with the first certificate, whatever is checked, take 50 ms and some MB; here pins alone count. Only libc's
    /// environment reaches OpenSSL; children get the one that the process was started with. The class library also looks for keys that are not to be trusted, below the home directory, and throws where
    /// there is none.
    /// </summary>
    public static void TrustNoRoots()
    {
        _ = SetVariable("SSL_CERT_DIR", Nowhere, 1);
        _ = SetVariable("SSL_CERT_FILE", Nowhere, 1);
        if (Surroundings.Home is null)
        {
            _ = SetVariable("HOME", Nowhere, 1);
        }
    }

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint GetAuxiliaryValue(nuint type);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial nint GetVersion();

    [LibraryImport("libc", EntryPoint = "__nss_configure_lookup", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ConfigureLookup(string database, string services); // nss.h
}
