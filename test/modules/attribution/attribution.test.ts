/** The attribution module through a chain. Receipts are signed over documents that CosmJS serialises (native-world.ts). */
import { beforeEach, describe, expect, test } from "vitest";
import type { Span } from "../../../attribution/settlement.ts";
import type { JsonValue } from "../../../proto/json.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";
import { NativeWorld, PLENTY, responseOf, sha256, WORLD_PRICE } from "../../support/native-world.ts";

const FIRST = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const SECOND =
  "function transfer(address to, uint256 amount) external returns (bool) { _move(msg.sender, to, amount); }";
const COPY = `// copied\n${FIRST}`;
/** 22 tokens of ann's, 4 of nobody's, 27 of bob's. */
const OUTPUT = `${FIRST} and then something else ${SECOND}`;
const UNCHANGED_SPLIT = {
  host: "300000",
  modelOwner: "150000",
  contributors: "480000",
  validators: "50000",
  burn: "20000",
};

const encoder = new TextEncoder();
let world: NativeWorld;

beforeEach(() => {
  world = new NativeWorld([
    { contributor: "ann", text: FIRST },
    { contributor: "bob", text: SECOND },
    { contributor: "eve", text: COPY },
  ]);
});

function expectRefused(from: string, message: MessageToSend, codespace: string, code: number, text: string): void {
  const before = world.chain.application.exportGenesis().attribution;
  const result = world.run(from, message);
  expect([result.codespace, result.code]).toEqual([codespace, code]);
  expect(result.log).toContain(text);
  expect(world.chain.application.exportGenesis().attribution).toEqual(before);
  world.chain.checkInvariants();
}

function use(useId: bigint): Messages["tributary.attribution.v1.Use"] {
  return world.chain.query(
    "/tributary.attribution.v1.Query/Use",
    ["tributary.attribution.v1.QueryUseRequest", { useId }],
    "tributary.attribution.v1.QueryUseResponse",
  ).use;
}

function claim(sender: string, beneficiary: string): MessageToSend {
  return [
    "tributary.attribution.v1.MsgClaim",
    { sender: world.address(sender), beneficiary: world.address(beneficiary) },
  ];
}

function cancel(sender: string, useId: bigint): MessageToSend {
  return ["tributary.attribution.v1.MsgCancelUse", { sender: world.address(sender), useId }];
}

function openUses(): readonly bigint[] {
  return world.chain
    .query(
      "/tributary.attribution.v1.Query/OpenUses",
      ["tributary.attribution.v1.QueryOpenUsesRequest", { modelId: 1n }],
      "tributary.attribution.v1.QueryOpenUsesResponse",
    )
    .uses.map(({ id }) => id);
}

describe("opening a use", () => {
  test("escrows the model's price, notes the account's key, and puts the use on the host's list", () => {
    const before = world.chain.balance("user", "uopen");
    expect(world.opened()).toBe(1n);
    expect(before - world.chain.balance("user", "uopen")).toBe(WORLD_PRICE);
    expect(use(1n)).toMatchObject({
      modelId: 1n,
      user: world.address("user"),
      host: world.address("host"),
      fee: { denom: "uopen", amount: WORLD_PRICE.toString() },
      receiptKey: accountOf("user").publicKey,
      status: 1,
      expiresAt: world.chain.time.seconds + 3600n,
    });
    expect(openUses()).toEqual([1n]);
    world.chain.checkInvariants();
  });

  test("is refused above the highest fee, in a token that no pool leads from, for no model, and with a malformed hash or key", () => {
    const low = { denom: "uopen", amount: (WORLD_PRICE - 1n).toString() };
    expectRefused("user", world.openUse({ maxFee: low }), "attribution", 5, "1000003uopen for at most 1000002uopen");
    const wrong = { denom: "utest", amount: "9999999" };
    expectRefused("user", world.openUse({ maxFee: wrong }), "tokenpool", 12, "from utest to uopen: no route found");
    expectRefused("user", world.openUse({ modelId: 2n }), "model", 2, "model 2");
    expectRefused(
      "user",
      world.openUse({ promptHash: new Uint8Array(5) }),
      "attribution",
      4,
      "prompt_hash has 5 bytes",
    );
    expectRefused("user", world.openUse({ receiptKey: new Uint8Array(33) }), "attribution", 4, "receipt_key");
  });

  test("may name another key for the receipt, and then only that key signs", () => {
    const receiptKey = accountOf("session").publicKey;
    const useId = responseOf(
      "tributary.attribution.v1.MsgOpenUseResponse",
      world.ok("user", world.openUse({ receiptKey })),
    ).useId;
    expectRefused("host", world.settle(useId, OUTPUT), "attribution", 11, "use 1");
    const text = `tributary use receipt\nchain: ${world.chain.chainId}\nuse: 1\noutput sha256: ${Buffer.from(sha256(encoder.encode(OUTPUT))).toString("hex")}`;
    const receipt = world.signText("session", text, world.address("user"));
    world.ok("host", world.settle(useId, OUTPUT, { receipt }));
  });
});

