/**
 * Owns gathering what checks of a batch depend on from a node: its uses, rules and table, its model's lineage and records.
 * Records that the library has are not asked for again. It does not own the checks (audit/).
 */
import type { BatchFacts, UseFacts } from "../modules/attribution/challenge/batch-facts.ts";
import type { RecordFacts } from "../modules/attribution/proof/match.ts";
import { TermCounts } from "../modules/attribution/proof/term-table.ts";
import { decode, type MessageName } from "../proto/codec.ts";
import type { Messages } from "../proto/types.gen.ts";
import type { AttributionContext } from "./batch-builder.ts";
import type { ChainSession } from "./chain-session.ts";
import type { Citing, Lineage } from "./citable-records.ts";
import type { Library } from "./library.ts";
import { BATCHES_PER_PAGE, DISPUTES_PER_PAGE, USES_PER_PAGE } from "./limits.ts";

export type Batch = Messages["tributary.attribution.v1.Batch"];
type Use = Messages["tributary.attribution.v1.Use"];
type LineageDispute = Messages["tributary.attribution.v1.LineageDispute"];
type Rules = Messages["tributary.attribution.v1.BatchRules"];
type RecordId = Messages["tributary.datanet.v1.RecordId"];

/**
 * The datanet versions whose records uses of a version of a model may cite: those that it, and all that it was derived from, were trained
 * on, and of private and public ones the public (modules/attribution/keeper/lineages.ts).
 */
export async function lineageOf(session: ChainSession, modelId: bigint, modelVersion: number): Promise<Lineage> {
  const pagination = { offset: BigInt(modelVersion - 1), limit: 1n };
  const { versions } = await session.query("tributary.model.v1.Query/Versions", { modelId, pagination });
  if (versions[0] === undefined) throw new Error(`model ${modelId} has no version ${modelVersion}`);
  const lineage = trainedOnBy(versions[0]);
  const secret = await Promise.all(lineage.map(({ datanetId }) => isPrivate(session, datanetId)));
  return secret.includes(false) ? lineage.filter((_, i) => secret[i] === false) : lineage;
}

/** The datanet versions that a version, and all that it was derived from, were trained on. */
export function trainedOnBy({ stack }: Messages["tributary.model.v1.Version"]): Lineage {
  return stack.filter(({ datanetId }) => datanetId !== 0n);
}

async function isPrivate(session: ChainSession, datanetId: bigint): Promise<boolean> {
  return (await session.query("tributary.datanet.v1.Query/Datanet", { datanetId })).datanet.isPrivate;
}

/** The chain's batches from one on, in their order. */
export async function* batchesFrom(session: ChainSession, first: bigint): AsyncGenerator<Batch> {
  // Batches are numbered from 1 without gaps, so an offset is a number.
  for (let offset = first - 1n; ; offset += BATCHES_PER_PAGE) {
    const pagination = { offset, limit: BATCHES_PER_PAGE };
    const { batches } = await session.query("tributary.attribution.v1.Query/Batches", { pagination });
    yield* batches;
    if (BigInt(batches.length) < BATCHES_PER_PAGE) return;
  }
}

/** The chain's uses from one on, in their order. */
export async function* usesFrom(session: ChainSession, first: bigint): AsyncGenerator<Use> {
  // Uses are numbered from 1 without gaps, so an offset is a number.
  for (let offset = first - 1n; ; offset += USES_PER_PAGE) {
    const pagination = { offset, limit: USES_PER_PAGE };
    const { uses } = await session.query("tributary.attribution.v1.Query/Uses", { pagination });
    yield* uses;
    if (BigInt(uses.length) < USES_PER_PAGE) return;
  }
}

/** The disputes about lineages that are open or were proved. */
export async function disputesOf(session: ChainSession): Promise<readonly LineageDispute[]> {
  const found: LineageDispute[] = [];
  for (;;) {
    const pagination = { offset: BigInt(found.length), limit: DISPUTES_PER_PAGE };
    const { disputes } = await session.query("tributary.attribution.v1.Query/Disputes", { pagination });
    found.push(...disputes);
    if (BigInt(disputes.length) < DISPUTES_PER_PAGE) return found;
  }
}

/** The messages of one kind in the transactions that an event names; none that this node's index has not got. */
export async function messagesBy<Name extends MessageName>(
  session: ChainSession,
  name: Name,
  event: string,
): Promise<readonly Messages[Name][]> {
  const { txs } = await session.comet.txSearch({ query: event });
  return txs.flatMap(({ tx }) => {
    const messages = decode("cosmos.tx.v1beta1.Tx", tx).body?.messages ?? [];
    return messages.filter(({ typeUrl }) => typeUrl === `/${name}`).map(({ value }) => decode(name, value));
  });
}

/** What decides how uses are attributed. */
interface Attributing extends Citing {
  readonly rules: Rules;
}

/** What uses of a model are attributed by, with the texts that the library has. */
export async function attributionContext(
  session: ChainSession,
  library: Library,
  citing: Attributing,
): Promise<AttributionContext> {
  return {
    segments: library.segments(citing.lineage.map(({ datanetId }) => datanetId)),
    rules: citing.rules,
    table: await tableOf(session, citing.rules),
    counts: await library.citable.of(session, citing),
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
  const counts = await library.citable.of(session, { lineage, asOf: batch.asOf });
  const asked = new Map<string, RecordFacts>();
  for (const id of cited) {
    const name = `${id.datanetId}/${id.number}`;
    if (!counts(id) || asked.has(name) || library.record(id) !== undefined) continue;
    const found = await session.find("tributary.datanet.v1.Query/Record", id);
    if (found !== undefined) asked.set(name, recordFacts(found.record));
  }
  // What may be cited is all private or all public.
  const isSecret = lineage[0] !== undefined && (await isPrivate(session, lineage[0].datanetId));
  const record = (id: RecordId): RecordFacts | undefined => {
    const found = counts(id) ? (library.facts(id) ?? asked.get(`${id.datanetId}/${id.number}`)) : undefined;
    return found && { ...found, isPrivate: isSecret };
  };
  const { rules, shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = batch;
  return {
    commitment: { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: BigInt(sum) },
    ...{ uses, rules, table: await tableOf(session, rules) },
    ...{ record, isPrivate: isSecret },
  };
}

/** What checks need of a record. */
export function recordFacts(record: Messages["tributary.datanet.v1.Record"]): RecordFacts {
  const { datanetId, number, contributor, textRoot, length, claimHeight } = record;
  const text = { root: textRoot, length: Number(length) };
  return { id: { datanetId, number }, contributor, text, height: claimHeight };
}

async function tableOf(session: ChainSession, { tableId }: Rules): Promise<TermCounts | undefined> {
  if (tableId === 0n) return undefined;
  return new TermCounts((await session.query("tributary.attribution.v1.Query/Table", { tableId })).table);
}
