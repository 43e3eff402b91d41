// What is done to disks and files: a full one, a write-ahead log cut at every byte of its end, a byte flipped in each file.
// Owns these perturbations; a damaged home is tried by home-trials.ts.

import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { nodePaths } from "../../../node/home.ts";
import { lowDiskBytes, stopDiskBytes } from "../../../node/storage/limits.ts";
import { nextSend } from "../../bench/sends.ts";
import { pause } from "../chance.ts";
import { broadcast, headersOf } from "../nodes.ts";
import { type Original, tryDamaged } from "./home-trials.ts";
import { ownsNamespaces } from "./links.ts";
import type { Network } from "./network.ts";
import type { NetworkNode } from "./network-node.ts";
import type { Perturbation } from "./perturbation.ts";

// ---------------------------------------------------------------- a full disk

/** The node whose home is on a disk of its own. */
const SMALL_DISK_NODE = 0;
const SMALL_DISK_BYTES = lowDiskBytes + stopDiskBytes;

/** Gives the first node's home a small disk. Only inside a mount namespace of our own. */
export function mountSmallDisk(folder: string): void {
  const path = join(folder, `node${SMALL_DISK_NODE}`);
  mkdirSync(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SMALL_DISK_BYTES}`, "tmpfs", path]);
}

/** Takes the disk away again; what is to be kept is copied off it, since it goes with the namespace. */
export function unmountSmallDisk(folder: string, keep: boolean): void {
  const path = join(folder, `node${SMALL_DISK_NODE}`);
  rmSync(join(path, "filler"), { force: true });
  if (keep) cpSync(path, `${path}-copy`, { recursive: true });
  execFileSync("umount", [path]);
}

function leaveFree(home: string, bytes: number): void {
  const filler = join(home, "filler");
  rmSync(filler, { force: true });
  const { bavail, bsize } = statfsSync(home);
  const size = bavail * bsize - bytes;
  if (size > 0) execFileSync("fallocate", ["-l", String(size), filler]);
}

/** Fills the disk to the last byte, while the node goes on writing to it. */
function leaveNothing(home: string): void {
  leaveFree(home, 1_048_576);
  try {
    for (;;) appendFileSync(join(home, "filler"), Buffer.alloc(4_096));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

export const fullDisk: Perturbation = {
  name: "full disk",
  quick: false,
  run: async (network) => {
    if (!ownsNamespaces()) return "left out: mounting a small disk needs root";
    const node = network.nodes[SMALL_DISK_NODE]!;
    const { path } = node.home;
    leaveFree(path, lowDiskBytes >> 1);
    await network.until(
      () => node.lines().some(({ msg }) => /disk is nearly full/.test(msg)),
      "the node says that its disk is nearly full",
    );
    const [sender] = network.chain.operators;
    const { tx } = nextSend({ ...sender! }, sender!.address, network.chain.chainId);
    const refused = await broadcast(node.seat.rpcUrl, "broadcast_tx_sync", tx).catch((error: Error) => error.message);
    if (typeof refused !== "string" || !/disk is nearly full/.test(refused))
      throw new Error(`a node with a nearly full disk took a transaction: ${JSON.stringify(refused)}`);
    // Not a byte is left, and nobody looks at the disk just now: a write fails.
    leaveNothing(path);
    const { code, said } = await node.ending();
    if (code !== 70) throw new Error(`with a full disk the node ended with ${code}: ${said}`);
    await network.waitFor(
      (await network.tip()) + 2,
      "the others go on",
      network.nodes.filter((other) => other !== node),
    );
    rmSync(join(path, "filler"));
    const recovery = await node.restart(await network.tip());
    return `${node.name} refused transactions, then ended with code 70; level ${Math.round(recovery.levelMs)} ms after space was made`;
  },
};

// ---------------------------------------------------------------- the write-ahead log

/** Where the last two records of a log begin, and where it ends; undefined when there are none. */
function lastTwoRecords(path: string): { readonly from: number; readonly end: number } | undefined {
  const bytes = readFileSync(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Magic, chain id with its length, height, checksum.
  let at = 8 + 4 + view.getUint32(8) + 8 + 4;
  const starts: number[] = [];
  while (at + 13 <= bytes.length) {
    starts.push(at);
    at += 13 + view.getUint32(at);
  }
  const from = starts.at(-2);
  return from === undefined || at !== bytes.length ? undefined : { from, end: at };
}

function newestLog(home: string): string | undefined {
  const folder = nodePaths(home).writeAheadLog;
  const name = readdirSync(folder)
    .filter((entry) => /^\d{19}\.wal$/.test(entry))
    .toSorted()
    .at(-1);
  return name === undefined ? undefined : join(folder, name);
}

/** Kills a validator at a moment when its log holds two records or more; resolves with where the last two lie. */
async function killWithRecords(
  network: Network,
  node: NetworkNode,
): Promise<{ readonly log: string; readonly from: number; readonly end: number }> {
  for (;;) {
    await node.kill();
    const log = newestLog(node.home.path);
    const records = log === undefined ? undefined : lastTwoRecords(log);
    // A part of a block would make thousands of cuts of the same kind; votes and proposals are what matters.
    if (log !== undefined && records !== undefined && records.end - records.from < 1_000) return { log, ...records };
    await node.restart(await network.tip());
    await pause(network.random() * 500);
  }
}

export const cutLog: Perturbation = {
  name: "write-ahead log cut at every byte",
  quick: false,
  run: async (network, { quick }) => {
    const node = network.pick(network.validators);
    const { log, from, end } = await killWithRecords(network, node);
    network.witness.readHomes([node]);
    const original = await copyAside(network, node);
    const inHome = relative(node.home.path, log);
    await node.restart(await network.tip());
    const flaws: string[] = [];
    const stride = quick ? 40 : 1;
    let cuts = 0;
    for (let at = from; at < end; at += stride) {
      const trial = await tryDamaged(original, (copy) => truncateSync(join(copy, inHome), at));
      cuts += 1;
      if (!trial.started) flaws.push(`cut at ${at} of ${end}, it did not start: ${trial.said}`);
      flaws.push(...trial.flaws.map((flaw) => `cut at ${at} of ${end}: ${flaw}`));
    }
    rmSync(original.path, { recursive: true });
    if (flaws.length > 0) throw new Error(flaws.slice(0, 10).join("\n"));
    // Some as the real thing, in the network: the validator must sign on and contradict nothing.
    for (const share of quick ? [0.5] : [0.1, 0.5, 0.9]) {
      const torn = await killWithRecords(network, node);
      network.witness.readHomes([node]);
      truncateSync(torn.log, Math.floor(torn.from + share * (torn.end - torn.from)));
      await node.restart(await network.tip());
    }
    return `${node.name}: ${cuts} cuts of ${end - from} bytes tried, ${quick ? 1 : 3} more in the network`;
  },
};

/** Copies the home of a stopped node aside, with what the others know of the chain. */
async function copyAside(network: Network, node: NetworkNode): Promise<Original> {
  const path = `${node.home.path}-aside`;
  rmSync(path, { recursive: true, force: true });
  cpSync(node.home.path, path, { recursive: true });
  const other = network.nodes.find((one) => one !== node && one.isRunning)!;
  return { path, headers: await headersOf(other.seat.rpcUrl, await network.tip([other])) };
}

// ---------------------------------------------------------------- flipped bytes

function filesOf(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size > 0)
    .toSorted();
}

function flip(path: string, share: number): number {
  const bytes = readFileSync(path);
  const at = Math.min(bytes.length - 1, Math.floor(share * bytes.length));
  bytes[at] = bytes[at]! ^ 0x10;
  writeFileSync(path, bytes);
  return at;
}

export const flippedBytes: Perturbation = {
  name: "a byte flipped in each file, of a validator's home tried alone",
  quick: false,
  run: async (network, { quick }) => {
    const node = network.pick(network.validators);
    // A restart moves what was written lately into tables, so that there are files of every kind.
    await network.restart(node, 0);
    await node.kill();
    network.witness.readHomes([node]);
    const original = await copyAside(network, node);
    node.start();
    const flaws: string[] = [];
    const outcomes = { started: 0, refused: 0 };
    for (const file of filesOf(original.path).map((path) => relative(original.path, path))) {
      for (let tries = quick ? 1 : 4; tries > 0; tries -= 1) {
        let at = 0;
        const share = network.random();
        const trial = await tryDamaged(original, (copy) => {
          at = flip(join(copy, file), share);
        });
        outcomes[trial.started ? "started" : "refused"] += 1;
        flaws.push(...trial.flaws.map((flaw) => `${file}, byte ${at}: ${flaw} (${trial.said})`));
      }
    }
    rmSync(original.path, { recursive: true });
    if (flaws.length > 0) throw new Error(flaws.slice(0, 10).join("\n"));
    return `${node.name}: ${outcomes.started} starts in which every block was right, ${outcomes.refused} refusals`;
  },
};

export const flippedInNetwork: Perturbation = {
  name: "a byte flipped in each file, of a full node in the network",
  quick: false,
  run: async (network) => {
    const node = network.pick(network.fullNodes);
    await network.restart(node, 0);
    await node.kill();
    const { path } = node.home;
    const original = await copyAside(network, node);
    const outcomes: string[] = [];
    let level = 0;
    const files = filesOf(path).map((file) => relative(path, file));
    for (const file of files) {
      const at = flip(join(path, file), network.random());
      network.witness.forget(node);
      const ended = await startsOrRefuses(network, node);
      if (ended === undefined) {
        level += 1;
        await network.witness.compareChains([node]);
        await node.kill();
      } else outcomes.push(`${file} byte ${at}: ${ended}`);
      rmSync(path, { recursive: true });
      cpSync(original.path, path, { recursive: true });
    }
    rmSync(original.path, { recursive: true });
    network.witness.forget(node);
    node.start();
    return `${node.name}: ${files.length} files, ${level} times level again, ${outcomes.length} refusals`;
  },
};

/** Starts a damaged node: resolves with nothing when it becomes level, or with what it said when it refused. */
async function startsOrRefuses(network: Network, node: NetworkNode): Promise<string | undefined> {
  const target = await network.tip();
  node.start();
  const ending = node.ending();
  let ended: Awaited<typeof ending> | undefined;
  void ending.then((one) => {
    ended = one;
  });
  await network.until(
    async () => ended !== undefined || ((await node.height()) ?? -1) >= target,
    `${node.name}, damaged, is level or refuses`,
  );
  if (ended === undefined) return undefined;
  const { code, said } = ended;
  if (code === null || code === 0 || /\bat .*\(?(file|node):/.test(said))
    throw new Error(`${node.name}, damaged, ended with ${code} and without a plain word: ${said}`);
  return said.trim().split("\n").at(-1);
}
