/**
 * Guard 5 of ARCHITECTURE.md: every block is executed on two instances that share nothing but the chain. One is warm, runs
 * on Node's cryptography and is given no facts; the other is loaded from its records before every block, runs on noble
 * and is given signatures as facts. App hashes and the bytes of every answer must be the same.
 */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { ApplicationModules } from "../../chain/app/application.ts";
import { signatureFact } from "../../chain/app/facts.ts";
import type { Module } from "../../chain/module/define.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { nobleHasher } from "../../chain/types/hash.ts";
import { createModules } from "../../modules/app.ts";
import { nodeHasher, nodeVerifier } from "../../node/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import { encode, packAny } from "../../proto/codec.ts";
import { accountOf, ChainHarness, type HarnessOptions, type MessageToSend } from "../support/chain-harness.ts";
import { NativeWorld, responseOf } from "../support/native-world.ts";

const NAMES = ["alice", "bob", "carol"] as const;

/** One thing somebody tries; many fail, on purpose. */
const attempt = fc.record({
  who: fc.constantFrom(...NAMES),
  what: fc.constantFrom(
    "send",
    "sendMany",
    "pool",
    "swap",
    "datanet",
    "join",
    "badSequence",
    "badSignature",
    "outOfGas",
    "garbage",
  ),
  size: fc.integer({ min: 1, max: 3000 }),
});
type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never;

function messagesOf(chain: ChainHarness, { who, what, size }: Attempt): readonly MessageToSend[] {
  const me = chain.address(who);
  const other = chain.address(NAMES[(NAMES.indexOf(who) + 1) % NAMES.length]!);
  const coin = (denom: string, amount: number) => ({ denom, amount: `${amount}` });
  const deadline = 4_000_000_000n;
  const send: MessageToSend = [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: me, toAddress: other, amount: [coin("uopen", size)] },
  ];
  switch (what) {
    case "sendMany": {
      const coins = [coin("uopen", size)];
      const inputs = [{ address: me, coins }];
      return [send, ["cosmos.bank.v1beta1.MsgMultiSend", { inputs, outputs: [{ address: other, coins }] }]];
    }
    case "pool":
      return [
        [
          "tributary.tokenpool.v1.MsgCreatePool",
          { creator: me, coinA: coin("uopen", size * 50), coinB: coin("usd", size * 40) },
        ],
      ];
    case "swap":
      return [
        [
          "tributary.tokenpool.v1.MsgSwapExactIn",
          { trader: me, poolId: 1n, amountIn: coin("uopen", size), minOut: coin("usd", 1), deadline },
        ],
      ];
    case "datanet":
      return [
        ["tributary.datanet.v1.MsgCreateDatanet", { owner: me, name: `net-${size}`, licence: "MIT", admission: 1 }],
      ];
    case "join":
      return [["tributary.datanet.v1.MsgJoin", { member: me, datanetId: 1n }]];
    default:
      return [send];
  }
}

function txOf(chain: ChainHarness, tried: Attempt, sequence: bigint, accountNumber: bigint): Uint8Array {
  const options = { sequence, accountNumber, fee: "7uopen" };
  const messages = messagesOf(chain, tried);
  switch (tried.what) {
    case "badSequence":
      return chain.sign(tried.who, messages, { ...options, sequence: sequence + 9n });
    case "badSignature":
      return chain.sign(tried.who, messages, { ...options, chainId: "another" });
    case "outOfGas":
      return chain.sign(tried.who, messages, { ...options, gas: 30_000n + BigInt(tried.size) });
    case "garbage":
      return new Uint8Array(createHash("sha256").update(`${tried.size}`).digest());
    default:
      return chain.sign(tried.who, messages, options);
  }
}

/** Schedules of all groups together. Each group is a test of its own, so that a busy machine's time limit is for a part of them. */
const SCHEDULES = process.env.TRIBUTARY_FULL === "1" ? 200 : 15;
const GROUPS = [1, 2, 3, 4, 5];
const outcomes = new Map<number, number>();

