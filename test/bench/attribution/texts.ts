// The texts that attribution is measured on. Owns where they lie and how they are cut into records and contributors; the
// Shakespeare text lies beside the repository (../shared/data), the Solidity files are development dependencies.

import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Corpus } from "../../../attribution/corpus.ts";
import type { Segment } from "../../../attribution/datanet-index.ts";
import { SpanIndex } from "../../../attribution/span-index.ts";
import { SOLIDITY_PACKAGES, solidityFiles } from "../../../attribution/tour/solidity-files.ts";
import type { BatchRules } from "../../../modules/attribution/challenge/batch-facts.ts";

/** The folder of data: `../shared/data` from the project's root, or where TRIBUTARY_DATA points. */
const dataFolder: string =
  process.env.TRIBUTARY_DATA ?? fileURLToPath(new URL("../../../../shared/data/", import.meta.url)).replace(/\/$/, "");

/** The Shakespeare text. */
export const shakespeareFile = `${dataFolder}/tinyshakespeare.txt`;

/** Whether the Shakespeare text is there. */
export const shakespearePresent: boolean = existsSync(shakespeareFile);

/** Records with who contributed each, and their index. */
export interface Library {
  readonly name: string;
  readonly index: SpanIndex;
  /** The contributor of each record. */
  readonly contributors: readonly string[];
}

/**
 * Every speech that stands in the text once is a record of its speaker; one that was said before is a duplicate, which a
 * datanet refuses. 7,026 records of 300 speakers.
 */
export function shakespeare(): Library {
  const speeches = new Map<string, string>();
  for (const block of readFileSync(shakespeareFile, "utf8").split("\n\n")) {
    const [speaker, ...lines] = block.split(":\n");
    const speech = lines.join(":\n").trim();
    if (speech !== "" && !speeches.has(speech)) speeches.set(speech, speaker!);
  }
  return libraryOf(
    "Shakespeare",
    [...speeches].map(([text, contributor]) => ({ text: Buffer.from(text), contributor })),
  );
}

/** The Solidity files of the packages that `npm start` uses, each package's a contributor's. The same file comes once. */
export function solidity(): Library {
  return libraryOf("Solidity", solidityOf(Number.POSITIVE_INFINITY));
}

/** The first files of each package. */
export function someSolidity(filesPerPackage: number): Library {
  return libraryOf("Solidity, in part", solidityOf(filesPerPackage));
}

/** The texts of all these files. */
export function solidityTexts(): readonly Uint8Array[] {
  return solidityOf(Number.POSITIVE_INFINITY).map(({ text }) => text);
}

function solidityOf(filesPerPackage: number) {
  return SOLIDITY_PACKAGES.flatMap(({ name }) =>
    solidityFiles(name)
      .slice(0, filesPerPackage)
      .map(({ text }) => ({ text, contributor: name })),
  );
}

function libraryOf(
  name: string,
  texts: readonly { readonly text: Uint8Array; readonly contributor: string }[],
): Library {
  const records = texts.map(({ text }, i) => ({ datanetId: 1n, number: BigInt(i + 1), text }));
  return { name, index: new SpanIndex(Corpus.of(records)), contributors: texts.map(({ contributor }) => contributor) };
}

/** All records of a library as one segment in memory. */
export function segmentOf({ index }: Library): Segment {
  return { datanetId: 1n, firstNumber: 1n, lastNumber: BigInt(index.corpus.records.length), load: () => index };
}

/** The rules that outputs are attributed by here: the module's defaults, with any shortest span. */
export function benchRules(minTokens: number): BatchRules {
  return { minTokens, maxTokens: 64, maxOccurrences: 64, maxPassages: 8, neighbours: 5 };
}
