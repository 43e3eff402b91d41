// One span proof: building and checking it, and the bytes it adds to a settlement. The record is Solidity-like text of
// 8 KiB, the span four of its lines.

import type { Hasher } from "../../chain/types/hash.ts";
import { TextTree } from "../../chain/types/text-tree.ts";
import { checkSpan, chunksToShow } from "../../modules/attribution/span-proof.ts";
import { encode } from "../../proto/codec.ts";
import { against, cpuTimes, type Effort, type Figure, figure, oneDigest, type Section } from "./measure.ts";

const line = (index: number): string =>
  `    function f${index}(uint256 a) internal pure returns (uint256) { return a + ${index}; }\n`;

/** Building the tree, proving one span, checking it, its size. */
export function benchSpan(effort: Effort, hasher: Hasher, digest: Figure): Section {
  const rounds = effort === "quick" ? 2 : 25;
  const lines = Array.from({ length: 102 }, (_, index) => line(index));
  const text = new TextEncoder().encode(lines.join(""));
  const before = new TextEncoder().encode(lines.slice(0, 50).join("")).length;
  const words = new TextEncoder().encode(lines.slice(50, 54).join("").trim());
  const recordStart = before + 4;
  const tree = new TextTree(text, hasher);
  const { first, last } = chunksToShow(recordStart, words.length, text.length);
  const proof = { outputStart: 0, length: words.length, recordStart, ...tree.prove(first, last) };
  const record = { length: text.length, textRoot: tree.root };
  const checked = checkSpan(words, proof, record, hasher);
  if ("flaw" in checked) throw new Error(checked.flaw);
  const { chunks, path } = proof;
  const bytes = encode("tributary.attribution.v1.Span", {
    outputStart: 0,
    length: words.length,
    record: { datanetId: 1n, number: 1n },
    recordStart: BigInt(recordStart),
    chunks,
    path,
  }).length;
  const micros = (name: string, repeats: number, action: () => void): Figure =>
    against(digest, oneDigest, figure(name, "µs CPU", cpuTimes(rounds, repeats, action)));
  return {
    title: `Attribution: a span of ${words.length} bytes (${checked.tokens} tokens) in a record of ${text.length} bytes`,
    figures: [
      micros("the record's tree", 20, () => void new TextTree(text, hasher)),
      micros("building one span proof from the tree", 2_000, () => void tree.prove(first, last)),
      micros("checking one span proof", 200, () => void checkSpan(words, proof, record, hasher)),
      figure("one span proof in a settlement", "bytes", [bytes]),
    ],
  };
}
