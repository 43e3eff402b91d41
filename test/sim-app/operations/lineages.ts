/**
 * What is done about single uses: settlements that leave matches out, lineages that leave records out, and owners that show
 * they declared the words. Owns the choice.
 */
import { factsOf } from "../../../modules/attribution/keeper/lineages.ts";
import { compareRecords } from "../../../modules/attribution/proof/match.ts";
import { showStretch, type TextOpening } from "../../../modules/attribution/proof/text-window.ts";
import { sha256 } from "../../../node/crypto.ts";
import { equalBytes } from "../../../proto/bytes.ts";
import { ProofType, RecordStatus, UseKind, UseStatus } from "../../../proto/enums.gen.ts";
import type { Quote } from "../library.ts";
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";
import { type ModelVersion, type Use, usesOf, versionOf } from "./answers.ts";
import { type DatanetRecord, datanets, isEarning, records } from "./people.ts";

/** A quote of a use with the record that it is said to be from. */
interface Quoted {
  readonly use: Use;
  readonly quote: Quote;
  readonly record: DatanetRecord;
}

function answerOf(world: AppWorld, { receipt, outputHash }: Use) {
  return world.library.answer(receipt?.outputRoot ?? outputHash);
}

/** A stretch of a text that is kept, with what shows it. */
function shown(world: AppWorld, hash: Uint8Array, start: number, length: number): TextOpening {
  const [text, tree] = [world.library.text(hash), world.library.tree(hash)];
  if (text === undefined || tree === undefined) throw new Error("nobody has the text");
  return showStretch(tree, text.length, start, start + length);
}

/** A whole text, as what is settled inline shows it. */
function whole(text: Uint8Array): TextOpening {
  return { firstChunk: 0n, chunks: text, path: [] };
}

function declares({ lineage }: ModelVersion, { datanetId, number }: Pick<DatanetRecord, "datanetId" | "number">) {
  return lineage.some((part) => part.datanetId === datanetId && number <= part.recordCount);
}

/** Settlements without a span of outputs that quote a record which counted all the while. */
function bareSettlements(world: AppWorld): readonly Quoted[] {
  const { windowSeconds } = world.ask("attribution", "Params").params.game;
  const inTime = ({ expiresAt, isReported }: Use) => !isReported && expiresAt + BigInt(windowSeconds) > world.now + 12n;
  return usesOf(world, UseStatus.USE_STATUS_SETTLED)
    .filter(inTime)
    .flatMap((use) =>
      (answerOf(world, use)?.quotes ?? []).flatMap((quote) => {
        const { datanetId, number } = quote.record;
        const record = records(world, datanetId)[Number(number) - 1]!;
        const counted = record.finalAt <= use.openedAt && record.restoredAt <= use.openedAt && isEarning(record);
        if (!counted || !declares(versionOf(world, use), record)) return [];
        const payout = world.seek("attribution", "Payout", { useId: use.id })?.payout;
        return payout?.spans.length === 0 ? [{ use, quote, record }] : [];
      }),
    );
}

function disputesOf(world: AppWorld) {
  return world.ask("attribution", "Disputes", { pagination: { limit: 1000n } }).disputes;
}

/** Quotes of records that came before the model's version and that it does not declare. */
function omissions(world: AppWorld): readonly Quoted[] {
  const disputes = disputesOf(world);
  const isProved = ({ modelId, modelVersion }: Use, { datanetId, number }: DatanetRecord) =>
    disputes.some((one) => {
      const isOfVersion = one.modelId === modelId && one.modelVersion === modelVersion;
      return one.isProved && isOfVersion && one.record.datanetId === datanetId && one.record.number === number;
    });
  const { USE_STATUS_SETTLED, USE_STATUS_ACKNOWLEDGED, USE_STATUS_BATCHED, USE_STATUS_PAID } = UseStatus;
  return usesOf(world, USE_STATUS_SETTLED, USE_STATUS_ACKNOWLEDGED, USE_STATUS_BATCHED, USE_STATUS_PAID)
    .filter(({ kind, proof }) => kind === UseKind.USE_KIND_INFERENCE && proof === ProofType.PROOF_TYPE_SPAN)
    .flatMap((use) => {
      const version = versionOf(world, use);
      // What a version's parents declare counts as declared.
      if (version.parents.length > 0) return [];
      return (answerOf(world, use)?.quotes ?? []).flatMap((quote) =>
        copiesOf(world, quote.text)
          .filter(({ status, height }) => status === RecordStatus.RECORD_STATUS_FINAL && height < version.height)
          .filter((record) => !declares(version, record) && !isProved(use, record))
          .map((record) => ({ use, quote, record })),
      );
    });
}

