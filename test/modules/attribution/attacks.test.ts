/** Economic attacks on uses and batches, one named test each; griefing and deadline stuffing are in batches.test.ts. */
import { expect, test } from "vitest";
import { defaultParams } from "../../../modules/attribution/params.ts";
import { defaultParams as modelParams, penaltyOf } from "../../../modules/model/params.ts";
import { utf8 } from "../../../proto/bytes.ts";
import { Offence, ProofType, ShareKind } from "../../../proto/enums.gen.ts";
import { OUTPUT } from "../../support/batch-world.ts";
import { accountOf } from "../../support/chain-harness.ts";
import { type MadeBatch, makeBatch, textRecord } from "../../support/honest-batch.ts";
import { DAVES, LineageWorld, shown } from "../../support/lineage-world.ts";
import { NativeWorld, responseOf, WORLD_PRICE } from "../../support/native-world.ts";

const RULES = { ...defaultParams.rules, maxOccurrences: 3 };
const PART = 288_000n;
const POEM = "the sea gives back what it took and more than that the rain fell all night on the roof of tin";

function paid(batch: MadeBatch, name: string): bigint {
  return BigInt(batch.payouts.payees.find(({ payee }) => payee.beneficiary === name)?.payee.amount ?? 0);
}

function batchOf(output: string, records: readonly (readonly [contributor: string, text: string])[]): MadeBatch {
  const texts = records.map(([contributor, text], i) => textRecord(BigInt(i + 1), contributor, utf8(text)));
  const use = { part: PART, proof: ProofType.PROOF_TYPE_SPAN, output: utf8(output), prompt: utf8("?") };
  return makeBatch([use], texts, RULES);
}

test("Sybil split: a text cut in two under two names earns no more than it does whole", () => {
  const whole = paid(batchOf(`${POEM} or so`, [["ann", POEM]]), "ann");
  const middle = POEM.indexOf("and more");
  const halves = batchOf(`${POEM} or so`, [
    ["ann1", POEM.slice(0, middle)],
    ["ann2", POEM.slice(middle)],
  ]);
  expect(whole).toBeGreaterThan(0n);
  expect(paid(halves, "ann1") + paid(halves, "ann2")).toBeLessThanOrEqual(whole);
});

test("near-copy: a copy that came later earns nothing for what it copied", () => {
  const batch = batchOf(POEM, [
    ["ann", POEM],
    ["eve", `${POEM} indeed`],
  ]);
  expect([paid(batch, "ann"), paid(batch, "eve")]).toEqual([PART, 0n]);
});

test("boilerplate farming: what stands in more than the most records pays nobody, however many of them are one's own", () => {
  const farm = Array.from({ length: 4 }, (_, i) => ["eve", `${i} is a number . ${POEM}`] as const);
  const batch = batchOf(POEM, farm);
  expect(paid(batch, "eve")).toBe(0n);
  expect(batch.shares.shares.map(({ kind }) => kind)).toContain(ShareKind.SHARE_KIND_COMMON);
  expect(paid(batchOf(POEM, farm.slice(0, 3)), "eve")).toBe(PART);
});

test("self-dealing use: who is user, host, owner and all contributors has back all but what is burned and what the chain's validators get", () => {
  // One person under two names.
  const world = new NativeWorld([{ contributor: "ann", text: POEM }]);
  const owner = world.address("owner");
  const price = { denom: "uopen", amount: WORLD_PRICE.toString() };
  world.ok("owner", ["tributary.model.v1.MsgUpdateHosting", { owner, modelId: 1n, host: owner, price }]);
  world.chain.block([], { nanoseconds: 86_401_000_000_000n });
  const held = () => world.chain.balance("owner", "uopen") + world.chain.balance("ann", "uopen");
  const before = held();
  const receiptKey = accountOf("owner").publicKey;
  world.ok("owner", world.openUse({ maxFee: price, receiptKey }, "owner"));
  const spans = [...world.spansOf(POEM)];
  const settled = world.ok("owner", world.settle(1n, POEM, { host: owner, spans }, "owner"));
  const { payout } = responseOf("tributary.attribution.v1.MsgSettleUseResponse", settled);
  world.ok("owner", [
    "tributary.attribution.v1.MsgClaimLineage",
    { sender: owner, datanetId: 1n, recordCount: 1n, numbers: [1n] },
  ]);
  for (const name of ["owner", "ann"]) {
    world.ok("owner", ["tributary.attribution.v1.MsgClaim", { sender: owner, beneficiary: world.address(name) }]);
  }
  world.chain.checkInvariants();
  const lost = before - held();
  // The proved and the lineage's part come back, and the attested one, since the datanet's owner names who vouches for records, or nobody.
  const [burned, validators] = [BigInt(payout.burnedAmount), BigInt(payout.validatorsAmount)];
  expect([burned, validators]).toEqual([20_001n, 50_000n]);
  // No more than a unit stays with what the record's bytes have not come to yet. Nobody pays anything to it: there are no subsidies to win.
  expect([0n, 1n]).toContain(lost - burned - validators);
  // Who had all the stake as well would still lose what is burned, a fiftieth.
  expect(burned * 50n).toBeGreaterThanOrEqual(WORLD_PRICE);
});

