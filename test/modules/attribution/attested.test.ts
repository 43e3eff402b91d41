/**
 * What attested scores pay: who gets how much, what becomes of the rest, and that neither the number of contributors nor
 * any order of scores, claims and penalties changes that no coin is made or lost. Amounts are computed here from lengths
 * and counts, by the formulas of docs/modules/attribution.md.
 */
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Write } from "../../../chain/module/context.ts";
import { state } from "../../../modules/attribution/state.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { type Late, modulesWith } from "../../support/model-world.ts";
import { NativeWorld } from "../../support/native-world.ts";

const TEXTS = [
  "one text of ann that nobody else has",
  "a longer text of bob, which is his own work alone",
  "eve's few words",
];
const NAMES = ["ann", "bob", "eve"] as const;
const LENGTHS = TEXTS.map((text) => BigInt(text.length));
const ALL = LENGTHS.reduce((sum, length) => sum + length, 0n);
/** Of a fee of 1000003, with no span in the output: what goes by lineage, and what by scores. */
const [LINEAGE, ATTESTED] = [432_000n, 48_001n];
const HALF_YEAR = 181n * 86_400_000_000_000n;
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 60 : 2;

/** ⌊length · ⌊amount · 2^64 / all⌋ / 2^64⌋: what a record has of income that came at once. */
function share(amount: bigint, length: bigint): bigint {
  return (length * ((amount << 64n) / ALL)) >> 64n;
}

class ScoredWorld extends NativeWorld {
  constructor(
    validators: readonly string[] = ["val"],
    options: { readonly curated?: boolean; readonly late?: Late } = {},
  ) {
    const balances = Object.fromEntries(["val", "val2", "val3"].map((name) => [name, "1000000uopen"]));
    super(
      TEXTS.map((text, i) => ({ contributor: NAMES[i]!, text })),
      { balances, ...(options.late && { modules: modulesWith(options.late) }) },
    );
    const roles = {
      owner: this.address("owner"),
      datanetId: 1n,
      validators: validators.map((name) => this.address(name)),
    };
    const curationQuorum = options.curated === true ? 1 : 0;
    this.ok("owner", ["tributary.datanet.v1.MsgUpdateDatanet", { ...roles, curationQuorum }]);
  }

  /** The windows of all records end. */
  pass(): void {
    this.chain.block([], { nanoseconds: 86_401_000_000_000n });
  }

  /** A use without any span: its contributors' part is all lineage and scores. */
  used(): void {
    this.ok("host", this.settle(this.opened(), "an answer of nobody", { spans: [] }));
  }

  /** A score of so many right items of ten; the other counts are perfect. */
  score(number: bigint, correct: number, validator = "val"): MessageToSend {
    const counts = { requiredCells: 10, presentCells: 10, auditedItems: 10, correctItems: correct };
    const score = { ...counts, checkedRules: 10, brokenRules: 0, datanetId: 1n, number };
    return ["tributary.datanet.v1.MsgScoreRecord", { validator: this.address(validator), ...score }];
  }

  claims(numbers: readonly bigint[]): MessageToSend {
    const claim = { sender: this.address("other"), datanetId: 1n, recordCount: 3n, numbers };
    return ["tributary.attribution.v1.MsgClaimLineage", claim];
  }

  lineage(number = 0n) {
    const answer = this.chain.query(
      "/tributary.attribution.v1.Query/Lineage",
      ["tributary.attribution.v1.QueryLineageRequest", { datanetId: 1n, recordCount: 3n, number }],
      "tributary.attribution.v1.QueryLineageResponse",
    );
    const { received, paid, attestedReceived, attestedPaid } = answer.pool;
    const [pending, attested] = [BigInt(answer.pending.amount), BigInt(answer.attested.amount)];
    const amounts = [received, paid, attestedReceived, attestedPaid].map(BigInt);
    return { pending, attested, isUnscored: answer.isUnscored, amounts: amounts as [bigint, bigint, bigint, bigint] };
  }

