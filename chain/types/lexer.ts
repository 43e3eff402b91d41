/**
 * Owns the byte lexer "bytes-1": where a token begins and ends in a text. It does not own what a span of tokens proves
 * (modules/attribution/span-proof.ts) nor how tokens are indexed (attribution/corpus.ts).
 *
 * Whether a token border lies between two neighbouring bytes depends on those two bytes alone. That is the point of the
 * definition: a proof that shows one byte on either side of a span shows that the span ends where tokens end, whatever
 * the rest of the text is. The rules are written out in
 * modules/attribution/README.md; they are consensus and get a new id when they change.
 */

/** The id of the lexer in this file, as the parameter `lexer` names it. */
export const BYTE_LEXER_ID = "bytes-1";

const SPACE = 0;
const SYMBOL = 1;
const WORD = 2;
/** 0x80–0xBF: a UTF-8 continuation byte. */
const CONTINUATION = 3;
/** 0xC0–0xFF: a UTF-8 lead byte, or a byte of no UTF-8 text. */
const LEAD = 4;

const CLASS_OF_BYTE = classTable();

function classTable(): Uint8Array {
  const table = new Uint8Array(256).fill(SYMBOL);
  for (const space of [0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20]) table[space] = SPACE;
  table.fill(WORD, 0x30, 0x3a).fill(WORD, 0x41, 0x5b).fill(WORD, 0x61, 0x7b);
  table[0x5f] = WORD;
  return table.fill(CONTINUATION, 0x80, 0xc0).fill(LEAD, 0xc0);
}

/** Whether the byte is white space (tab, line feed, vertical tab, form feed, carriage return, space), of no token. */
export function isSpace(byte: number): boolean {
  return CLASS_OF_BYTE[byte] === SPACE;
}

/** Whether the byte is a letter, digit or underscore of ASCII. */
export function isWord(byte: number): boolean {
  return CLASS_OF_BYTE[byte] === WORD;
}

/** Whether two neighbouring bytes stand in the same token. */
export function areJoined(left: number, right: number): boolean {
  const rightClass = CLASS_OF_BYTE[right]!;
  if (rightClass === WORD) return CLASS_OF_BYTE[left] === WORD;
  return rightClass === CONTINUATION && CLASS_OF_BYTE[left]! >= CONTINUATION;
}

/** Whether a token begins at `index`, seen from the byte before it (`undefined` at the beginning of the text). */
export function beginsToken(before: number | undefined, byte: number): boolean {
  return !isSpace(byte) && (before === undefined || !areJoined(before, byte));
}

/** Whether a token ends with `byte`, seen from the byte after it (`undefined` at the end of the text). */
export function endsToken(byte: number, after: number | undefined): boolean {
  return !isSpace(byte) && (after === undefined || !areJoined(byte, after));
}

/** How many tokens `bytes` has between two offsets, lexed as a text of its own. */
export function countTokens(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let count = 0;
  for (let i = start; i < end; i++) {
    if (beginsToken(i === start ? undefined : bytes[i - 1], bytes[i]!)) count++;
  }
  return count;
}

/** The tokens of a text: token `i` is the bytes from `starts[i]` up to, not including, `ends[i]`. */
export interface Tokens {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** All tokens of a text, in order. */
export function tokenize(bytes: Uint8Array): Tokens {
  const count = countTokens(bytes);
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let token = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (beginsToken(bytes[i - 1], bytes[i]!)) starts[token] = i;
    if (endsToken(bytes[i]!, bytes[i + 1])) ends[token++] = i + 1;
  }
  return { starts, ends };
}
