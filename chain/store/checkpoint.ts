// Owns: one version of a tree as a stream of chunks, and building the tree back from them. Does not own when a
// checkpoint is made (checkpointer.ts) or that its root is right (multistore.ts compares it with the recorded hash).
//
// The stream is the tree in pre-order. An inner node is its height and version; a leaf is 0, its version, the length of
// its value, its key (as what it does not share with the key before) and its hash. Leaf hashes make the stream whole: it
// can be read back after the values it was made from are pruned. A chunk ends between nodes.

import { ByteReader, ByteWriter, RecordError } from "./byte-stream.ts";
import { NONE, type NodeArena } from "./iavl/arena.ts";
import { CHECKPOINT_CHUNK_BYTES, MAX_KEY_BYTES, MAX_TREE_HEIGHT } from "./limits.ts";

/** One step of writing: a chunk, or only progress. */
export interface ChunkStep {
  readonly chunk: Uint8Array | undefined;
  /** Leaves written since the step before. */
  readonly leaves: number;
}

/** Leaves between two steps, so that writing can be spread over versions evenly. */
const STEP_LEAVES = 256;

/** Walks the tree under `root`, which must stay kept until the walk ends. */
export function* writeTree(arena: NodeArena, root: number): Generator<ChunkStep, void, undefined> {
  if (root === NONE) return;
  const writer = new ByteWriter(CHECKPOINT_CHUNK_BYTES + 1024);
  const pending = [root];
  let before = NONE;
  let leaves = 0;
  while (pending.length > 0) {
    const node = pending.pop()!;
    writer.byte(arena.height(node));
    writer.varint(arena.version(node));
    if (arena.isLeaf(node)) {
      writeLeaf(writer, arena, node, before);
      before = arena.key(node);
      leaves++;
    } else {
      pending.push(arena.right(node), arena.left(node));
    }
    if (writer.length >= CHECKPOINT_CHUNK_BYTES || pending.length === 0) {
      // The next chunk's first key stands whole: chunks can then be checked and read one by one.
      before = NONE;
      yield { chunk: writer.take(), leaves };
      leaves = 0;
    } else if (leaves >= STEP_LEAVES) {
      yield { chunk: undefined, leaves };
      leaves = 0;
    }
  }
}

function writeLeaf(writer: ByteWriter, arena: NodeArena, leaf: number, before: number): void {
  const key = arena.key(leaf);
  const shared = before === NONE ? 0 : arena.keys.sharedLength(before, key);
  writer.varint(arena.valueLength(leaf));
  const rest = arena.keys.lengthOf(key) - shared;
  writer.varint(shared);
  writer.varint(rest);
  const { target, position } = writer.open(rest + 32);
  writer.close(arena.copyHash(leaf, target, arena.keys.copyTo(key, target, position, shared)));
}

/** A subtree that is read: its root and the key of its first leaf. */
interface Built {
  readonly node: number;
  readonly firstKey: number;
}

interface Opened {
  readonly height: number;
  readonly version: number;
  left: Built | undefined;
}

/**
 * Builds the tree in `arena` and gives its root, NONE for no chunks. Inner nodes have no hashes yet. Throws RecordError
 * when the chunks are not a tree.
 */
export function readTree(arena: NodeArena, chunks: Iterable<Uint8Array>): number {
  const opened: Opened[] = [];
  let root = NONE;
  for (const chunk of chunks) {
    const reader = new ByteReader(chunk);
    let before: Uint8Array = new Uint8Array(0);
    while (!reader.isAtEnd) {
      if (root !== NONE) throw new RecordError("a checkpoint goes on after its tree");
      const height = reader.byte();
      const version = reader.varint();
      if (height > 0) {
        if (opened.length >= MAX_TREE_HEIGHT || height >= MAX_TREE_HEIGHT)
          throw new RecordError("a checkpoint is too deep");
        opened.push({ height, version, left: undefined });
        continue;
      }
      const key = readKey(reader, before);
      before = key.bytes;
      const keyId = arena.keys.add(key.bytes);
      const leaf = arena.newLeaf(keyId, version, key.valueLength);
      arena.setHash(leaf, reader.raw(32));
      const whole = close(arena, opened, { node: leaf, firstKey: keyId });
      if (whole !== undefined) root = whole.node;
    }
  }
  if (opened.length > 0) throw new RecordError("a checkpoint ends within its tree");
  return root;
}

function readKey(reader: ByteReader, before: Uint8Array): { readonly bytes: Uint8Array; readonly valueLength: number } {
  const valueLength = reader.varint();
  const shared = reader.varint();
  const rest = reader.counted();
  if (shared > before.length || shared + rest.length > MAX_KEY_BYTES || shared + rest.length === 0) {
    throw new RecordError("a key in a checkpoint is malformed");
  }
  const bytes = new Uint8Array(shared + rest.length);
  bytes.set(before.subarray(0, shared));
  bytes.set(rest, shared);
  return { bytes, valueLength };
}

/** Gives a finished subtree to the node that waits for it; the whole tree when none does. */
function close(arena: NodeArena, opened: Opened[], built: Built): Built | undefined {
  let child = built;
  while (opened.length > 0) {
    const parent = opened[opened.length - 1]!;
    if (parent.left === undefined) {
      parent.left = child;
      return undefined;
    }
    opened.pop();
    const node = arena.newInner(parent.left.node, child.node, child.firstKey, parent.version);
    if (arena.height(node) !== parent.height) throw new RecordError("a checkpoint's node has another height");
    child = { node, firstKey: parent.left.firstKey };
  }
  return child;
}
