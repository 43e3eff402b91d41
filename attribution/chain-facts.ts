/**
 * Owns gathering what checks of a batch depend on from a node: its uses, rules and table, its model's lineage and records.
 * Records that the library has are not asked for again. It does not own the checks (audit/).
 */
import type { BatchFacts, UseFacts } from "../modules/attribution/challenge/batch-facts.ts";
import type { RecordFacts } from "../modules/attribution/proof/match.ts";
import { TermCounts } from "../modules/attribution/proof/term-table.ts";
import { RecordStatus } from "../proto/enums.gen.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { AttributionContext } from "./batch-builder.ts";
import type { ChainSession } from "./chain-session.ts";
import type { Library } from "./library.ts";
import { recordsAfter } from "./record-texts.ts";

export type Batch = Messages["tributary.attribution.v1.Batch"];
type Use = Messages["tributary.attribution.v1.Use"];
type Rules = Messages["tributary.attribution.v1.BatchRules"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/** A model's datanet versions. */
export type Lineage = readonly { readonly datanetId: bigint; readonly recordCount: bigint }[];

/** The datanet versions that a version of a model was trained on. */
export async function lineageOf(session: ChainSession, modelId: bigint, modelVersion: number): Promise<Lineage> {
  const pagination = { offset: BigInt(modelVersion - 1), limit: 1n };
  const { versions } = await session.query("tributary.model.v1.Query/Versions", { modelId, pagination });
  if (versions[0] === undefined) throw new Error(`model ${modelId} has no version ${modelVersion}`);
  return versions[0].lineage;
}

/** What decides which records a batch may cite. */
export interface Citing {
  readonly lineage: Lineage;
  readonly rules: Rules;
  /** When the first of the uses was opened, in unix seconds. */
  readonly asOf: bigint;
}

/** What uses of a model are attributed by, with the texts that the library has. */
export async function attributionContext(
  session: ChainSession,
  library: Library,
  citing: Citing,
): Promise<AttributionContext> {
  return {
    segments: library.segments(citing.lineage.map(({ datanetId }) => datanetId)),
    rules: citing.rules,
    table: await tableOf(session, citing.rules),
    counts: await citableIn(session, citing),
    contributorOf: (id) => library.record(id)!.contributor ?? "",
  };
}

/** What the chain knows of an acknowledged use. */
export function useFacts({ id, receipt, proved, proof }: Use): UseFacts {
  if (receipt === undefined) throw new Error(`use ${id} has no receipt`);
  const { outputRoot, outputLength, promptRoot, promptLength } = receipt;
  return {
    ...{ part: BigInt(proved === "" ? 0 : proved), proof },
    output: { root: outputRoot, length: Number(outputLength) },
    prompt: { root: promptRoot, length: Number(promptLength) },
  };
}

/** Everything that is known of a batch; `cited` are records its body names. */
export async function batchFacts(
  session: ChainSession,
  library: Library,
  batch: Batch,
  lineage: Lineage,
  cited: Iterable<RecordId>,
): Promise<BatchFacts> {
  const uses: UseFacts[] = [];
  for (const useId of batch.useIds) {
    uses.push(useFacts((await session.query("tributary.attribution.v1.Query/Use", { useId })).use));
  }
  const counts = await citableIn(session, { lineage, rules: batch.rules, asOf: batch.asOf });
  const asked = new Map<string, RecordFacts>();
  for (const id of cited) {
    const name = `${id.datanetId}/${id.number}`;
    if (!counts(id) || asked.has(name) || library.record(id) !== undefined) continue;
    const found = await session.find("tributary.datanet.v1.Query/Record", id);
    if (found !== undefined) asked.set(name, recordFacts(found.record));
  }
  const { rules, shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = batch;
  return {
    commitment: { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: BigInt(sum) },
    ...{ uses, rules, table: await tableOf(session, rules) },
    record: (id) => (counts(id) ? (library.facts(id) ?? asked.get(`${id.datanetId}/${id.number}`)) : undefined),
  };
}

function recordFacts(record: Messages["tributary.datanet.v1.Record"]): RecordFacts {
  const { datanetId, number, contributor, textRoot, length, claimHeight } = record;
  const text = { root: textRoot, length: Number(length) };
  return { id: { datanetId, number }, contributor, text, height: claimHeight };
}

/**
 * Which records may be cited: those the model was trained on whose challenge window had ended by then, unless they were
 * struck in it. Of datanets that the model names by a published version all records up to its last one count here.
 */
async function citableIn(session: ChainSession, { lineage, asOf }: Citing): Promise<(id: RecordId) => boolean> {
  const newest = new Map(lineage.map(({ datanetId, recordCount }) => [datanetId, recordCount]));
  const excluded = new Set<string>();
  for (const { datanetId, recordCount } of lineage) {
    for await (const { number, finalAt, status } of recordsAfter(session, datanetId, 0n)) {
      if (number > recordCount) break;
      if (finalAt > asOf || STRUCK.has(status)) excluded.add(`${datanetId}/${number}`);
    }
  }
  return ({ datanetId, number }) =>
    number >= 1n && number <= (newest.get(datanetId) ?? 0n) && !excluded.has(`${datanetId}/${number}`);
}

/** What becomes of records that lose a challenge in their window. */
const STRUCK: ReadonlySet<number> = new Set([
  RecordStatus.RECORD_STATUS_DUPLICATE,
  RecordStatus.RECORD_STATUS_MISDECLARED,
  RecordStatus.RECORD_STATUS_REJECTED,
]);

async function tableOf(session: ChainSession, { tableId }: Rules): Promise<TermCounts | undefined> {
  if (tableId === 0n) return undefined;
  return new TermCounts((await session.query("tributary.attribution.v1.Query/Table", { tableId })).table);
}
