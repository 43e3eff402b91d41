// A slow IAVL tree written from the documents of cosmos/iavl (docs/tree/tree.md, docs/node/node.md): plain immutable
// objects, recursion, every hash made anew with node:crypto. It exists to be compared with, and shares no code with the
// tree under test.

import { createHash } from "node:crypto";

interface Node {
  readonly key: Buffer;
  readonly value?: Buffer;
  readonly left?: Node;
  readonly right?: Node;
  readonly height: number;
  readonly size: number;
  /** Set when a version is saved. */
  version: number | undefined;
  hash?: Buffer;
}

const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function zigzag(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value) * 2n;
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128);
    rest /= 128n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function uvarint(value: number): Buffer {
  return value < 128 ? Buffer.from([value]) : Buffer.from([(value % 128) + 128, Math.floor(value / 128)]);
}

function leaf(key: Buffer, value: Buffer): Node {
  return { key, value, height: 0, size: 1, version: undefined };
}

function inner(key: Buffer, left: Node, right: Node): Node {
  return {
    key,
    left,
    right,
    height: Math.max(left.height, right.height) + 1,
    size: left.size + right.size,
    version: undefined,
  };
}

const tilt = (node: Node): number => node.left!.height - node.right!.height;

function rotateRight(node: Node): Node {
  const left = node.left!;
  return inner(left.key, left.left!, inner(node.key, left.right!, node.right!));
}

function rotateLeft(node: Node): Node {
  const right = node.right!;
  return inner(right.key, inner(node.key, node.left!, right.left!), right.right!);
}

function balanced(node: Node): Node {
  const lean = tilt(node);
  if (lean > 1) {
    if (tilt(node.left!) >= 0) return rotateRight(node);
    return rotateRight(inner(node.key, rotateLeft(node.left!), node.right!));
  }
  if (lean < -1) {
    if (tilt(node.right!) <= 0) return rotateLeft(node);
    return rotateLeft(inner(node.key, node.left!, rotateRight(node.right!)));
  }
  return node;
}

function insert(node: Node | undefined, key: Buffer, value: Buffer): Node {
  if (node === undefined) return leaf(key, value);
  const order = key.compare(node.key);
  if (node.height === 0) {
    if (order === 0) return leaf(key, value);
    return order < 0 ? inner(node.key, leaf(key, value), node) : inner(key, node, leaf(key, value));
  }
  const child = order < 0 ? insert(node.left, key, value) : insert(node.right, key, value);
  return balanced(order < 0 ? inner(node.key, child, node.right!) : inner(node.key, node.left!, child));
}

const smallest = (node: Node): Buffer => (node.height === 0 ? node.key : smallest(node.left!));

/** Gives the node itself when the key is not below it, so that an absent key changes nothing. */
function remove(node: Node, key: Buffer): Node | undefined {
  if (node.height === 0) return key.equals(node.key) ? undefined : node;
  if (key.compare(node.key) < 0) {
    const left = remove(node.left!, key);
    if (left === node.left) return node;
    return left === undefined ? node.right : balanced(inner(node.key, left, node.right!));
  }
  const right = remove(node.right!, key);
  if (right === node.right) return node;
  return right === undefined ? node.left : balanced(inner(smallest(right), node.left!, right));
}

function save(node: Node, version: number): Buffer {
  if (node.hash !== undefined) return node.hash;
  node.version ??= version;
  const head = Buffer.concat([zigzag(node.height), zigzag(node.size), zigzag(node.version)]);
  node.hash =
    node.height === 0
      ? sha256(head, uvarint(node.key.length), node.key, Buffer.from([32]), sha256(node.value!))
      : sha256(head, Buffer.from([32]), save(node.left!, version), Buffer.from([32]), save(node.right!, version));
  return node.hash;
}

/** One exported node (iavl export.go): left, right, then the node itself. */
export interface ExportedNode {
  readonly key: string;
  readonly value: string | null;
  readonly version: number;
  readonly height: number;
}

export class NaiveIavl {
  root: Node | undefined;

  set(key: Uint8Array, value: Uint8Array): void {
    this.root = insert(this.root, Buffer.from(key), Buffer.from(value));
  }

  remove(key: Uint8Array): void {
    if (this.root !== undefined) this.root = remove(this.root, Buffer.from(key));
  }

  /** Saves a version and gives its root hash. */
  save(version: number): Buffer {
    return this.root === undefined ? sha256() : save(this.root, version);
  }
}
