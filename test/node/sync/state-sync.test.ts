/**
 * State sync with real files and a real application, peers and servers being stand-ins: killed at each of its numbered points it resumes
 * or begins anew and ends with the right state, and whoever lies, about a snapshot, a height or the chain, gets nothing into the home.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { validatorSetHash } from "../../../chain/types/validator-set.ts";
import { nodeHasher } from "../../../node/crypto.ts";
import { CrashPoints } from "../../../node/engine/crash-points.ts";
import { Execution } from "../../../node/engine/execution.ts";
import { nodePaths } from "../../../node/home.ts";
import { type LightSource, LightSourceError } from "../../../node/light/rpc-source.ts";
import { silentLogger } from "../../../node/log.ts";
import { syncState } from "../../../node/state-sync.ts";
import { NodeStorage } from "../../../node/storage/storage.ts";
import { type Snapshot, SnapshotStore } from "../../../node/sync/snapshot-store.ts";
import { StateSync, type StateSyncNeeds } from "../../../node/sync/state-sync.ts";
import { TrustError, TrustedHeaders } from "../../../node/sync/trusted-headers.ts";
import { hex } from "../../../proto/bytes.ts";
import { stubVerifier } from "../../sim/keys.ts";
import { applicationOver, CHAIN_ID, networkOf, ServingPeer, SnapshotChain } from "./snapshot-chain.ts";

const SNAPSHOT = 6n;
const TIP = 9n;
const TRUSTED = 2n;
const folders: string[] = [];

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "tributary-state-sync-"));
  folders.push(path);
  return path;
}

let chain: SnapshotChain;
let store: SnapshotStore;
let storeFolder: string;
beforeAll(async () => {
  storeFolder = mkdtempSync(join(tmpdir(), "tributary-state-sync-"));
  store = new SnapshotStore(storeFolder);
  chain = new SnapshotChain().upTo(SNAPSHOT);
  await chain.snapshot(store, 900);
  chain.upTo(TIP);
  return () => rmSync(storeFolder, { recursive: true, force: true });
});
afterEach(() => {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** The light client over these servers, trusting block 2 of the honest chain. */
function headersOf(sources: readonly LightSource[]): TrustedHeaders {
  const root = { chainId: CHAIN_ID, height: TRUSTED, hash: chain.block(TRUSTED).blockId.hash, period: 10n ** 15n };
  const now = { seconds: 1_700_001_000n, nanos: 0 };
  return new TrustedHeaders(root, sources, {
    verifier: stubVerifier,
    clock: { now: () => now },
    log: silentLogger(),
  });
}

function newSync(home: string, peers: readonly ServingPeer[], changes: Partial<StateSyncNeeds> = {}): StateSync {
  const paths = nodePaths(home);
  mkdirSync(paths.stateSync, { recursive: true });
  return new StateSync(
    {
      chainId: CHAIN_ID,
      initialHeight: 1n,
      trustHeight: TRUSTED,
      databasePath: paths.database,
      workPath: join(paths.stateSync, "restored.db"),
      chunkPath: join(paths.stateSync, `chunks-${CHAIN_ID}`),
      discoveryMs: 1,
      chunkTimeoutMs: 1_000,
      chunkFetchers: 4,
    },
    {
      network: networkOf(peers),
      headers: headersOf([chain.source("one"), chain.source("two")]),
      past: [chain.source("one")],
      applicationOver,
      verifier: stubVerifier,
      hasher: nodeHasher(),
      local: { chunk: () => undefined },
      log: silentLogger(),
      ...changes,
    },
  );
}

/** What stands in the home is the state of that height: it executes the next block to the hash that all have. */
async function holdsState(home: string, height = SNAPSHOT): Promise<void> {
  const storage = await NodeStorage.open(nodePaths(home).database, { chainId: CHAIN_ID });
  try {
    expect([storage.height, storage.base]).toEqual([height, height]);
    // What evidence may speak of is known, back to the first block.
    for (let before = 1n; before < height; before++) {
      const past = await storage.loadPast(before);
      expect(past?.header).toEqual(chain.block(before).block.header);
      expect(past && validatorSetHash(past.validators)).toEqual(past?.header.validatorsHash);
    }
    expect(await storage.loadBlock(height - 1n)).toBeUndefined();
    const application = applicationOver({ get: (key) => storage.applicationRecord(key) });
    const mempool = { reap: () => [], update: () => {}, count: 0, onAvailable: () => {} };
    const execution = new Execution({ application, mempool, verifier: stubVerifier, hasher: nodeHasher() });
    const { block, blockId } = chain.block(height + 1n);
    expect(execution.syncRejection(storage.chainState!, block, false)).toBeUndefined();
    const { state } = execution.execute(storage.chainState!, blockId, block);
    const { header } = chain.block(height + 2n).block;
    expect([hex(state.appHash), hex(state.lastResultsHash)]).toEqual([
      hex(header.appHash),
      hex(header.lastResultsHash),
    ]);
    expect(state.validators).toEqual(chain.lightBlock(height + 2n).validators);
  } finally {
    await storage.close();
  }
}

