// Owns a network on this machine: its nodes and its light client as processes of their own, watched over RPC, shown on
// one screen, and ended together. The files are init-files.ts's; what a node does is not known here.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readNodeConfig } from "../../node/config.ts";
import { nodeFlags, readMachine, sizingOf } from "../../node/machine.ts";
import { CliError, exitCode } from "../errors.ts";
import { readJsonFile, writeFileAtomic } from "../files.ts";
import { RpcClient } from "../rpc-client.ts";
import { rpcUrl } from "../settings.ts";
import { makeTestnet, type TestnetNode, type TestnetPlan, testnetNodes } from "./init-files.ts";
import { type Member, Members } from "./processes.ts";
import { type LightFacts, type LocalnetScreen, openLocalnetScreen } from "./screen.ts";
import { lookAt, type NetworkView } from "./watch.ts";

/** The file that says a folder is such a network's. */
const markerName = "localnet.json";
/** How often the nodes are looked at. */
const lookMs = 500;
/** How long a node may take to stop. */
const patienceMs = 15_000;
/** Witnesses of the light client: the first validators. The full node is its primary. */
const witnessCount = 2;

/** What a person may say about a run. */
export interface LocalnetOptions {
  readonly reset: boolean;
  /** End when every node has so many blocks more than the network had at the start. */
  readonly blocks?: number;
}

/** Runs the network of a plan until it is told to stop. */
export async function runLocalnet(plan: TestnetPlan, options: LocalnetOptions): Promise<void> {
  const isNew = await openFolder(plan, options.reset);
  const nodes = testnetNodes(plan);
  const rpcUrls = nodes.map(({ paths }) => rpcUrl(readNodeConfig(paths.home).rpcAddress));
  const facts = { chainId: plan.chainId, folder: plan.folder, startedAt: Date.now(), rpcUrls };
  const screen = openLocalnetScreen({ ...facts, names: nodes.map(({ name }) => name) }, process.stdout.isTTY === true);
  screen.say(
    `network ${plan.chainId} (${isNew ? "new" : "reopened"}) in ${plan.folder}: ${nodes.map(({ name }, index) => `${name} ${rpcUrls[index]}`).join(", ")}`,
  );
  const localnet = new Localnet(plan, nodes, rpcUrls, screen);
  const release = onStopRequest(() => localnet.requestStop());
  try {
    await localnet.run(options.blocks);
  } finally {
    release();
    screen.close();
    await localnet.stop();
  }
}

/** Makes the network, or takes up the one that is there. Returns whether it was made. */
async function openFolder(plan: TestnetPlan, reset: boolean): Promise<boolean> {
  const marker = join(plan.folder, markerName);
  const isVacant = !existsSync(plan.folder) || readdirSync(plan.folder).length === 0;
  if (!isVacant && !existsSync(marker)) {
    throw new CliError(
      `${plan.folder} does not hold a network that \`testnet start\` made`,
      "name another folder with --output-dir; nothing in it was touched",
    );
  }
  if (!isVacant) refuseRunning(marker);
  if (reset && !isVacant) rmSync(plan.folder, { recursive: true, force: true });
  if (!isVacant && !reset) {
    const made = readJsonFile(marker) as { chain_id?: string; validators?: number; complete?: boolean };
    if (made.complete === true) {
      if (made.chain_id === plan.chainId && made.validators === plan.validators) return false;
      throw new CliError(
        `${plan.folder} holds the network ${made.chain_id} of ${made.validators} validators`,
        "start it with the same --chain-id and --validator-count, or begin anew with --reset",
      );
    }
    rmSync(plan.folder, { recursive: true, force: true });
  }
  writeMarker(plan, { complete: false });
  // The default folder lies in the working directory, which is often a repository: it hides itself from it.
  writeFileAtomic(join(plan.folder, ".gitignore"), "*\n");
  await makeTestnet(plan);
  writeMarker(plan, { complete: true });
  return true;
}

function writeMarker(
  plan: TestnetPlan,
  facts: { readonly complete: boolean; readonly pids?: readonly number[] },
): void {
  const marker = { chain_id: plan.chainId, validators: plan.validators, ...facts };
  writeFileAtomic(join(plan.folder, markerName), `${JSON.stringify(marker)}\n`);
}

/** Nodes that outlived a run that was killed hold their homes; the remedy is told before they refuse one by one. */
function refuseRunning(marker: string): void {
  const { pids = [] } = readJsonFile(marker) as { pids?: readonly number[] };
  const alive = pids.filter((pid) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  });
  if (alive.length > 0) {
    throw new CliError(
      `processes of this network seem to run still: ${alive.join(", ")}`,
      `stop them first (kill ${alive.join(" ")}), or run another network with --output-dir and --first-port`,
    );
  }
}

/** The processes and the loop that watches them. */
class Localnet {
  private readonly plan: TestnetPlan;
  private readonly nodes: readonly TestnetNode[];
  private readonly rpcUrls: readonly string[];
  private readonly screen: LocalnetScreen;
  private readonly members = new Members();
  private running: readonly Member[] = [];
  private light: LightFacts | undefined;
  private hasLight = false;
  private readonly stopping = new AbortController();

  constructor(plan: TestnetPlan, nodes: readonly TestnetNode[], rpcUrls: readonly string[], screen: LocalnetScreen) {
    this.plan = plan;
    this.nodes = nodes;
    this.rpcUrls = rpcUrls;
    this.screen = screen;
  }