describe("settling a use", () => {
  test("divides the fee by the split, and the contributors' part by tokens: found ones to records, others to the lineage", () => {
    const useId = world.opened();
    const supply = world.chain.application.exportGenesis().bank as { supply: { denom: string; amount: string }[] };
    world.ok("host", world.settle(useId, OUTPUT));
    const payout = world.payout(useId);
    // Prefix sums of 1000003: 300000.9, 450001.35, 930002.79, 980002.94, 1000003; the parts are the differences of their
    // integer parts. 53 tokens: 22 of ann's record 1, 27 of bob's record 2, 4 of neither.
    expect(payout).toMatchObject({
      hostAmount: "300000",
      modelOwnerAmount: "150001",
      validatorsAmount: "50000",
      burnedAmount: "20001",
      outputTokens: 53,
    });
    expect(payout.recordShares.map(({ record, tokens }) => [record.number, tokens])).toEqual([
      [1n, 22],
      [2n, 27],
    ]);
    const [ann, bob] = payout.recordShares.map(({ amount }) => BigInt(amount)) as [bigint, bigint];
    const lineage = BigInt(payout.lineageShares[0]!.amount);
    // Of the contributors' 480001, 288000 go by tokens, 144000 by lineage and 48001 to the reserve; nobody's tokens to the lineage.
    expect(ann + bob + lineage + BigInt(payout.attestedAmount)).toBe(480_001n);
    expect([ann, bob, lineage, payout.attestedAmount]).toEqual([119_547n, 146_717n, 165_736n, "48001"]);
    expect([world.unclaimed("ann"), world.unclaimed("bob")]).toEqual([ann, bob]);
    expect(world.unclaimed("owner")).toBe(150_001n);
    const after = world.chain.application.exportGenesis().bank as typeof supply;
    const of = (bank: typeof supply) => BigInt(bank.supply.find(({ denom }) => denom === "uopen")!.amount);
    expect(of(supply) - of(after)).toBe(20_001n);
    expect(use(useId)).toMatchObject({ status: 2, outputHash: sha256(encoder.encode(OUTPUT)) });
    expect(openUses()).toEqual([]);
    world.chain.checkInvariants();
  });

  test("pays the earliest of two records that hold the same words, because the engine names it", () => {
    const useId = world.opened();
    world.ok("host", world.settle(useId, `x ${FIRST}`));
    expect(world.payout(useId).recordShares.map(({ record }) => record.number)).toEqual([1n]);
  });

  test("takes a later record too: that spans are the earliest is for others to challenge (settlements.test.ts)", () => {
    const useId = world.opened();
    const output = COPY;
    const spans = world.spansOf(output);
    expect(spans.map(({ record }) => record.number)).toEqual([3n]);
    world.ok("host", world.settle(useId, output, { spans }));
    expect(world.payout(useId).recordShares[0]?.contributor).toBe(world.address("eve"));
  });

  test("without any span pays the whole proved part to the lineage, and neither host nor user gains", () => {
    const useId = world.opened();
    world.ok("host", world.settle(useId, OUTPUT, { spans: [] }));
    const payout = world.payout(useId);
    expect(payout.recordShares).toEqual([]);
    expect(payout.hostAmount).toBe("300000");
    expect(payout.lineageShares).toEqual([{ datanetId: 1n, recordCount: 3n, amount: "432000" }]);
    world.chain.checkInvariants();
  });

  test("says in events who was paid for how many tokens", () => {
    const useId = world.opened();
    const { events } = world.ok("host", world.settle(useId, OUTPUT));
    const paid = events.filter(({ type }) => type === "record_paid").map(({ attributes }) => attributes);
    expect(paid.map((attributes) => attributes.find(({ key }) => key === "tokens")?.value)).toEqual(["22", "27"]);
    const settled = events.find(({ type }) => type === "use_settled")?.attributes.map(({ key, value }) => [key, value]);
    expect(settled).toContainEqual(["covered_tokens", "49"]);
  });

  test("is refused twice, by another host, for an unknown use, and after the use has expired", () => {
    const useId = world.opened();
    const byOther = world.settle(useId, OUTPUT, { host: world.address("other") });
    expectRefused("other", byOther, "attribution", 9, "not the host");
    expectRefused("host", world.settle(9n, OUTPUT), "attribution", 2, "use 9");
    world.ok("host", world.settle(useId, OUTPUT));
    expectRefused("host", world.settle(useId, OUTPUT), "attribution", 6, "was settled at height");
    const late = world.opened();
    world.chain.block([], { nanoseconds: 3_601_000_000_000n });
    expectRefused("host", world.settle(late, OUTPUT), "attribution", 7, "the use has expired");
  });

  test("is refused for an output that is empty, only white space, or too long", () => {
    const useId = world.opened();
    expectRefused("host", world.settle(useId, ""), "attribution", 10, "no tokens");
    expectRefused("host", world.settle(useId, " \n\t"), "attribution", 10, "no tokens");
    expectRefused("host", world.settle(useId, "a".repeat(4097)), "attribution", 10, "4097 bytes, at most 4096");
    world.ok("host", world.settle(useId, "a".repeat(4096)));
  });

  test("is refused without the user's receipt for exactly this output, this use and this chain", () => {
    const [first, second] = [world.opened(), world.opened()];
    const bytes = encoder.encode(OUTPUT);
    const receipts = [
      new Uint8Array(64),
      new Uint8Array(0),
      world.receipt(second, bytes),
      world.receipt(first, encoder.encode(`${OUTPUT}!`)),
      world.receipt(first, bytes, "host"),
      world.receipt(first, bytes, "user", "another-chain"),
    ];
    for (const receipt of receipts) {
      expectRefused(
        "host",
        world.settle(first, OUTPUT, { receipt }),
        "attribution",
        11,
        "the receipt is not the user's",
      );
    }
  });
});

