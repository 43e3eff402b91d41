// Remembers what a test network was seen to say and finds contradictions: two blocks at a height, two state hashes after a
// block, two signatures at a place, a reported transaction that is gone. Owns no node. What is expected comes from other
// nodes and from earlier answers, never from the node that is asked.

import { copyFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { disk } from "../../../node/engine/disk.ts";
import { WriteAheadLog } from "../../../node/engine/wal.ts";
import { decodeEntry, type LogEntry } from "../../../node/engine/wal-record.ts";
import { nodePaths } from "../../../node/home.ts";
import type { Vote } from "../../../node/ports.ts";
import type { TxAnswer } from "../load.ts";
import { headersOf, persistently } from "../nodes.ts";
import { journalOf } from "../signed-places.ts";
import type { NetworkNode } from "./network-node.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

interface CommitAnswer {
  readonly signed_header: {
    readonly commit: {
      readonly round: number;
      readonly signatures: readonly {
        readonly block_id_flag: number;
        readonly validator_address: string;
        readonly signature: string | null;
      }[];
    };
  };
}

export class Witness {
  readonly violations: string[] = [];
  readonly #chainId: string;
  /** "block hash, app hash" by height, as first seen. */
  readonly #headers = new Map<number, string>();
  /** Beginnings of the state hash after a block, as nodes told it. */
  readonly #told = new Map<number, string>();
  readonly #checkedTo = new Map<NetworkNode, number>();
  readonly #readLives = new Map<NetworkNode, number>();
  /** What stands at "signer height/round/kind". */
  readonly #signed = new Map<string, string>();
  readonly #transactionsSeen = new Map<NetworkNode, number>();

  constructor(chainId: string) {
    this.#chainId = chainId;
  }

  /** How many different places were seen signed. */
  get placesSigned(): number {
    return this.#signed.size;
  }

  get heights(): number {
    return Math.max(0, ...this.#headers.keys());
  }

  /** The home was tampered with: everything this node holds is looked at again. */
  forget(node: NetworkNode): void {
    this.#checkedTo.delete(node);
    this.#transactionsSeen.delete(node);
  }

  /** Compares block and app hashes of every height that was not compared before. */
  async compareChains(nodes: readonly NetworkNode[]): Promise<void> {
    await Promise.all(
      nodes.map(async (node) => {
        const last = await persistently(async () => {
          const height = await node.height();
          if (height === undefined) throw new Error(`${node.name} does not answer`);
          return height;
        });
        const first = Math.max(node.beginsAt, (this.#checkedTo.get(node) ?? 0) + 1);
        const headers = await headersOf(node.seat.rpcUrl, last, first);
        for (let height = first; height <= last; height += 1) {
          const header = headers.get(height);
          const known = this.#headers.get(height);
          if (header === undefined) this.#violation(`${node.name} has no block at height ${height}`);
          else if (known === undefined) this.#headers.set(height, header);
          else if (known !== header) this.#violation(`height ${height}: ${node.name} has ${header}, others ${known}`);
        }
        this.#checkedTo.set(node, Math.max(last, first - 1));
      }),
    );
  }

  /** Looks at the commits of some heights as every node holds them: one signature for each validator, height and round. */
  async compareCommits(nodes: readonly NetworkNode[], from: number, to: number): Promise<void> {
    for (const node of nodes) {
      for (let height = Math.max(node.beginsAt, from); height <= to; height += 1) {
        const { commit } = (await persistently(() => node.ask<CommitAnswer>(`commit?height=${height}`))).signed_header;
        for (const { block_id_flag, validator_address, signature } of commit.signatures) {
          if (signature === null || block_id_flag === 1) continue;
          this.#place(
            `${validator_address} ${height}/${commit.round}/precommit`,
            `${block_id_flag} ${signature}`,
            node,
          );
        }
      }
    }
  }

  /** Who began with a snapshot has its block, and the results of none before the next. */
  #executed({ beginsAt }: NetworkNode, height: number): boolean {
    return beginsAt === 1 || height > beginsAt;
  }

  /** Reads journals and write-ahead logs of all homes, running or not: whatever a key signed is signed once. */
  readHomes(nodes: readonly NetworkNode[]): void {
    for (const node of nodes) {
      for (const { place, signBytes } of journalOf(nodePaths(node.home.path).signJournal))
        this.#place(`journal of ${node.name} ${place}`, signBytes, node);
      for (const entry of loggedEntries(node.home.path, this.#chainId)) this.#entry(entry, node);
    }
  }

  #entry(entry: LogEntry, node: NetworkNode): void {
    const votes = entry.type === "vote" ? [entry.vote] : entry.type === "cert" ? entry.votes : [];
    for (const vote of votes) this.#vote(vote, node);
    if (entry.type !== "proposal") return;
    const { height, round, signature } = entry.proposal;
    this.#place(`proposal ${height}/${round}`, hex(signature), node);
  }

  #vote({ type, height, round, blockId, validatorAddress, signature }: Vote, node: NetworkNode): void {
    const kind = type === 1 ? "prevote" : "precommit";
    const place = `${hex(validatorAddress).toUpperCase()} ${height}/${round}/${kind}`;
    // Commits know a vote by its flag: 2 for the block, 3 for nil.
    const flag = (blockId?.hash.length ?? 0) === 0 ? 3 : 2;
    this.#place(place, `${flag} ${Buffer.from(signature).toString("base64")}`, node);
  }

  #place(place: string, what: string, node: NetworkNode): void {
    const before = this.#signed.get(place);
    if (before === undefined) this.#signed.set(place, what);
    else if (before !== what) this.#violation(`signed twice: ${place}, seen at ${node.name}: ${before} and ${what}`);
  }

  /** Reads what nodes told in their logs: state hashes that agree with everyone's, and no alarms. */
  readLogs(nodes: readonly NetworkNode[]): void {
    for (const node of nodes) {
      // The life in progress is read again: it goes on.
      for (let life = this.#readLives.get(node) ?? 0; life < node.logs.length; life += 1) {
        for (const { msg, height, appHash } of node.lines(life)) {
          if (msg === "a validator signed two different votes") this.#violation(`${node.name}: ${msg}`);
          if (msg === "committed a block" && appHash !== undefined) this.#tell(Number(height), appHash, node);
        }
        if (life < node.logs.length - 1) this.#readLives.set(node, life + 1);
      }
      for (const line of node.unexpected.splice(0)) this.#violation(line);
    }
  }

  #tell(height: number, appHash: string, node: NetworkNode): void {
    const before = this.#told.get(height);
    if (before === undefined) this.#told.set(height, appHash);
    else if (before !== appHash)
      this.#violation(`state after ${height}: ${node.name} told ${appHash}, others ${before}`);
    // A header carries the hash of the state before it.
    const next = this.#headers.get(height + 1);
    if (next !== undefined && !next.includes(` ${appHash}`))
      this.#violation(`state after ${height}: ${node.name} told ${appHash}, the next header is ${next}`);
  }

  /** Asks nodes for transactions that were reported as committed: all that they were not asked for before. */
  async findTransactions(nodes: readonly NetworkNode[], reported: ReadonlyMap<string, number>): Promise<void> {
    const all = [...reported];
    await Promise.all(
      nodes.map(async (node) => {
        const from = this.#transactionsSeen.get(node) ?? 0;
        for (let at = from; at < all.length; at += BATCH) {
          const wanted = all.slice(at, at + BATCH).filter(([, height]) => this.#executed(node, height));
          if (wanted.length === 0) continue;
          const found = await askForTransactions(
            node.seat.rpcUrl,
            wanted.map(([hash]) => hash),
          );
          for (const [index, [hash, height]] of wanted.entries())
            if (found[index] !== height)
              this.#violation(`${node.name}: transaction ${hash} of height ${height} is ${found[index] ?? "lost"}`);
        }
        this.#transactionsSeen.set(node, all.length);
      }),
    );
  }

  #violation(line: string): void {
    if (this.violations.length < 200) this.violations.push(line);
  }
}