/** The records of all datanets that have a text. */
function copiesOf(world: AppWorld, text: Uint8Array): readonly DatanetRecord[] {
  const contentHash = sha256(text);
  return datanets(world).flatMap(({ id }) =>
    records(world, id).filter((record) => equalBytes(record.contentHash, contentHash)),
  );
}

export const lineageOperations: readonly Operation[] = [
  {
    name: "attribution.ChallengeSettlement",
    weight: 8,
    plan: (world) => {
      const found = world.some(bareSettlements(world));
      if (found === undefined) return undefined;
      const { use, quote, record } = found;
      const from = world.payer();
      const value = {
        challenger: world.address(from),
        useId: use.id,
        output: answerOf(world, use)!.output,
        ...{ matchStart: BigInt(quote.start), matchEnd: BigInt(quote.start + quote.text.length) },
        ...{ recordId: quote.record, recordStart: 0n },
        record: shown(world, record.contentHash, 0, quote.text.length),
      };
      return { from, message: ["tributary.attribution.v1.MsgChallengeSettlement", value] };
    },
  },
  {
    name: "attribution.DisputeLineage",
    weight: 8,
    plan: (world) => {
      const found = world.some(omissions(world));
      const prompt = found && world.library.text(found.use.promptHash);
      if (found === undefined || prompt === undefined) return undefined;
      const { use, quote, record } = found;
      const { output } = answerOf(world, use)!;
      const { length } = quote.text;
      const isInline = use.receipt === undefined;
      const from = world.payer();
      const value = {
        challenger: world.address(from),
        useId: use.id,
        ...{ matchStart: BigInt(quote.start), matchEnd: BigInt(quote.start + length) },
        output: isInline ? whole(output) : shown(world, sha256(output), quote.start, length),
        ...{ recordId: { datanetId: record.datanetId, number: record.number }, recordStart: 0n },
        record: shown(world, record.contentHash, 0, length),
        prompt: isInline ? whole(prompt) : shown(world, use.promptHash, 0, prompt.length),
      };
      return { from, message: ["tributary.attribution.v1.MsgDisputeLineage", value] };
    },
  },
  {
    name: "attribution.AnswerDispute",
    weight: 8,
    plan: (world) => {
      const open = disputesOf(world).filter(({ isProved, answerBy }) => !isProved && answerBy > world.now + 12n);
      const answerable = open.flatMap((dispute) => {
        const text = world.library.text(dispute.wordsHash);
        const { owner } = world.ask("model", "Model", { modelId: dispute.modelId }).model;
        const from = world.nameOf(owner);
        if (text === undefined || from === undefined) return [];
        const disputed = records(world, dispute.record.datanetId)[Number(dispute.record.number) - 1]!;
        const version = versionOf(world, dispute);
        const earlier = copiesOf(world, text).filter(
          (record) => declares(version, record) && compareRecords(factsOf(record), factsOf(disputed)) < 0,
        );
        return earlier.filter(isEarning).map((record) => ({ dispute, from, owner, record, length: text.length }));
      });
      const one = world.some(answerable);
      if (one === undefined) return undefined;
      const { from, owner, dispute, record, length } = one;
      const recordId = { datanetId: record.datanetId, number: record.number };
      const value = { owner, disputeId: dispute.id, recordId, recordStart: 0n };
      const opening = shown(world, record.contentHash, 0, length);
      return { from, message: ["tributary.attribution.v1.MsgAnswerDispute", { ...value, record: opening }] };
    },
  },
];
