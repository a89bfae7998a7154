namespace Deploy.Model.Text;

/// <summary>
/// Words that mean something to a shell as the first word of a line and that no program answers to. Builtins that are programs as well
/// (echo, printf, test, kill, true …) are not among them: they run without a shell.
/// </summary>
internal static class ShellBuiltins
{
    /// <summary>True for a keyword or a builtin of POSIX sh, dash or bash that is no program.</summary>
    public static bool Contains(string word) => word is
        // reserved words: POSIX XCU 2.4, and bash's
        "!" or "{" or "}" or "[[" or "]]" or "case" or "do" or "done" or "elif" or "else" or "esac" or "fi" or "for" or "function" or "if" or "in"
        or "select" or "then" or "until" or "while" or "coproc"
        // special builtins: POSIX XCU 2.14
        or "." or ":" or "break" or "continue" or "eval" or "exec" or "exit" or "export" or "readonly" or "return" or "set" or "shift" or "times" or "trap" or "unset"
        // builtins that change or ask the shell itself
        or "alias" or "bg" or "bind" or "builtin" or "cd" or "chdir" or "command" or "complete" or "declare" or "dirs" or "disown" or "enable" or "fc" or "fg" or "getopts"
        or "hash" or "history" or "jobs" or "let" or "local" or "logout" or "mapfile" or "popd" or "pushd" or "read" or "readarray" or "shopt" or "source"
        or "suspend" or "type" or "typeset" or "ulimit" or "umask" or "unalias" or "wait";
}
