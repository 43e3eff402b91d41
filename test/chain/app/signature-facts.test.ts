// Signatures are verified once, and never less than once: what was seen in CheckTx or handed in as a fact is not verified
// again, and everything else is.

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { expect, test } from "vitest";
import { SignatureMemory, signatureFact } from "../../../chain/app/facts.ts";
import { MAX_SIGNATURE_FACTS } from "../../../chain/app/limits.ts";
import { nobleVerifier, type Verifier } from "../../../chain/types/crypto.ts";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { concat } from "../../../proto/bytes.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

function counted(): { readonly verifier: Verifier; readonly calls: () => number } {
  let calls = 0;
  const verifier: Verifier = {
    secp256k1: (...values) => {
      calls++;
      return nobleVerifier.secp256k1(...values);
    },
    ed25519: nobleVerifier.ed25519,
  };
  return { verifier, calls: () => calls };
}

function send(chain: ChainHarness): MessageToSend {
  const amount = [{ denom: "uopen", amount: "5" }];
  return [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("alice"), toAddress: chain.address("bob"), amount },
  ];
}

const balances = { alice: "1000uopen", bob: "1000uopen" };

test("a signature checked in CheckTx is not verified again in its block", () => {
  const { verifier, calls } = counted();
  const chain = ChainHarness.start({ balances, verifier });
  const tx = chain.sign("alice", send(chain));
  expect(chain.check(tx).code).toBe(0);
  expect(chain.block([tx])[0]?.code).toBe(0);
  expect(calls()).toBe(1);
});

test("a signature first seen in a block is verified there", () => {
  const { verifier, calls } = counted();
  const chain = ChainHarness.start({ balances, verifier });
  chain.runOk("alice", send(chain));
  expect(calls()).toBe(1);
});

test("a job verified outside and handed in as a fact is not verified here, and gives the same app hash", () => {
  const { verifier, calls } = counted();
  const chain = ChainHarness.start({ balances, verifier });
  const beside = ChainHarness.start({ balances });
  const tx = chain.sign("alice", send(chain), { otherSigners: ["bob"], feePayer: chain.address("bob"), fee: "1uopen" });
  const jobs = chain.application.signatureJobs(tx);
  expect(jobs).toHaveLength(2);
  const good = jobs.filter((job) => nobleVerifier.secp256k1(job.publicKey, job.message, job.signature));
  const facts = new Set(good.map((job) => signatureFact(nobleHasher, job)));
  expect(chain.block([tx], { facts })[0]?.code).toBe(0);
  expect(calls()).toBe(0);
  beside.block([tx]);
  expect(chain.appHash).toEqual(beside.appHash);
});

test("a fact says nothing about another signature", () => {
  const chain = ChainHarness.start({ balances });
  const tx = chain.sign("alice", send(chain));
  const facts = new Set(chain.application.signatureJobs(tx).map((job) => signatureFact(nobleHasher, job)));
  const raw = TxRaw.decode(tx);
  raw.signatures[0]![5]! ^= 1;
  expect(chain.block([TxRaw.encode(raw).finish()], { facts })[0]?.code).toBe(4);
});

test("a good signature continued by the first bytes of its message is not a signature of the rest", () => {
  const { privateKey, publicKey } = accountOf("alice");
  const message = Uint8Array.from({ length: 400 }, (_, index) => index & 0xff);
  const signature = secp256k1.sign(message, privateKey);
  const memory = new SignatureMemory({ hasher: nobleHasher, verifier: nobleVerifier });
  expect(memory.check({ kind: "secp256k1", publicKey, message, signature }, undefined)).toBe(true);
  // 256 bytes over: as long as before, were only the lowest byte of the length looked at.
  const continued = { message: message.slice(256), signature: concat(signature, message.slice(0, 256)) };
  expect(memory.check({ kind: "secp256k1", publicKey, ...continued }, undefined)).toBe(false);
});

test("what cannot be read or has no account gives no job", () => {
  const chain = ChainHarness.start({ balances });
  expect(chain.application.signatureJobs(Uint8Array.of(1, 2, 3))).toEqual([]);
  const message = [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("nobody"), toAddress: chain.address("bob"), amount: [] },
  ] as const;
  expect(chain.application.signatureJobs(chain.sign("nobody", message, { accountNumber: 0n, sequence: 0n }))).toEqual(
    [],
  );
});

test("only good signatures are remembered, and the oldest are forgotten at the limit", () => {
  let calls = 0;
  const verifier: Verifier = {
    secp256k1: (_key, message) => {
      calls++;
      return message[0] !== 0xff;
    },
    ed25519: () => false,
  };
  // The message itself is what tells these jobs apart, so it may stand for its hash.
  const hash = (bytes: Uint8Array) => bytes.slice(-4);
  const hasher = { hash, batch: (all: readonly Uint8Array[]) => all.map(hash) };
  const memory = new SignatureMemory({ hasher, verifier });
  const job = (number: number, bad = false) => ({
    kind: "secp256k1" as const,
    publicKey: new Uint8Array(33),
    message: Uint8Array.of(bad ? 0xff : 0, number & 0xff, (number >> 8) & 0xff, (number >> 16) & 0xff),
    signature: new Uint8Array(64),
  });
  expect([memory.check(job(0, true), undefined), memory.check(job(0, true), undefined)]).toEqual([false, false]);
  expect(calls).toBe(2);
  expect([memory.check(job(0), undefined), memory.check(job(0), undefined)]).toEqual([true, true]);
  expect(calls).toBe(3);
  const facts = new Set<string>();
  for (let number = 1; number <= MAX_SIGNATURE_FACTS; number++) facts.add(signatureFact(hasher, job(number)));
  for (let number = 1; number <= MAX_SIGNATURE_FACTS; number++) memory.check(job(number), facts);
  expect(calls).toBe(3);
  memory.check(job(0), undefined);
  expect(calls).toBe(4);
});
