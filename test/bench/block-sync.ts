// What a node that catches up spends on a block: the real block sync, engine, log and database over blocks that are here already, of 4
// and of 20 validators with real signatures. Owns making such a chain and the peer that has it; not what comes of sockets.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyInitChain } from "../../chain/types/chain-state.ts";
import { systemClock, systemTimers } from "../../node/clock.ts";
import { chooseCrypto } from "../../node/crypto.ts";
import { disk } from "../../node/engine/disk.ts";
import { Driver } from "../../node/engine/driver.ts";
import { handshake } from "../../node/engine/handshake.ts";
import { KnownSignatures } from "../../node/known-signatures.ts";
import { silentLogger } from "../../node/log.ts";
import { SignaturePool, verifyWorkerCount } from "../../node/mempool/signature-pool.ts";
import type { Application, BlockBatch } from "../../node/ports.ts";
import { NodeStorage } from "../../node/storage/storage.ts";
import { BlockSync } from "../../node/sync/block-sync.ts";
import { VotesAhead } from "../../node/votes-ahead.ts";
import { encode } from "../../proto/codec.ts";
import { SampleChain } from "../node/sample-chain.ts";
import { kvstore } from "../sim/kvstore.ts";
import { type Effort, type Figure, figure, type Section } from "./measure.ts";

const NONE = new Uint8Array(0);
const INIT = { consensusParams: undefined, validators: [], appHash: new Uint8Array(32) };

/** An application that answers what the sample chain says it did. */
function applicationOf(made: readonly BlockBatch[]): Application {
  let height = 0n;
  return {
    ...kvstore(new Map()),
    info: () => ({ data: "", version: "", appVersion: 0n, lastBlockHeight: 0n, lastBlockAppHash: NONE }),
    initChain: () => ({ ...INIT, notices: [] }),
    finalizeBlock: (request) => {
      height = request.height;
      return made[Number(height) - 1]!.response;
    },
    commit: () => ({ writes: [], retainHeight: 0n }),
  };
}

function makeChain(
  validators: number,
  blocks: number,
): { readonly chain: SampleChain; readonly made: readonly BlockBatch[] } {
  const chain = new SampleChain({ validators });
  chain.state = applyInitChain(chain.state, INIT);
  return { chain, made: Array.from({ length: blocks }, () => chain.next()) };
}

/** A peer that has all of it, and gives five at a time. */
function networkOf(made: readonly BlockBatch[]) {
  const sent = made.map(({ blockBytes, seenCommit }) => ({
    block: blockBytes,
    commit: encode("tendermint.types.Commit", seenCommit),
    extendedCommit: new Uint8Array(),
  }));
  const status = { base: 1n, height: BigInt(made.length) };
  const peer = { nodeId: "00", open: true, status, fault: (reason: string) => fail(reason) };
  const ask = async (
    _peer: unknown,
    _kind: unknown,
    question: { readonly fromHeight: bigint; readonly count: number },
  ) => {
    await new Promise((resolve) => setImmediate(resolve));
    const from = Number(question.fromHeight) - 1;
    return { blocks: sent.slice(from, from + question.count) };
  };
  return { peers: () => [peer] as never, requests: { ask: ask as never } };
}

function fail(reason: string): never {
  throw new Error(reason);
}

interface Spent {
  readonly perSecond: number;
  /** Of the main thread, and of the whole process. Microseconds a block. */
  readonly mainMicros: number;
  readonly allMicros: number;
}

async function syncOnce(validators: number, blocks: number, workers: number): Promise<Spent> {
  const { chain, made } = makeChain(validators, blocks);
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-sync-"));
  const log = {
    info: () => undefined,
    warn: (line: string, facts?: unknown) => fail(`${line}: ${JSON.stringify(facts)}`),
    error: (line: string, facts?: unknown) => fail(`${line}: ${JSON.stringify(facts)}`),
  };
  const crypto = await chooseCrypto();
  const known = new KnownSignatures(crypto.verifier);
  const pool = new SignaturePool({ workers }, { log: silentLogger() });
  const storage = await NodeStorage.open(join(folder, "db"), { chainId: chain.genesis.chainId });
  try {
    const mempool = { reap: () => [], update: () => undefined, count: 0, onAvailable: () => undefined };
    const shared = { storage, mempool, log, hasher: crypto.hasher, verifier: known.verifier };
    const application = applicationOf(made);
    const start = await handshake(chain.genesis, { ...shared, application });
    const idle = { publish: () => undefined, relay: () => undefined, moved: () => undefined, want: () => undefined };
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const slow = 1_000_000;
    const timeouts = { proposeMs: slow, proposeDeltaMs: 0, prevoteMs: slow, prevoteDeltaMs: 0, precommitMs: slow };
    const driver = new Driver(
      {
        timeouts: { ...timeouts, precommitDeltaMs: 0, commitMs: slow },
        createEmptyBlocks: true,
        logDirectory: join(folder, "cs.wal"),
      },
      {
        ...shared,
        ...{ application, network: idle, clock: systemClock, timers: systemTimers, files: disk, signer: undefined },
        listeners: [({ block }) => block.header.height === BigInt(blocks) && done()],
        onFatal: (error) => fail(error.message),
      },
      start,
    );
    await driver.start();
    const engine = new VotesAhead({ engine: driver, known, pool });
    const sync = new BlockSync({ network: networkOf(made), engine, log: silentLogger() });
    const [began, main, all] = [performance.now(), process.threadCpuUsage(), process.cpuUsage()];
    sync.wake();
    await finished;
    const seconds = (performance.now() - began) / 1_000;
    const [mainSpent, allSpent] = [process.threadCpuUsage(main), process.cpuUsage(all)];
    sync.stop();
    await driver.stop();
    return {
      perSecond: blocks / seconds,
      mainMicros: (mainSpent.user + mainSpent.system) / blocks,
      allMicros: (allSpent.user + allSpent.system) / blocks,
    };
  } finally {
    await storage.close();
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures catching up, with workers where the machine has cores for them. */
export async function benchBlockSync(effort: Effort): Promise<Section> {
  const [blocks, runs] = effort === "quick" ? [60, 1] : [1_000, 3];
  const figures: Figure[] = [];
  for (const validators of [4, 20]) {
    const spent: Spent[] = [];
    for (let run = 0; run < runs; run++) spent.push(await syncOnce(validators, blocks, verifyWorkerCount()));
    const name = `${validators} validators`;
    const of = (each: (one: Spent) => number) => spent.map(each);
    figures.push(
      figure(
        `blocks caught up with, ${name}`,
        "per s",
        of(({ perSecond }) => perSecond),
      ),
    );
    figures.push(
      figure(
        `main thread for a block, ${name}`,
        "µs CPU",
        of(({ mainMicros }) => mainMicros),
      ),
    );
    figures.push(
      figure(
        `all threads for a block, ${name}`,
        "µs CPU",
        of(({ allMicros }) => allMicros),
      ),
    );
  }
  return { title: "Catching up: empty blocks that a peer has, verified, executed and stored, real fsync", figures };
}
