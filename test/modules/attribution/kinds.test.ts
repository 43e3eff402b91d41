/**
 * Every kind of use and every type of proof, through the whole application from opening to coins on an account. What is
 * expected is computed here by other means than the module's: tokens are counted by hand, scores by floating-point
 * logarithms, Shapley values over all orders of the examples.
 */
import { describe, expect, test } from "vitest";
import { defaultGenesis } from "../../../modules/attribution/genesis.ts";
import { requireFollowing } from "../../../modules/attribution/params.ts";
import { TermCounts } from "../../../modules/attribution/proof/term-table.ts";
import { decode, encode } from "../../../proto/codec.ts";
import { BatchStatus, ProofType, UseKind, UseStatus } from "../../../proto/enums.gen.ts";
import { toJson } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { acknowledgementOf } from "../../support/batch-world.ts";
import { accountOf, type MessageToSend } from "../../support/chain-harness.ts";
import { makeBatch, textRecord } from "../../support/honest-batch.ts";
import { coin } from "../../support/market-world.ts";
import { NativeWorld, responseOf, WORLD_PRICE, type WorldRecord } from "../../support/native-world.ts";

const GENESIS = "tributary.attribution.v1.GenesisState";
const DAY = 86_400_000_000_000n;
/** Of a charge of 1000003: what goes by proof, and what else contributors get (docs/modules/attribution.md). */
const PROVED = 288_000n;
const encoder = new TextEncoder();

/** In how many of 100 passages a term stands, and that a passage has 10 terms. */
const TABLE = {
  ...{
    id: 1n,
    creator: "",
    tokens: 1000n,
    documents: 100n,
    averageTokens: 10n,
    restOccurrences: 1n,
    restDocuments: 1n,
  },
  terms: [
    { term: encoder.encode("sea"), occurrences: 9n, documents: 7n },
    { term: encoder.encode("the"), occurrences: 90n, documents: 80n },
  ],
};

test("governance exchanges the table of terms, and does not take it away from uses that wait for scores", () => {
  const { params } = defaultGenesis();
  const withTable = (tableId: bigint) => ({ ...params, rules: { ...params.rules, tableId } });
  for (const [before, after] of [
    [0n, 1n],
    [1n, 2n],
    [0n, 0n],
  ] as const) {
    expect(() => requireFollowing(withTable(before), withTable(after))).not.toThrow();
  }
  expect(() => requireFollowing(withTable(2n), withTable(0n))).toThrow("scored with table 2");
});

class KindsWorld extends NativeWorld {
  /** Records that have outlived their windows, batches that no lot audits, settlements without a bond, the table above, two neighbours. */
  constructor(records: readonly WorldRecord[]) {
    const { params, ...genesis } = defaultGenesis();
    const rules = { ...params.rules, neighbours: 2, tableId: 1n };
    const changed = { ...params, rules, game: { ...params.game, auditPpm: 0, inlineBondMultiple: 0 } };
    const table = { ...TABLE, creator: "" };
    const whole = encode(GENESIS, { ...genesis, params: changed, tables: [table] });
    super(records, { appState: { attribution: toJson(GENESIS, decode(GENESIS, whole)) } });
    this.ok("host", ["tributary.datanet.v1.MsgJoin", { member: this.address("host"), datanetId: 1n }]);
    this.chain.block([], { nanoseconds: 3n * DAY });
  }

  use(useId: bigint): Messages["tributary.attribution.v1.Use"] {
    const request = ["tributary.attribution.v1.QueryUseRequest", { useId }] as const;
    return this.chain.query("/tributary.attribution.v1.Query/Use", request, "tributary.attribution.v1.QueryUseResponse")
      .use;
  }