  requestStop(): void {
    this.stopping.abort();
  }

  async run(blocks: number | undefined): Promise<void> {
    const machine = readMachine();
    // The nodes share the machine, so each is sized for its part of it.
    const share = { ...machine, memoryBytes: Math.floor(machine.memoryBytes / (this.nodes.length + 1)) };
    this.running = this.nodes.map(({ name, paths }) =>
      this.members.start({
        name,
        args: ["start", "--home", paths.home],
        nodeFlags: nodeFlags(sizingOf(share)),
        logFile: join(paths.home, "..", "node.log"),
        onEnd: () => undefined,
      }),
    );
    writeMarkerWithPids(this.plan, this.running);
    let goal: number | undefined;
    let firstHeight: number | undefined;
    while (!this.stopping.signal.aborted) {
      const network = await lookAt(
        this.nodes.map(({ name }, index) => ({ name, rpcUrl: this.rpcUrls[index]!, pid: this.running[index]?.pid })),
        firstHeight,
      );
      if (network.commonHeight > 0) firstHeight ??= network.commonHeight;
      if (!this.hasLight) await this.startLight(network);
      this.screen.show({ network, light: this.light, fallen: this.fallen() });
      this.check(network);
      if (network.commonHeight > 0 && network.nodes.every((node) => node !== undefined)) {
        goal ??= blocks === undefined ? undefined : network.commonHeight + blocks;
        const lightHeight = Number(this.light?.height ?? 0);
        if (goal !== undefined && network.commonHeight >= goal && lightHeight >= goal) return;
      }
      await sleep(lookMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  /** Two hashes at one height end the run, and so does the death of every node. */
  private check(network: NetworkView): void {
    if (!network.agree) {
      throw new CliError(
        `the nodes do not agree on block ${network.commonHeight}`,
        `nothing was removed; their logs and data are in ${this.plan.folder}`,
        exitCode.failure,
      );
    }
    const fallen = this.fallen();
    if (fallen.length === this.nodes.length)
      throw new CliError(`no node runs: ${fallen[0]}`, `logs are in ${this.plan.folder}`);
  }

  private fallen(): readonly string[] {
    return this.running.flatMap((member) => {
      const end = member.ended();
      if (end === undefined) return [];
      return [`${member.name} ended with ${end.code ?? end.signal}: ${member.lastWords()}`];
    });
  }

  /** The light client trusts a header that the first validator, one's own, has; the rest it verifies itself. */
  private async startLight(network: NetworkView): Promise<void> {
    const height = network.nodes[0]?.height ?? 0;
    if (height < 1) return;
    const folder = join(this.plan.folder, "light");
    const trusted = await new RpcClient(this.rpcUrls[0]!)
      .call<{ block_id: { hash: string } }>("block", { height: `${height}` })
      .catch(() => undefined);
    if (trusted === undefined) return;
    this.hasLight = true;
    const witnesses = this.rpcUrls.slice(0, Math.min(witnessCount, this.plan.validators)).join(",");
    const trust = ["--height", `${height}`, "--hash", trusted.block_id.hash];
    const sources = ["--primary", this.rpcUrls.at(-1)!, "--witnesses", witnesses];
    this.members.start({
      name: "light",
      args: ["comet", "light", this.plan.chainId, ...trust, ...sources, "--dir", folder, "-o", "json"],
      nodeFlags: [],
      logFile: join(folder, "light.log"),
      onLine: (line) => {
        this.light = JSON.parse(line) as LightFacts;
      },
      onEnd: () => {
        this.light = undefined;
        this.hasLight = false;
      },
    });
  }

  async stop(): Promise<void> {
    if (this.running.length === 0) return;
    this.screen.say("stopping every node");
    await this.members.stop(patienceMs);
    writeMarker(this.plan, { complete: true });
    // A node that was still starting ends by the signal itself; it had done nothing yet.
    const fallen = this.running.filter((member) => {
      const end = member.ended();
      return end?.code !== 0 && end?.signal !== "SIGTERM";
    });
    for (const member of fallen) this.screen.say(`${member.name} did not end well: ${member.lastWords()}`);
    this.screen.say(`stopped; start again to go on from there`);
  }
}

function writeMarkerWithPids(plan: TestnetPlan, members: readonly Member[]): void {
  writeMarker(plan, { complete: true, pids: members.flatMap(({ pid }) => pid ?? []) });
}

/** Ctrl-C, `q`, and a supervisor's signals all ask once; a second Ctrl-C waits for the same. */
function onStopRequest(stop: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, stop);
  const { stdin } = process;
  const onKey = (bytes: Buffer): void => {
    const key = bytes.toString("latin1");
    if (key === "q" || key === "Q" || key === "\u0003" || key === "\u0004") stop();
  };
  const isTerminal = stdin.isTTY === true && process.stdout.isTTY === true;
  if (isTerminal) {
    stdin.setRawMode(true);
    stdin.on("data", onKey);
    stdin.resume();
  }
  return () => {
    for (const signal of signals) process.off(signal, stop);
    // From here on a signal must not end this process before its children are gone.
    for (const signal of signals) process.on(signal, () => undefined);
    if (!isTerminal) return;
    stdin.off("data", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