  attestedPpm(number: bigint): number {
    return this.chain.query(
      "/tributary.datanet.v1.Query/Scorecard",
      ["tributary.datanet.v1.QueryScorecardRequest", { datanetId: 1n, number }],
      "tributary.datanet.v1.QueryScorecardResponse",
    ).scorecard.attestedPpm;
  }
}

let world: ScoredWorld;

beforeEach(() => {
  world = new ScoredWorld();
  world.pass();
});

describe("the attested part of a use", () => {
  test("goes to the bytes of scored records as far as their scores go; the rest by lineage; a record without a score waits", () => {
    world.ok("val", world.score(1n, 7));
    // Completeness, consistency and scarcity whole, accuracy 7 of 10, relevance without votes a half: 4.2 of 5.
    expect(world.attestedPpm(1n)).toBe(840_000);
    world.used();
    expect(world.lineage().amounts).toEqual([LINEAGE, 0n, ATTESTED, 0n]);
    const [part, byLineage] = [share(ATTESTED, LENGTHS[0]!), share(LINEAGE, LENGTHS[0]!)];
    const earned = (part * 840_000n) / 1_000_000n;
    expect(world.lineage(1n)).toMatchObject({ pending: byLineage + earned, attested: earned, isUnscored: false });
    expect(world.lineage(2n)).toMatchObject({ attested: 0n, isUnscored: true });
    world.ok("other", world.claims([1n, 2n]));
    expect(world.unclaimed("ann")).toBe(byLineage + earned);
    expect(world.unclaimed("bob")).toBe(share(LINEAGE, LENGTHS[1]!));
    // What ann's score did not earn came in again for all bytes.
    const paidOut = byLineage + share(LINEAGE, LENGTHS[1]!);
    expect(world.lineage().amounts).toEqual([LINEAGE + part - earned, paidOut, ATTESTED, part]);
    world.chain.checkInvariants();

    world.ok("val", world.score(2n, 10));
    const waited = share(ATTESTED, LENGTHS[1]!);
    expect(world.lineage(2n).attested).toBe((waited * 900_000n) / 1_000_000n);
    const before = world.unclaimed("bob");
    world.ok("other", world.claims([2n]));
    expect(world.unclaimed("bob") - before).toBeGreaterThanOrEqual((waited * 900_000n) / 1_000_000n);
    expect(world.lineage(1n)).toMatchObject({ attested: 0n });
    world.chain.checkInvariants();
  });

  test("goes by lineage where the datanet has no validators", () => {
    world = new ScoredWorld([]);
    world.used();
    expect(world.lineage().amounts).toEqual([LINEAGE + ATTESTED, 0n, 0n, 0n]);
    world.chain.checkInvariants();
  });

  test("of a record that nobody scored in the time to claim goes by lineage when somebody asks", () => {
    world.used();
    world.ok("other", world.claims([3n]));
    expect(world.lineage().amounts[3]).toBe(0n);
    world.chain.block([], { nanoseconds: HALF_YEAR });
    const part = share(ATTESTED, LENGTHS[2]!);
    expect(world.lineage(3n)).toMatchObject({ attested: 0n, isUnscored: false });
    world.ok("other", world.claims([3n]));
    const { amounts } = world.lineage();
    expect([amounts[0], amounts[3]]).toEqual([LINEAGE + part, part]);
    world.chain.checkInvariants();
  });

  test("is not earned by a validator's own word about its own record, nor by an account's that is no validator any more", () => {
    world = new ScoredWorld(["ann", "val"]);
    world.ok("ann", world.score(1n, 10, "ann"));
    world.ok("ann", world.score(2n, 10, "ann"));
    world.used();
    expect([world.lineage(1n).isUnscored, world.lineage(2n).isUnscored]).toEqual([true, false]);
    const roles = { owner: world.address("owner"), datanetId: 1n, validators: [world.address("val")] };
    world.ok("owner", ["tributary.datanet.v1.MsgUpdateDatanet", roles]);
    expect(world.lineage(2n).isUnscored).toBe(true);
  });

  test("and lineage of a record that is rejected in its window, whoever rejects it, go to the others: not one unit to the treasury", () => {
    world = new ScoredWorld(["val"], { curated: true });
    world.used();
    const vote = { curator: world.address("owner"), datanetId: 1n, number: 1n, approve: false };
    world.ok("owner", ["tributary.datanet.v1.MsgCurate", vote]);
    // What came in waits until the windows are over.
    world.ok("other", world.claims([1n, 2n, 3n]));
    expect([1n, 2n, 3n].map((number) => world.lineage(number).pending)).toEqual([0n, 0n, 0n]);
    world.pass();
    const before = world.unclaimed("owner");
    world.ok("other", world.claims([1n, 2n, 3n]));
    expect([world.unclaimed("ann"), world.unclaimed("owner") - before]).toEqual([0n, 0n]);
    const rest = ALL - LENGTHS[0]!;
    expect(world.unclaimed("bob")).toBe((LENGTHS[1]! * ((LINEAGE << 64n) / rest)) >> 64n);
    world.chain.checkInvariants();
  });

  test("and lineage of a record that is removed later go to the others as soon as anybody claims for it; those of a suspended one wait", () => {
    world.used();
    const notice = (number: bigint) => ({ claimant: world.address("other"), datanetId: 1n, number, reason: "mine" });
    world.ok("other", ["tributary.datanet.v1.MsgTakedown", notice(1n)]);
    const refused = world.run("other", world.claims([1n]));
    expect([refused.codespace, refused.code]).toEqual(["attribution", 25]);
    expect(refused.log).toContain("record 1/1 is suspended");
    world.pass();
    const uphold = { arbiter: world.address("owner"), noticeId: 1n, uphold: true };
    world.ok("owner", ["tributary.datanet.v1.MsgDecideTakedown", uphold]);
    const before = world.unclaimed("owner");
    world.ok("other", world.claims([1n, 1n]));
    expect([world.unclaimed("ann"), world.unclaimed("owner") - before]).toEqual([0n, 0n]);
    world.chain.checkInvariants();
    world.ok("other", world.claims([2n, 3n]));
    // All of it, but for what rounding down leaves.
    expect(LINEAGE - world.unclaimed("bob") - world.unclaimed("eve")).toBeLessThanOrEqual(4n);
    world.used();
    world.ok("other", world.claims([1n, 2n, 3n]));
    expect(2n * LINEAGE - world.unclaimed("bob") - world.unclaimed("eve")).toBeLessThanOrEqual(6n);
    world.chain.checkInvariants();
  });

  test("is written into one row, however many contributors there are", () => {
    const gasOf = (count: number): bigint => {
      const records = Array.from({ length: count }, (_, i) => ({
        contributor: `c${i}`,
        text: `text number ${i + 1000}`,
      }));
      const many = new NativeWorld(records, { balances: { val: "1000000uopen" } });
      const roles = { owner: many.address("owner"), datanetId: 1n, validators: [many.address("val")] };
      many.ok("owner", ["tributary.datanet.v1.MsgUpdateDatanet", roles]);
      many.ok("host", many.settle(many.opened(), "an answer of nobody", { spans: [] }));
      return many.ok("host", many.settle(many.opened(), "an answer of nobody", { spans: [] })).gasUsed;
    };
    const [few, many] = [gasOf(2), gasOf(60)];
    // Numbers with more digits are the only difference.
    expect(many - few).toBeLessThan(few / 100n);
  });
});