  /** Opens a use, has user and host sign for it, batches it alone and waits until the batch is final. Gives who was paid what by proof. */
  settledByBatch(kind: number, proof: number, prompt: string, output: string): ReadonlyMap<string, bigint> {
    const receiptKey = accountOf("user").publicKey;
    const opened = this.ok("user", this.openUse({ kind, proof, receiptKey }));
    const { useId } = responseOf("tributary.attribution.v1.MsgOpenUseResponse", opened);
    this.ok("other", acknowledgementOf(this, "other", { useId, prompt, output, units: 1n }));
    const rules = { ...defaultGenesis().params.rules, neighbours: 2, tableId: 1n };
    const records = this.records.map(({ contributor, text }, i) =>
      textRecord(BigInt(i + 1), this.address(contributor), encoder.encode(text)),
    );
    const { proof: stored, proved } = this.use(useId);
    const texts = { output: encoder.encode(output), prompt: encoder.encode(prompt) };
    const batch = makeBatch([{ part: BigInt(proved), proof: stored, ...texts }], records, rules, new TermCounts(TABLE));
    const { shareCount, sharesRoot, payeeCount, payoutsRoot, sum } = batch.facts.commitment;
    const commitment = { shareCount, sharesRoot, payeeCount, payoutsRoot, sum: sum.toString() };
    const post = { host: this.address("host"), useIds: [useId], ...commitment, rules };
    const posted = this.ok("host", ["tributary.attribution.v1.MsgPostBatch", post]);
    const { batchId } = responseOf("tributary.attribution.v1.MsgPostBatchResponse", posted);
    this.chain.block([], { nanoseconds: DAY + 2_000_000_000n });
    const asked = ["tributary.attribution.v1.QueryBatchRequest", { batchId }] as const;
    const path = "/tributary.attribution.v1.Query/Batch";
    const { status } = this.chain.query(path, asked, "tributary.attribution.v1.QueryBatchResponse").batch;
    expect(status).toBe(BatchStatus.BATCH_STATUS_FINAL);
    const names = new Map(this.records.map(({ contributor }) => [this.address(contributor), contributor]));
    const before = new Map([...names.values()].map((name) => [name, this.#worth(name)]));
    batch.payouts.payees.forEach((_, index) => {
      const payee = batch.payouts.openPayee(index);
      this.ok("other", ["tributary.attribution.v1.MsgClaimPayout", { sender: this.address("other"), batchId, payee }]);
    });
    this.chain.checkInvariants();
    const paid = [...names.values()].map((name) => [name, this.#worth(name) - before.get(name)!] as const);
    return new Map(paid.filter(([, amount]) => amount > 0n));
  }

  /** What an account holds and what it has earned and not claimed. */
  #worth(name: string): bigint {
    return this.chain.balance(name, "uopen") + this.unclaimed(name);
  }

  lineage(recordCount: bigint, number: bigint) {
    return this.chain.query(
      "/tributary.attribution.v1.Query/Lineage",
      ["tributary.attribution.v1.QueryLineageRequest", { datanetId: 1n, recordCount, number }],
      "tributary.attribution.v1.QueryLineageResponse",
    );
  }
}

/** The proved part in the order of the weights: differences of floors of prefix sums. */
function divided(weights: readonly bigint[]): readonly bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  let sum = 0n;
  return weights.map((weight) => {
    const before = (PROVED * sum) / total;
    sum += weight;
    return (PROVED * sum) / total - before;
  });
}

const ANN = "the sea gives back what it took and more than that";
const BOB = "the rain fell all night on the roof of tin";

describe("inference", () => {
  /** Eleven tokens of ann's, three of nobody's, ten of bob's. */
  const output = `${ANN} or so they ${BOB}`;
  const [ann, nobody, bob] = divided([11n, 3n, 10n]) as [bigint, bigint, bigint];
  const records = [
    { contributor: "ann", text: ANN },
    { contributor: "bob", text: BOB },
  ];

  test("by spans, inline: the tokens of the answer pay whose records they stand in", () => {
    const world = new KindsWorld(records);
    const amount = { denom: "uopen", amount: "10000000" };
    world.ok("host", ["tributary.model.v1.MsgBondOperator", { operator: world.address("host"), amount }]);
    const useId = world.opened();
    world.ok("host", world.settle(useId, output));
    // Inline the records come first, and nobody's tokens last.
    const [first, second] = divided([11n, 10n, 3n]);
    expect([world.unclaimed("ann"), world.unclaimed("bob")]).toEqual([first, second]);
    for (const name of ["ann", "bob"]) {
      const before = world.chain.balance(name, "uopen");
      const claim = { sender: world.address("other"), beneficiary: world.address(name) };
      world.ok("other", ["tributary.attribution.v1.MsgClaim", claim]);
      expect(world.chain.balance(name, "uopen") - before).toBe(name === "ann" ? first : second);
    }
    world.chain.checkInvariants();
  });

  test("by spans, in a batch: the same by weights of surprisal when there is a table", () => {
    const world = new KindsWorld(records);
    const paid = world.settledByBatch(UseKind.USE_KIND_INFERENCE, ProofType.PROOF_TYPE_SPAN, "a poem", output);
    // One and sixteenths of a bit: the 3 bits less a fraction that "the" carries, 6 and more of "sea", all of the rest's.
    const bits = (occurrences: number) => 1n + BigInt(Math.floor(16 * Math.log2(1000 / occurrences)));
    const weigh = (text: string) =>
      text.split(" ").reduce((sum, word) => sum + bits(word === "the" ? 90 : word === "sea" ? 9 : 1), 0n);
    const [first, , second] = divided([weigh(ANN), weigh("or so they"), weigh(BOB)]);
    expect(paid).toEqual(
      new Map([
        ["ann", first],
        ["bob", second],
      ]),
    );
    // By words alone it would be something else.
    expect(paid.get("ann")).not.toBe(ann);
    expect(ann + nobody + bob).toBe(PROVED);
  });

  test("by BM25, in a batch, when the answer is a paraphrase", () => {
    const world = new KindsWorld(records);
    const paid = world.settledByBatch(UseKind.USE_KIND_INFERENCE, ProofType.PROOF_TYPE_BM25, "sea and rain", "waves");
    expect(paid).toEqual(scored("sea and rain"));
  });

  test("by Shapley values, in a batch, when the answer is a class", () => {
    const examples = ["1ab", "2ac", "1ad", "2zz"];
    const names = ["ann", "bob", "eve", "joe"];
    const world = new KindsWorld(examples.map((text, i) => ({ contributor: names[i]!, text })));
    const paid = world.settledByBatch(UseKind.USE_KIND_INFERENCE, ProofType.PROOF_TYPE_KNN, "aa", "1");
    // Distances from "aa" rise with the letters, so the order is that of the records.
    const values = shapley(
      examples.map((example) => example[0] === "1"),
      2,
    );
    const amounts = divided(values.map((value) => (value > 0n ? value : 0n)));
    const expected = names.map((name, i) => [name, amounts[i]!] as const).filter(([, amount]) => amount > 0n);
    expect(paid).toEqual(new Map(expected));
    expect([...paid.keys()]).toEqual(["ann", "eve"]);
  });

  test("with another proof than spans is not settled inline", () => {
    const world = new KindsWorld(records);
    world.ok("user", world.openUse({ proof: ProofType.PROOF_TYPE_BM25 }));
    const result = world.run("host", world.settle(1n, output));
    expect([result.codespace, result.code]).toEqual(["attribution", 4]);
    expect(result.log).toContain("use 1 is settled by a batch");
  });
});

describe("retrieval", () => {
  const records = [
    { contributor: "ann", text: ANN },
    { contributor: "bob", text: BOB },
    { contributor: "eve", text: "nothing of that kind" },
  ];

  test("by BM25, in a batch: passages are paid by their scores for the prompt", () => {
    const world = new KindsWorld(records);
    const { PROOF_TYPE_UNSPECIFIED } = ProofType;
    const paid = world.settledByBatch(UseKind.USE_KIND_RETRIEVAL, PROOF_TYPE_UNSPECIFIED, "The sea at night", ANN);
    expect(world.use(1n)).toMatchObject({ kind: UseKind.USE_KIND_RETRIEVAL, proof: ProofType.PROOF_TYPE_BM25 });
    expect(paid).toEqual(scored("the sea at night"));
  });

  test("is refused with spans, and where governance has named no table", () => {
    const world = new KindsWorld(records);
    const spans = world.openUse({ kind: UseKind.USE_KIND_RETRIEVAL, proof: ProofType.PROOF_TYPE_SPAN });
    expect(world.run("user", spans)).toMatchObject({ codespace: "attribution", code: 4 });
    const without = new NativeWorld(records);
    const result = without.run("user", without.openUse({ kind: UseKind.USE_KIND_RETRIEVAL }));
    expect(result.log).toContain("scores need a table of terms, and governance has named none");
  });
});

describe("uses of a datanet", () => {
  const records = [
    { contributor: "ann", text: ANN },
    { contributor: "bob", text: BOB },
  ];
  const price = { denom: "uopen", amount: WORLD_PRICE.toString() };
  const [annBytes, bobBytes] = [BigInt(ANN.length), BigInt(BOB.length)];

  function priced(): KindsWorld {
    const world = new KindsWorld(records);
    const terms = { owner: world.address("owner"), datanetId: 1n, accessPrice: price };
    world.ok("owner", ["tributary.datanet.v1.MsgUpdateDatanet", terms]);
    return world;
  }

  const ofDatanet = (world: KindsWorld, kind: number, units = 1n): MessageToSend => {
    const maxFee = { ...price, amount: (WORLD_PRICE * units).toString() };
    const asked = { kind, datanetId: 1n, maxUnits: units, maxFee };
    return world.openUse({ ...asked, modelId: 0n, promptHash: new Uint8Array(0) });
  };

  /** What is left for contributors when validators have 5 % and 2 % are burned, by cumulative rounding. */
  const forContributors = (charge: bigint): bigint => {
    const [upToData, upToValidators] = [(charge * 930_000n) / 1_000_000n, (charge * 980_000n) / 1_000_000n];
    return charge - (upToValidators - upToData) - (charge - upToValidators);
  };

  const share = (amount: bigint, bytes: bigint, all = annBytes + bobBytes): bigint =>
    (bytes * ((amount << 64n) / all)) >> 64n;

  test("training pays the version's contributors at once, by their bytes", () => {
    const world = priced();
    const before = world.chain.balance("user", "uopen");
    world.ok("user", ofDatanet(world, UseKind.USE_KIND_TRAINING));
    expect(before - world.chain.balance("user", "uopen")).toBe(WORLD_PRICE);
    expect(world.use(1n)).toMatchObject({ status: UseStatus.USE_STATUS_PAID, recordCount: 2n, proof: 4 });
    const data = forContributors(WORLD_PRICE);
    expect(world.lineage(2n, 0n).pool.received).toBe(data.toString());
    world.chain.block([], { nanoseconds: 86_401_000_000_000n });
    const claim = { sender: world.address("other"), datanetId: 1n, recordCount: 2n, numbers: [1n, 2n] };
    world.ok("other", ["tributary.attribution.v1.MsgClaimLineage", claim]);
    expect(world.unclaimed("ann")).toBe(share(data, annBytes));
    expect(world.unclaimed("bob")).toBe(share(data, bobBytes));
    world.chain.checkInvariants();
  });

  test("records without a text, that were rejected or are pending still take nothing of an access, and the payer does not choose", () => {
    const world = priced();
    world.chain.block([], { nanoseconds: 86_401_000_000_000n });
    const eve = { contributor: world.address("other"), datanetId: 1n };
    world.ok("other", ["tributary.datanet.v1.MsgJoin", { member: world.address("other"), datanetId: 1n }]);
    const nothing = { contentHash: new Uint8Array(32), textRoot: new Uint8Array(32), length: 1n << 24n };
    world.ok("other", ["tributary.datanet.v1.MsgContribute", { ...eve, records: [nothing] }]);
    world.ok("user", ofDatanet(world, UseKind.USE_KIND_ACCESS, 1n));
    expect(world.use(1n).recordCount).toBe(2n);
    const both = BigInt(world.lineage(2n, 1n).pending.amount) + BigInt(world.lineage(2n, 2n).pending.amount);
    expect(forContributors(WORLD_PRICE) - both).toBeLessThanOrEqual(2n);
    expect(() => world.lineage(3n, 1n)).toThrow();
  });

  test("access pays the contributors and is a licensed access for each unit, in one message", () => {
    const world = priced();
    const result = world.ok("user", ofDatanet(world, UseKind.USE_KIND_ACCESS, 3n));
    expect(result.events.find(({ type }) => type === "data_accessed")?.attributes.map(({ value }) => value)).toContain(
      world.address("user"),
    );
    const access = [
      "tributary.datanet.v1.QueryAccessRequest",
      { datanetId: 1n, holder: world.address("user") },
    ] as const;
    const path = "/tributary.datanet.v1.Query/Access";
    expect(world.chain.query(path, access, "tributary.datanet.v1.QueryAccessResponse").access.units).toBe("3");
    const supply = ["tributary.datanet.v1.QueryTokenSupplyRequest", { datanetId: 1n }] as const;
    const counted = world.chain.query(
      "/tributary.datanet.v1.Query/TokenSupply",
      supply,
      "tributary.datanet.v1.QueryTokenSupplyResponse",
    );
    expect(counted.supply).toEqual({ datanetId: 1n, minted: "3", burned: "3" });
    const data = forContributors(3n * WORLD_PRICE);
    expect(world.lineage(2n, 1n).pending.amount).toBe(share(data, annBytes).toString());
    // The treasury has nothing of it: buying tokens for later is the other way, which pays the treasury.
    const buy = { buyer: world.address("user"), datanetId: 1n, units: "2", maxPrice: coin(2n * WORLD_PRICE, "uopen") };
    const treasury = world.chain.balance("owner", "uopen");
    world.ok("user", ["tributary.datanet.v1.MsgBuyDataTokens", buy]);
    expect(world.chain.balance("owner", "uopen") - treasury).toBe(2n * WORLD_PRICE);
    world.ok("user", ["tributary.datanet.v1.MsgSpendDataTokens", { holder: buy.buyer, datanetId: 1n, units: "2" }]);
    expect(world.chain.query(path, access, "tributary.datanet.v1.QueryAccessResponse").access.units).toBe("5");
    world.chain.checkInvariants();
  });

  test("are refused with a proof, with a model, and without a price", () => {
    const world = priced();
    const [name, message] = ofDatanet(world, UseKind.USE_KIND_ACCESS) as [
      "tributary.attribution.v1.MsgOpenUse",
      Messages["tributary.attribution.v1.MsgOpenUse"],
    ];
    for (const [changes, text] of [
      [{ proof: ProofType.PROOF_TYPE_SPAN }, "kind 3 with proof 1"],
      [{ modelId: 1n }, "a use of a datanet names no model"],
    ] as const) {
      expect(world.run("user", [name, { ...message, ...changes }]).log).toContain(text);
    }
    const free = new KindsWorld(records);
    expect(free.run("user", ofDatanet(free, UseKind.USE_KIND_ACCESS)).log).toContain("names no price of access");
  });
});

/** Who is paid what for a query, from the texts ann and bob: BM25 with k1 = 6/5 and b = 3/4, rarities in sixteenths of a bit. */
function scored(query: string): ReadonlyMap<string, bigint> {
  const words = [...new Set(query.split(" "))];
  const rarity = (word: string): bigint => {
    const documents = word === "sea" ? 7 : word === "the" ? 80 : 1;
    return BigInt(Math.floor(16 * Math.log2((100 + 1) / (documents + 0.5))));
  };
  const score = (text: string): bigint => {
    const terms = text.split(" ");
    return words.reduce((sum, word) => {
      const count = BigInt(terms.filter((term) => term === word).length);
      if (count === 0n) return sum;
      const [average, length] = [10n, BigInt(terms.length)];
      return (
        sum + (rarity(word) * 44n * count * average * 65536n) / (20n * count * average + 6n * average + 18n * length)
      );
    }, 0n);
  };
  const ranked = [
    ["ann", score(ANN)],
    ["bob", score(BOB)],
  ] as [string, bigint][];
  ranked.sort(([, a], [, b]) => (a > b ? -1 : 1));
  const amounts = divided(ranked.map(([, points]) => points));
  return new Map(
    ranked
      .map(([name], i): [string, bigint] => [name, amounts[i]!])
      .filter(([, amount]) => amount > 0n)
      .sort(),
  );
}

/** Numerators over n!·K of the Shapley values of examples in order of distance, for a classifier by the K nearest ones. */
function shapley(agrees: readonly boolean[], k: number): readonly bigint[] {
  const worth = (coalition: readonly number[]): bigint =>
    BigInt(
      [...coalition]
        .sort((a, b) => a - b)
        .slice(0, k)
        .filter((i) => agrees[i]).length,
    );
  const sums = agrees.map(() => 0n);
  const visit = (order: readonly number[], left: readonly number[]): void => {
    for (const next of left) sums[next]! += (worth([...order, next]) - worth(order)) * factorial(left.length - 1);
    for (const next of left)
      visit(
        [...order, next],
        left.filter((one) => one !== next),
      );
  };
  visit(
    [],
    agrees.map((_, i) => i),
  );
  return sums;
}

function factorial(n: number): bigint {
  return n < 2 ? 1n : BigInt(n) * factorial(n - 1);
}
