# bash completion for deploy, deploy-agent, deploy-proxy and deploy-client: in ~/.bashrc `. <(deploy completion bash)`, where no package has installed it.
# The binary itself knows its commands and options; what it does not know, file names, comes from the shell.
_deploy() {
  local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} line
  COMPREPLY=()
  # bash takes --option=value apart: what follows the = is a value.
  [[ $word != = && ${COMP_WORDS[COMP_CWORD - 1]} != = ]] || return 0
  case ${program##*/} in
    deploy-*)
      # The original programs' options: those that the usage names.
      [[ $word != -* ]] || mapfile -t COMPREPLY < <(compgen -W "$("$program" --help 2>&1 | grep -oE -- '--[a-z][a-z-]+=?' | sort -u)" -- "$word") ;;
    *)
      # Only up to the cursor, and under the name that the binary knows.
      line=${COMP_LINE:0:COMP_POINT}
      line="deploy ${line#*"$program" }"
      mapfile -t COMPREPLY < <(compgen -W "$("$program" "[suggest:${#line}]" "$line" 2>/dev/null)" -- "$word") ;;
  esac
  [[ ${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null || true
}
complete -o default -F _deploy deploy deploy-agent deploy-proxy deploy-client
