// A process of its own that builds an index on disk from a stream of texts and prints what it took:
// `node test/bench/attribution/index-memory.ts 64` for 64 MB. Owns nothing of the index.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AddedRecord, DatanetIndex } from "../../../attribution/datanet-index.ts";
import { concat } from "../../../proto/bytes.ts";
import { Random } from "../../sim/random.ts";
import { solidityTexts } from "./texts.ts";

const recordBytes = 8192;
const pieceBytes = 256;

/** Records cut together from pieces of the Solidity files, made one at a time. */
function* records(total: number): Generator<AddedRecord> {
  const texts = solidityTexts().filter(({ length }) => length > pieceBytes);
  const random = new Random(1);
  const piece = (): Uint8Array => {
    const text = texts[random.below(texts.length)]!;
    const start = random.below(text.length - pieceBytes);
    return text.subarray(start, start + pieceBytes);
  };
  for (let number = 1n; Number(number) * recordBytes <= total; number++) {
    yield { number, text: concat(...Array.from({ length: recordBytes / pieceBytes }, piece)) };
  }
}

const megabytes = Number(process.argv[2] ?? 16);
const folder = mkdtempSync(join(tmpdir(), "tributary-bench-memory-"));
try {
  const index = DatanetIndex.open(folder, 1n);
  const started = performance.now();
  await index.append(records(megabytes * 1e6));
  const seconds = (performance.now() - started) / 1000;
  const peak = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(`${JSON.stringify({ megabytes, seconds, peak, segments: index.segments.length })}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
