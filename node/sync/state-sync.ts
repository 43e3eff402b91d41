/**
 * State sync: a node without a chain takes the state of a recent height from its peers instead of executing everything before it. It owns
 * the order of things: find a snapshot, have the light client verify the header that carries its app hash, fetch the chunks from several
 * peers, build the data folder aside, compare, and only then put it in its place with one rename. Whatever fails before that leaves the
 * home as it was; chunks that are here stay for the next try. Peers that lied are avoided. Source: CometBFT statesync/syncer.go.
 */
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EngineFacts } from "../../chain/app/validator-history.ts";
import { SnapshotError } from "../../chain/store/snapshot-import.ts";
import { partsOfBlock } from "../../chain/types/block.ts";
import { equalBlockIds } from "../../chain/types/block-id.ts";
import { verifyCommit } from "../../chain/types/commit.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import { ValidationError } from "../../chain/types/errors.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import type { Header } from "../../chain/types/header.ts";
import { consensusParamsFromProto } from "../../chain/types/params.ts";
import { DecodeError } from "../../proto/codec.ts";
import { checkCommitExtensions } from "../engine/admission.ts";
import { CrashPoints } from "../engine/crash-points.ts";
import { bareCommit, hasExtensions } from "../engine/extensions.ts";
import { LightSourceError } from "../light/rpc-source.ts";
import type { Logger } from "../log.ts";
import { BLOCKS_KIND } from "../p2p/block-server.ts";
import type { PeerNetwork } from "../p2p/network.ts";
import type { Peer } from "../p2p/peer.ts";
import { NoAnswerError } from "../p2p/requests.ts";
import { fetchChunks } from "./chunk-fetcher.ts";
import { ChunkFolder } from "./chunk-folder.ts";
import { fetchPast, type PastSource } from "./past-headers.ts";
import { SNAPSHOTS_KIND } from "./request-kinds.ts";
import { type ApplicationOver, chainStateOf, finishFolder, type LastBlock, restoreRecords } from "./restore.ts";
import { type Manifest, SnapshotOffers } from "./snapshot-offers.ts";
import { type SnapshotStore, syncPath } from "./snapshot-store.ts";
import { readSyncedBlock } from "./synced-block.ts";
import type { TrustedHeaders } from "./trusted-headers.ts";

/** What the operator chose, and where things go. */
export interface StateSyncOptions {
  readonly chainId: string;
  readonly initialHeight: bigint;
  /** The height the operator trusts: older snapshots cannot be verified. */
  readonly trustHeight: bigint;
  /** Where the finished data folder comes to stand; nothing may stand there but a chain without blocks. */
  readonly databasePath: string;
  /** Where the folder is built: on the same disk, so that a rename is enough. */
  readonly workPath: string;
  /** Where chunks are kept until then. */
  readonly chunkPath: string;
  readonly discoveryMs: number;
  readonly chunkTimeoutMs: number;
  readonly chunkFetchers: number;
}

/** What state sync uses. */
export interface StateSyncNeeds {
  readonly network: Pick<PeerNetwork, "peers"> & { readonly requests: Pick<PeerNetwork["requests"], "ask"> };
  readonly headers: Pick<TrustedHeaders, "lightBlock">;
  /** Where headers from before the snapshot come from. */
  readonly past: readonly PastSource[];
  readonly applicationOver: ApplicationOver;
  readonly verifier: Verifier;
  readonly hasher: Hasher;
  /** The snapshots on this node's own disk: what is there need not be fetched. */
  readonly local: Pick<SnapshotStore, "chunk">;
  readonly log: Logger;
  readonly points?: CrashPoints | undefined;
}

export class StateSync {
  readonly #options: StateSyncOptions;
  readonly #needs: StateSyncNeeds;
  readonly #offers: SnapshotOffers;
  readonly #points: CrashPoints;
  readonly #asked = new WeakMap<Peer, number>();

  constructor(options: StateSyncOptions, needs: StateSyncNeeds) {
    this.#options = options;
    this.#needs = needs;
    this.#offers = new SnapshotOffers(options.trustHeight);
    this.#points = needs.points ?? new CrashPoints({ at: undefined }, { die: () => undefined });
  }

