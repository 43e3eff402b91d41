// Transactions that CosmJS signed are accepted, in both sign modes and by multisigs, and whatever is changed about them
// is refused in the SDK's words.

import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { MultiSignature } from "cosmjs-types/cosmos/crypto/multisig/v1beta1/multisig";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { describe, expect, test } from "vitest";
import { flatSignatures } from "../../../chain/app/signatures.ts";
import { ChainHarness } from "../../support/chain-harness.ts";
import { type CosmjsTx, cosmjsMultisig, cosmjsMultisign, cosmjsSign } from "../../support/cosmjs-signer.ts";

function start(): ChainHarness {
  return ChainHarness.start({ balances: { alice: "1000uopen", bob: "1000uopen", carol: "10uopen" } });
}

function send(chain: ChainHarness, fromAddress: string, amount: string): CosmjsTx {
  const value = MsgSend.fromPartial({
    fromAddress,
    toAddress: chain.address("bob"),
    amount: [{ denom: "uopen", amount }],
  });
  return {
    messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value }],
    fee: { amount: [{ denom: "uopen", amount: "3" }], gas: "300000" },
    memo: "a <memo> & more",
  };
}

describe.each(["direct", "amino"] as const)("a %s signature by CosmJS", (mode) => {
  test("is accepted, twice in a row with the next sequence", async () => {
    const chain = start();
    for (const sequence of [0, 1]) {
      const facts = { accountNumber: 0, sequence, chainId: chain.chainId };
      const tx = await cosmjsSign("alice", mode, send(chain, chain.address("alice"), "5"), facts);
      const checked = chain.check(tx);
      expect([checked.code, checked.log]).toEqual([0, ""]);
      const [result] = chain.block([tx]);
      expect([result?.code, result?.log]).toEqual([0, ""]);
    }
    expect(chain.balance("bob", "uopen")).toBe(1010n);
    expect(chain.balance("alice", "uopen")).toBe(984n);
    chain.checkInvariants();
  });

  test("with a timeout height is accepted before it and refused after it", async () => {
    const chain = start();
    const facts = { accountNumber: 0, sequence: 0, chainId: chain.chainId };
    const tx = { ...send(chain, chain.address("alice"), "5"), timeoutHeight: 3n };
    const bytes = await cosmjsSign("alice", mode, tx, facts);
    expect(chain.check(bytes).code).toBe(0);
    chain.block([]);
    chain.block([]);
    const [late] = chain.block([bytes]);
    expect([late?.codespace, late?.code]).toEqual(["sdk", 30]);
    expect(late?.log).toBe("block height: 4, timeout height: 3: tx timeout height");
  });

  test("over another chain, account number or byte is refused", async () => {
    const chain = start();
    const right = { accountNumber: 0, sequence: 0, chainId: chain.chainId };
    const tx = send(chain, chain.address("alice"), "5");
    const place = mode === "amino" ? "account number (0), sequence (0)" : "account number (0)";
    const reason = mode === "amino" ? "" : ": (unable to verify single signer signature)";
    const text = `signature verification failed; please verify ${place} and chain-id (tributary-test)${reason}: unauthorized`;
    for (const facts of [
      { ...right, chainId: "other" },
      { ...right, accountNumber: 7 },
    ]) {
      const checked = chain.check(await cosmjsSign("alice", mode, tx, facts));
      expect([checked.codespace, checked.code, checked.log]).toEqual(["sdk", 4, text]);
    }
    const raw = TxRaw.decode(await cosmjsSign("alice", mode, tx, right));
    const signature = raw.signatures[0]!;
    signature[40]! ^= 1;
    const checked = chain.check(TxRaw.encode({ ...raw, signatures: [signature] }).finish());
    expect([checked.codespace, checked.code, checked.log]).toEqual(["sdk", 4, text]);
  });

  test("over another sequence is refused as a mismatch", async () => {
    const chain = start();
    const facts = { accountNumber: 0, sequence: 4, chainId: chain.chainId };
    const checked = chain.check(await cosmjsSign("alice", mode, send(chain, chain.address("alice"), "5"), facts));
    expect([checked.codespace, checked.code]).toEqual(["sdk", 32]);
    expect(checked.log).toBe("account sequence mismatch, expected 0, got 4: incorrect account sequence");
  });
});