test("score cartel: validators who praise their own side and damn the others take no more than twice their side's bytes", () => {
  world = new ScoredWorld(["val", "val2", "val3"]);
  for (const validator of ["val", "val2", "val3"]) {
    world.ok(validator, world.score(3n, 10, validator));
    for (const number of [1n, 2n]) {
      const zero = {
        requiredCells: 10,
        presentCells: 0,
        auditedItems: 10,
        correctItems: 0,
        checkedRules: 1,
        brokenRules: 1,
      };
      const score = { validator: world.address(validator), datanetId: 1n, number, ...zero };
      world.ok(validator, ["tributary.datanet.v1.MsgScoreRecord", score]);
    }
  }
  world.used();
  const fair = share(LINEAGE, LENGTHS[2]!);
  for (let round = 0; round < 20; round++) world.ok("other", world.claims([1n, 2n, 3n]));
  const taken = world.unclaimed("eve") - fair;
  expect(taken * ALL).toBeLessThan(2n * ATTESTED * LENGTHS[2]!);
  world.chain.checkInvariants();
});

describe("the invariant of claims finds", () => {
  const late: Late = { action: undefined };
  const at = [1n, 3n] as const;
  const unit = { attestedAccumulator: 1n, attestedRemainder: 1n, attestedReceived: 1n, attestedPaid: 1n, paid: 1n };
  let sound: ScoredWorld;

  beforeAll(() => {
    sound = new ScoredWorld(["val"], { late });
    sound.pass();
    sound.ok("val", sound.score(1n, 7));
    sound.used();
    sound.ok("other", sound.claims([1n]));
    sound.used();
  });

  /** What the invariants say after a plant, which is then taken back. */
  function said(plant: (ctx: Write) => void, undo: (ctx: Write) => void): string {
    late.action = plant;
    sound.chain.block([]);
    let broken = "";
    try {
      sound.chain.checkInvariants();
    } catch (error) {
      broken = (error as Error).message;
    }
    late.action = undo;
    sound.chain.block([]);
    sound.chain.checkInvariants();
    return broken;
  }

  function shift(field: keyof typeof unit, by: bigint): (ctx: Write) => void {
    return (ctx) => {
      const pool = state.pools.get(ctx, at)!;
      state.pools.set(ctx, at, { ...pool, [field]: (BigInt(pool[field]) + by).toString() });
    };
  }

  test.each([
    ["an accumulator that is higher than what came in", "attestedAccumulator", "attested 1/3 counts otherwise"],
    ["a remainder with a fraction too much", "attestedRemainder", "attested 1/3 counts otherwise"],
    ["income that nobody sent", "attestedReceived", "attested 1/3 counts otherwise"],
    ["more paid by scores than records have earned", "attestedPaid", "its records have earned"],
    ["more paid by lineage than records have earned", "paid", "its records have earned"],
  ] as const)("%s", (_, field, text) => {
    const by = field.endsWith("aid") ? 10n : 1n;
    expect(said(shift(field, by), shift(field, -by))).toContain(text);
  });

  test("a record that was paid beyond what a byte has earned", () => {
    const key = [at, 2n] as const;
    const broken = said(
      (ctx) => state.attestedClaims.set(ctx, key, 1n << 200n),
      (ctx) => state.attestedClaims.delete(ctx, key),
    );
    expect(broken).toContain("attribution/claims: attested 1/3 paid record 2 beyond what a byte has earned");
  });
});