describe("a span is refused", () => {
  let useId: bigint;
  let spans: readonly Span[];

  beforeEach(() => {
    useId = world.opened();
    spans = world.spansOf(OUTPUT);
    expect(spans.map(({ record }) => record.number)).toEqual([1n, 2n]);
  });

  function refusedWith(changed: readonly Span[], text: string): void {
    expectRefused("host", world.settle(useId, OUTPUT, { spans: changed }), "attribution", 12, text);
  }

  test("with any one byte of its chunks or its path changed", () => {
    const [first, second] = spans as [Span, Span];
    for (const at of [0, 1, 40, first.chunks.length - 1]) {
      const chunks = first.chunks.slice();
      chunks[at]! ^= 1;
      refusedWith([{ ...first, chunks }, second], "span 0 of record 1/1");
    }
    if (second.path.length > 0) {
      const path = second.path.map((hash) => hash.slice());
      path[0]![5]! ^= 1;
      refusedWith([first, { ...second, path }], "span 1 of record 1/2");
    }
    refusedWith([{ ...first, path: [...first.path, new Uint8Array(32)] }, second], "text root");
  });

  test("for another record, a record outside the lineage, or one that does not exist", () => {
    const [first] = spans as [Span, Span];
    const of = (datanetId: bigint, number: bigint): Span => ({ ...first, record: { datanetId, number } });
    refusedWith([of(1n, 2n)], "span 0 of record 1/2");
    refusedWith([of(1n, 4n)], "model 1 was not trained on the record");
    refusedWith([of(2n, 1n)], "model 1 was not trained on the record");
    refusedWith([of(1n, 0n)], "there is no such record");
    world.ok("ann", world.contribute("ann", [`// later\n${FIRST}`]));
    refusedWith([of(1n, 4n)], "model 1 was not trained on the record");
  });

  test("out of order, overlapping, twice, or beyond the output or the record", () => {
    const [first, second] = spans as [Span, Span];
    refusedWith([second, first], "overlaps the one before it, or is out of order");
    refusedWith([first, first], "overlaps the one before it, or is out of order");
    refusedWith([{ ...first, outputStart: 5000 }], "ends at byte");
    refusedWith([{ ...first, length: 4_000_000_000 }], "ends at byte");
    refusedWith([{ ...first, recordStart: 1n << 63n }], "begins behind the record's");
    refusedWith([{ ...first, length: 0 }], "it is empty");
  });

  test("with fewer tokens than the parameters ask for, or when there are too many spans", () => {
    const [first] = spans as [Span, Span];
    const short = encoder.encode("function add(uint256");
    refusedWith([{ ...first, length: short.length }], "it has 4 tokens, at least 6 are asked for");
    refusedWith(Array(65).fill(first), "65 spans, at most 64");
  });

  test("and its checking is paid for in gas", () => {
    const withSpans = world.ok("host", world.settle(useId, OUTPUT)).gasUsed;
    const again = world.opened();
    const without = world.ok("host", world.settle(again, OUTPUT, { spans: [] })).gasUsed;
    expect(withSpans - without).toBeGreaterThan(1000n);
    const third = world.opened();
    const result = world.chain.run("host", world.settle(third, OUTPUT), { gas: without });
    expect([result.codespace, result.code]).toEqual(["sdk", 11]);
  });
});

