/**
 * Random lives of uses and batches over a chain: opened, settled at once or signed for, honest batches and false ones,
 * challenges of every kind, audits, demands, answers and silence, disputes about lineages, claims, what nobody batched or
 * claimed. After every block the module's account holds open escrow, unclaimed and bonds to the unit (the module's
 * invariants), no coin is made, and none is lost but what an event says was burned. At least half of each kind of operation
 * must succeed, or the sequences show little.
 */
import { expect, test } from "vitest";
import { AttributionLife } from "../../support/attribution-life.ts";
import { attributionSteps, copyDave } from "../../support/attribution-steps.ts";
import { DAY } from "../../support/batch-world.ts";

const RUNS = process.env.TRIBUTARY_FULL === "1" ? 40 : 2;
const STEPS = 130;
/** Tries from which on one in sixteen that is wrong by intent leaves half of them to succeed, whatever the seed. */
const ENOUGH = 4;
const SELDOM = [
  "challenge",
  "respond",
  "respond",
  "demand",
  "post",
  "post",
  "acknowledge",
  "acknowledge",
  "open",
  "open",
];
const RARE = [
  "giveUp",
  "challengeSettlement",
  "claimPayout",
  "claimPayout",
  "report",
  "disputeLineage",
  "answerDispute",
];

test("no life of uses and batches makes or loses a coin, or pays a token or a leaf twice", { timeout: 600_000 }, () => {
  const tried = new Map<string, { tries: number; successes: number }>();
  const events = new Map<string, number>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const life = new AttributionLife(seed, attributionSteps, [...SELDOM, ...RARE]);
    copyDave(life);
    for (let step = 0; step < STEPS; step++) life.step();
    // And to the end: what nobody claims is swept, and nothing is left but earnings.
    life.pass(190n * DAY);
    for (const [kind, { tries, successes }] of life.tried) {
      const sum = tried.get(kind) ?? { tries: 0, successes: 0 };
      tried.set(kind, { tries: sum.tries + tries, successes: sum.successes + successes });
    }
    for (const [type, count] of life.events) events.set(type, (events.get(type) ?? 0) + count);
  }
  expect([...tried.keys()].sort()).toEqual([...attributionSteps.keys()].sort());
  for (const [kind, { tries, successes }] of tried) {
    const isHalf = tries < ENOUGH || successes * 2 >= tries;
    expect({ kind, tries, successes, isHalf }).toEqual({ kind, tries, successes, isHalf: true });
  }
  // What no message does: audits are drawn, batches end in both ways, what nobody claims is swept, omissions are proved.
  for (const type of [
    "batch_finalised",
    "batch_rejected",
    "batch_swept",
    "lineage_omission_proved",
    "operator_slashed",
  ]) {
    expect([type, (events.get(type) ?? 0) > 0]).toEqual([type, true]);
  }
});
