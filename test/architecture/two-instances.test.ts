/**
 * Guard 5 of ARCHITECTURE.md: every block is executed on two instances that share nothing but the chain. One is warm, runs
 * on Node's cryptography and is given no facts; the other is loaded from its records before every block, runs on noble
 * and is given signatures as facts. App hashes and the bytes of every answer must be the same.
 */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { signatureFact } from "../../chain/app/facts.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { nobleHasher } from "../../chain/types/hash.ts";
import { nodeHasher, nodeVerifier } from "../../node/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import { ChainHarness, type MessageToSend } from "../support/chain-harness.ts";

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

test("a warm instance on native cryptography and a cold one on noble with facts agree on every byte", () => {
  const outcomes = new Map<number, number>();
  fc.assert(
    fc.property(fc.array(fc.array(attempt, { maxLength: 6 }), { minLength: 2, maxLength: 5 }), (blocks) => {
      const balances = Object.fromEntries(NAMES.map((name) => [name, "1000000uopen,1000000usd"]));
      const warm = ChainHarness.start({ balances, verifier: nodeVerifier(), hasher: nodeHasher() });
      const cold = ChainHarness.start({ balances, verifier: nobleVerifier, hasher: nobleHasher });
      expect(hex(cold.appHash)).toBe(hex(warm.appHash));
      const sequences = new Map<string, bigint>(NAMES.map((name) => [name, 0n]));
      for (const attempts of blocks) {
        cold.restart();
        const facts = new Set<string>();
        const txs = attempts.map((tried) => {
          const sequence = sequences.get(tried.who)!;
          const tx = txOf(warm, tried, sequence, BigInt(NAMES.indexOf(tried.who)));
          for (const job of cold.application.signatureJobs(tx)) {
            if (nobleVerifier.secp256k1(job.publicKey, job.message, job.signature))
              facts.add(signatureFact(nobleHasher, job));
          }
          // A transaction that passes the ante uses its sequence, whatever becomes of its messages.
          if (warm.check(tx).code === 0) sequences.set(tried.who, sequence + 1n);
          return tx;
        });
        const results = warm.block(txs);
        cold.block(txs, { facts });
        for (const { code } of results) outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
        const bytes = (chain: ChainHarness) => hex(encode("tendermint.abci.ResponseFinalizeBlock", chain.lastBlock!));
        expect(bytes(cold)).toBe(bytes(warm));
        expect(hex(cold.appHash)).toBe(hex(warm.appHash));
      }
      warm.checkInvariants();
      cold.checkInvariants();
    }),
    { numRuns: process.env.TRIBUTARY_FULL === "1" ? 200 : 15 },
  );
  // Not a test of failures alone, nor of successes alone.
  expect(outcomes.get(0) ?? 0).toBeGreaterThan(10);
  expect(outcomes.size).toBeGreaterThan(4);
});
