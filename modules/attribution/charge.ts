/**
 * Owns the division of what a use is charged: the five parts of the split, and of the contributors' part what goes by
 * proof, by lineage and by attested scores. It does not own the division of the proved part (payout.ts,
 * batch/shares.ts) nor any coins.
 */
import type { Messages } from "../../proto/types.gen.ts";
import { type DataSplit, dataSplitWeights, type Split, splitWeights } from "./params.ts";
import { splitByWeights } from "./split.ts";

export type Parts = Messages["tributary.attribution.v1.BatchParts"];

/** A charge, divided. */
export interface DividedCharge {
  readonly proved: bigint;
  readonly parts: Parts;
}

/** Divides a charge; all parts sum to it. */
export function divideCharge(charge: bigint, split: Split, dataSplit: DataSplit): DividedCharge {
  const [host, modelOwner, contributors, validators, burned] = splitByWeights(charge, splitWeights(split)) as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  const [proved, lineage, attested] = splitByWeights(contributors, dataSplitWeights(dataSplit)) as [
    bigint,
    bigint,
    bigint,
  ];
  return { proved, parts: partsOf({ host, modelOwner, lineage, attested, validators, burned }) };
}

/** The names of the parts, in the order of the message. */
const PART_NAMES = ["host", "modelOwner", "lineage", "attested", "validators", "burned"] as const;

/** The sum of all parts. */
export function partsSum(parts: Parts): bigint {
  return PART_NAMES.reduce((sum, name) => sum + BigInt(parts[name]), 0n);
}

/** Two charges' parts, added up. */
export function addParts(a: Parts, b: Parts): Parts {
  const added = PART_NAMES.map((name) => [name, BigInt(a[name]) + BigInt(b[name])]);
  return partsOf(Object.fromEntries(added) as { readonly [Name in keyof Parts]: bigint });
}

/** The parts of nothing. */
export const NO_PARTS: Parts = partsOf({
  host: 0n,
  modelOwner: 0n,
  lineage: 0n,
  attested: 0n,
  validators: 0n,
  burned: 0n,
});

function partsOf(amounts: { readonly [Name in keyof Parts]: bigint }): Parts {
  const { host, modelOwner, lineage, attested, validators, burned } = amounts;
  return {
    host: host.toString(),
    modelOwner: modelOwner.toString(),
    lineage: lineage.toString(),
    attested: attested.toString(),
    validators: validators.toString(),
    burned: burned.toString(),
  };
}
