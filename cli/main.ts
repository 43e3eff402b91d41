// Owns the command line as a whole: the list of commands, how a line is read, and how every failure becomes one line and
// an exit code. What a command does is in its own file, loaded only when it is the one that was typed.
import { Command, CommanderError } from "commander";
import { CliError, exitCode } from "./errors.ts";
import { globalOptions, withOptions } from "./options.ts";
import { printRaw, reportFailure } from "./output.ts";

/** One entry of the top level: enough for help and suggestions without loading the command. */
interface CommandEntry {
  /** Name and arguments in commander's notation. */
  readonly usage: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  /** Fills in options, subcommands and the action. */
  readonly load: (command: Command) => Promise<void>;
}

const entries: readonly CommandEntry[] = [
  {
    usage: "dev",
    description: "Run a chain of your own, with funded accounts and sample data; `npm start` runs this",
    load: async (command) => (await import("./dev/command.ts")).addDevCommand(command),
  },
  {
    usage: "tour",
    description: "Show the main job on real data: contribute, answer, attribute, pay, verify",
    load: async (command) => (await import("./tour.ts")).addTourCommand(command),
  },
  {
    usage: "init [moniker]",
    description: "Write configuration, keys and a genesis into the home folder",
    load: async (command) => (await import("./init.ts")).addInitCommand(command),
  },
  {
    usage: "keys",
    description: "Manage keys",
    load: async (command) => (await import("./keys/commands.ts")).addKeyCommands(command),
  },
  {
    usage: "genesis",
    description: "Build and check the genesis of a chain",
    load: async (command) => (await import("./genesis/commands.ts")).addGenesisCommands(command),
  },
  {
    usage: "start",
    description: "Run the node",
    load: async (command) => (await import("./start.ts")).addStartCommand(command),
  },
  {
    usage: "testnet",
    description: "Make or run a network of several validators",
    load: async (command) => (await import("./testnet/commands.ts")).addTestnetCommands(command),
  },
  {
    usage: "status",
    description: "Ask a node how it is",
    load: async (command) => (await import("./status.ts")).addStatusCommand(command),
  },
  {
    usage: "query",
    aliases: ["q"],
    description: "Ask about the chain's state, blocks and transactions",
    load: async (command) => (await import("./query/commands.ts")).addQueryCommands(command),
  },
  {
    usage: "tx",
    description: "Make, sign and send transactions",
    load: async (command) => (await import("./tx/commands.ts")).addTxCommands(command),
  },
  {
    usage: "watch",
    description: "Check every batch as it comes, challenge what is false, claim what was earned",
    load: async (command) => (await import("./attribution/watch.ts")).addWatchCommand(command),
  },
  {
    usage: "host",
    description: "Settle what was served by batches: hand in receipts, post, answer challenges",
    load: async (command) => (await import("./attribution/host.ts")).addHostCommand(command),
  },
  {
    usage: "attribution",
    description: "Index the texts of datanets, and find which records the words of a text stand in",
    load: async (command) => (await import("./attribution/commands.ts")).addAttributionCommands(command),
  },
  {
    usage: "comet",
    aliases: ["cometbft", "tendermint"],
    description: "Show who this node is, reset its data, follow a chain as a light client",
    load: async (command) => (await import("./comet.ts")).addCometCommands(command),
  },
  {
    usage: "sign-state",
    description: "Look at what the validator key has signed, or start its journal anew",
    load: async (command) => (await import("./sign-state.ts")).addSignStateCommands(command),
  },
  {
    usage: "config",
    description: "Read and change client.toml, config.toml and app.toml",
    load: async (command) => (await import("./config-commands.ts")).addConfigCommands(command),
  },
  {
    usage: "export",
    description: "Print a genesis that goes on from the last block of a node that is not running",
    load: async (command) => (await import("./stopped-chain.ts")).addExportCommand(command),
  },
  {
    usage: "invariants",
    description: "Check every module's invariants on the last block of a node that is not running",
    load: async (command) => (await import("./stopped-chain.ts")).addInvariantsCommand(command),
  },
  {
    usage: "in-place-testnet <new-chain-id> <new-operator-address>",
    description: "Turn the chain of a node that is not running into a testnet of one new validator, and run it",
    load: async (command) => (await import("./in-place-testnet.ts")).addInPlaceTestnetCommand(command),
  },
  {
    usage: "module-hash-by-height <height>",
    description: "Show the root of every store at a height, on a node that is not running",
    load: async (command) => (await import("./query/commands.ts")).addModuleHashCommand(command),
  },
  {
    usage: "rollback",
    description: "Go back by one height, on a node that is not running",
    load: async (command) => (await import("./rollback.ts")).addRollbackCommand(command),
  },
  {
    usage: "prune [default|nothing|everything|custom]",
    description: "Drop past state and give its space back, on a node that is not running",
    load: async (command) => (await import("./prune.ts")).addPruneCommand(command),
  },
  {
    usage: "snapshots",
    description: "Manage the snapshots that other nodes can begin with",
    load: async (command) => (await import("./snapshots/commands.ts")).addSnapshotCommands(command),
  },
  {
    usage: "contribute <folder>",
    description: "Record the texts of a folder in a datanet, and get a certificate of it",
    load: async (command) => (await import("./contribute/command.ts")).addContributeCommand(command),
  },
  {
    usage: "access <datanet>",
    description: "Pay the contributors of a datanet for a licensed access to it",
    load: async (command) => (await import("./access.ts")).addAccessCommand(command),
  },
  {
    usage: "verify <certificate>",
    description: "Check a certificate of a contribution, asking nobody",
    load: async (command) => (await import("./verify.ts")).addVerifyCommand(command),
  },
  {
    usage: "earnings <address>",
    description: "Show which uses paid an account, for which lines of which texts, and where the money goes",
    load: async (command) => (await import("./earnings/command.ts")).addEarningsCommand(command),
  },
  {
    usage: "data",
    description: "Keep, fetch and give contributed texts",
    load: async (command) => (await import("./data/commands.ts")).addDataCommands(command),
  },
  {
    usage: "debug",
    description: "Show addresses, keys and bytes in their other forms",
    load: async (command) => (await import("./debug.ts")).addDebugCommands(command),
  },
  {
    usage: "doctor",
    description: "Check whether this machine and this home folder can run a node",
    load: async (command) => (await import("./doctor.ts")).addDoctorCommand(command),
  },
  {
    usage: "completion",
    description: "Print a script by which bash, zsh or fish completes commands and flags",
    load: async (command) => (await import("./completion.ts")).addCompletionCommand(command),
  },
  {
    usage: "version",
    description: "Print the version",
    load: async (command) => (await import("./version.ts")).addVersionCommand(command),
  },
];