/** Runs it once and copies the home at every numbered point: what a process killed there would leave behind. */
async function imagesOf(home: string): Promise<ReadonlyMap<string, string>> {
  const images = new Map<string, string>();
  const points = new CrashPoints({ at: undefined }, { die: () => undefined });
  const image = (point: string) => {
    const copy = newFolder();
    cpSync(home, copy, { recursive: true });
    images.set(`${images.size} ${point}`, copy);
  };
  points.around = (name, run) => {
    image(`before ${name}`);
    const result = run();
    image(`after ${name}`);
    return result;
  };
  points.aroundAsync = async (name, run) => {
    image(`before ${name}`);
    const result = await run();
    image(`after ${name}`);
    return result;
  };
  await newSync(home, [peer("a")], { points }).run();
  return images;
}

const peer = (name: string) => new ServingPeer(name, chain, store);

/** The chunks that are whole in a home. */
function chunksIn(home: string): readonly number[] {
  const folder = join(nodePaths(home).stateSync, `chunks-${CHAIN_ID}`);
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) =>
    readdirSync(join(folder, name))
      .filter((file) => /^\d+$/.test(file))
      .map(Number),
  );
}

async function hasBlocks(home: string): Promise<boolean> {
  const { database } = nodePaths(home);
  if (!existsSync(database)) return false;
  const storage = await NodeStorage.open(database, { chainId: CHAIN_ID });
  const { height } = storage;
  await storage.close();
  return height > 0n;
}

test.each<readonly [string, string | undefined, (home: string) => Promise<void>]>([
  ["an empty home", undefined, async () => undefined],
  [
    "a home whose chain has no blocks yet",
    // Up to here it is as from an empty home.
    "rename of the empty chain",
    async (home: string) => {
      mkdirSync(dirname(nodePaths(home).database), { recursive: true });
      await (await NodeStorage.open(nodePaths(home).database, { chainId: CHAIN_ID })).close();
    },
  ],
])("killed at each of its numbered points from %s, it ends with the right state", async (_name, from, prepare) => {
  const home = newFolder();
  await prepare(home);
  const images = await imagesOf(home);
  await holdsState(home);
  const { chunks } = store.list()[0]!;
  expect(chunks).toBeGreaterThan(2);
  const names = [...images.keys()].join("\n");
  for (const kind of [
    "fsync of chunk 0",
    "rename of chunk 1",
    "database batch",
    "data folder, to its place",
    "fsync of the folder",
  ])
    expect(names).toContain(kind);
  const resumed = new Set<number>();
  const first = from === undefined ? 0 : [...images.keys()].findIndex((point) => point.includes(from));
  for (const [point, image] of [...images].slice(first)) {
    try {
      if (await hasBlocks(image)) {
        // The folder took its place: the next start only clears away what is left.
        const config = { ...startOptions.config };
        await syncState({ ...startOptions, config, home: image } as never);
        expect(existsSync(nodePaths(image).stateSync)).toBe(false);
      } else {
        const before = chunksIn(image);
        resumed.add(before.length);
        const serving = peer("b");
        expect(await newSync(image, [serving]).run()).toBe(SNAPSHOT);
        // What was fetched once is not fetched again, and nothing is missing.
        const all = [...before, ...serving.chunksGiven].sort((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: chunks }, (_, index) => index));
      }
      await holdsState(image);
    } catch (error) {
      throw new Error(`killed ${point}: ${String(error)}`, { cause: error });
    }
  }
  // It was killed with no chunk, with some, and with all.
  const counts = Array.from({ length: chunks + 1 }, (_, index) => index);
  expect([...resumed].sort((a, b) => a - b)).toEqual(from === undefined ? counts : [chunks]);
});

/** What a home with state sync is started with. */
const startOptions = {
  version: "test",
  log: silentLogger(),
  genesis: { chainId: CHAIN_ID },
  config: {
    stateSyncEnabled: true,
    stateSyncServers: "http://127.0.0.1:1,http://127.0.0.1:2",
    stateSyncTrustHeight: 2,
    stateSyncTrustHash: "ab".repeat(32),
    stateSyncTrustPeriodMs: 1_000,
    persistentPeers: "",
  },
};

test("a chunk that was damaged on the disk while the process was down is fetched again, and so is a folder in its place", async () => {
  const home = newFolder();
  const images = await imagesOf(home);
  const [, image] = [...images].find(([point]) => point.includes("before database batch"))!;
  const folder = join(nodePaths(image).stateSync, `chunks-${CHAIN_ID}`);
  const [name] = readdirSync(folder);
  rmSync(join(folder, name!, "0"));
  mkdirSync(join(folder, name!, "0"));
  cpSync(join(folder, name!, "2"), join(folder, name!, "1"));
  const serving = peer("b");
  await newSync(image, [serving]).run();
  expect(serving.chunksGiven.toSorted((a, b) => a - b)).toEqual([0, 1]);
  await holdsState(image);
});

