// Simulation as CosmJS and Keplr ask for it (no key, empty or zero signatures), and the fees and prices of admission.

import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { AuthInfo, Tx, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { describe, expect, test } from "vitest";
import type { FeeGrantsPort } from "../../../chain/app/ports.ts";
import { sdkErrors } from "../../../chain/module/errors.ts";
import { moduleAddress } from "../../../chain/types/address.ts";
import { nobleVerifier } from "../../../chain/types/crypto.ts";
import { parseDecCoins } from "../../../chain/types/dec-coin.ts";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { createModules } from "../../../modules/app.ts";
import { packAny } from "../../../proto/codec.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

const SIMULATE = "/cosmos.tx.v1beta1.Service/Simulate";

function start(minGasPrices = ""): ChainHarness {
  return ChainHarness.start({
    balances: { alice: "1000000uopen,50usd", bob: "1000uopen" },
    application: { minGasPrices: parseDecCoins(minGasPrices) },
  });
}

function send(chain: ChainHarness, amount = "5"): MessageToSend {
  const coins = [{ denom: "uopen", amount }];
  const fromAddress = chain.address("alice");
  return ["cosmos.bank.v1beta1.MsgSend", { fromAddress, toAddress: chain.address("bob"), amount: coins }];
}

/** What a client simulates: the body it will sign, a signer info with or without a key, and a stand-in signature. */
function simulateRequest(
  chain: ChainHarness,
  options: {
    readonly mode: SignMode;
    readonly withKey: boolean;
    readonly signature: Uint8Array;
    readonly sequence?: bigint;
  },
): Uint8Array {
  const raw = TxRaw.decode(chain.sign("alice", send(chain)));
  const key = packAny("cosmos.crypto.secp256k1.PubKey", { key: accountOf("alice").publicKey });
  const authInfo = AuthInfo.fromPartial({
    signerInfos: [
      {
        ...(options.withKey ? { publicKey: { typeUrl: key.typeUrl, value: key.value } } : {}),
        modeInfo: { single: { mode: options.mode } },
        sequence: options.sequence ?? 0n,
      },
    ],
    fee: { amount: [], gasLimit: 0n },
  });
  const tx = Tx.fromPartial({ body: TxBody.decode(raw.bodyBytes), authInfo, signatures: [options.signature] });
  return SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes: Tx.encode(tx).finish() })).finish();
}

const clients = [
  { name: "CosmJS", mode: SignMode.SIGN_MODE_UNSPECIFIED, withKey: true, signature: new Uint8Array() },
  {
    name: "Keplr",
    mode: SignMode.SIGN_MODE_LEGACY_AMINO_JSON,
    withKey: false,
    signature: new Uint8Array(64),
  },
];

describe.each(clients)("a simulation as $name asks for it", (client) => {
  test("gives gas that is enough to run the transaction, and keeps nothing", () => {
    const chain = start();
    const response = chain.abciQuery(SIMULATE, simulateRequest(chain, client));
    expect([response.code, response.log]).toEqual([0, ""]);
    expect(response.height).toBe(chain.height);
    const { gasInfo, result } = SimulateResponse.decode(response.value);
    expect(gasInfo?.gasWanted).toBe(2n ** 64n - 1n);
    expect(result?.msgResponses.map(({ typeUrl }) => typeUrl)).toEqual(["/cosmos.bank.v1beta1.MsgSendResponse"]);
    expect(result?.events.map(({ type }) => type)).toContain("transfer");
    expect(chain.balance("alice", "uopen")).toBe(1_000_000n);
    const real = chain.run("alice", send(chain), { gas: (gasInfo!.gasUsed * 13n) / 10n });
    expect([real.code, real.log]).toEqual([0, ""]);
    expect(chain.balance("bob", "uopen")).toBe(1005n);
  });

  test("with a wrong sequence is refused in words that relayers look for", () => {
    const chain = start();
    const response = chain.abciQuery(SIMULATE, simulateRequest(chain, { ...client, sequence: 7n }));
    expect([response.codespace, response.code]).toEqual(["sdk", 6]);
    expect(response.log).toMatch(
      /^rpc error: code = Unknown desc = account sequence mismatch, expected 0, got 7: incorrect account sequence with gas used: '\d+': unknown request$/,
    );
  });
});

test("the gas of a simulation follows the key that the account has", () => {
  const chain = start();
  const request = simulateRequest(chain, clients[0]!);
  const before = SimulateResponse.decode(chain.abciQuery(SIMULATE, request).value).gasInfo!.gasUsed;
  chain.runOk("alice", send(chain));
  const again = simulateRequest(chain, { ...clients[0]!, sequence: 1n });
  const after = SimulateResponse.decode(chain.abciQuery(SIMULATE, again).value).gasInfo!.gasUsed;
  // The account is longer by its key; nothing else differs but the sequence's two bytes.
  expect(after).toBeGreaterThan(before);
  expect(after - before).toBeLessThan(3000n);
});

test("a simulation ends where any query's gas ends, since nobody pays for it", () => {
  const chain = start();
  const payment = (index: number) => {
    const bytes = new Uint8Array(20);
    bytes.set([index >> 8, index & 0xff]);
    return { address: chain.addresses.account(bytes), coins: [{ denom: "uopen", amount: "1" }] };
  };
  const outputs = Array.from({ length: 10_000 }, (_, index) => payment(index));
  const input = { address: chain.address("alice"), coins: [{ denom: "uopen", amount: String(outputs.length) }] };
  const tx = chain.sign("alice", ["cosmos.bank.v1beta1.MsgMultiSend", { inputs: [input], outputs }]);
  const response = chain.abciQuery(
    SIMULATE,
    SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes: tx })).finish(),
  );
  expect(response.log).toMatch(/out of gas in location: .*; gasWanted: 100000000, gasUsed: 1000\d+/);
});

