// What an index costs: time to build, bytes it takes, time to search. Owns nothing of how it is made.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Corpus } from "../../../attribution/corpus.ts";
import { DatanetIndex } from "../../../attribution/datanet-index.ts";
import { SpanIndex } from "../../../attribution/span-index.ts";
import { searchOutputs } from "../../../attribution/span-search.ts";
import { suffixArray } from "../../../attribution/suffix-array.ts";
import { Random } from "../../sim/random.ts";
import { cpuMicroseconds, cpuTimes, type Effort, type Figure, figure, type Section } from "../measure.ts";
import { sample } from "./sampler.ts";
import type { Library } from "./texts.ts";

export async function benchIndex({ name, index }: Library, effort: Effort): Promise<Section> {
  const rounds = effort === "quick" ? 2 : 5;
  const { records, units, unitCount } = index.corpus;
  const bytes = records.reduce((sum, { text }) => sum + text.length, 0);
  const perSecond = (micros: readonly number[]): number[] => micros.map((one) => bytes / one);
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-index-"));
  try {
    const stored: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const started = performance.now();
      await DatanetIndex.open(join(folder, String(round)), 1n).append(records);
      stored.push((performance.now() - started) * 1000);
    }
    const onDisk = DatanetIndex.open(join(folder, "0"), 1n);
    const loading = Array.from({ length: rounds }, () => {
      const fresh = DatanetIndex.open(join(folder, "0"), 1n);
      return cpuMicroseconds(() => {
        for (const segment of fresh.segments) segment.load();
      });
    });
    const random = new Random(1);
    const outputs = Array.from({ length: 100 }, () => sample(index, 5, 64, random).output);
    const search = { minTokens: 4, maxTokens: 64, maxRecords: 65 };
    const searching = cpuTimes(rounds, 1, () => void searchOutputs(onDisk.segments, outputs, search));
    return {
      title: `${name}: an index of ${records.length} records, ${bytes} bytes, ${units.length} tokens`,
      figures: [
        figure("suffix array alone", "MB/s", perSecond(cpuTimes(rounds, 1, () => void suffixArray(units, unitCount)))),
        figure("index in memory", "MB/s", perSecond(cpuTimes(rounds, 1, () => void new SpanIndex(Corpus.of(records))))),
        figure("index on disk, with fsync, wall clock", "MB/s", perSecond(stored)),
        figure("bytes on disk and in memory, with the texts", "a token", [onDisk.bytes / units.length]),
        figure("the same without the texts", "a token", [(onDisk.bytes - bytes) / units.length]),
        figure(
          "opening it, checksum included",
          "ms CPU",
          loading.map((micros) => micros / 1000),
        ),
        figure(
          "all spans of an output of 64 tokens and their places",
          "µs CPU",
          searching.map((micros) => micros / 100),
        ),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The most memory a process had that built an index from a stream of texts of several sizes; segments keep it bounded. */
export function benchIndexMemory(effort: Effort): Section {
  const script = fileURLToPath(new URL("./index-memory.ts", import.meta.url));
  const figures = (effort === "quick" ? [0, 8] : [0, 16, 64]).flatMap((megabytes): Figure[] => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, `${megabytes}`], { encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
    const { peak, seconds } = JSON.parse(stdout) as { readonly peak: number; readonly seconds: number };
    const memory = figure(`most memory resident for ${megabytes} MB of texts`, "MB", [peak]);
    if (megabytes === 0) return [memory];
    return [
      memory,
      figure(`building it in segments on disk, with fsync, from ${megabytes} MB`, "MB/s", [megabytes / seconds]),
    ];
  });
  return { title: "an index built from a stream, in a process of its own", figures };
}
