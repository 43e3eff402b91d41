// Owns `tributaryd dev`: a chain of one's own in one command. It opens the home, starts the node, shows what runs where,
// seeds the sample data on first boot, and stops on `q`, Ctrl-C or a signal.
import type { Command } from "commander";
import { createLogger } from "../../node/log.ts";
import { type RunningNode, startNode } from "../../node/main.ts";
import type { CommittedBlock } from "../../node/ports.ts";
import { isDatabaseInUse } from "../../node/storage/database.ts";
import { CliError, messageOf } from "../errors.ts";
import { type HomePaths, homePaths } from "../home.ts";
import { option, withOptions } from "../options.ts";
import { printData, printLine } from "../output.ts";
import { Settings } from "../settings.ts";
import { readNodeHome, startSettings, stopOnSignals } from "../start.ts";
import { programVersion } from "../version.ts";
import { type DevAccount, devAccounts, readDevPreset } from "./accounts.ts";
import { isSeeded, markSeeded, openDevHome, resetDevHome, storeDevKeys } from "./home.ts";
import { openScreen, type Screen } from "./screen.ts";

/** Blocks over which the pace on the status line is a mean. */
const paceBlocks = 10;
const defaultFolder = ".tributary-dev";

interface DevOptions {
  readonly json?: boolean;
  readonly reset?: boolean;
  readonly seed: boolean;
  readonly accounts?: boolean;
}

/** Fills in the `dev` command. */
export function addDevCommand(command: Command): void {
  command
    .option("--json", "Print events as JSON, one a line")
    .option("--reset", "Remove the development chain first and begin anew")
    .option("--no-seed", "Do not put sample data on a new chain")
    .option("--accounts", "Print the development accounts with their mnemonics and exit");
  withOptions(
    command,
    startSettings.map((setting) => option(`--${setting.name} <${setting.kind}>`, setting.comment).hideHelp()),
  ).action(runDev);
}

async function runDev(options: DevOptions, command: Command): Promise<void> {
  const preset = readDevPreset();
  const accounts = devAccounts(preset);
  if (options.accounts === true) {
    await printAccounts(accounts, options.json === true);
    return;
  }
  const settings = new Settings(command);
  const paths = homePaths(settings.text("home") ?? defaultFolder);
  const screen = openScreen({ json: options.json === true, isTerminal: process.stdout.isTTY === true });
  if (options.reset === true) await resetDevHome(paths);
  const isNew = await openDevHome(paths, preset, accounts, "dev");
  const node = await startDevNode(paths, settings, screen, options.json === true);
  stopOnSignals(node);
  const releaseKeys = watchKeys(node);
  try {
    screen.banner({
      chainId: preset.chain_id,
      home: paths.home,
      isNew,
      urls: urlsOf(node),
      accounts: await withMnemonics(accounts),
    });
    await storeDevKeys(paths, accounts);
    screen.say("keys", `the accounts' keys are in the keyring of ${paths.home}`);
    if (options.seed && !isSeeded(paths)) void seed({ node, accounts, screen, paths });
    const reason = await node.stopped;
    screen.close();
    if (reason !== undefined) throw new CliError(reason.message, undefined, reason.exitCode);
    screen.say("stopped", `stopped at height ${node.storage.height}; start again to go on from there`, {
      height: node.storage.height.toString(),
    });
  } finally {
    releaseKeys();
    screen.close();
  }
}

/** The accounts as they are shown. Words are loaded late: they would hold up the first block. */
async function withMnemonics(accounts: readonly DevAccount[]) {
  const { devMnemonic } = await import("./mnemonics.ts");
  return accounts.map(({ name, address }) => ({ name, address, mnemonic: devMnemonic(name) }));
}

async function printAccounts(accounts: readonly DevAccount[], asJson: boolean): Promise<void> {
  const list = await withMnemonics(accounts);
  if (asJson) {
    printData(list, "json");
    return;
  }
  printLine("These keys are PUBLIC. Never send them anything of worth, on any chain.");
  for (const { name, address, mnemonic } of list) printLine(`\n${name}  ${address}\n  ${mnemonic}`);
}