describe("claiming", () => {
  test("pays everything earned, to the account or its payout address, on anybody's word; then there is nothing", () => {
    world.ok("host", world.settle(world.opened(), OUTPUT));
    world.ok("host", world.settle(world.opened(), OUTPUT));
    const due = world.unclaimed("ann");
    const before = world.chain.balance("ann", "uopen");
    const result = world.ok("other", claim("other", "ann"));
    expect(responseOf("tributary.attribution.v1.MsgClaimResponse", result)).toEqual({
      payoutAddress: world.address("ann"),
      paid: [{ denom: "uopen", amount: due.toString() }],
    });
    expect(world.chain.balance("ann", "uopen") - before).toBe(due);
    expectRefused("ann", claim("ann", "ann"), "attribution", 13, "nothing to claim");
    expectRefused("ann", claim("ann", "other"), "attribution", 13, "nothing to claim");

    const elsewhere = { contributor: world.address("bob"), payoutAddress: world.address("vault") };
    world.ok("bob", ["tributary.datanet.v1.MsgSetPayoutAddress", elsewhere]);
    const bobsDue = world.unclaimed("bob");
    world.ok("bob", claim("bob", "bob"));
    expect(world.chain.balance("vault", "uopen")).toBe(bobsDue);
    world.chain.checkInvariants();
  });

  test("host and model owner claim as contributors do", () => {
    world.ok("host", world.settle(world.opened(), OUTPUT));
    const before = world.chain.balance("host", "uopen");
    world.ok("host", claim("host", "host"));
    expect(world.chain.balance("host", "uopen") - before).toBe(300_000n);
    world.ok("owner", claim("owner", "owner"));
    world.chain.checkInvariants();
  });
});

describe("cancelling", () => {
  test("gives the whole fee back: by the host at once, by anyone once the use has expired", () => {
    const before = world.chain.balance("user", "uopen");
    const [first, second] = [world.opened(), world.opened()];
    expectRefused("user", cancel("user", first), "attribution", 8, "only the host may cancel");
    world.ok("host", cancel("host", first));
    expect(use(first).status).toBe(3);
    world.chain.block([], { nanoseconds: 3_601_000_000_000n });
    world.ok("other", cancel("other", second));
    expect(world.chain.balance("user", "uopen")).toBe(before);
    expectRefused("host", cancel("host", first), "attribution", 6, "was cancelled at height");
    expectRefused("host", world.settle(first, OUTPUT), "attribution", 6, "was cancelled at height");
    world.chain.checkInvariants();
  });
});

