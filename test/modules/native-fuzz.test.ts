/**
 * Random messages of the native modules over a chain: whatever they hold, they are carried out or refused by a code. A
 * throw that is no refusal is a bug, and the harness stops at it. Queries are asked with random requests likewise.
 */
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { nativeMessageNames } from "../../client/registry.ts";
import { decode, encode, type MessageName } from "../../proto/codec.ts";
import { messageInfo, services } from "../../proto/registry.ts";
import type { MessageToSend } from "../support/chain-harness.ts";
import { NativeWorld, PLENTY } from "../support/native-world.ts";
import { randomMessage } from "../support/random-messages.ts";

const TEXT = "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }";
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 500 : 30;
const MODULES = ["datanet", "model", "attribution", "tokenpool"];

let world: NativeWorld;

beforeAll(() => {
  world = new NativeWorld([{ contributor: "user", text: TEXT }]);
  const coins = { coinA: { denom: "uopen", amount: "1000000" }, coinB: { denom: "utest", amount: "100000" } };
  world.ok("owner", ["tributary.tokenpool.v1.MsgCreatePool", { creator: world.address("owner"), ...coins }]);
  world.opened();
});

/** Values that reach further than random ones: addresses of accounts, things that exist, coins there are. */
function values(message: MessageName): fc.Arbitrary<Record<string, unknown>> {
  return randomMessage(message, (_, { name, type, scalar, protoName }) => {
    const known = (...candidates: readonly unknown[]) => fc.constantFrom(...candidates);
    if (scalar === "cosmos.AddressString") {
      return fc.oneof(known(...["user", "owner", "host"].map((account) => world.address(account))), fc.string());
    }
    if (protoName.endsWith("_id") || protoName === "number")
      return fc.oneof(known(0n, 1n, 2n), fc.bigInt(0n, 1n << 63n));
    if (name === "denom") return fc.oneof(known("uopen", "utest", "pool/1"), fc.string());
    if (name === "deadline") return known(0n, -1n, 4_000_000_000n);
    if (type === "string" && (name === "amount" || name === "shares"))
      return known("", "0", "1", "1001", "999999", String(1n << 255n));
    if (protoName.endsWith("_hash") || name === "textRoot") return fc.uint8Array({ minLength: 31, maxLength: 33 });
    if (name === "length" || name === "outputStart") return known(0, 1, TEXT.length, 0xffff_ffff);
    return undefined;
  });
}

describe.each(MODULES)("of %s", (module) => {
  const names = nativeMessageNames().filter((name) => name.startsWith(`tributary.${module}.`));

  test.each(names)("%s is carried out or refused, never a bug", (name) => {
    // Fields of the 32-bit kind take numbers and of the 64-bit kind bigints; `length` is of both kinds.
    const conform = (message: MessageName, value: Record<string, unknown>): Record<string, unknown> =>
      Object.fromEntries(
        messageInfo(message).fields.flatMap((field) => {
          const one = (item: unknown): unknown => {
            if (field.type === "message")
              return conform(field.typeName as MessageName, item as Record<string, unknown>);
            if (field.type === "uint64" || field.type === "int64") return BigInt(item as number | bigint);
            return item;
          };
          const item = value[field.name];
          // Of a oneof at most one is there.
          if (item === undefined) return [];
          return [[field.name, field.repeated ? (item as unknown[]).map(one) : one(item)]];
        }),
      );
    const signer = messageInfo(name).fields.find((field) => messageInfo(name).signers?.includes(field.protoName))!;
    fc.assert(
      fc.property(fc.array(values(name), { minLength: 5, maxLength: 10 }), (all) => {
        const txs = all.map((value, i) => {
          const complete = conform(name, { ...value, [signer.name]: world.address("other") });
          const sequence = sequenceOf("other") + BigInt(i);
          return world.chain.sign("other", [name, complete] as unknown as MessageToSend, { gas: PLENTY, sequence });
        });
        for (const result of world.chain.block(txs)) {
          expect(result.codespace === "undefined").toBe(false);
          // A signature fails only when an earlier transaction of the block never reached its sequence.
          expect([result.codespace, result.code]).not.toEqual(["sdk", 32]);
        }
        world.chain.checkInvariants();
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  test("queries answer or refuse whatever they are asked", () => {
    const methods = services().find(([name]) => name === `tributary.${module}.v1.Query`)![1].methods;
    for (const method of methods) {
      const request = method.request as MessageName;
      fc.assert(
        fc.property(
          fc.oneof(
            randomMessage(request).map((value) => encode(request, value as never)),
            fc.uint8Array(),
          ),
          (data) => {
            const answer = world.chain.abciQuery(`/tributary.${module}.v1.Query/${method.name}`, data);
            if (answer.code === 0) decode(method.response as MessageName, answer.value);
            else expect(answer.codespace).not.toBe("undefined");
          },
        ),
        { numRuns: RUNS },
      );
    }
  });
});

function sequenceOf(name: string): bigint {
  const { info } = world.chain.query(
    "/cosmos.auth.v1beta1.Query/AccountInfo",
    ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: world.address(name) }],
    "cosmos.auth.v1beta1.QueryAccountInfoResponse",
  );
  return info!.sequence;
}
