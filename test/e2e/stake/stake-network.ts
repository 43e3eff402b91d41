// A network whose chain is impatient: validators that are away are soon jailed, proposals are soon decided, unbonding is soon
// over. Owns its homes, made as `tributaryd testnet init-files` makes them, its processes, and what is asked of it; what is
// done to it is done with the program's own commands (validator-life.ts, governance.ts, upgrades.ts).

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeGenesis } from "../../../cli/genesis/genesis-file.ts";
import { makeTestnet, type TestnetPlan } from "../../../cli/testnet/init-files.ts";
import { type AppGenesis, moduleState } from "../../../genesis/app-genesis.ts";
import { parseNodeKey } from "../../../node/p2p/identity.ts";
import type { JsonValue } from "../../../proto/json.ts";
import { freePort } from "../chain-home.ts";
import { type Account, transact, tributaryd } from "../network/commands.ts";
import { NetworkNode } from "../network/network-node.ts";
import { until } from "../nodes.ts";

export const DENOM = "uopen";
/** Coins of one unit of voting power (SDK DefaultPowerReduction). */
export const POWER = 1_000_000n;

/** Blocks over which absences are counted. Only who signs none of them is jailed: a busy machine is no reason. */
const WINDOW = 20;
const UNBONDING_SECONDS = 20;
const VALIDATORS = 4;
/** Between two blocks, at least. */
const BLOCK_MS = 500;

/** How long anything may take before it counts as not happening. Generous: it tells a stall from a slow machine. */
const DEADLINE_MS = 600_000;

/** A quick machine waits so long for a vote's end; on a slow one, so many commands of a machine at rest fit into it. */
const SHORTEST_VOTING_SECONDS = 30;
const COMMANDS_IN_VOTING = 20;

type Json = { readonly [key: string]: JsonValue };

export class StakeNetwork {
  readonly chainId = "stake-1";
  readonly folder: string;
  /** The validators of the genesis. */
  readonly validators: readonly NetworkNode[];
  /** A node that is no validator yet. */
  readonly joiner: NetworkNode;
  /** Another one, which will be given the joiner's key. */
  readonly twin: NetworkNode;
  readonly votingSeconds: number;

  private constructor(folder: string, nodes: readonly NetworkNode[], votingSeconds: number) {
    this.folder = folder;
    this.validators = nodes.slice(0, VALIDATORS);
    this.joiner = nodes[VALIDATORS]!;
    this.twin = nodes[VALIDATORS + 1]!;
    this.votingSeconds = votingSeconds;
  }

  /** Makes the homes; nothing runs yet. */
  static async make(): Promise<StakeNetwork> {
    const folder = mkdtempSync(join(tmpdir(), "tributary-stake-"));
    // A vote is a command, and how long one takes depends on the machine.
    const startedMs = performance.now();
    await tributaryd(folder, ["version"]);
    const commandSeconds = (performance.now() - startedMs) / 1_000;
    const votingSeconds = Math.max(SHORTEST_VOTING_SECONDS, Math.ceil(commandSeconds * COMMANDS_IN_VOTING));
    const count = VALIDATORS + 2;
    const ports = await Promise.all(Array.from({ length: 2 * count }, () => freePort()));
    const plan: TestnetPlan = {
      folder,
      chainId: "stake-1",
      denom: DENOM,
      validators: VALIDATORS,
      fullNodes: 2,
      nodePrefix: "node",
      daemonHome: "tributaryd",
      keyringBackend: "test",
      addresses: (index) => ({
        peer: `127.0.0.1:${ports[2 * index]}`,
        config: {
          peerAddress: `tcp://127.0.0.1:${ports[2 * index]}`,
          rpcAddress: `tcp://127.0.0.1:${ports[2 * index + 1]}`,
          apiEnabled: false,
          grpcEnabled: false,
          logFormat: "json",
          timeoutCommitMs: BLOCK_MS,
          minimumGasPrices: `0${DENOM}`,
        },
      }),
    };
    const made = await makeTestnet(plan);
    const genesis = impatient(JSON.parse(readFileSync(made[0]!.paths.genesis, "utf8")) as AppGenesis, votingSeconds);
    const nodes = made.map(({ name, paths }, index) => {
      writeGenesis(paths.genesis, genesis);
      const nodeId = parseNodeKey(readFileSync(join(paths.config, "node_key.json"), "utf8")).id;
      const rpcAddress = `127.0.0.1:${ports[2 * index + 1]}`;
      const seat = {
        peerListen: `tcp://127.0.0.1:${ports[2 * index]}`,
        rpcListen: `tcp://${rpcAddress}`,
        rpcUrl: `http://${rpcAddress}`,
        prefix: [],
      };
      return new NetworkNode(name, index, { path: paths.home, nodeId, key: undefined }, seat);
    });
    return new StakeNetwork(folder, nodes, votingSeconds);
  }

