// Owns what batches pay an account. The chain holds two roots of a batch; who earned what stands in its body, which is
// believed when it leads to the root of the payouts. A batch whose body is not at hand is named, not guessed at.
import { type BuiltBatch, batchOfBody } from "../../attribution/batch-builder.ts";
import type { BodySource } from "../../attribution/body-store.ts";
import { formatTime } from "../../chain/types/time.ts";
import { PASSAGE_BYTES } from "../../modules/attribution/limits.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { BatchStatus, ShareKind } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { RpcClient } from "../rpc-client.ts";
import type { Json } from "../yaml.ts";
import { useOf } from "./inline.ts";
import { type KnownRecord, placeIn, type Texts } from "./texts.ts";

type Batch = Messages["tributary.attribution.v1.Batch"];
type Share = Messages["tributary.attribution.v1.Share"];

/** What is needed to read batches. */
export interface BatchSources {
  readonly client: RpcClient;
  readonly texts: Texts;
  readonly bodies: BodySource;
  /** Of all fees. */
  readonly denom: string;
}

/** The newest batches that pay the account, and the numbers of those whose bodies are not at hand. */
export async function batchEarnings(
  sources: BatchSources,
  address: string,
  limit: number,
): Promise<{ readonly batches: readonly Json[]; readonly unseen: readonly string[] }> {
  const { batches: newest } = await sources.client.query(
    "/tributary.attribution.v1.Query/Batches",
    "tributary.attribution.v1.QueryBatchesRequest",
    "tributary.attribution.v1.QueryBatchesResponse",
    { pagination: { limit: BigInt(limit), reverse: true } },
  );
  const batches: Json[] = [];
  const unseen: string[] = [];
  for (const batch of newest) {
    if (batch.status === BatchStatus.BATCH_STATUS_REJECTED) continue;
    const built = await bodyOf(sources.bodies, batch);
    if (built === undefined) {
      unseen.push(batch.id.toString());
      continue;
    }
    const index = built.body.payees.findIndex(({ payee }) => payee.beneficiary === address);
    if (index >= 0) batches.push(await batchLine(sources, batch, built, index));
  }
  return { batches, unseen };
}

async function bodyOf(bodies: BodySource, { bodyHash, payoutsRoot }: Batch): Promise<BuiltBatch | undefined> {
  const bytes = bodyHash.length === 0 ? undefined : await bodies.bodyOf(bodyHash);
  if (bytes === undefined) return undefined;
  let built: BuiltBatch;
  try {
    built = batchOfBody(bytes);
  } catch {
    return undefined;
  }
  return equalBytes(built.payouts.root.hash, payoutsRoot) ? built : undefined;
}

async function batchLine(sources: BatchSources, batch: Batch, { body }: BuiltBatch, index: number): Promise<Json> {
  const { payee, entries } = body.payees[index]!;
  const { claimed } = await sources.client.query(
    "/tributary.attribution.v1.Query/PayeeClaimed",
    "tributary.attribution.v1.QueryPayeeClaimedRequest",
    "tributary.attribution.v1.QueryPayeeClaimedResponse",
    { batchId: batch.id, index: BigInt(index) },
  );
  const shares = entries.flatMap(({ shareIndex }) => body.shares[Number(shareIndex)] ?? []);
  const uses: Json[] = [];
  for (const [position, useId] of batch.useIds.entries()) {
    const own = shares.filter(({ usePosition }) => usePosition === position);
    if (own.length > 0) uses.push(await useLine(sources, useId, own));
  }
  return {
    batch_id: batch.id.toString(),
    state: stateOf(batch, claimed),
    earned: `${payee.amount}${sources.denom}`,
    claimed,
    uses,
  };
}

/** Where the money is, in words. */
function stateOf({ status, windowEnd, claimEnd }: Batch, claimed: boolean): string {
  const at = (seconds: bigint): string => formatTime({ seconds, nanos: 0 });
  if (claimed) return "claimed";
  if (status === BatchStatus.BATCH_STATUS_FINAL) return `can be claimed until ${at(claimEnd)}`;
  if (status === BatchStatus.BATCH_STATUS_SWEPT) return "was not claimed in time and went to the datanets";
  return `can be challenged until ${at(windowEnd)} or later, and claimed after that`;
}

async function useLine({ client, texts, denom }: BatchSources, useId: bigint, shares: readonly Share[]): Promise<Json> {
  const { user, modelId } = await useOf(client, useId);
  const byRecord = Map.groupBy(shares, ({ record }) => `${record?.datanetId}/${record?.number}`);
  const records: Json[] = [];
  for (const group of byRecord.values()) {
    const id = group[0]!.record;
    if (id === undefined) continue;
    const known = await texts.of(id);
    records.push({
      datanet_id: id.datanetId.toString(),
      number: id.number.toString(),
      name: known.record.name,
      earned: `${sum(group)}${denom}`,
      used: group.map((share) => placeOf(share, known)),
    });
  }
  return { use_id: useId.toString(), user, model_id: modelId.toString(), earned: `${sum(shares)}${denom}`, records };
}

/** What of the record a share is about: the stretch of a match, a passage, or all of an example. */
function placeOf(
  { kind, start, end, matchStart, recordStart }: Share,
  { record: { length }, bytes }: KnownRecord,
): string {
  if (kind === ShareKind.SHARE_KIND_SPAN) {
    return placeIn(bytes, Number(recordStart + start - matchStart), Number(end - start));
  }
  const at = Number(recordStart);
  const rest = Number(length) - at;
  return placeIn(bytes, at, kind === ShareKind.SHARE_KIND_PASSAGE ? Math.min(PASSAGE_BYTES, rest) : rest);
}

function sum(shares: readonly Share[]): bigint {
  return shares.reduce((total, { amount }) => total + BigInt(amount), 0n);
}
