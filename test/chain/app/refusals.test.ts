// Every way a transaction can fail before its messages run, and when they do: the SDK's codespace, code and text, and a
// state in which nothing has changed. Texts are cosmos-sdk 0.53's (x/auth/ante, baseapp).

import { AuthInfo, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { describe, expect, test } from "vitest";
import { decodeTx } from "../../../chain/app/tx.ts";
import { concat, hex } from "../../../proto/bytes.ts";
import { packAny } from "../../../proto/codec.ts";
import { ChainHarness, type MessageToSend, type TxOptions } from "../../support/chain-harness.ts";

function start(options: { readonly maxGas?: bigint } = {}): ChainHarness {
  return ChainHarness.start({ balances: { alice: "1000uopen", bob: "1000uopen" }, ...options });
}

function send(chain: ChainHarness, amount = "5"): MessageToSend {
  const coins = [{ denom: "uopen", amount }];
  return [
    "cosmos.bank.v1beta1.MsgSend",
    { fromAddress: chain.address("alice"), toAddress: chain.address("bob"), amount: coins },
  ];
}

/** Runs the bytes in a block; says whether the state differs from that of the same chain with an empty block. */
function runBeside(make: (chain: ChainHarness) => Uint8Array, options: { readonly maxGas?: bigint } = {}) {
  const chain = start(options);
  const beside = start(options);
  const tx = make(chain);
  const checked = chain.check(tx);
  const [result] = chain.block([tx]);
  beside.block([]);
  return { chain, checked, result: result!, changed: hex(chain.appHash) !== hex(beside.appHash) };
}

const signed = (message: (chain: ChainHarness) => MessageToSend, options: TxOptions) => (chain: ChainHarness) =>
  chain.sign("alice", message(chain), options);

/** A transaction with exactly these coins as its fee; the signature is not looked at before the fee. */
function withFee(chain: ChainHarness, amount: { denom: string; amount: string }[]): Uint8Array {
  const raw = TxRaw.decode(chain.sign("alice", send(chain)));
  const info = AuthInfo.decode(raw.authInfoBytes);
  const fee = { ...info.fee!, amount };
  return TxRaw.encode({ ...raw, authInfoBytes: AuthInfo.encode({ ...info, fee }).finish() }).finish();
}

const MULTIPLE = (count: number) => (chain: ChainHarness) =>
  chain.sign(
    "alice",
    Array.from({ length: count }, () => send(chain)),
  );

interface Refusal {
  readonly name: string;
  readonly make: (chain: ChainHarness) => Uint8Array;
  readonly codespace?: string;
  readonly code: number;
  readonly log: string | RegExp;
}

const refusals: readonly Refusal[] = [
  {
    name: "a sequence that was used or is still to come",
    make: signed(send, { sequence: 3n, accountNumber: 0n }),
    code: 32,
    log: "account sequence mismatch, expected 0, got 3: incorrect account sequence",
  },
  {
    name: "a signature over another account number",
    make: signed(send, { sequence: 0n, accountNumber: 9n }),
    code: 4,
    log: "signature verification failed; please verify account number (0) and chain-id (tributary-test): (unable to verify single signer signature): unauthorized",
  },
  {
    name: "a memo beyond the parameter, counted in bytes",
    make: signed(send, { memo: "é".repeat(129) }),
    code: 12,
    log: "maximum number of characters is 256 but received 258 characters: memo too large",
  },
  {
    name: "a timeout height that is past",
    make: signed(send, { timeoutHeight: 1n }),
    code: 30,
    log: "block height: 2, timeout height: 1: tx timeout height",
  },
  {
    name: "a fee that the account cannot pay",
    make: signed(send, { fee: "5000uopen" }),
    code: 5,
    log: "spendable balance 1000uopen is smaller than 5000uopen: insufficient funds: insufficient funds",
  },
  {
    name: "a gas limit too small for the transaction's bytes",
    make: signed(send, { gas: 1000n }),
    code: 11,
    log: /^out of gas in location: (ReadFlat|ReadPerByte|txSize); gasWanted: 1000, gasUsed: \d+: out of gas$/,
  },
  {
    name: "no gas at all",
    make: signed(send, { gas: 0n }),
    code: 11,
    log: /out of gas in location: ReadFlat; gasWanted: 0, gasUsed: 1000: out of gas/,
  },
  {
    name: "a gas limit above what fits 63 bits",
    make: signed(send, { gas: 2n ** 63n }),
    code: 18,
    log: "invalid gas supplied; 9223372036854775808 > 9223372036854775807: invalid request",
  },
  {
    name: "a fee below zero",
    make: (chain) => withFee(chain, [{ denom: "uopen", amount: "-5" }]),
    code: 13,
    log: "invalid fee provided: -5uopen: insufficient fee",
  },
  {
    name: "a fee whose denominations are out of order",
    make: (chain) =>
      withFee(chain, [
        { denom: "usd", amount: "5" },
        { denom: "uopen", amount: "5" },
      ]),
    code: 13,
    log: "invalid fee amount: 5usd,5uopen: insufficient fee",
  },
  {
    name: "a fee granter who allows nothing",
    make: (chain) => chain.sign("alice", send(chain), { feeGranter: chain.address("bob") }),
    code: 38,
    log: /^trib1[a-z0-9]+ does not allow to pay fees for trib1[a-z0-9]+: fee-grant not found: not found$/,
  },
  {
    name: "a signer without an account",
    make: (chain) => {
      const message = [
        "cosmos.bank.v1beta1.MsgSend",
        { fromAddress: chain.address("nobody"), toAddress: chain.address("bob"), amount: [] },
      ] as const;
      return chain.sign("nobody", message, { accountNumber: 0n, sequence: 0n });
    },
    code: 9,
    log: /^fee payer address: trib1[a-z0-9]+ does not exist: unknown address$/,
  },
  {
    name: "a key that is not the signer's",
    make: (chain) => chain.sign("bob", send(chain)),
    code: 8,
    log: /^pubKey does not match signer address trib1[a-z0-9]+ with signer index: 0: invalid pubkey$/,
  },
  {
    name: "no signature",
    make: (chain) => TxRaw.encode({ ...TxRaw.decode(chain.sign("alice", send(chain))), signatures: [] }).finish(),
    code: 15,
    log: "no signatures supplied",
  },
  {
    name: "one signature too many",
    make: (chain) => {
      const raw = TxRaw.decode(chain.sign("alice", send(chain)));
      return TxRaw.encode({ ...raw, signatures: [raw.signatures[0]!, raw.signatures[0]!] }).finish();
    },
    code: 4,
    log: "wrong number of signers; expected 1, got 2: unauthorized",
  },
  {
    name: "no message",
    make: (chain) => chain.sign("alice", []),
    code: 18,
    log: "must contain at least one message: invalid request",
  },
  {
    name: "a message that no module handles",
    make: (chain) =>
      chain.sign("alice", [
        // A part of a message that names a signer of its own, and that no service takes.
        "cosmos.bank.v1beta1.Input",
        { address: chain.address("alice"), coins: [{ denom: "uopen", amount: "1" }] },
      ] as unknown as MessageToSend),
    code: 6,
    log: "no message handler found for /cosmos.bank.v1beta1.Input: unknown request",
  },
  {
    name: "a message of no known type",
    make: (chain) => {
      const raw = TxRaw.decode(chain.sign("alice", send(chain)));
      const body = TxBody.decode(raw.bodyBytes);
      const messages = [{ typeUrl: "/cosmos.nothing.v1.MsgNothing", value: body.messages[0]!.value }];
      return TxRaw.encode({ ...raw, bodyBytes: TxBody.encode({ ...body, messages }).finish() }).finish();
    },
    code: 2,
    log: /unable to resolve type URL \/cosmos\.nothing\.v1\.MsgNothing: tx parse error$/,
  },
  {
    name: "an unknown field in the body",
    make: (chain) => {
      const raw = TxRaw.decode(chain.sign("alice", send(chain)));
      return TxRaw.encode({ ...raw, bodyBytes: concat(raw.bodyBytes, Uint8Array.of(0x6a, 0x01, 0x01)) }).finish();
    },
    code: 2,
    log: 'cosmos.tx.v1beta1.TxBody: {TagNum: 13, WireType:"bytes"}: unknown protobuf field: tx parse error',
  },
  {
    name: "an unknown field in a message",
    make: (chain) => {
      const raw = TxRaw.decode(chain.sign("alice", send(chain)));
      const body = TxBody.decode(raw.bodyBytes);
      const [{ typeUrl, value }] = body.messages as [{ typeUrl: string; value: Uint8Array }];
      const messages = [{ typeUrl, value: concat(value, Uint8Array.of(0x78, 0x01)) }];
      return TxRaw.encode({ ...raw, bodyBytes: TxBody.encode({ ...body, messages }).finish() }).finish();
    },
    code: 2,
    log: 'cosmos.bank.v1beta1.MsgSend: {TagNum: 15, WireType:"varint"}: unknown protobuf field: tx parse error',
  },
  {
    name: "bytes that are no transaction",
    make: () => Uint8Array.of(1, 2, 3),
    code: 2,
    log: /: tx parse error$/,
  },
  { name: "no bytes", make: () => new Uint8Array(), code: 2, log: /: tx parse error$/ },
  {
    name: "more bytes than are read",
    make: signed(send, { memo: "x".repeat(1_048_577) }),
    code: 21,
    log: /^maximum tx size is 1048576 bytes but received \d+: tx too large$/,
  },
  {
    name: "an extension option",
    make: (chain) => {
      const raw = TxRaw.decode(chain.sign("alice", send(chain)));
      const body = TxBody.decode(raw.bodyBytes);
      const option = packAny("cosmos.bank.v1beta1.MsgSendResponse", {});
      const extensionOptions = [{ typeUrl: option.typeUrl, value: option.value }];
      return TxRaw.encode({ ...raw, bodyBytes: TxBody.encode({ ...body, extensionOptions }).finish() }).finish();
    },
    code: 31,
    log: "unknown extension options",
  },
  {
    name: "an ed25519 key",
    make: (chain) => {
      const raw = TxRaw.decode(chain.sign("alice", send(chain)));
      const info = AuthInfo.decode(raw.authInfoBytes);
      const publicKey = packAny("cosmos.crypto.ed25519.PubKey", { key: new Uint8Array(32) });
      const signerInfos = [{ ...info.signerInfos[0]!, publicKey }];
      return TxRaw.encode({ ...raw, authInfoBytes: AuthInfo.encode({ ...info, signerInfos }).finish() }).finish();
    },
    code: 8,
    log: /^pubKey does not match signer address trib1[a-z0-9]+ with signer index: 0: invalid pubkey$/,
  },
];

describe("before its messages run, a transaction is refused for", () => {
  test.each(refusals)("$name", ({ make, codespace = "sdk", code, log }) => {
    const { result, changed, checked } = runBeside(make);
    expect([result.codespace, result.code]).toEqual([codespace, code]);
    expect(result.log).toMatch(log instanceof RegExp ? log : exactly(log));
    expect(changed, "the state has changed").toBe(false);
    expect(result.data.length).toBe(0);
    expect(result.events).toEqual([]);
    // CheckTx knows the height before, so only the timeout differs.
    if (code !== 30) expect([checked.codespace, checked.code, checked.log]).toEqual([codespace, code, result.log]);
  });

  test("a gas limit above the block's", () => {
    const { result, changed } = runBeside(signed(send, { gas: 600_000n }), { maxGas: 500_000n });
    expect([result.codespace, result.code]).toEqual(["sdk", 41]);
    expect(result.log).toBe("tx gas limit 600000 exceeds block max gas 500000: invalid gas limit");
    expect(changed).toBe(false);
  });
});

describe("when its messages fail, a transaction", () => {
  test("keeps its fee and sequence and nothing else", () => {
    const chain = start();
    const result = chain.run("alice", [send(chain, "7"), send(chain, "5000")], { fee: "2uopen" });
    expect([result.codespace, result.code]).toEqual(["sdk", 5]);
    expect(result.log).toBe(
      "failed to execute message; message index: 1: spendable balance 991uopen is smaller than 5000uopen: insufficient funds",
    );
    expect(chain.balance("alice", "uopen")).toBe(998n);
    expect(chain.balance("bob", "uopen")).toBe(1000n);
    expect(result.data.length).toBe(0);
    expect(result.events.map(({ type }) => type)).toEqual([
      "coin_spent",
      "coin_received",
      "transfer",
      "message",
      "tx",
      "tx",
      "tx",
    ]);
    expect(chain.run("alice", send(chain)).code).toBe(0);
    chain.checkInvariants();
  });

  test("out of gas says where, and uses what it consumed", () => {
    const chain = start();
    const needed = chain.run("alice", send(chain)).gasUsed;
    const gas = needed - 1000n;
    const result = chain.run("alice", send(chain), { gas });
    expect([result.codespace, result.code]).toEqual(["sdk", 11]);
    expect(result.log).toMatch(
      new RegExp(`^out of gas in location: [A-Za-z]+; gasWanted: ${gas}, gasUsed: ${result.gasUsed}: out of gas$`),
    );
    expect(result.gasUsed).toBeGreaterThan(gas);
    expect(chain.balance("bob", "uopen")).toBe(1005n);
  });

  test("beyond the block's gas is refused, and the next ones do not run", () => {
    const chain = start({ maxGas: 500_000n });
    const gas = 400_000n;
    const used = chain.run("alice", send(chain), { gas }).gasUsed;
    // What a send costs, to see at once when it changes: well below the 200,000 that wallets allow by default.
    expect(used).toBeLessThan(100_000n);
    const facts = (sequence: bigint) => ({ gas, sequence, accountNumber: 0n });
    const count = Number(500_000n / used) + 3;
    const many = Array.from({ length: count }, (_, index) =>
      chain.sign("alice", send(chain), facts(BigInt(index + 1))),
    );
    const results = chain.block(many);
    const first = results.findIndex(({ code }) => code !== 0);
    expect(first).toBeGreaterThan(0);
    expect(results[first]?.log).toMatch(
      /^out of gas in location: block gas meter; gasWanted: 400000, gasUsed: \d+: out of gas$/,
    );
    expect(results[first + 1]?.log).toBe("no block gas left to run tx: out of gas");
    expect(results[first + 1]?.gasWanted).toBe(0n);
    expect(chain.balance("bob", "uopen")).toBe(1000n + 5n * BigInt(first + 1));
  });

  test("with more messages than are allowed is refused", () => {
    const { result } = runBeside(MULTIPLE(1001));
    expect([result.codespace, result.code]).toEqual(["sdk", 2]);
  });
});

test("the signers of a transaction are those of its messages in order, then the fee payer", () => {
  const chain = start();
  const bytes = chain.sign("alice", send(chain), { feePayer: chain.address("bob"), otherSigners: ["bob"] });
  const { signers, feePayer } = decodeTx(bytes, chain.addresses);
  expect(signers.map((signer) => chain.addresses.account(signer))).toEqual([
    chain.address("alice"),
    chain.address("bob"),
  ]);
  expect(chain.addresses.account(feePayer)).toBe(chain.address("bob"));
});

test("a fee payer that signs too pays the fee", () => {
  const chain = start();
  chain.runOk("alice", send(chain), { fee: "9uopen", feePayer: chain.address("bob"), otherSigners: ["bob"] });
  expect(chain.balance("alice", "uopen")).toBe(995n);
  expect(chain.balance("bob", "uopen")).toBe(1000n + 5n - 9n);
});

test("the same transaction is refused the second time", () => {
  const chain = start();
  const tx = chain.sign("alice", send(chain));
  const [first, second] = chain.block([tx, tx]);
  expect(first?.code).toBe(0);
  expect([second?.codespace, second?.code]).toEqual(["sdk", 32]);
  expect(chain.check(tx).code).toBe(32);
});

test("a bug in a handler is reported and becomes undefined/111222", () => {
  const bugs: unknown[] = [];
  const chain = ChainHarness.start({
    balances: { alice: "1000uopen" },
    report: (error) => bugs.push(error),
  });
  const route = chain.application.router.messages.get("/cosmos.bank.v1beta1.MsgSend")!;
  const broken = {
    ...route,
    handle: () => {
      throw new Error("the handler is broken");
    },
  };
  (chain.application.router.messages as Map<string, typeof route>).set(route.typeUrl, broken);
  const result = chain.run("alice", send(chain));
  expect([result.codespace, result.code]).toEqual(["undefined", 111222]);
  expect(result.log).toBe("recovered: the handler is broken: panic");
  expect(bugs).toHaveLength(1);
  expect(chain.balance("alice", "uopen")).toBe(1000n);
});

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