test("the preview divides an amount as a settlement would", () => {
  const { host, modelOwner, contributors, validators, burn } = world.chain.query(
    "/tributary.attribution.v1.Query/SplitPreview",
    ["tributary.attribution.v1.QuerySplitPreviewRequest", { amount: "1000000" }],
    "tributary.attribution.v1.QuerySplitPreviewResponse",
  );
  const amounts = { host, modelOwner, contributors, validators, burn };
  expect(Object.fromEntries(Object.entries(amounts).map(([part, coin]) => [part, coin.amount]))).toEqual(
    UNCHANGED_SPLIT,
  );
});

test("a free model settles and pays nobody", () => {
  const price = { denom: "uopen", amount: "0" };
  world.ok("owner", [
    "tributary.model.v1.MsgUpdateHosting",
    { owner: world.address("owner"), modelId: 1n, host: world.address("host"), price },
  ]);
  const useId = world.opened();
  world.ok("host", world.settle(useId, OUTPUT));
  expect(world.payout(useId).recordShares.map(({ amount }) => amount)).toEqual(["0", "0"]);
  expect(world.unclaimed("ann")).toBe(0n);
  world.chain.checkInvariants();
});

test("the exported genesis boots a chain with the same state", () => {
  world.ok("host", world.settle(world.opened(), OUTPUT));
  world.ok("host", cancel("host", world.opened()));
  world.opened();
  world.ok("ann", claim("ann", "ann"));
  const exported = world.chain.application.exportGenesis();
  const again = ChainHarness.start({ wholeAppState: exported as JsonValue });
  expect(again.application.exportGenesis()).toEqual(exported);
  again.checkInvariants();
});

describe("a genesis is refused", () => {
  const params = (changes: object): JsonValue => {
    const { params: known } = world.chain.application.exportGenesis().attribution as { params: object };
    return { params: { ...known, ...changes }, uses: [], payouts: [], earnings: [] };
  };

  test.each([
    [{ lexer: "words-2" }, 'the lexer is bytes-1, not "words-2"'],
    [{ max_output_bytes: 5000 }, "max_output_bytes 5000 is not from 1 to 4096"],
    [{ min_span_tokens: 0 }, "min_span_tokens 0"],
    [{ max_spans: 1000 }, "max_spans 1000"],
    [{ fee_denom: "!" }, "is not a denomination"],
    [{ split: { host_ppm: 1, model_owner_ppm: 1, contributors_ppm: 1, validators_ppm: 1, burn_ppm: 1 } }, "sums to 5"],
  ])("with %j", (changes, text) => {
    expect(() => ChainHarness.start({ appState: { attribution: params(changes) } })).toThrow(text);
  });

  test("when the bank does not hold what is owed, or nobody paid what was earned", () => {
    world.opened();
    const exported = world.chain.application.exportGenesis() as { [module: string]: { [field: string]: unknown } };
    const bootWith = (attribution: object) => () =>
      ChainHarness.start({
        wholeAppState: { ...exported, attribution: { ...exported.attribution, ...attribution } } as JsonValue,
      });
    expect(bootWith({})).not.toThrow();
    expect(bootWith({ uses: [] })).toThrow("the module's account holds");
    const row = { beneficiary: world.chain.address("ann"), denom: "other", unclaimed: "0", claimed: "5" };
    expect(bootWith({ earnings: [row] })).toThrow("5 was credited, 0 was given");
  });
});

test("a payout is proven under the app hash by its documented key", () => {
  const useId = world.opened();
  world.ok("host", world.settle(useId, OUTPUT));
  const key = Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 1);
  const { value, proofOps, code } = world.chain.abciQuery("/store/attribution/key", key, 0n, true);
  expect(code).toBe(0);
  expect(proofOps?.ops.map(({ type }) => type)).toEqual(["ics23:iavl", "ics23:simple"]);
  expect(value.length).toBeGreaterThan(0);
  expect(PLENTY).toBeGreaterThan(0n);
});