/** The name of an entry, without its arguments. */
function nameOf(entry: CommandEntry): string {
  return entry.usage.split(" ")[0]!;
}

/** Flags with a value that may stand before the command. */
const valuedBefore: ReadonlySet<string> = new Set(["--home", "--log_level", "--log_format"]);

/** The first word that is not a flag: the command. */
function commandWord(argv: readonly string[]): string | undefined {
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index]!;
    if (valuedBefore.has(word)) index++;
    else if (!word.startsWith("-")) return word;
  }
  return undefined;
}

/** Commands cobra programs accept under a second name at the top level. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  "validate-genesis": ["genesis", "validate"],
  "add-genesis-account": ["genesis", "add-genesis-account"],
  gentx: ["genesis", "gentx"],
  "collect-gentxs": ["genesis", "collect-gentxs"],
  "--version": ["version"],
};

/** Builds the program; only the command that was typed is loaded. */
export async function buildProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command("tributaryd");
  withOptions(program.description("Tributary: a chain that pays for data"), globalOptions());
  program.configureHelp({ showGlobalOptions: true, sortSubcommands: false });
  program.helpCommand(false);
  const asked = commandWord(argv);
  const word = asked === "help" ? argv[argv.indexOf("help") + 1] : asked;
  for (const entry of entries) {
    const command = program.command(entry.usage).description(entry.description);
    for (const alias of entry.aliases ?? []) command.alias(alias);
    if (word !== undefined && (word === nameOf(entry) || entry.aliases?.includes(word) === true))
      await entry.load(command);
  }
  forEveryCommand(program, (command) => {
    command.exitOverride();
    command.showSuggestionAfterError(true);
    command.helpCommand(false);
    command.configureHelp({ showGlobalOptions: true });
    // Errors are reported once, in `run`; help that commander would put on stderr is put on stdout there.
    command.configureOutput({ writeOut: printRaw, writeErr: () => undefined, outputError: () => undefined });
  });
  return program;
}