describe("a multisig by CosmJS", () => {
  const members = ["alice", "bob", "carol"];

  async function funded() {
    const chain = start();
    const multisig = cosmjsMultisig(members, 2);
    const amount = [{ denom: "uopen", amount: "500" }];
    chain.runOk("alice", [
      "cosmos.bank.v1beta1.MsgSend",
      { fromAddress: chain.address("alice"), toAddress: multisig.address, amount },
    ]);
    const { info } = chain.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: multisig.address }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    const facts = { accountNumber: Number(info?.accountNumber), sequence: 0, chainId: chain.chainId };
    return { chain, multisig, facts };
  }

  test("is accepted from any two of three members", async () => {
    const { chain, multisig, facts } = await funded();
    for (const [sequence, signers] of [
      ["alice", "bob"],
      ["bob", "carol"],
      ["alice", "carol"],
      ["alice", "bob", "carol"],
    ].entries()) {
      const tx = send(chain, multisig.address, "5");
      const bytes = await cosmjsMultisign(members, multisig, signers, tx, { ...facts, sequence });
      const [result] = chain.block([bytes]);
      expect([result?.code, result?.log]).toEqual([0, ""]);
    }
    expect(chain.balance(multisig.address, "uopen")).toBe(500n - 4n * 8n);
  });

  test("tells its members' signatures and then the whole (x/auth/ante/sigverify.go, signatureDataToBz)", async () => {
    const { chain, multisig, facts } = await funded();
    const bytes = await cosmjsMultisign(members, multisig, ["alice", "bob"], send(chain, multisig.address, "5"), facts);
    const [whole = new Uint8Array()] = TxRaw.decode(bytes).signatures;
    const told = chain
      .block([bytes])[0]
      ?.events.flatMap(({ attributes }) =>
        attributes.filter(({ key }) => key === "signature").map(({ value }) => value),
      );
    const expected = [...MultiSignature.decode(whole).signatures, whole];
    expect(expected.length).toBe(3);
    expect(told).toEqual(expected.map((signature) => Buffer.from(signature).toString("base64")));
  });

  test("of fewer signatures than the threshold is refused", async () => {
    const { chain, multisig, facts } = await funded();
    const bytes = await cosmjsMultisign(members, multisig, ["alice"], send(chain, multisig.address, "5"), facts);
    const checked = chain.check(bytes);
    expect([checked.codespace, checked.code]).toEqual(["sdk", 4]);
    expect(checked.log).toContain("signature verification failed; please verify account number");
  });

  test("with one bad signature is refused", async () => {
    const { chain, multisig, facts } = await funded();
    const good = await cosmjsMultisign(members, multisig, ["alice", "bob"], send(chain, multisig.address, "5"), facts);
    const raw = TxRaw.decode(good);
    const signature = raw.signatures[0]!;
    signature[signature.length - 3]! ^= 1;
    const checked = chain.check(TxRaw.encode({ ...raw, signatures: [signature] }).finish());
    expect([checked.codespace, checked.code]).toEqual(["sdk", 4]);
  });

  test("costs signature gas for each member that signed", async () => {
    const { chain, multisig, facts } = await funded();
    const two = await cosmjsMultisign(members, multisig, ["alice", "bob"], send(chain, multisig.address, "5"), facts);
    const three = await cosmjsMultisign(members, multisig, members, send(chain, multisig.address, "5"), facts);
    const extra = chain.check(three).gasUsed;
    // Another block resets the CheckTx state, so that the sequence is the first again.
    chain.block([]);
    const difference = extra - chain.check(two).gasUsed;
    // 1000 for the signature, 10 for each byte that the third one adds.
    expect(difference).toBe(1000n + 10n * BigInt(three.length - two.length));
  });
});

test("a multisig inside a multisig is told with its members' signatures, also within the last", () => {
  const [one, two, three] = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)] as const;
  const single = (signature: Uint8Array) => ({ kind: "single", mode: 127, signature }) as const;
  const bits = [true, true];
  const inner = { kind: "multi", bits, signatures: [single(one), single(two)] } as const;
  const whole = (...signatures: readonly Uint8Array[]) =>
    MultiSignature.encode({ signatures: [...signatures] }).finish();
  const members = [one, two, whole(one, two), three];
  expect(flatSignatures({ kind: "multi", bits, signatures: [inner, single(three)] })).toEqual([
    ...members,
    whole(...members),
  ]);
});
