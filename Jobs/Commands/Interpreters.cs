namespace Deploy.Jobs.Commands;

/// <summary>Programs that run what they are given: the tables of <see cref="CommandInjection"/>. From the manuals of Debian 12's packages.</summary>
internal static class Interpreters
{
    private static readonly InterpreterFamily Shell = new() { CodeLetters = "c", ValueLetters = "oO", CodeIsOperand = true };
    private static readonly InterpreterFamily Fish = new() { CodeLetters = "cC", ValueLetters = "dDfop" };
    private static readonly InterpreterFamily Python = new() { CodeLetters = "cm", ValueLetters = "WXQ", CodeEndsOptions = true };
    private static readonly InterpreterFamily Perl = new() { CodeLetters = "eE", ValueLetters = "I" };
    private static readonly InterpreterFamily Ruby = new() { CodeLetters = "e", ValueLetters = "CEFIr" };
    private static readonly InterpreterFamily Node = new() { CodeLetters = "ep", ValueLetters = "rC" };
    private static readonly InterpreterFamily Php = new() { CodeLetters = "rBRE", ValueLetters = "cdfFStz" };
    private static readonly InterpreterFamily Lua = new() { CodeLetters = "e", ValueLetters = "l" };
    private static readonly InterpreterFamily Awk = new() { CodeLetters = "e", ValueLetters = "Ffvil" };

    /// <summary>The family of a program of this name, version numbers at its end ignored; null when it is no interpreter that we know.</summary>
    public static InterpreterFamily? FamilyOf(string name) => Bare(name) switch
    {
        "sh" or "bash" or "rbash" or "dash" or "ash" or "zsh" or "ksh" or "rksh" or "pdksh" or "lksh" or "oksh" or "mksh" or "csh" or "tcsh" or "yash" or "posh" => Shell,
        "fish" => Fish,
        "python" or "pypy" => Python,
        "perl" => Perl,
        "ruby" or "jruby" => Ruby,
        "node" or "nodejs" or "bun" or "deno" => Node,
        "php" or "php-cgi" => Php,
        "lua" or "luajit" or "Rscript" or "groovy" => Lua,
        "awk" or "gawk" or "mawk" or "nawk" => Awk,
        _ => null,
    };

    /// <summary>Names that are words for other things too (<c>drain node %s</c>).</summary>
    public static bool IsAmbiguous(string name) => Bare(name) is "node" or "php" or "ruby" or "lua" or "bun" or "fish" or "groovy";

    /// <summary>Programs that take a command, or code, from any of their arguments.</summary>
    public static bool TakesCommandsAnywhere(string name) => name is "ssh" or "autossh" or "sshpass" or "slogin" or "rsh" or "remsh" or "su" or "runuser" or "eval"
        or "xargs" or "parallel" or "watch" or "script" or "sed" or "find" or "expect" or "gdb";

    /// <summary>Programs whose arguments are names of services, and the services' own scripts.</summary>
    public static bool TakesServiceNames(string program) =>
        program.StartsWith("/etc/init.d/", StringComparison.Ordinal)
        || program.StartsWith("/etc/rc.d/", StringComparison.Ordinal)
        || program.StartsWith("/usr/local/etc/rc.d/", StringComparison.Ordinal)
        || program[(program.LastIndexOf('/') + 1)..] is "service" or "systemctl" or "rc-service" or "invoke-rc.d" or "initctl" or "supervisorctl" or "monit" or "svc" or "sv";

    /// <summary>How to find the program behind this one; null when it starts none.</summary>
    public static Wrapper? WrapperOf(string name) => name switch
    {
        "env" => new Wrapper("uCS", TakesAssignments: true),
        "sudo" => new Wrapper("ughpCrtTUDRa", TakesAssignments: true),
        "doas" => new Wrapper("uCa"),
        "nice" => new Wrapper("n"),
        "ionice" => new Wrapper("cnpPu"),
        "timeout" => new Wrapper("sk", OperandsBefore: 1),
        "stdbuf" => new Wrapper("ioe"),
        "chroot" or "taskset" or "chrt" => new Wrapper("TPD", OperandsBefore: 1),
        "flock" => new Wrapper("wE", OperandsBefore: 1),
        "time" => new Wrapper("of"),
        "strace" or "ltrace" => new Wrapper("eopsaPuEISObXlnx"),
        "systemd-run" => new Wrapper("puEMHC"),
        "nsenter" or "unshare" => new Wrapper("tSGRw"),
        "nohup" or "setsid" or "setpriv" or "chronic" or "unbuffer" or "busybox" or "toybox" or "setarch" or "linux64" or "linux32" => new Wrapper(string.Empty),
        _ => null,
    };

    private static string Bare(string name) => name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '-');
}
