// Owns: one committed version of all stores as the Cosmos SDK's snapshot stream, format 3: every store by its name, then
// its tree's nodes depth first, children before their parent, each a length-prefixed SnapshotItem. Source: cosmos-sdk
// store/rootmulti/store.go (Snapshot), cosmos/iavl export.go. Does not own compression and chunks (node/sync), nor reading
// the stream back (snapshot-import.ts).
//
// The stream is made a piece at a time, so that whoever writes it down can let blocks be made in between. The version is
// kept meanwhile, and its nodes never change.

import { encode } from "../../proto/codec.ts";
import { ByteWriter } from "./byte-stream.ts";
import { NONE, type NodeArena } from "./iavl/arena.ts";
import { IavlTree } from "./iavl/tree.ts";
import { SNAPSHOT_PIECE_BYTES, SNAPSHOT_PIECE_NODES, type StoreName } from "./limits.ts";

/** What is exported: the multistore. */
export interface ExportedState {
  readonly arena: NodeArena;
  /** In byte order. */
  storesAt(version: bigint): readonly StoreName[];
  mounted(store: StoreName): unknown;
  relative(version: bigint): number;
  valueOf(store: StoreName, leaf: number, once: boolean): Uint8Array;
  pin(version: bigint): () => void;
}

/** A stream under way. */
export class StateExport {
  readonly version: bigint;
  readonly #state: ExportedState;
  readonly #release: () => void;

  /** Throws VersionNotFound for a version that is not kept. */
  constructor(state: ExportedState, version: bigint) {
    this.version = version;
    this.#state = state;
    this.#release = state.pin(version);
  }

  /** Lets go of the version: call it when the stream is written or given up. */
  release(): void {
    this.#release();
  }

  /** The stream in pieces of SNAPSHOT_PIECE_BYTES and SNAPSHOT_PIECE_NODES, about. Throws StateError at a damaged value. */
  *pieces(): Generator<Uint8Array, void, undefined> {
    const { arena } = this.#state;
    // Versions in the stream are absolute; nodes number theirs from the first.
    const base = this.version - BigInt(this.#state.relative(this.version));
    const writer = new ByteWriter(SNAPSHOT_PIECE_BYTES + 4_096);
    for (const store of this.#state.storesAt(this.version)) {
      writer.counted(encode("cosmos.store.snapshots.v1.SnapshotItem", { store: { name: store } }));
      const tree = this.#state.mounted(store);
      if (!(tree instanceof IavlTree)) throw new Error(`store ${store} has no tree`);
      let nodes = 0;
      for (const node of postOrder(arena, tree.rootAt(this.#state.relative(this.version)))) {
        const value = arena.isLeaf(node) ? this.#state.valueOf(store, node, true) : undefined;
        writeNode(writer, arena, node, value, base);
        nodes++;
        if (nodes < SNAPSHOT_PIECE_NODES && writer.length < SNAPSHOT_PIECE_BYTES) continue;
        yield writer.take();
        nodes = 0;
      }
    }
    if (writer.length > 0) yield writer.take();
  }
}

/** Left subtree, right subtree, node. */
function* postOrder(arena: NodeArena, root: number): Generator<number, void, undefined> {
  if (root === NONE) return;
  const pending: number[] = [root];
  const isOpened: boolean[] = [false];
  while (pending.length > 0) {
    const node = pending.pop()!;
    if (isOpened.pop()! || arena.isLeaf(node)) {
      yield node;
      continue;
    }
    pending.push(node, arena.right(node), arena.left(node));
    isOpened.push(true, false, false);
  }
}

/** A SnapshotItem whose item is `iavl` (field 2), as protobuf writes it: what is empty or zero is left out. */
function writeNode(
  writer: ByteWriter,
  arena: NodeArena,
  node: number,
  value: Uint8Array | undefined,
  base: bigint,
): void {
  const fields = new ByteWriter(96 + (value?.length ?? 0));
  const key = arena.keys.read(arena.key(node));
  fields.byte(0x0a);
  fields.counted(key);
  if (value !== undefined && value.length > 0) {
    fields.byte(0x12);
    fields.counted(value);
  }
  fields.byte(0x18);
  fields.bigVarint(base + BigInt(arena.version(node)));
  if (!arena.isLeaf(node)) {
    fields.byte(0x20);
    fields.varint(arena.height(node));
  }
  const body = fields.take();
  writer.varint(1 + varintLength(body.length) + body.length);
  writer.byte(0x12);
  writer.counted(body);
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) length++;
  return length;
}