test("dust: many small stretches of one contributor are one leaf, and lose nothing to rounding", () => {
  const words = POEM.split(" ");
  const output = [words.slice(0, 7), ["xx"], words.slice(8, 15), ["yy"], words.slice(4, 12)].flat().join(" ");
  const batch = batchOf(output, [["ann", POEM]]);
  expect(batch.payouts.payees.map(({ payee }) => payee.beneficiary)).toEqual(["", "ann"]);
  expect(paid(batch, "ann") + paid(batch, "")).toBe(PART);
});

test("under-reporting against a receipt: a host that gives the fee back and is paid aside loses a fifth of its bond", () => {
  const world = new LineageWorld();
  world.ok("host", world.bond("host", 1_000_000n));
  const opened = world.ok("user", world.openUse());
  const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
  const receipt = world.ack(useId, OUTPUT, 1n);
  world.ok("host", ["tributary.attribution.v1.MsgCancelUse", { sender: world.address("host"), useId }]);
  // The user, or whoever else has the receipt that both signed, hands it in.
  const before = world.chain.balance("other", "uopen");
  const offence = world.ok("other", receipt);
  expect(responseOf("tributary.attribution.v1.MsgAckUseResponse", offence).isOffence).toBe(true);
  expect(world.bondOf("host")).toBe(800_000n);
  expect(world.chain.balance("other", "uopen") - before).toBe(100_000n);
  // Once: the same receipt, or another one, costs no second fifth.
  world.refused("other", receipt, 6);
  world.refused("other", world.ack(useId, `${OUTPUT}!`, 1n), 6);
  world.chain.checkInvariants();
});

test("lineage omission: a model that leaves out the datanet it quotes is shown to for all to see, and loses more than it kept if governance says so", () => {
  const world = new LineageWorld();
  const output = `in my own words: ${DAVES}`;
  // Mal trains on Dave's record, and declares a datanet with a line of his own instead.
  world.ok("mal", world.createDatanet("junk", {}, "mal"));
  world.ok("mal", world.contribute("mal", ["nothing that anybody would ever quote"], 3n));
  world.ok("mal", world.weights([{ datanetId: 3n, recordCount: 1n }], "mal"));
  world.ok("mal", world.bond("mal", 10_000_000n));
  const bond = world.bondOf("mal");
  const uses = Array.from({ length: 3 }, () => world.served(output, 3n, "mal"));
  // All that the contributors of a declared datanet would have had goes to his own: 48 % of every fee.
  const diverted = uses.reduce((sum, useId) => {
    const { lineageShares, attestedAmount } = world.payout(useId);
    return sum + BigInt(lineageShares[0]!.amount) + BigInt(attestedAmount);
  }, 0n);
  expect(diverted).toBe(3n * 480_001n);
  const dave = world.chain.balance("dave", "uopen");
  world.ok("dave", world.dispute(uses[0]!, output));
  world.chain.block([], { nanoseconds: 22_000_000_000_000n });
  // The bond of the dispute is back; nothing is taken by itself.
  expect(world.chain.balance("dave", "uopen")).toBe(dave);
  expect(world.bondOf("mal")).toBe(bond);
  // What a proposal that passed would take (test/modules/model has the message).
  const { operator } = penaltyOf(modelParams, Offence.OFFENCE_LINEAGE_OMISSION);
  expect((bond * operator) / 1_000_000n).toBeGreaterThan(diverted);
});

test("lineage laundering: a model derived from one's own with junk for a lineage cites the base's records still, and pays them", () => {
  const world = new LineageWorld();
  world.ok("mal", world.createDatanet("junk", {}, "mal"));
  world.ok("mal", world.contribute("mal", ["nothing that anybody would ever quote"], 3n));
  const declared = { datanetId: 2n, recordCount: 1n, sharePpm: 300_000 };
  world.ok("mal", world.weights([declared], "mal"));
  world.ok("mal", world.weights([{ datanetId: 3n, recordCount: 1n, sharePpm: 700_000 } as typeof declared], "mal", 3n));
  // Without a span that names Dave, three tenths of all that the lineage has are his, as the base declared.
  const output = `in my own words: ${DAVES}`;
  const useId = world.served(output, 4n, "mal");
  const { lineageShares } = world.payout(useId);
  expect(lineageShares.map(({ datanetId, amount }) => [datanetId, BigInt(amount)])).toEqual([
    [2n, (432_000n * 3n) / 10n],
    [3n, 432_000n - (432_000n * 3n) / 10n],
  ]);
  // He shows that a span was left out: his record is of the derived model's lineage as it is of the base's.
  const { opening } = shown(DAVES);
  const start = BigInt(output.indexOf(DAVES));
  const place = { matchStart: start, matchEnd: start + BigInt(DAVES.length), recordStart: 0n };
  const match = { output: utf8(output), ...place, recordId: { datanetId: 2n, number: 1n }, record: opening };
  world.ok("dave", [
    "tributary.attribution.v1.MsgChallengeSettlement",
    { challenger: world.address("dave"), useId, ...match },
  ]);
  world.chain.checkInvariants();
});