test("an empty simulation is refused", () => {
  const chain = start();
  const response = chain.abciQuery(SIMULATE, new Uint8Array());
  expect([response.codespace, response.code]).toEqual(["sdk", 18]);
  expect(response.log).toBe("rpc error: code = InvalidArgument desc = empty txBytes is not allowed: invalid request");
});

describe("fees", () => {
  test("go to the fee collector, whole and once", () => {
    const chain = start();
    chain.runOk("alice", send(chain), { fee: "700uopen,3usd" });
    const collector = chain.addresses.account(moduleAddress("fee_collector"));
    expect(chain.balance(collector, "uopen")).toBe(700n);
    expect(chain.balance(collector, "usd")).toBe(3n);
    expect(chain.balance("alice", "uopen")).toBe(1_000_000n - 705n);
    chain.checkInvariants();
  });

  test("below this node's price are refused in CheckTx and accepted in a block", () => {
    const chain = start("0.0025uopen");
    const low = chain.sign("alice", send(chain), { fee: "1249uopen", gas: 500_000n });
    const checked = chain.check(low);
    expect([checked.codespace, checked.code]).toEqual(["sdk", 13]);
    expect(checked.log).toBe("insufficient fees; got: 1249uopen required: 1250uopen: insufficient fee");
    const enough = chain.sign("alice", send(chain), { fee: "1250uopen", gas: 500_000n });
    expect(chain.check(enough).code).toBe(0);
    // One denomination of several that covers its price is enough.
    const several = start("0.0025uopen,0.00001usd");
    expect(several.check(several.sign("alice", send(several), { fee: "5usd", gas: 500_000n })).code).toBe(0);
    expect(chain.block([low])[0]?.code).toBe(0);
  });

  test("are paid by a granter whose allowance reaches, and by nobody when it does not", () => {
    const modules = createModules({ verifier: nobleVerifier, hasher: nobleHasher });
    const used: string[] = [];
    const feeGrants: FeeGrantsPort = {
      useGrant: (ctx, granter, grantee, fee) => {
        if (fee.some(({ amount }) => amount > 300n)) throw sdkErrors.unauthorized.because("fee limit exceeded");
        used.push(`${ctx.addresses.account(granter)} ${ctx.addresses.account(grantee)}`);
      },
    };
    const chain = ChainHarness.start({
      balances: { alice: "1000uopen", bob: "1000uopen" },
      modules: { ...modules, ports: { ...modules.ports, feeGrants } },
    });
    const granted = { feeGranter: chain.address("bob") };
    expect(chain.run("alice", send(chain), { ...granted, fee: "200uopen" }).code).toBe(0);
    expect([chain.balance("alice", "uopen"), chain.balance("bob", "uopen")]).toEqual([995n, 805n]);
    expect(new Set(used)).toEqual(new Set([`${chain.address("bob")} ${chain.address("alice")}`]));
    const refused = chain.run("alice", send(chain), { ...granted, fee: "301uopen" });
    expect(refused).toMatchObject({ codespace: "sdk", code: 4 });
    expect(refused.log).toContain(`${chain.address("bob")} does not allow to pay fees for ${chain.address("alice")}`);
    expect([chain.balance("alice", "uopen"), chain.balance("bob", "uopen")]).toEqual([995n, 805n]);
  });

  test("are rounded up, never down", () => {
    const chain = start("0.000001uopen");
    expect(chain.check(chain.sign("alice", send(chain), { gas: 200_000n })).log).toBe(
      "insufficient fees; got:  required: 1uopen: insufficient fee",
    );
    expect(chain.check(chain.sign("alice", send(chain), { gas: 200_000n, fee: "1uopen" })).code).toBe(0);
  });
});

describe("CheckTx", () => {
  test("sees its own earlier transactions, and forgets them at commit", () => {
    const chain = start();
    const sign = (sequence: bigint) => chain.sign("alice", send(chain), { sequence, accountNumber: 0n });
    expect(chain.check(sign(0n)).code).toBe(0);
    expect(chain.check(sign(1n)).code).toBe(0);
    expect(chain.check(sign(1n)).code).toBe(32);
    chain.block([]);
    expect(chain.check(sign(0n)).code).toBe(0);
  });

  test("recheck verifies no signature but the sequence and the fee", () => {
    const chain = start();
    const first = chain.sign("alice", send(chain), { sequence: 0n, accountNumber: 0n });
    const second = chain.sign("alice", send(chain), { sequence: 1n, accountNumber: 0n });
    chain.check(first);
    chain.check(second);
    chain.block([first]);
    expect(chain.check(first, 1).code).toBe(32);
    expect(chain.check(second, 1).code).toBe(0);
  });

  test("runs no messages: a send beyond the balance is admitted and fails in its block", () => {
    const chain = start();
    const tx = chain.sign("bob", [
      "cosmos.bank.v1beta1.MsgSend",
      {
        fromAddress: chain.address("bob"),
        toAddress: chain.address("alice"),
        amount: [{ denom: "uopen", amount: "1001" }],
      },
    ]);
    expect(chain.check(tx).code).toBe(0);
    expect(chain.block([tx])[0]?.code).toBe(5);
  });
});
