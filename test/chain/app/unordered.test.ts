/** Unordered transactions: rules and words of the SDK 0.53 (x/auth/ante/sigverify.go, verifyUnorderedNonce; x/auth/keeper, unordered nonces). */
import { describe, expect, test } from "vitest";
import { addNanoseconds, type Timestamp, timeToNanoseconds } from "../../../chain/types/time.ts";
import { state } from "../../../modules/auth/state.ts";
import { hex } from "../../../proto/bytes.ts";
import { accountOf, ChainHarness, type MessageToSend } from "../../support/chain-harness.ts";

const SECOND = 1_000_000_000n;

const newChain = (): ChainHarness => ChainHarness.start({ balances: { alice: "1000uopen", bob: "1000uopen" } });
const send = (chain: ChainHarness, amount = 1): MessageToSend => [
  "cosmos.bank.v1beta1.MsgSend",
  {
    fromAddress: chain.address("alice"),
    toAddress: chain.address("bob"),
    amount: [{ denom: "uopen", amount: amount.toString() }],
  },
];
/** So many seconds after the last block; the next one is five seconds after it. */
const inSeconds = (chain: ChainHarness, seconds: bigint, nanoseconds = 0n): Timestamp =>
  addNanoseconds(chain.time, seconds * SECOND + nanoseconds);

function sequenceOf(chain: ChainHarness, name: string): bigint | undefined {
  return chain.query(
    "/cosmos.auth.v1beta1.Query/AccountInfo",
    ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: chain.address(name) }],
    "cosmos.auth.v1beta1.QueryAccountInfoResponse",
  ).info?.sequence;
}

describe("an unordered transaction", () => {
  test("runs beside ordered ones in any order, and leaves the sequence alone", () => {
    const chain = newChain();
    chain.runOk("alice", send(chain));
    const ordered = chain.sign("alice", send(chain));
    const [one, two] = [7n, 6n].map((seconds) =>
      chain.sign("alice", send(chain), { unorderedUntil: inSeconds(chain, seconds) }),
    ) as [Uint8Array, Uint8Array];
    const results = chain.block([one, ordered, two]);
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(sequenceOf(chain, "alice")).toBe(2n);
    expect(chain.balance("alice", "uopen")).toBe(1000n - 4n);
    const keys = results[0]!.events.flatMap(({ type, attributes }) =>
      type === "tx" ? attributes.map(({ key }) => key) : [],
    );
    expect(keys).toContain("signature");
    expect(keys).not.toContain("acc_seq");
  });

  test("may be an account's first, which then has its key", () => {
    const chain = newChain();
    expect(chain.run("alice", send(chain), { unorderedUntil: inSeconds(chain, 60n) }).code).toBe(0);
    expect(sequenceOf(chain, "alice")).toBe(0n);
    chain.runOk("alice", send(chain));
  });

  test("runs once: not again in its block, in a later one, or in the very last it could be in", () => {
    const chain = newChain();
    const until = inSeconds(chain, 15n);
    const tx = chain.sign("alice", send(chain), { unorderedUntil: until });
    expect(chain.check(tx).code).toBe(0);
    const twice = chain.block([tx, tx]);
    expect(twice.map(({ code }) => code)).toEqual([0, 18]);
    expect(twice[1]!.log).toBe(
      `failed to add unordered nonce: sender ${chain.address("alice")} has already used timeout ${timeToNanoseconds(until)}: invalid request`,
    );
    expect(chain.check(tx).code).toBe(18);
    expect(chain.block([tx]).map(({ code }) => code)).toEqual([18]);
    expect(chain.block([tx]).map(({ code }) => code)).toEqual([18]);
    expect(chain.time).toEqual(until);
    expect(chain.block([tx], { nanoseconds: 1n }).map(({ code, codespace }) => [codespace, code])).toEqual([
      ["sdk", 42],
    ]);
    expect(chain.balance("alice", "uopen")).toBe(999n);
  });

  test("of another signer may end at the same time", () => {
    const chain = newChain();
    const until = inSeconds(chain, 60n);
    const back: MessageToSend = [
      "cosmos.bank.v1beta1.MsgSend",
      {
        fromAddress: chain.address("bob"),
        toAddress: chain.address("alice"),
        amount: [{ denom: "uopen", amount: "1" }],
      },
    ];
    const txs = [
      chain.sign("alice", send(chain), { unorderedUntil: until }),
      chain.sign("bob", back, { unorderedUntil: until }),
    ];
    expect(chain.block(txs).map(({ code }) => code)).toEqual([0, 0]);
  });

  test("is forgotten after its end", () => {
    const chain = newChain();
    chain.runOk("alice", send(chain), { unorderedUntil: inSeconds(chain, 10n) });
    const stored = (): number => {
      const key = state.unorderedNonces.storeKey([timeToNanoseconds(until), accountOf("alice").bytes]);
      return chain.abciQuery("/store/acc/key", key).value.length;
    };
    const until = addNanoseconds(chain.time, 5n * SECOND);
    expect(stored()).toBeGreaterThan(0);
    chain.block([]);
    expect(stored()).toBeGreaterThan(0);
    chain.block([], { nanoseconds: 1n });
    expect(stored()).toBe(0);
  });

  test.each([
    [
      "a sequence",
      { sequence: 1n, seconds: 60n },
      18,
      "sequence is not allowed for unordered transactions: invalid request",
    ],
    ["an end more than ten minutes away", { seconds: 606n }, 18, "unordered tx ttl exceeds 10m0s: invalid request"],
  ])("with %s is refused", (_, { seconds, ...options }, code, words) => {
    const chain = newChain();
    const result = chain.run("alice", send(chain), { ...options, unorderedUntil: inSeconds(chain, seconds) });
    expect(result).toMatchObject({ codespace: "sdk", code, log: words });
    expect(chain.balance("alice", "uopen")).toBe(1000n);
  });

  test("without an end is refused", () => {
    const chain = newChain();
    const result = chain.run("alice", send(chain), { unorderedUntil: { seconds: 0n, nanos: 0 } });
    expect(result.log).toBe("unordered transaction must have timeout_timestamp set: invalid request");
  });
});

test("the store's key is the SDK's: 5a, the time as a signed number, the signer", () => {
  const { bytes } = accountOf("alice");
  expect(hex(state.unorderedNonces.storeKey([1n, bytes]))).toBe(`5a8000000000000001${hex(bytes)}`);
});
