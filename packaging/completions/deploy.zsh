#compdef deploy deploy-agent deploy-proxy deploy-client
# zsh completion: a file _deploy in a directory of $fpath (deploy completion zsh >DIR/_deploy), where no package has installed it.
# The binary itself knows its commands and options; what it does not know, file names, comes from the shell.
_deploy() {
  local program=${words[1]} line
  local -a found
  case ${program:t} in
    deploy-*)
      # The original programs' options: those that the usage names.
      [[ $PREFIX != -* ]] || found=(${(fu)"$(${(Q)program} --help 2>&1 | grep -oE -- '--[a-z][a-z-]+=?')"}) ;;
    *)
      # Only up to the cursor, and under the name that the binary knows.
      line="deploy ${(j: :)words[2,CURRENT-1]}"
      (( CURRENT == 2 )) || line+=" "
      line+=$PREFIX
      found=(${(f)"$(${(Q)program} "[suggest:${#line}]" "$line" 2>/dev/null)"}) ;;
  esac
  if (( ${#found} )); then
    compadd -S ' ' -- ${found:#*=}
    compadd -S '' -- ${(M)found:#*=}
  else
    _files
  fi
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then _deploy "$@"; else compdef _deploy deploy deploy-agent deploy-proxy deploy-client; fi
