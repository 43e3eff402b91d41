/**
 * Owns what peers offer: which snapshots, from whom, which to try next, and which were found wanting. Offers are claims; whatever in them
 * cannot be is dropped here, everything else is found out by the chunks' hashes and by the app hash. Does not own fetching.
 */
import { DecodeError, decode } from "../../proto/codec.ts";
import type { Peer } from "../p2p/peer.ts";
import { MAX_SNAPSHOT_CHUNKS, MAX_SNAPSHOT_METADATA_BYTES, MAX_SNAPSHOTS_TOLD } from "./limits.ts";
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

/** What tells two snapshots apart: all that is said of them. */
export function snapshotKey({ height, format, chunks, hash, metadata }: Snapshot): string {
  return [height, format, chunks, Buffer.from(hash).toString("hex"), Buffer.from(metadata).toString("base64")].join(
    "/",
  );
}

export class SnapshotOffers {
  readonly #lowest: bigint;
  readonly #offers = new Map<string, { readonly manifest: Manifest; readonly peers: Set<Peer> }>();
  readonly #rejected = new Set<string>();

  /** Snapshots below the height `lowest` cannot be verified and are passed over. */
  constructor(lowest: bigint) {
    this.#lowest = lowest;
  }

  /** Takes note of a peer's list. */
  add(peer: Peer, snapshots: readonly Snapshot[]): void {
    for (const snapshot of snapshots.slice(0, MAX_SNAPSHOTS_TOLD)) {
      const key = snapshotKey(snapshot);
      const manifest = this.#rejected.has(key) ? undefined : manifestOf(snapshot);
      if (manifest === undefined || snapshot.height < this.#lowest) continue;
      const known = this.#offers.get(key);
      if (known === undefined) this.#offers.set(key, { manifest, peers: new Set([peer]) });
      else known.peers.add(peer);
    }
  }

  /** The newest that somebody connected has; of one height, the one that most have. */
  best(): Manifest | undefined {
    const alive = [...this.#offers.values()].filter(({ manifest }) => this.providers(manifest).length > 0);
    const [first] = alive.sort((a, b) => {
      const [one, other] = [a.manifest.snapshot.height, b.manifest.snapshot.height];
      return one < other ? 1 : one > other ? -1 : this.providers(b.manifest).length - this.providers(a.manifest).length;
    });
    return first?.manifest;
  }

  /** The peers that offer exactly this one and are connected. */
  providers({ snapshot }: Manifest): readonly Peer[] {
    return [...(this.#offers.get(snapshotKey(snapshot))?.peers ?? [])].filter((peer) => peer.open);
  }

  /** The peer does not have it after all. */
  withdraw(peer: Peer, { snapshot }: Manifest): void {
    this.#offers.get(snapshotKey(snapshot))?.peers.delete(peer);
  }

  /** Never to be tried again. */
  reject({ snapshot }: Manifest): void {
    this.#rejected.add(snapshotKey(snapshot));
    this.#offers.delete(snapshotKey(snapshot));
  }
}