const BATCH = 10;

/** The heights of transactions, several in one request. */
async function askForTransactions(url: string, hashes: readonly string[]): Promise<(number | undefined)[]> {
  const calls = hashes.map((hash, id) => ({
    jsonrpc: "2.0",
    id,
    method: "tx",
    params: { hash: Buffer.from(hash, "hex").toString("base64") },
  }));
  const answers = await persistently(async () => {
    const response = await fetch(url, { method: "POST", body: JSON.stringify(calls) });
    const given = [await response.json()].flat() as TxReply[];
    // A node that is busy says so; only "not found" is an answer.
    const busy = given.find(({ error }) => error !== undefined && !/not found/.test(error.data ?? ""));
    if (busy !== undefined) throw new Error(`${url} did not answer: ${JSON.stringify(busy.error)}`);
    return given;
  });
  return hashes.map((_, id) => {
    const height = answers.find((answer) => answer.id === id)?.result?.height;
    return height === undefined ? undefined : Number(height);
  });
}

interface TxReply {
  readonly id: number;
  readonly result?: TxAnswer;
  readonly error?: { readonly data?: string };
}

/** What the write-ahead logs of a home hold. They are copied first: opening one repairs it. */
function loggedEntries(home: string, chainId: string): LogEntry[] {
  const folder = nodePaths(home).writeAheadLog;
  const copy = mkdtempSync(`${home}-logs-`);
  try {
    const heights: bigint[] = [];
    for (const name of listed(folder)) {
      const height = /^(\d{19})\.wal$/.exec(name)?.[1];
      if (height === undefined) continue;
      try {
        copyFileSync(join(folder, name), join(copy, name));
        heights.push(BigInt(height));
      } catch {
        // A running node has just removed it.
      }
    }
    return heights.flatMap((height) => {
      const log = new WriteAheadLog({ directory: copy, chainId }, { files: disk, log: silent });
      const { records } = log.open(height);
      log.close();
      return records.map(decodeEntry);
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
