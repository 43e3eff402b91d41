// Owns: the record of which of the latest blocks a validator missed: a bit a block, in pieces of 1,024, in the layout that the SDK's bit sets
// have on disk (8 bytes of length, then words of 64 bits, all big-endian; bit 0 is the least of the first word). Does not own: the count.

import type { Read, Write } from "../../../chain/module/context.ts";
import { MISSED_BLOCKS_CHUNK } from "../limits.ts";
import { state } from "../state.ts";

const HEADER_BYTES = 8;
const WORD_BYTES = 8;

/** The place of a block in the stored pieces: the piece, the byte in it, and the bit in that byte. */
function placeOf(index: bigint) {
  const inPiece = Number(index % MISSED_BLOCKS_CHUNK);
  const word = inPiece >> 6;
  const bit = inPiece & 63;
  return {
    piece: index / MISSED_BLOCKS_CHUNK,
    byte: HEADER_BYTES + word * WORD_BYTES + (WORD_BYTES - 1 - (bit >> 3)),
    mask: 1 << (bit & 7),
  };
}

function emptyPiece(): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + Number(MISSED_BLOCKS_CHUNK >> 3n));
  bytes[HEADER_BYTES - 2] = Number(MISSED_BLOCKS_CHUNK >> 8n);
  return bytes;
}

export function hasMissed(ctx: Read, consensus: Uint8Array, index: bigint): boolean {
  const { piece, byte, mask } = placeOf(index);
  const bytes = state.missedBlocks.get(ctx, [consensus, piece]);
  return bytes !== undefined && ((bytes[byte] ?? 0) & mask) !== 0;
}

export function setMissed(ctx: Write, consensus: Uint8Array, index: bigint, missed: boolean): void {
  const { piece, byte, mask } = placeOf(index);
  const at = [consensus, piece] as const;
  const bytes = (state.missedBlocks.get(ctx, at) ?? emptyPiece()).slice();
  const before = bytes[byte] ?? 0;
  bytes[byte] = missed ? before | mask : before & ~mask;
  state.missedBlocks.set(ctx, at, bytes);
}

export function forgetMissed(ctx: Write, consensus: Uint8Array): void {
  for (const at of [...state.missedBlocks.keys(ctx, { prefix: consensus })]) state.missedBlocks.delete(ctx, at);
}

/** The indexes of all blocks that are recorded as missed, ascending. Reads what is stored, however long the window is. */
export function missedIndexes(ctx: Read, consensus: Uint8Array): bigint[] {
  const pieces = [...state.missedBlocks.iterate(ctx, { prefix: consensus })].map(
    ([[, piece], bytes]) => [piece, bytes] as const,
  );
  pieces.sort(([a], [b]) => (a < b ? -1 : 1));
  const found: bigint[] = [];
  for (const [piece, bytes] of pieces) {
    const first = piece * MISSED_BLOCKS_CHUNK;
    for (let index = first; index < first + MISSED_BLOCKS_CHUNK; index += 1n) {
      const { byte, mask } = placeOf(index);
      if (((bytes[byte] ?? 0) & mask) !== 0) found.push(index);
    }
  }
  return found;
}