/** Runs a schedule on both and compares every answer. */
function compareSchedule(blocks: readonly (readonly Attempt[])[]): void {
  const balances = Object.fromEntries(NAMES.map((name) => [name, "1000000uopen,1000000usd"]));
  const warm = ChainHarness.start({ balances, verifier: nodeVerifier(), hasher: nodeHasher() });
  const cold = ChainHarness.start({ balances, verifier: nobleVerifier, hasher: nobleHasher });
  expect(hex(cold.appHash)).toBe(hex(warm.appHash));
  const sequences = new Map<string, bigint>(NAMES.map((name) => [name, 0n]));
  for (const attempts of blocks) {
    cold.restart();
    const txs = attempts.map((tried) => {
      const sequence = sequences.get(tried.who)!;
      const tx = txOf(warm, tried, sequence, BigInt(NAMES.indexOf(tried.who)));
      // A transaction that passes the ante uses its sequence, whatever becomes of its messages.
      if (warm.check(tx).code === 0) sequences.set(tried.who, sequence + 1n);
      return tx;
    });
    const facts = provenFacts(cold, txs);
    const results = warm.block(txs);
    cold.block(txs, { facts });
    for (const { code } of results) outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
    expect(answerOf(cold)).toBe(answerOf(warm));
    expect(hex(cold.appHash)).toBe(hex(warm.appHash));
  }
  warm.checkInvariants();
  cold.checkInvariants();
}

/** The signatures that noble finds right, as facts. */
function provenFacts(chain: ChainHarness, txs: readonly Uint8Array[]): ReadonlySet<string> {
  const jobs = txs.flatMap((tx) => chain.application.signatureJobs(tx));
  const right = jobs.filter((job) => nobleVerifier.secp256k1(job.publicKey, job.message, job.signature));
  return new Set(right.map((job) => signatureFact(nobleHasher, job)));
}

describe("a warm instance on native cryptography and a cold one on noble with facts", () => {
  test.each(GROUPS)("agree on every byte of random schedules, group %i", (group) => {
    const { seed } = fc.readConfigureGlobal();
    fc.assert(
      fc.property(fc.array(fc.array(attempt, { maxLength: 6 }), { minLength: 2, maxLength: 5 }), compareSchedule),
      { numRuns: SCHEDULES / GROUPS.length, ...(seed === undefined ? {} : { seed: seed + group }) },
    );
  });

  test("were given neither failures alone nor successes alone", () => {
    expect(outcomes.get(0) ?? 0).toBeGreaterThan(10);
    expect(outcomes.size).toBeGreaterThan(4);
  });
});

// ---------------------------------------------------------------- every module, and a planted violation

type Block = Parameters<ChainHarness["block"]>;

/** Two texts that people contribute, and an answer that quotes both. */
const FIRST = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const SECOND = "function transfer(address to, uint256 amount) external { _move(msg.sender, to, amount); }";

/** A life of the chain in which every module takes part: bank, staking, datanet, model, attribution, tokenpool. */
function everyModule(options: HarnessOptions): ChainHarness {
  const records = [
    { contributor: "ann", text: FIRST },
    { contributor: "bob", text: SECOND },
  ];
  const world = new NativeWorld(records, { ...options, balances: { val: "1000000000uopen" } });
  const { chain } = world;
  const coin = (denom: string, amount: number) => ({ denom, amount: `${amount}` });
  const deadline = 4_000_000_000n;
  const [user, other, ann] = [chain.address("user"), chain.address("other"), chain.address("ann")];
  const validatorAddress = chain.addresses.validator(accountOf("val").bytes);
  world.ok("val", [
    "cosmos.staking.v1beta1.MsgCreateValidator",
    {
      description: { moniker: "val", identity: "", website: "", securityContact: "", details: "" },
      commission: { rate: "100000000000000000", maxRate: "200000000000000000", maxChangeRate: "10000000000000000" },
      minSelfDelegation: "1",
      delegatorAddress: "",
      validatorAddress,
      pubkey: packAny("cosmos.crypto.ed25519.PubKey", { key: new Uint8Array(32).fill(7) }),
      value: coin("uopen", 5_000_000),
    },
  ]);
  const stake = { delegatorAddress: user, validatorAddress };
  world.ok("user", ["cosmos.staking.v1beta1.MsgDelegate", { ...stake, amount: coin("uopen", 3_000_001) }]);
  world.ok("user", ["cosmos.staking.v1beta1.MsgUndelegate", { ...stake, amount: coin("uopen", 1_000_000) }]);
  world.ok("other", [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: other, toAddress: user, amount: [coin("uopen", 5)] },
  ]);
  for (const output of [`${FIRST} and ${SECOND}`, SECOND]) world.ok("host", world.settle(world.opened(), output));
  world.ok("other", ["tributary.attribution.v1.MsgClaim", { sender: other, beneficiary: ann }]);
  const pool = world.ok("user", [
    "tributary.tokenpool.v1.MsgCreatePool",
    { creator: user, coinA: coin("uopen", 1_000_000), coinB: coin("utest", 500_000) },
  ]);
  const { poolId } = responseOf("tributary.tokenpool.v1.MsgCreatePoolResponse", pool);
  const swap = { trader: other, poolId, deadline };
  world.ok("other", [
    "tributary.tokenpool.v1.MsgSwapExactIn",
    { ...swap, amountIn: coin("uopen", 1_000), minOut: coin("utest", 1) },
  ]);
  world.ok("other", [
    "tributary.tokenpool.v1.MsgSwapExactOut",
    { ...swap, amountOut: coin("utest", 100), maxIn: coin("uopen", 1_000) },
  ]);
  world.run("other", [
    "tributary.tokenpool.v1.MsgSwapExactIn",
    { ...swap, amountIn: coin("uopen", 1), minOut: coin("utest", 9) },
  ]);
  chain.checkInvariants();
  return chain;
}

