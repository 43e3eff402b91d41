/**
 * Batches, honest and false, and what they and versions pay. Owns the choice; the honest ones come from a search that tries
 * every place (support/honest-batch.ts), the false ones are those of the challenge game (support/random-batch.ts).
 */
import { verifyPayee } from "../../../modules/attribution/batch/payees.ts";
import { TermCounts } from "../../../modules/attribution/proof/term-table.ts";
import { BatchStatus, ProofType, UseStatus } from "../../../proto/enums.gen.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { type MadeBatch, makeBatch } from "../../support/honest-batch.ts";
import { nativeHasher } from "../../support/native-hasher.ts";
import { randomLie, randomSearchLie } from "../../support/random-batch.ts";
import { type Posted, postedAs } from "../../support/watcher.ts";
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import { citable, isPrivate, type Use, usesOf, versionOf } from "./answers.ts";
import { someDatanet } from "./people.ts";

export type Batch = Messages["tributary.attribution.v1.Batch"];

const MOST_USES = 4;
const MOST_CLAIMS = 8;
/** How often a host lies. */
const LIES = 0.55;
const TRIES = 6;

export function batchesOf(world: AppWorld, status: number): readonly Batch[] {
  const pagination = { limit: 60n, reverse: true };
  return world.ask("attribution", "Batches", { pagination }).batches.filter((batch) => batch.status === status);
}

/** The table of terms that a batch's rules name. */
function tableOf(world: AppWorld, { tableId }: Batch["rules"]): TermCounts | undefined {
  return tableId === 0n ? undefined : new TermCounts(world.ask("attribution", "Table", { tableId }).table);
}

/** The honest batch over these uses. */
function truthOf(world: AppWorld, uses: readonly Use[], rules: Batch["rules"]): MadeBatch | undefined {
  const texts = uses.flatMap(({ proved, proof, receipt }) => {
    const [output, prompt] = [receipt?.outputRoot, receipt?.promptRoot].map((root) => root && world.library.text(root));
    return output === undefined || prompt === undefined ? [] : [{ part: BigInt(proved), proof, output, prompt }];
  });
  const [first] = uses;
  if (first === undefined || texts.length < uses.length) return undefined;
  const table = tableOf(world, rules);
  // Governance may have taken the table away since the uses were opened: then nobody can rank passages for them.
  if (table === undefined && uses.some(({ proof }) => proof === ProofType.PROOF_TYPE_BM25)) return undefined;
  const version = versionOf(world, first);
  const made = makeBatch(texts, citable(world, version, first.openedAt), rules, table);
  return { ...made, facts: { ...made.facts, isPrivate: isPrivate(world, version) } };
}

/** What the host posts: the truth, or one of the game's lies about it. */
function postedOf(world: AppWorld, truth: MadeBatch): Posted {
  if (!world.random.chance(LIES) || truth.records.length === 0) return postedAs(truth);
  for (let left = TRIES; left > 0; left--) {
    const seed = world.random.below(1_000_000_000);
    const lie = world.random.chance(0.7) ? randomSearchLie(truth, seed) : randomLie(truth, seed);
    if (lie !== undefined) return lie.posted;
  }
  return postedAs(truth);
}

/** Acknowledged uses that one batch may settle. */
function waiting(world: AppWorld): readonly Use[] {
  const all = usesOf(world, UseStatus.USE_STATUS_ACKNOWLEDGED).filter(({ settleBy }) => settleBy > world.now + 12n);
  const first = world.some(all);
  const isAlike = ({ host, modelId, modelVersion }: Use): boolean =>
    host === first?.host && modelId === first.modelId && modelVersion === first.modelVersion;
  return all
    .filter(isAlike)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, MOST_USES);
}

export const batchOperations: readonly Operation[] = [
  {
    name: "attribution.PostBatch",
    weight: 7,
    plan: (world) => {
      const uses = waiting(world);
      const [first] = uses;
      const from = first && world.nameOf(first.host);
      if (first === undefined || from === undefined || !world.isFree(from)) return undefined;
      const { rules } = world.ask("attribution", "Params").params;
      const truth = truthOf(world, uses, rules);
      if (truth === undefined) return undefined;
      const posted = postedOf(world, truth);
      world.library.keepBatch(truth, posted);
      const { sum, ...commitment } = posted.facts.commitment;
      const value = { host: first.host, useIds: uses.map(({ id }) => id), ...commitment, sum: sum.toString(), rules };
      return { from, message: ["tributary.attribution.v1.MsgPostBatch", value] };
    },
  },
  {
    name: "attribution.ClaimPayout",
    weight: 9,
    plan: (world) => {
      const final = batchesOf(world, BatchStatus.BATCH_STATUS_FINAL).filter(
        ({ claimed, sum, payeeCount }) => claimed !== sum && payeeCount > 0n,
      );
      const batch = world.some(final);
      if (batch === undefined) return undefined;
      const index = world.random.below(Number(batch.payeeCount));
      const payee = world.library.batch(batch)?.posted.openPayee(index);
      if (payee === undefined) return undefined;
      const root = { sum: BigInt(batch.sum), hash: batch.payoutsRoot };
      const { claimed } = world.ask("attribution", "PayeeClaimed", { batchId: batch.id, index: BigInt(index) });
      const isDue = !claimed && verifyPayee(root, batch.payeeCount, payee, nativeHasher);
      if (!isDue && world.random.chance(0.9)) return undefined;
      const from = world.someone();
      const value = { sender: world.address(from), batchId: batch.id, payee };
      return { from, message: ["tributary.attribution.v1.MsgClaimPayout", value] };
    },
  },
  {
    name: "attribution.ClaimLineage",
    weight: 3,
    plan: (world) => {
      const datanet = someDatanet(world, ({ recordCount }) => recordCount > 0n);
      if (datanet === undefined) return undefined;
      const { earnings } = world.ask("attribution", "LineagePools", { datanetId: datanet.id, number: 1n });
      const pool = world.some(earnings)?.pool;
      if (pool === undefined) return undefined;
      const { datanetId, recordCount } = pool;
      const from = world.someone();
      const numbers = Array.from(
        { length: 1 + world.random.below(MOST_CLAIMS) },
        () => 1n + BigInt(world.random.below(Number(recordCount))),
      );
      const value = { sender: world.address(from), datanetId, recordCount, numbers };
      return { from, message: ["tributary.attribution.v1.MsgClaimLineage", value] };
    },
  },
  {
    name: "attribution.RegisterTable",
    weight: 2,
    plan: (world) => {
      const from = world.someone();
      const terms = ["answer", "again", "question"].sort().map((term) => ({
        term: new TextEncoder().encode(term),
        occurrences: BigInt(1 + world.random.below(100)),
        documents: BigInt(1 + world.random.below(20)),
      }));
      const counts = { tokens: 1000n, documents: 40n, averageTokens: BigInt(10 + world.random.below(50)) };
      const table = { ...counts, restOccurrences: 2n, restDocuments: 1n, terms };
      return { from, message: ["tributary.attribution.v1.MsgRegisterTable", { creator: world.address(from), table }] };
    },
  },
];
