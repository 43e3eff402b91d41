// Whatever bytes arrive as a transaction, the application answers with a code: no mutation of a signed transaction is a
// bug (the harness stops on one), and none of them passes.

import { MsgSend } from "cosmjs-types/cosmos/bank/v1beta1/tx";
import { LegacyAminoPubKey } from "cosmjs-types/cosmos/crypto/multisig/keys";
import { AuthInfo, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accountKeyAddress, countSubKeys, decodeAccountKey } from "../../../chain/app/account-key.ts";
import { hex } from "../../../proto/bytes.ts";
import { encode, packAny } from "../../../proto/codec.ts";
import { accountOf, ChainHarness } from "../../support/chain-harness.ts";
import { cosmjsMultisig, cosmjsMultisign } from "../../support/cosmjs-signer.ts";

const MEMBERS = ["alice", "bob", "carol"];
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 20_000 : 400;

/** A chain and two signed transactions: a plain one and a multisig's. */
async function start() {
  const multisig = cosmjsMultisig(MEMBERS, 2);
  const chain = ChainHarness.start({ balances: { alice: "1000uopen" } });
  const amount = [{ denom: "uopen", amount: "100" }];
  const fromAddress = chain.address("alice");
  chain.runOk("alice", ["cosmos.bank.v1beta1.MsgSend", { fromAddress, toAddress: multisig.address, amount }]);
  const { info } = chain.query(
    "/cosmos.auth.v1beta1.Query/AccountInfo",
    ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: multisig.address }],
    "cosmos.auth.v1beta1.QueryAccountInfoResponse",
  );
  const value = MsgSend.fromPartial({ fromAddress: multisig.address, toAddress: fromAddress, amount });
  const tx = { messages: [{ typeUrl: "/cosmos.bank.v1beta1.MsgSend", value }] };
  const facts = { accountNumber: Number(info?.accountNumber), sequence: 0, chainId: chain.chainId };
  const multi = await cosmjsMultisign(MEMBERS, multisig, ["alice", "carol"], tx, facts);
  const plain = chain.sign("alice", [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress, toAddress: multisig.address, amount },
  ]);
  return { chain, plain, multi };
}

function mutate(bytes: Uint8Array, at: number, how: "flip" | "cut" | "insert" | "drop", by: number): Uint8Array {
  const place = at % bytes.length;
  switch (how) {
    case "flip": {
      const changed = bytes.slice();
      changed[place] = changed[place]! ^ (by === 0 ? 1 : by);
      return changed;
    }
    case "cut":
      return bytes.slice(0, place);
    case "insert":
      return Uint8Array.from([...bytes.slice(0, place), by, ...bytes.slice(place)]);
    case "drop":
      return Uint8Array.from([...bytes.slice(0, place), ...bytes.slice(place + 1)]);
  }
}

describe("a signed transaction", () => {
  test("that was changed anywhere is refused and is no bug", async () => {
    const { chain, plain, multi } = await start();
    expect([chain.application.simulate(plain).error, chain.application.simulate(multi).error]).toEqual([
      undefined,
      undefined,
    ]);
    fc.assert(
      fc.property(
        fc.constantFrom(plain, multi),
        fc.nat(2000),
        fc.constantFrom("flip", "cut", "insert", "drop"),
        fc.integer({ min: 0, max: 255 }),
        (tx, at, how, by) => {
          const changed = mutate(tx, at, how, by);
          fc.pre(hex(changed) !== hex(tx));
          expect(chain.check(changed).code).not.toBe(0);
          chain.application.simulate(changed);
          chain.application.signatureJobs(changed);
        },
      ),
      { numRuns: RUNS },
    );
    const results = chain.block([mutate(plain, 40, "flip", 1), mutate(multi, 60, "cut", 0), plain, multi]);
    expect(results.map(({ code }) => code === 0)).toEqual([false, false, true, true]);
  });

  test("whose parts are random bytes is refused and is no bug", async () => {
    const { chain, multi } = await start();
    const raw = TxRaw.decode(multi);
    const info = AuthInfo.decode(raw.authInfoBytes);
    const [signer] = info.signerInfos as [(typeof info.signerInfos)[number]];
    // The bits behind the last signer's say nothing, in the SDK's array as in ours: only another choice of signers is another array.
    const { extraBitsStored, elems: signed } = signer.modeInfo!.multi!.bitarray!;
    const sameSigners = (extra: number, elems: Uint8Array) =>
      extra === extraBitsStored && elems.length === 1 && (elems[0]! ^ signed[0]!) >> (8 - extra) === 0;
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.uint8Array({ maxLength: 5 }),
        fc.nat(12),
        (bytes, elems, extra) => {
          fc.pre(!sameSigners(extra, elems));
          const bitarray = { extraBitsStored: extra, elems };
          const modeInfo = { multi: { bitarray, modeInfos: signer.modeInfo!.multi!.modeInfos } };
          const authInfoBytes = AuthInfo.encode(
            AuthInfo.fromPartial({ ...info, signerInfos: [{ ...signer, modeInfo }] }),
          ).finish();
          expect(chain.check(TxRaw.encode({ ...raw, signatures: [bytes] }).finish()).code).not.toBe(0);
          expect(chain.check(TxRaw.encode({ ...raw, authInfoBytes }).finish()).code).not.toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("account keys", () => {
  const single = (name: string) => packAny("cosmos.crypto.secp256k1.PubKey", { key: accountOf(name).publicKey });
  const multi = (threshold: number, publicKeys: readonly ReturnType<typeof single>[]) =>
    packAny("cosmos.crypto.multisig.LegacyAminoPubKey", { threshold, publicKeys });

  test("of a multisig have the address CosmJS gives, and count their members", () => {
    const { address } = cosmjsMultisig(MEMBERS, 2);
    const key = decodeAccountKey(multi(2, MEMBERS.map(single)));
    const chain = ChainHarness.genesis();
    expect(chain.addresses.account(accountKeyAddress(key))).toBe(address);
    expect(countSubKeys(key)).toBe(3);
  });

  test("may nest, but not without end", () => {
    const nested = multi(1, [multi(2, MEMBERS.map(single)), single("dave")]);
    expect(countSubKeys(decodeAccountKey(nested))).toBe(4);
    let deep = single("alice");
    for (let level = 0; level < 6; level++) deep = multi(1, [deep]);
    expect(() => decodeAccountKey(deep)).toThrow("multisig keys nest too deeply: invalid pubkey");
  });

  test("with a threshold that cannot be met, or of a wrong length, are refused", () => {
    for (const threshold of [0, 4]) {
      const bytes = LegacyAminoPubKey.encode({ threshold, publicKeys: MEMBERS.map(single) }).finish();
      const any = { typeUrl: "/cosmos.crypto.multisig.LegacyAminoPubKey", value: bytes };
      expect(() => decodeAccountKey(any)).toThrow(`invalid multisig threshold ${threshold} of 3 keys: invalid pubkey`);
    }
    const short = {
      typeUrl: "/cosmos.crypto.secp256k1.PubKey",
      value: encode("cosmos.crypto.secp256k1.PubKey", { key: new Uint8Array(32) }),
    };
    expect(() => decodeAccountKey(short)).toThrow("length of secp256k1 public key is incorrect: want 33, got 32");
    expect(() => decodeAccountKey({ ...short, typeUrl: "/cosmos.crypto.secp256r1.PubKey" })).toThrow(
      "unrecognized public key type",
    );
    expect(() => decodeAccountKey({ ...short, value: Uint8Array.of(0xff) })).toThrow("invalid pubkey");
  });
});
