// Owns `tributaryd completion`: scripts by which a shell completes commands and flags. They ask the program itself (`tributaryd __complete`, main.ts), so
// that what is completed is what there is.
import { Argument, type Command } from "commander";
import { printLine, printRaw } from "./output.ts";

const scripts = {
  bash: `_tributaryd() {
  local IFS=$'\\n'
  COMPREPLY=($(tributaryd __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _tributaryd tributaryd
`,
  zsh: `#compdef tributaryd
_tributaryd() {
  local -a found
  found=("\${(@f)$(tributaryd __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -- $found; else _files; fi
}
compdef _tributaryd tributaryd
`,
  fish: `complete -c tributaryd -a '(tributaryd __complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
`,
} as const;

/** Fills in the `completion` command. */
export function addCompletionCommand(command: Command): void {
  command
    .description(
      "Print a script by which a shell completes commands and flags, such as `source <(tributaryd completion bash)`",
    )
    .addArgument(new Argument("<shell>", "The shell").choices(Object.keys(scripts)))
    .action((shell: keyof typeof scripts) => printRaw(scripts[shell]));
}

/** Prints what may follow, one a line: the commands below one, or its flags when the word that is begun is one. */
export function printCompletions(command: Command, begun: string): void {
  const found = begun.startsWith("-")
    ? flagsOf(command)
    : command
        .createHelp()
        .visibleCommands(command)
        .map((one) => one.name());
  for (const word of found) if (word.startsWith(begun)) printLine(word);
}

function flagsOf(command: Command): readonly string[] {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
  return options.flatMap(({ long }) => (typeof long === "string" ? [long] : []));
}
