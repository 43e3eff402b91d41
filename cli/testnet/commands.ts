// Owns `tributaryd testnet`: the flags of its commands. The files are init-files.ts's, running nodes localnet.ts's.
import { isIPv4 } from "node:net";
import { resolve } from "node:path";
import type { Command } from "commander";
import { isValidDenom } from "../../chain/types/coin.ts";
import { defaultDenom } from "../../genesis/build.ts";
import { parseDuration } from "../../node/config.ts";
import { usageError } from "../errors.ts";
import { checkChainId } from "../init.ts";
import { option, wholeNumber, withOptions } from "../options.ts";
import { notice } from "../output.ts";
import { Settings } from "../settings.ts";
import { makeTestnet, type TestnetAddresses, type TestnetPlan } from "./init-files.ts";

/** Ports of one node, and where simd begins when all nodes are on one host. */
const ports = { peer: 26656, rpc: 26657, rest: 1317, grpc: 9090, singleHostPeer: 16656 } as const;
/** Most nodes of one network made here: their ports and addresses would run into each other. */
const mostNodes = 100;

/** Adds the `testnet` commands to their group. */
export function addTestnetCommands(group: Command): void {
  withOptions(
    group
      .command("init-files")
      .description("Write the homes of a network of validators, ready to be started on their hosts"),
    [
      ...networkOptions(),
      option("-o, --output-dir <folder>", "Where the homes are written").default(".testnets"),
      option("--node-dir-prefix <name>", "Beginning of the nodes' names").default("node"),
      option("--node-daemon-home <name>", "Name of the home folder inside a node's folder").default("tributaryd"),
      option("--keyring-backend <backend>", "Where the validators' account keys are kept").default("test"),
      option("--starting-ip-address <address>", "Address of the first node; the next ones count up").default(
        "192.168.0.1",
      ),
      option("--listen-ip-address <address>", "Address that RPC and REST listen on").default("127.0.0.1"),
    ],
  )
    .option("--single-host", "All nodes run on this host, each on ports of its own")
    .action(initFiles);

  withOptions(
    group
      .command("start")
      .description("Run a network on this machine: validators, a full node and a light client, on one screen"),
    [
      ...networkOptions(),
      option("-o, --output-dir <folder>", "Where its homes lie; made when they are not there").default(
        ".tributary-localnet",
      ),
      option("--first-port <port>", "The nodes use this port and the next ones, ten each")
        .argParser(wholeNumber)
        .default(46600),
      option("--blocks <count>", "End after so many blocks, with exit code 0 if all nodes agree").argParser(
        wholeNumber,
      ),
    ],
  )
    .option("--reset", "Remove the network in that folder first and begin anew")
    .action(async (_options: unknown, command: Command) => {
      const { runLocalnet } = await import("./localnet.ts");
      const settings = new Settings(command);
      const blocks = settings.flag("blocks") as number | undefined;
      await runLocalnet(localPlan(settings), {
        reset: settings.isSet("reset"),
        ...(blocks === undefined ? {} : { blocks }),
      });
    });
}

function networkOptions() {
  return [
    option("-n, --validator-count <count>", "How many validators").argParser(wholeNumber).default(4),
    option("--chain-id <id>", "The chain's id (default: made up)"),
    option("--minimum-gas-prices <coins>", "Least price of gas that the nodes accept (default: 0 of the coin)"),
    option("--staking-denom <denom>", "The coin for fees and staking").default(defaultDenom),
    option("--commit-timeout <duration>", "Wait after a block before the next (default: 1s)"),
  ];
}

/** What both commands share; every value checked, so that a failure names its flag. */
function sharedPlan(settings: Settings) {
  const denom = settings.text("staking-denom") ?? defaultDenom;
  if (!isValidDenom(denom)) throw usageError(`--staking-denom ${denom} is not a denomination`, "it looks like uopen");
  const validators = settings.flag("validator-count") as number;
  if (validators < 1 || validators > mostNodes) throw usageError(`--validator-count is 1 to ${mostNodes}`);
  const timeout = settings.text("commit-timeout");
  const timeoutCommitMs = timeout === undefined ? undefined : parseDuration(timeout);
  if (timeout !== undefined && timeoutCommitMs === undefined) {
    throw usageError(`--commit-timeout ${timeout} is not a duration`, "it looks like 1s or 500ms");
  }
  const gas = settings.text("minimum-gas-prices");
  return {
    folder: resolve(settings.text("output-dir") ?? ""),
    denom,
    validators,
    config: {
      ...(timeoutCommitMs === undefined ? {} : { timeoutCommitMs }),
      ...(gas === undefined || gas === "" ? {} : { minimumGasPrices: gas }),
    },
  };
}