/** Lives the life on a warm instance, then block by block on a cold one. Throws at the first byte that differs. */
function compare(modules: () => ApplicationModules | undefined): { blocks: number; modules: ReadonlySet<string> } {
  const blocks: { readonly given: Block; readonly answer: string; readonly appHash: string }[] = [];
  const seen = new Set<string>();
  const original = ChainHarness.prototype.block;
  const spy = vi.spyOn(ChainHarness.prototype, "block").mockImplementation(function (this: ChainHarness, ...given) {
    const results = original.apply(this, given);
    for (const { events } of results) {
      for (const { attributes } of events)
        for (const { key, value } of attributes) if (key === "module") seen.add(value);
    }
    blocks.push({ given, answer: answerOf(this), appHash: hex(this.appHash) });
    return results;
  });
  const warmModules = modules();
  const options = warmModules === undefined ? {} : { modules: warmModules };
  let warm: ChainHarness;
  try {
    warm = everyModule({ ...options, verifier: nodeVerifier(), hasher: nodeHasher() });
  } finally {
    spy.mockRestore();
  }

  // A getter: every load of the application builds its modules anew, as a new process does.
  const cold = ChainHarness.genesis({
    ...warm.options,
    get modules() {
      return modules() ?? createModules({ verifier: nobleVerifier, hasher: nobleHasher });
    },
    verifier: nobleVerifier,
    hasher: nobleHasher,
  });
  for (const { given, answer, appHash } of blocks) {
    // Before the first block there is nothing to load: genesis becomes durable with it.
    if (cold.height > 0n) cold.restart();
    const [txs, blockOptions] = given;
    cold.block(txs, { ...blockOptions, facts: provenFacts(cold, txs) });
    expect(answerOf(cold), `block ${cold.height}`).toBe(answer);
    expect(hex(cold.appHash), `block ${cold.height}`).toBe(appHash);
  }
  return { blocks: blocks.length, modules: seen };
}

function answerOf(chain: ChainHarness): string {
  return hex(encode("tendermint.abci.ResponseFinalizeBlock", chain.lastBlock!));
}

test("both agree on every byte of a life in which every module takes part", () => {
  const { blocks, modules } = compare(() => undefined);
  expect(blocks).toBeGreaterThan(15);
  expect([...modules]).toEqual(
    expect.arrayContaining(["bank", "staking", "datanet", "model", "attribution", "tokenpool"]),
  );
});

test("a module that counts in its process's memory is found out", () => {
  const counting = (): ApplicationModules => {
    let messages = 0;
    const count = (module: Module): Module => ({
      ...module,
      messages: module.messages.map((route) => ({
        ...route,
        handle: (ctx, message) => {
          messages += 1;
          ctx.emit("counted", [["messages", `${messages}`]]);
          return route.handle(ctx, message);
        },
      })),
    });
    const modules = createModules({ verifier: nobleVerifier, hasher: nobleHasher });
    return {
      ...modules,
      modules: modules.modules.map((module) => (module.name === "tokenpool" ? count(module) : module)),
    };
  };
  expect(() => compare(counting)).toThrow(/block \d+/);
});