test("conservation: uses, scores, claims and rejections in any order keep every coin, and at the end all but dust is paid out", {
  timeout: 240_000,
}, () => {
  const step = fc.record({
    kind: fc.constantFrom("use", "use", "score", "score", "claim", "claim", "reject"),
    number: fc.bigInt({ min: 1n, max: 3n }),
    correct: fc.integer({ min: 0, max: 10 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 15, maxLength: 30, size: "max" }), (steps) => {
      const random = new ScoredWorld(["val"], { curated: true });
      random.used();
      for (const { kind, number, correct } of steps) {
        if (kind === "use") random.used();
        if (kind === "score") random.ok("val", random.score(number, correct));
        if (kind === "claim") random.ok("other", random.claims([number]));
        if (kind === "reject" && correct === 0) {
          const vote = { curator: random.address("owner"), datanetId: 1n, number, approve: false };
          random.run("owner", ["tributary.datanet.v1.MsgCurate", vote]);
        }
        random.chain.checkInvariants();
      }
      random.chain.block([], { nanoseconds: HALF_YEAR });
      for (let round = 0; round < 16; round++) random.ok("other", random.claims([1n, 2n, 3n]));
      random.chain.checkInvariants();
      // What scores do not earn is lineage's by then, and floors leave less than a unit for each record and claim.
      const [, , received, paid] = random.lineage().amounts;
      expect(received - paid).toBeLessThan(4n * BigInt(steps.length));
    }),
    { numRuns: RUNS },
  );
});