  /** Resolves with the height when the data folder is in its place. Rejects with TrustError, and on failures of the disk. */
  async run(): Promise<bigint> {
    const { log } = this.#needs;
    for (;;) {
      const manifest = await this.#discover();
      const { height } = manifest.snapshot;
      const facts = { height: String(height), chunks: manifest.snapshot.chunks };
      try {
        log.info({ ...facts, peers: this.#offers.providers(manifest).length }, "syncing the state from a snapshot");
        await this.#restore(manifest);
        log.info(facts, "the state is restored and verified");
        return height;
      } catch (error) {
        if (error instanceof SnapshotError) this.#reject(manifest, error.message);
        else if (error instanceof LightSourceError || error instanceof NoAnswerError) {
          log.warn({ ...facts, reason: error.message }, "this snapshot cannot be used now; looking for others");
          this.#offers.postpone(manifest);
          await pause(this.#options.discoveryMs);
        } else throw error;
      }
    }
  }

  /** Its stream is not the state of that height: whoever offers it lies, or made it with a damaged disk. */
  #reject(manifest: Manifest, reason: string): void {
    const providers = this.#offers.providers(manifest);
    this.#needs.log.warn(
      { height: String(manifest.snapshot.height), reason },
      "a snapshot is false; its providers are avoided",
    );
    this.#offers.reject(manifest);
    new ChunkFolder(this.#options.chunkPath, manifest, this.#points).remove();
    for (const peer of providers)
      peer.fault(`it offers a false snapshot of height ${manifest.snapshot.height}: ${reason}`);
  }

  // ------------------------------------------------------------ finding

  /** Asks every peer, for as long as it takes until one has a snapshot; the first time for the whole discovery time. */
  async #discover(): Promise<Manifest> {
    const { discoveryMs } = this.#options;
    const step = Math.max(50, Math.min(500, discoveryMs));
    for (let waitedMs = 0; ; waitedMs += step) {
      this.#askAll();
      await pause(step);
      const best = this.#offers.best();
      if (best !== undefined && waitedMs + step >= discoveryMs) return best;
      if (best === undefined && waitedMs > 0 && waitedMs % 30_000 < step) {
        this.#needs.log.warn(
          { peers: this.#needs.network.peers().length },
          "no peer offers a snapshot that this node can verify: check that peers make snapshots (state-sync.snapshot-interval) and that statesync.trust_height is not above them",
        );
      }
    }
  }

  #askAll(): void {
    const nowMs = performance.now();
    for (const peer of this.#needs.network.peers()) {
      // A peer may make a new snapshot meanwhile.
      if (nowMs - (this.#asked.get(peer) ?? Number.NEGATIVE_INFINITY) < Math.max(5_000, this.#options.discoveryMs))
        continue;
      this.#asked.set(peer, nowMs);
      this.#needs.network.requests.ask(peer, SNAPSHOTS_KIND, {}).then(
        ({ snapshots }) => this.#offers.add(peer, snapshots),
        () => undefined,
      );
    }
  }

  // ------------------------------------------------------------ restoring

  async #restore(manifest: Manifest): Promise<void> {
    const { snapshot } = manifest;
    const { header } = (await this.#needs.headers.lightBlock(snapshot.height + 1n)).signedHeader;
    const folder = new ChunkFolder(this.#options.chunkPath, manifest, this.#points);
    for (const index of folder.missing()) {
      const chunk = this.#needs.local.chunk(snapshot.height, snapshot.format, index);
      if (chunk !== undefined) await folder.put(index, chunk);
    }
    const fetched = await fetchChunks(
      { manifest, timeoutMs: this.#options.chunkTimeoutMs, parallel: this.#options.chunkFetchers },
      { folder, offers: this.#offers, requests: this.#needs.network.requests, log: this.#needs.log },
    );
    if (!fetched) throw new NoAnswerError("nobody has the rest of its chunks any more");
    await this.#build(manifest, header, folder);
    await this.#publish();
    folder.remove();
  }

  async #build({ snapshot }: Manifest, header: Header, folder: ChunkFolder): Promise<void> {
    const { workPath: path, chainId, initialHeight } = this.#options;
    const { applicationOver } = this.#needs;
    const { height } = snapshot;
    const restoring = { path, chainId, initialHeight, height, applicationOver, points: this.#points };
    const storage = await restoreRecords(restoring, folder.bytes(), header.appHash);
    try {
      const application = applicationOver({ get: (key) => storage.record(key) });
      const facts = application.snapshotState.engineFacts();
      if (facts === undefined) throw new SnapshotError("the snapshot's state does not tell the validators");
      const last = await this.#lastBlock(header, facts);
      const state = chainStateOf(application, header, last.block.header, initialHeight);
      const { past: sources, log } = this.#needs;
      await fetchPast({ state, last: last.block.header }, { sources, log, write: (past) => storage.writePast(past) });
      await finishFolder(storage, state, last);
    } finally {
      await storage.close();
    }
  }

  /** The block of the snapshot's height, which its successor names, with a commit in which every signature is good. */
  async #lastBlock(header: Header, { lastValidators: signers, consensusParams }: EngineFacts): Promise<LastBlock> {
    const height = header.height - 1n;
    const { network, hasher, verifier, log } = this.#needs;
    const { chainId } = this.#options;
    const chain = { consensusParams: consensusParamsFromProto(consensusParams) };
    const rule = hasExtensions(chain, height) ? "required" : "forbidden";
    const able = network.peers().filter(({ status }) => status.base <= height && status.height >= height);
    for (const peer of able) {
      try {
        const { blocks } = await network.requests.ask(peer, BLOCKS_KIND, { fromHeight: height, count: 1 });
        if (blocks[0] === undefined) continue;
        const { block, commit } = readSyncedBlock(blocks[0]);
        const { blockId, bytes } = partsOfBlock(block, hasher);
        if (!equalBlockIds(blockId, header.lastBlockId)) throw new ValidationError("it is another block");
        verifyCommit(chainId, signers, blockId, height, bareCommit(commit), verifier);
        checkCommitExtensions(commit, signers, { chainId, verifier }, rule);
        return { block, bytes, blockId, commit };
      } catch (error) {
        if (error instanceof ValidationError || error instanceof DecodeError) {
          peer.fault(`its block ${height} does not verify: ${error.message}`);
        } else if (!(error instanceof NoAnswerError)) throw error;
        log.debug({ peer: peer.nodeId, reason: error.message }, "a peer did not give the block of the snapshot");
      }
    }
    throw new NoAnswerError(`no peer has block ${height}, the one of the snapshot`);
  }

  /** The folder takes its place: a chain without blocks that stood there goes first. */
  async #publish(): Promise<void> {
    const { databasePath, workPath } = this.#options;
    mkdirSync(dirname(databasePath), { recursive: true, mode: 0o700 });
    if (existsSync(databasePath)) {
      const aside = join(dirname(workPath), "without-blocks.db");
      rmSync(aside, { recursive: true, force: true });
      this.#points.around("rename of the empty chain, aside", () => renameSync(databasePath, aside));
    }
    this.#points.around("rename of the data folder, to its place", () => renameSync(workPath, databasePath));
    await this.#points.aroundAsync("fsync of the folder around it", () => syncPath(dirname(databasePath)));
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
