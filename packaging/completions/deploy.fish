# fish completion for deploy, deploy-agent, deploy-proxy and deploy-client: `deploy completion fish | source`, where no package has installed it.
# The binary itself knows its commands and options; what it does not know, file names, comes from the shell.
function __deploy_suggest
    # Only up to the cursor, and under the name that the binary knows.
    set -l program (commandline -opc)[1]
    set -l line (string replace -r '^\s*\S+' deploy -- (commandline -cp))
    $program "[suggest:"(string length -- $line)"]" $line 2>/dev/null
end

# The original programs' options: those that the usage names.
function __deploy_usage
    set -l program (commandline -opc)[1]
    $program --help 2>&1 | string match -ar -- '--[a-z][a-z-]+' | sort -u
end

complete -c deploy -a '(__deploy_suggest)'
for program in deploy-agent deploy-proxy deploy-client
    complete -c $program -n 'string match -q -- "-*" (commandline -ct)' -a '(__deploy_usage)'
end