async function startDevNode(
  paths: HomePaths,
  settings: Settings,
  screen: Screen,
  asJson: boolean,
): Promise<RunningNode> {
  const home = readNodeHome(settings, paths.home);
  const isTerminal = process.stdout.isTTY === true && !asJson;
  // On a terminal the status line tells of blocks; the log adds only what is amiss.
  const level = isTerminal && settings.flag("log_level") === undefined ? "warn" : home.config.logLevel;
  const log = createLogger({ level, format: asJson ? "json" : "plain", write: (line) => screen.log(line) });
  let running: RunningNode | undefined;
  const pace = new Pace();
  const onCommitted = (committed: CommittedBlock): void => {
    pace.add(committed);
    screen.status({
      height: committed.block.header.height,
      blockSeconds: pace.seconds,
      transactions: pace.transactions,
      peers: running?.network.view.peers().length ?? 0,
      memoryBytes: process.memoryUsage.rss(),
    });
  };
  try {
    running = await startNode({ ...home, version: programVersion(), log, onCommitted });
    return running;
  } catch (error) {
    // A development chain is worth no rescue: when its own folder is what is wrong, a new one is the way out.
    const isItsFolder = error instanceof Error && ["StorageError", "FatalError", "GenesisError"].includes(error.name);
    if (isItsFolder && !isDatabaseInUse(error)) {
      throw new CliError(messageOf(error), "`--reset` begins anew, without this chain");
    }
    throw error;
  }
}

/** How fast blocks come, and how many transactions they carried. */
class Pace {
  transactions = 0;
  #times: number[] = [];

  add({ block }: CommittedBlock): void {
    this.transactions += block.data.txs.length;
    this.#times = [...this.#times.slice(-paceBlocks), performance.now()];
  }

  get seconds(): number | undefined {
    const first = this.#times[0];
    const last = this.#times.at(-1);
    if (first === undefined || last === undefined || this.#times.length < 2) return undefined;
    return (last - first) / (this.#times.length - 1) / 1000;
  }
}

/** What answers where. */
function urlsOf(node: RunningNode): readonly (readonly [string, string])[] {
  const { restUrl, grpcTarget } = node;
  return [
    ...(restUrl === undefined
      ? []
      : ([
          ["page", `${restUrl}/`],
          ["REST", restUrl],
        ] as const)),
    ...(grpcTarget === undefined ? [] : ([["gRPC", grpcTarget]] as const)),
    ["RPC", node.rpcUrl],
    ["WebSocket", `${node.rpcUrl.replace(/^http/, "ws")}/websocket`],
    ...(node.peerAddress === undefined
      ? []
      : ([["peers", `${node.nodeId}@${node.peerAddress.replace(/^tcp:\/\//, "")}`]] as const)),
  ];
}

/** On a terminal `q` and Ctrl-C stop the node. Returns what gives the keyboard back. */
function watchKeys(node: RunningNode): () => void {
  const { stdin } = process;
  if (stdin.isTTY !== true) return () => undefined;
  const onKey = (bytes: Buffer): void => {
    const key = bytes.toString("latin1");
    if (key === "q" || key === "Q" || key === "\u0003" || key === "\u0004") void node.stop();
  };
  stdin.setRawMode(true);
  stdin.on("data", onKey);
  stdin.resume();
  return () => {
    stdin.off("data", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** Puts the sample data on the chain and shows one payment; a failure is told and does not stop the chain. */
async function seed(parts: {
  readonly node: RunningNode;
  readonly accounts: readonly DevAccount[];
  readonly screen: Screen;
  readonly paths: HomePaths;
}): Promise<void> {
  const { node, accounts, screen, paths } = parts;
  let isStopped = false;
  void node.stopped.then(() => {
    isStopped = true;
  });
  try {
    const { seedDevChain } = await import("./seed.ts");
    await seedDevChain({ rpcUrl: node.rpcUrl, accounts, screen });
    markSeeded(paths);
  } catch (error) {
    // A chain that is being stopped refuses the seeding; it goes on at the next start.
    if (isStopped) return;
    const text = `the sample data could not be completed: ${messageOf(error)}; the chain runs on without it`;
    screen.say("seed-failed", text, { reason: messageOf(error) });
  }
}