async function initFiles(_options: unknown, command: Command): Promise<void> {
  const settings = new Settings(command);
  const { config, ...shared } = sharedPlan(settings);
  const chainId = settings.text("chain-id") ?? `chain-${randomSuffix()}`;
  checkChainId(chainId);
  const listen = settings.text("listen-ip-address") ?? "127.0.0.1";
  const first = settings.text("starting-ip-address") ?? "";
  const isSingleHost = settings.isSet("single-host");
  if (!isSingleHost && !isIPv4(first)) throw usageError(`--starting-ip-address ${first} is not an IPv4 address`);
  const addresses = (index: number): TestnetAddresses => {
    const offset = isSingleHost ? index : 0;
    const peerPort = isSingleHost ? ports.singleHostPeer + offset : ports.peer;
    return {
      peer: `${isSingleHost ? "127.0.0.1" : countedAddress(first, index)}:${peerPort}`,
      config: {
        ...config,
        rpcAddress: `tcp://${listen}:${ports.rpc + offset}`,
        apiAddress: `tcp://${listen}:${ports.rest + offset}`,
        grpcAddress: `${listen}:${ports.grpc + offset}`,
        peerAddress: `tcp://${isSingleHost ? "127.0.0.1" : "0.0.0.0"}:${peerPort}`,
      },
    };
  };
  const plan: TestnetPlan = {
    ...shared,
    chainId,
    fullNodes: 0,
    nodePrefix: settings.text("node-dir-prefix") ?? "node",
    daemonHome: settings.text("node-daemon-home") ?? "tributaryd",
    keyringBackend: settings.text("keyring-backend") ?? "test",
    addresses,
  };
  const nodes = await makeTestnet(plan);
  notice(`Successfully initialized ${nodes.length} node directories`);
  notice(`chain ${chainId}; start each with: tributaryd start --home ${nodes[0]!.paths.home}`);
}

/** The plan of a network on this machine: everything on loopback, ten ports a node. */
function localPlan(settings: Settings): TestnetPlan {
  const { config, ...shared } = sharedPlan(settings);
  const chainId = settings.text("chain-id") ?? "localnet-1";
  checkChainId(chainId);
  const firstPort = settings.flag("first-port") as number;
  const lastPort = firstPort + 10 * (shared.validators + 1);
  if (firstPort < 1 || lastPort > 65_535) throw usageError(`--first-port ${firstPort} leaves no room for every node`);
  return {
    ...shared,
    chainId,
    fullNodes: 1,
    nodePrefix: "node",
    daemonHome: "tributaryd",
    keyringBackend: "test",
    addresses: (index) => {
      const port = firstPort + 10 * index;
      return {
        peer: `127.0.0.1:${port}`,
        config: {
          ...config,
          peerAddress: `tcp://127.0.0.1:${port}`,
          rpcAddress: `tcp://127.0.0.1:${port + 1}`,
          apiAddress: `tcp://127.0.0.1:${port + 2}`,
          grpcAddress: `127.0.0.1:${port + 3}`,
        },
      };
    },
  };
}

/** The address `index` places after `first`, as simd counts: in the last byte. */
function countedAddress(first: string, index: number): string {
  const bytes = first.split(".").map(Number);
  const last = (bytes[3] ?? 0) + index;
  if (last > 255) throw usageError(`--starting-ip-address ${first} has no room for ${index + 1} nodes after it`);
  return [...bytes.slice(0, 3), last].join(".");
}

function randomSuffix(): string {
  return Math.random().toString(36).slice(2, 8).padEnd(6, "0");
}
