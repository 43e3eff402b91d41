/**
 * Owns what peers offer: which snapshots, from whom, which to try next, and which were found wanting. Offers are claims; whatever in them
 * cannot be is dropped here, everything else is found out by the chunks' hashes and by the app hash. Does not own fetching.
 */
import { createHash } from "node:crypto";
import { DecodeError, decode, encode } from "../../proto/codec.ts";
import type { Peer } from "../p2p/peer.ts";
import {
  MAX_REJECTED_SNAPSHOTS,
  MAX_SNAPSHOT_CHUNKS,
  MAX_SNAPSHOT_METADATA_BYTES,
  MAX_SNAPSHOTS_TOLD,
} from "./limits.ts";
import { SNAPSHOT_FORMAT, type Snapshot } from "./snapshot-store.ts";

/** A snapshot with the hashes of its chunks. */
export interface Manifest {
  readonly snapshot: Snapshot;
  readonly chunkHashes: readonly Uint8Array[];
}

/** The manifest of an offer; undefined when it cannot be a snapshot for this node. */
export function manifestOf(snapshot: Snapshot): Manifest | undefined {
  const { height, format, chunks, hash, metadata } = snapshot;
  if (format !== SNAPSHOT_FORMAT || height < 1n || height > 0x7fff_ffff_ffff_ffffn) return undefined;
  if (chunks < 1 || chunks > MAX_SNAPSHOT_CHUNKS || hash.length !== 32) return undefined;
  if (metadata.length > MAX_SNAPSHOT_METADATA_BYTES) return undefined;
  try {
    const { chunkHashes } = decode("cosmos.store.snapshots.v1.Metadata", metadata);
    if (chunkHashes.length !== chunks || chunkHashes.some(({ length }) => length !== 32)) return undefined;
    return { snapshot, chunkHashes };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** What tells two snapshots apart: the hash of all that is said of them. */
export function snapshotKey(snapshot: Snapshot): string {
  return createHash("sha256").update(encode("tendermint.abci.Snapshot", snapshot)).digest("hex");
}

export class SnapshotOffers {
  readonly #lowest: bigint;
  readonly #offers = new Map<string, { readonly snapshot: Snapshot; readonly peers: Set<Peer> }>();
  readonly #rejected = new Set<string>();
  /** How often each peer offered what then could not be had, or not be verified. */
  readonly #failures = new WeakMap<Peer, number>();

  /** Snapshots below the height `lowest` cannot be verified and are passed over. */
  constructor(lowest: bigint) {
    this.#lowest = lowest;
  }

  /** Takes note of a peer's list, which replaces the one it gave before: a peer has no more memory here than one list takes. */
  add(peer: Peer, snapshots: readonly Snapshot[]): void {
    for (const [key, { peers }] of this.#offers) {
      peers.delete(peer);
      if (![...peers].some(({ open }) => open)) this.#offers.delete(key);
    }
    for (const snapshot of snapshots.slice(0, MAX_SNAPSHOTS_TOLD)) {
      // Only looked at here: hashes taken apart need far more memory than the bytes they came in.
      if (snapshot.height < this.#lowest || manifestOf(snapshot) === undefined) continue;
      const key = snapshotKey(snapshot);
      if (this.#rejected.has(key)) continue;
      const known = this.#offers.get(key);
      if (known === undefined) this.#offers.set(key, { snapshot, peers: new Set([peer]) });
      else known.peers.add(peer);
    }
  }

  /**
   * The newest that somebody connected has; of one height, the one that most have. Those whose providers have failed come after those
   * that have somebody who has not, or less often: a height that nobody can verify, claimed for ever, holds nobody up.
   */
  best(): Manifest | undefined {
    const alive = [...this.#offers.values()].flatMap(({ snapshot, peers }) => {
      const providers = [...peers].filter(({ open }) => open);
      const failures = Math.min(...providers.map((peer) => this.#failures.get(peer) ?? 0));
      return providers.length === 0 ? [] : [{ snapshot, failures, providers: providers.length }];
    });
    const [first] = alive.sort((a, b) => {
      const [one, other] = [a.snapshot.height, b.snapshot.height];
      if (a.failures !== b.failures) return a.failures - b.failures;
      return one < other ? 1 : one > other ? -1 : b.providers - a.providers;
    });
    return first && manifestOf(first.snapshot);
  }

  /** The peers that offer exactly this one and are connected. */
  providers({ snapshot }: Manifest): readonly Peer[] {
    return [...(this.#offers.get(snapshotKey(snapshot))?.peers ?? [])].filter((peer) => peer.open);
  }

  /** The peer does not have it after all. */
  withdraw(peer: Peer, { snapshot }: Manifest): void {
    if (this.#offers.get(snapshotKey(snapshot))?.peers.delete(peer)) this.#failed(peer);
  }

  /** It cannot be had or verified now: what others offer goes first. */
  postpone(manifest: Manifest): void {
    for (const peer of this.providers(manifest)) this.#failed(peer);
  }

  /** Never to be tried again. */
  reject({ snapshot }: Manifest): void {
    const key = snapshotKey(snapshot);
    this.#offers.delete(key);
    this.#rejected.add(key);
    if (this.#rejected.size <= MAX_REJECTED_SNAPSHOTS) return;
    // The first is the oldest. Who offers it again is found false again.
    for (const oldest of [...this.#rejected].slice(0, 1)) this.#rejected.delete(oldest);
  }

  #failed(peer: Peer): void {
    this.#failures.set(peer, (this.#failures.get(peer) ?? 0) + 1);
  }
}
