import { assertNever } from "../../kernel/errors.ts";
import { defineCommand } from "../command.ts";

const SHELLS = ["bash", "zsh", "fish", "powershell"] as const;
type Shell = (typeof SHELLS)[number];

/** A script for one shell; it asks `<bin> __complete` for the words that may follow. */
export interface CompletionReport {
  readonly schemaVersion: 1;
  readonly shell: string;
  readonly script: string;
}

export const completion = defineCommand({
  summary: "Print a completion script for a shell",
  about: [
    'bash:        eval "$({cli} completion bash)"                    in ~/.bashrc',
    'zsh:         eval "$({cli} completion zsh)"                     in ~/.zshrc, after compinit',
    "fish:        {cli} completion fish | source                      in ~/.config/fish/config.fish",
    "powershell:  {cli} completion powershell | Out-String | Invoke-Expression",
  ].join("\n"),
  args: [{ name: "shell", help: "bash, zsh, fish or powershell", values: SHELLS }],
  rooms: [],
  options: {},
  examples: [
    { run: "completion bash", does: "print the script for bash" },
    { run: "completion fish", does: "print the script for fish" },
  ],
  raw: true,
  run: (broker, _given, [shell]): CompletionReport => ({ schemaVersion: 1, shell: String(shell), script: script(shell as Shell, broker.names.bin) }),
  human: ({ script }) => script,
  plain: ({ script }) => script,
});

function script(shell: Shell, bin: string): string {
  const name = bin.replace(/[^A-Za-z0-9]/g, "_");
  switch (shell) {
    case "bash":
      return bash(bin, name);
    case "zsh":
      return zsh(bin, name);
    case "fish":
      return fish(bin, name);
    case "powershell":
      return powershell(bin);
    default:
      return assertNever(shell);
  }
}

/** bash splits words at ":" and "=", which model and profile names contain; the words are therefore taken from the line. */
function bash(bin: string, name: string): string {
  return `_${name}_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" IFS=$' \\t\\n'
  local -a words=($line)
  [[ "$line" == *[[:space:]] ]] && words+=("")
  local typed="\${words[\${#words[@]}-1]}" readline_word="\${COMP_WORDS[COMP_CWORD]}" candidate
  local cut=$(( \${#typed} - \${#readline_word} ))
  case "$readline_word" in ":"|"=") cut=\${#typed} ;; esac
  COMPREPLY=()
  while IFS= read -r candidate; do
    [[ -n "$candidate" ]] && COMPREPLY+=("\${candidate:cut}")
  done < <(${bin} __complete "\${words[@]:1}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == */ ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _${name}_complete ${bin}`;
}

function zsh(bin: string, name: string): string {
  return `_${name}_complete() {
  local -a found
  found=("\${(@f)$(${bin} __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${found[*]}" ]] || return 1
  local -a whole open
  whole=("\${(@)found:#*/}")
  open=("\${(@M)found:#*/}")
  (( \${#open} )) && compadd -S '' -- "\${open[@]}"
  (( \${#whole} )) && compadd -- "\${whole[@]}"
}
compdef _${name}_complete ${bin}`;
}

function fish(bin: string, name: string): string {
  return `function __${name}_complete
    set -l words (commandline -opc) (commandline -ct)
    ${bin} __complete $words[2..-1] 2>/dev/null
end
complete -c ${bin} -f -a '(__${name}_complete)'`;
}

function powershell(bin: string): string {
  return `Register-ArgumentCompleter -Native -CommandName ${bin} -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($wordToComplete -eq '') { $words += '' }
  & ${bin} __complete @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}`;
}