/** A chain that parts from the honest one at a height, signed there by these keys, with a snapshot of its own a block later than ours. */
async function forked(signers: readonly number[]): Promise<{ chain: SnapshotChain; peer: ServingPeer }> {
  const other = new SnapshotChain().upTo(3n);
  const path = newFolder();
  const snapshots = new SnapshotStore(path);
  while (other.height < TIP) {
    other.next(5, signers);
    if (other.height === SNAPSHOT + 1n) await other.snapshot(snapshots, 1_000);
  }
  return { chain: other, peer: new ServingPeer("liar", other, snapshots) };
}

const everyone = [0, 1, 2, 3];

test.each([
  ["first", (honest: LightSource, liar: LightSource) => [liar, honest]],
  ["second", (honest: LightSource, liar: LightSource) => [honest, liar]],
])(
  "two servers that prove two chains stop it, whichever is asked %s, and nothing is in the home",
  async (_which, order) => {
    const liar = await forked(everyone);
    const sources = order(chain.source("honest"), liar.chain.source("liar"));
    const home = newFolder();
    const running = newSync(home, [liar.peer, peer("a")], { headers: headersOf(sources) }).run();
    await expect(running).rejects.toThrow(TrustError);
    await expect(running).rejects.toThrow(/both prove a block 8, .*signed two chains/);
    expect(existsSync(nodePaths(home).database)).toBe(false);
  },
);

test("a server that shows a chain it cannot prove is believed no more, and its peer's snapshot is found false", async () => {
  const liar = await forked([0]);
  const lying = liar.chain.source("liar");
  const sources = [lying, chain.source("one"), chain.source("two")];
  const home = newFolder();
  expect(await newSync(home, [liar.peer, peer("a")], { headers: headersOf(sources) }).run()).toBe(SNAPSHOT);
  await holdsState(home);
  expect(liar.peer.faults).toEqual([expect.stringMatching(/false snapshot of height 7: .*app hash/)]);
  // Trusted block and the first header that it could not prove, and then never again.
  expect(lying.asked.length).toBeLessThan(10);
});

test("two servers of which one shows what it cannot prove are one too few", async () => {
  const liar = await forked([0]);
  const headers = headersOf([chain.source("one"), liar.chain.source("liar")]);
  await expect(headers.lightBlock(8n)).rejects.toThrow(/no second server shows block 8/);
  await expect(headers.lightBlock(8n)).rejects.toThrow(/fewer than two of the servers/);
});

/** Offers, before all others, what nobody can verify or nobody gives. */
class Claimant extends ServingPeer {
  readonly #claims: () => readonly Snapshot[];
  readonly #committed: ServingPeer["committed"] | undefined;

  constructor(claims: () => readonly Snapshot[], committed?: ServingPeer["committed"]) {
    super("claimant", chain, store);
    this.#claims = claims;
    this.#committed = committed;
  }

  override snapshots(): readonly Snapshot[] {
    return this.#claims();
  }

  override committed(height: bigint): ReturnType<ServingPeer["committed"]> {
    return this.#committed === undefined ? super.committed(height) : this.#committed(height);
  }
}

test("a height that no server ever has, claimed again and again, holds nobody up", async () => {
  let claimed = 1n << 40n;
  const claimant = new Claimant(() => [{ ...store.list()[0]!, height: claimed++ }]);
  const asked: bigint[] = [];
  const headers = {
    lightBlock: async (height: bigint) => {
      asked.push(height);
      if (height > TIP) throw new LightSourceError(`there is no ${height} yet`);
      return chain.lightBlock(height);
    },
  };
  const home = newFolder();
  expect(await newSync(home, [claimant, peer("a")], { headers }).run()).toBe(SNAPSHOT);
  expect(asked).toEqual([(1n << 40n) + 1n, SNAPSHOT + 1n]);
  await holdsState(home);
});

test("a peer that gives the block of the snapshot with a false commit, or another block, is faulted and another is asked", async () => {
  for (const lie of [
    (height: bigint) => ({ ...peer("x").committed(height)!, commit: peer("x").committed(height - 1n)!.commit }),
    () => peer("x").committed(SNAPSHOT - 1n),
    () => ({ ...peer("x").committed(SNAPSHOT)!, block: Uint8Array.of(1, 2, 3) }),
  ]) {
    const claimant = new Claimant(() => [], lie);
    const home = newFolder();
    await newSync(home, [claimant, peer("a")]).run();
    expect(claimant.faults).toEqual([expect.stringMatching(/its block 6 does not verify/)]);
    await holdsState(home);
  }
});

test("without anybody who has the rest of the chunks it goes on looking, and takes up what is there when somebody comes", async () => {
  const home = newFolder();
  const poor = peer("poor");
  const { chunk } = poor;
  poor.chunk = (asked) => (asked.index === 2 ? undefined : chunk.call(poor, asked));
  const rich = peer("rich");
  rich.open = false;
  const peers = [poor, rich];
  const running = newSync(home, peers).run();
  while (!chunksIn(home).includes(1)) await new Promise((resolve) => setTimeout(resolve, 5));
  rich.open = true;
  expect(await running).toBe(SNAPSHOT);
  expect(rich.chunksGiven).not.toContain(0);
  await holdsState(home);
});
