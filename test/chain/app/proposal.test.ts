// What a proposer takes into a block, and which blocks a validator accepts: only facts all validators see alike count.

import { Data } from "cosmjs-types/tendermint/types/types";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { txProtoBytes } from "../../../chain/app/proposal.ts";
import { ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

function send(chain: ChainHarness): MessageToSend {
  const amount = [{ denom: "uopen", amount: "5" }];
  return [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("alice"), toAddress: chain.address("bob"), amount },
  ];
}

const ABSENT = {
  localLastCommit: { round: 0, votes: [] },
  misbehavior: [],
  height: 2n,
  time: { seconds: 1n, nanos: 0 },
  nextValidatorsHash: new Uint8Array(32),
  proposerAddress: new Uint8Array(20),
};

function prepare(chain: ChainHarness, txs: readonly Uint8Array[], maxTxBytes = 1_000_000n) {
  return chain.application.prepareProposal({ ...ABSENT, txs, maxTxBytes }).txs;
}

function accepts(chain: ChainHarness, txs: readonly Uint8Array[]) {
  const { status } = chain.application.processProposal({
    ...ABSENT,
    proposedLastCommit: { round: 0, votes: [] },
    hash: new Uint8Array(32),
    txs,
  });
  return status === 1;
}

function start(maxGas = -1n) {
  const chain = ChainHarness.start({ balances: { alice: "1000uopen", bob: "1uopen" }, maxGas });
  const txs = [0n, 1n, 2n, 3n].map((sequence) =>
    chain.sign("alice", send(chain), { sequence, accountNumber: 0n, gas: 100_000n }),
  );
  return { chain, txs };
}

describe("a proposal", () => {
  test("keeps the mempool's order", () => {
    const { chain, txs } = start();
    expect(prepare(chain, txs)).toEqual(txs);
    expect(accepts(chain, txs)).toBe(true);
  });

  test("leaves out what cannot be read, and is refused with it", () => {
    const { chain, txs } = start();
    const odd = [txs[0]!, Uint8Array.of(1, 2, 3), txs[1]!];
    expect(prepare(chain, odd)).toEqual([txs[0], txs[1]]);
    expect(accepts(chain, odd)).toBe(false);
  });

  test("leaves out what holds a type that nobody signs, and is refused with it", () => {
    const { chain, txs } = start();
    const unsigned = ["google.protobuf.Timestamp", "cosmos.bank.v1beta1.MsgSendResponse"].map((name) =>
      chain.sign("alice", [name, {}] as unknown as MessageToSend, { sequence: 0n, accountNumber: 0n }),
    );
    for (const tx of unsigned) {
      expect(prepare(chain, [tx, txs[0]!])).toEqual([txs[0]]);
      expect(accepts(chain, [txs[0]!, tx])).toBe(false);
      expect(chain.check(tx)).toMatchObject({ code: 2, codespace: "sdk" });
      expect(chain.block([tx])[0]).toMatchObject({ code: 2, codespace: "sdk" });
    }
  });

  test("fits the block's gas, and is refused beyond it", () => {
    const { chain, txs } = start(250_000n);
    expect(prepare(chain, txs)).toEqual(txs.slice(0, 2));
    expect(accepts(chain, txs.slice(0, 2))).toBe(true);
    expect(accepts(chain, txs.slice(0, 3))).toBe(false);
  });

  test("fits the bytes asked for, passing over what does not fit", () => {
    const { chain, txs } = start();
    const small = BigInt(txs[0]!.length + 5);
    const large = chain.sign("alice", send(chain), { memo: "x".repeat(200), sequence: 0n, accountNumber: 0n });
    expect(prepare(chain, [large, ...txs], small)).toEqual([txs[0]]);
    expect(prepare(chain, txs, 0n)).toEqual([]);
  });
});

test("the bytes of a transaction inside a block are those of CometBFT's Data message", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 70_000 }), (length) => {
      const tx = new Uint8Array(length);
      expect(txProtoBytes(tx)).toBe(BigInt(Data.encode({ txs: [tx] }).finish().length));
    }),
  );
});

test("vote extensions are empty, and only empty ones are accepted", () => {
  const { chain } = start();
  const { voteExtension } = chain.application.extendVote({} as never);
  expect(voteExtension.length).toBe(0);
  const verify = (extension: Uint8Array) =>
    chain.application.verifyVoteExtension({
      hash: new Uint8Array(32),
      validatorAddress: new Uint8Array(20),
      height: 2n,
      voteExtension: extension,
    }).status;
  expect([verify(voteExtension), verify(Uint8Array.of(1))]).toEqual([1, 2]);
});