function forEveryCommand(command: Command, action: (command: Command) => void): void {
  action(command);
  for (const inner of command.commands) forEveryCommand(inner, action);
}

/**
 * Rewrites what cobra accepts and commander does not: `--yes=true`, `--yes=false`, `-o=json`, `help keys add`.
 */
export function normalArguments(program: Command, argv: readonly string[]): string[] {
  const flags = new Set<string>();
  const valued = new Set<string>();
  forEveryCommand(program, (command) => {
    for (const option of command.options) {
      if (option.long !== undefined && option.long !== null) (option.isBoolean() ? flags : valued).add(option.long);
    }
  });
  const end = argv.indexOf("--");
  const words = (end < 0 ? argv : argv.slice(0, end)).flatMap((word) => {
    const long = /^(--[^=]+)=(true|false)$/.exec(word);
    if (long !== null && flags.has(long[1]!) && !valued.has(long[1]!)) return long[2] === "true" ? [long[1]!] : [];
    const short = /^(-[A-Za-z])=(.*)$/.exec(word);
    return short === null ? [word] : [short[1]!, short[2]!];
  });
  const rest = end < 0 ? [] : argv.slice(end);
  return words[0] === "help" ? [...words.slice(1), "--help"] : [...words, ...rest];
}

/** What a shell asks when a word is to be completed, the last of `words`: it may be empty. */
async function complete(words: readonly string[]): Promise<number> {
  const before = words.slice(0, -1);
  const program = await buildProgram(before);
  (await import("./completion.ts")).printCompletions(reachedCommand(program, before), words.at(-1) ?? "");
  return 0;
}

/** Runs one command line and returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const synonym = argv[0] === undefined ? undefined : synonyms[argv[0]];
  const words = synonym === undefined ? argv : [...synonym, ...argv.slice(1)];
  // As in simd, where it shows what Go's stack holds.
  if (argv.includes("--trace")) process.env.TRIBUTARYD_TRACE ??= "1";
  if (argv.includes("--log_no_color")) process.env.NO_COLOR ??= "1";
  let program: Command | undefined;
  try {
    if (words[0] === "__complete") return await complete(words.slice(1));
    program = await buildProgram(words);
    if (words.length === 0) {
      program.outputHelp();
      return 0;
    }
    await program.parseAsync(normalArguments(program, words), { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(error, program, words);
    return reportFailure(error);
  }
}

/** The deepest command the words reach, for its usage line or its help. */
function reachedCommand(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const inner = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (inner !== undefined) command = inner;
  }
  return command;
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Reports a failure of commander: help that was asked for is no failure, the rest is one line. */
function reportUsage(error: CommanderError, program: Command | undefined, words: readonly string[]): number {
  if (error.code === "commander.helpDisplayed" || error.code === "commander.version") return 0;
  const command = program === undefined ? undefined : reachedCommand(program, words);
  if (error.code === "commander.help") {
    command?.outputHelp();
    return 0;
  }
  const text = error.message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .trim();
  const path = command === undefined ? "tributaryd" : pathOf(command);
  const usage = command === undefined ? "" : `the usage is \`${path} ${command.usage()}\``;
  switch (error.code) {
    // Cosmovisor takes exit code 1 for "this program has no such command".
    case "commander.unknownCommand":
      return reportFailure(new CliError(text, `see \`${path} --help\`; nothing was done`, exitCode.failure));
    case "commander.unknownOption":
      return reportFailure(new CliError(text, `see \`${path} --help\`; nothing was done`, exitCode.usage));
    default:
      return reportFailure(new CliError(text, `${usage}; nothing was done`, exitCode.usage));
  }
}

/** Entry point of the launcher. Ends the process, so that idle connections do not hold it. */
export async function main(argv: readonly string[]): Promise<never> {
  process.exit(await run(argv));
}