  /** Starts the validators of the genesis and waits for blocks. */
  async start(): Promise<void> {
    for (const node of this.validators) node.start();
    await this.waitFor(2, this.validators);
  }

  /** A height that is not reached before `seconds` have passed. */
  async heightAfter(seconds: number): Promise<number> {
    return (await this.height()) + Math.ceil((seconds * 1_000) / BLOCK_MS);
  }

  /** The node that commands ask. */
  get entrance(): string {
    return this.validators[0]!.seat.rpcUrl;
  }

  /** The account of a node: the operator's, or the one that was added under the node's name. */
  account(node: NetworkNode): Account {
    return { home: node.home.path, key: node.name, chainId: this.chainId, entrance: this.entrance };
  }

  /** The bech32 address of a node's account; `kind` val gives the operator's form of it. */
  async address(node: NetworkNode, kind: "acc" | "val" = "acc"): Promise<string> {
    const args = ["keys", "show", node.name, "--keyring-backend", "test", "--bech", kind, "-a"];
    return (await tributaryd(node.home.path, args)).trim();
  }

  /** Sends a transaction from a node's account; resolves with the height of its block. */
  async send(node: NetworkNode, ...args: readonly string[]): Promise<number> {
    return await transact(this.account(node), args);
  }

  /** The answer of `tributaryd query ...`. */
  async query<Answer>(...args: readonly string[]): Promise<Answer> {
    const { home } = this.account(this.validators[0]!);
    return JSON.parse(await tributaryd(home, ["query", ...args, "--node", this.entrance, "-o", "json"])) as Answer;
  }

  /** What an account has of the staking coin. */
  async balance(address: string): Promise<bigint> {
    const { balances } = await this.query<{ balances: { denom: string; amount: string }[] }>(
      "bank",
      "balances",
      address,
    );
    return BigInt(balances.find(({ denom }) => denom === DENOM)?.amount ?? "0");
  }

  async height(): Promise<number> {
    return (await this.validators[0]!.height()) ?? 0;
  }

  /** Waits until all the nodes have a height. */
  async waitFor(height: number, nodes: readonly NetworkNode[]): Promise<void> {
    await this.until(
      async () => {
        for (const node of nodes) {
          if (!node.isRunning) throw new Error(`${node.name} does not run: ${node.unexpected.at(-1) ?? ""}`);
          if (((await node.height()) ?? -1) < height) return false;
        }
        return true;
      },
      `height ${height} on ${nodes.map(({ name }) => name).join(", ")}`,
    );
  }

  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    await until(condition, what, DEADLINE_MS);
  }

  /** Ends everything; the homes stay when `keep` says so. */
  async stop(keep: boolean): Promise<void> {
    await Promise.all([...this.validators, this.joiner, this.twin].map((node) => node.kill()));
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Throws unless it is so: what a scenario demands, in its own words. */
export function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}

function impatient(genesis: AppGenesis, votingSeconds: number): AppGenesis {
  const withParams = (module: string, changes: Json): Json => {
    const state = moduleState(genesis, module);
    return { ...state, params: { ...(state.params as Json), ...changes } };
  };
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      staking: withParams("staking", { unbonding_time: `${UNBONDING_SECONDS}s` }),
      slashing: withParams("slashing", {
        signed_blocks_window: WINDOW.toString(),
        // One block of them.
        min_signed_per_window: "0.050000000000000000",
        // The least that a genesis may say.
        downtime_jail_duration: "60s",
      }),
      gov: withParams("gov", {
        voting_period: `${votingSeconds}s`,
        expedited_voting_period: `${votingSeconds - 1}s`,
      }),
    } as AppGenesis["app_state"],
  };
}
