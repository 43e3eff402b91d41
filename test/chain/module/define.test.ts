// What must not compile, and what must not start. The first part is checked by tsc: each @ts-expect-error turns into an
// error itself when the line below it compiles.

import { describe, expect, test } from "vitest";
import { defineModule } from "../../../chain/module/define.ts";
import { defineErrors, sdkErrors, TxError } from "../../../chain/module/errors.ts";
import { createRouter } from "../../../chain/module/router.ts";
import { signersOf } from "../../../chain/module/signers.ts";
import { item, key, map, schema, value } from "../../../chain/store/collections.ts";
import { AddressCodec } from "../../../chain/types/address.ts";
import { bank } from "../../../modules/bank/module.ts";
import { tokenpool } from "../../../modules/tokenpool/module.ts";
import { MESSAGE_VALUES_MAX } from "../../../proto/limits.ts";

const counterState = schema("counter", { total: item(0x00, value.uint64), names: map(0x01, key.string, value.string) });

class CounterKeeper {
  readonly start = 0n;
}

describe("a module's types", () => {
  test("a missing handler does not compile, and does not start", () => {
    const make = () =>
      defineModule({
        name: "bank",
        proto: "cosmos.bank.v1beta1",
        version: 1,
        keeper: () => new CounterKeeper(),
        // @ts-expect-error The others have no handlers.
        msgs: { Send: () => ({}) },
        queries: tokenpool.queries as never,
      }).create(undefined);
    expect(make).toThrow();
  });

  test("a handler of no rpc does not compile, and does not start", () => {
    const make = () =>
      defineModule({
        name: "bank",
        proto: "cosmos.bank.v1beta1",
        version: 1,
        keeper: () => new CounterKeeper(),
        // @ts-expect-error There is no rpc Steal.
        msgs: { ...bank.msgs, Steal: () => ({}) },
        queries: {} as never,
      }).create(undefined);
    expect(make).toThrow("cosmos.bank.v1beta1.Msg has no rpc Steal, but a handler for it");
  });

  test("a write inside a query does not compile", () => {
    const misuse = () =>
      defineModule({
        name: "auth",
        proto: "cosmos.auth.v1beta1",
        version: 1,
        keeper: () => new CounterKeeper(),
        msgs: { UpdateParams: () => ({}) },
        // @ts-expect-error The other rpcs have no handlers.
        queries: {
          Params: (_keeper, ctx) => {
            // @ts-expect-error A query's context cannot be written.
            counterState.total.set(ctx, 1n);
            // @ts-expect-error Nor can it emit events.
            ctx.emit("total", []);
            return {};
          },
        },
      });
    expect(misuse).not.toThrow();
  });

  test("an answer of another shape does not compile", () => {
    const misuse = () =>
      defineModule({
        name: "bank",
        proto: "cosmos.bank.v1beta1",
        version: 1,
        keeper: () => bank.keeper({} as never),
        msgs: bank.msgs,
        queries: {
          ...bank.queries,
          // @ts-expect-error The response's balance is a coin.
          Balance: () => ({ balance: 5 }),
        },
      });
    expect(misuse).not.toThrow();
  });

  test("a package that does not exist does not compile", () => {
    const misuse = () =>
      defineModule({
        name: "nothing",
        // @ts-expect-error No such package.
        proto: "cosmos.nothing.v1",
        version: 1,
        keeper: () => new CounterKeeper(),
        msgs: {},
        queries: {},
      });
    expect(misuse).not.toThrow();
  });
});

describe("error tables", () => {
  test("refuse a code that stands twice, and zero", () => {
    expect(() => defineErrors("x", { a: { code: 2, text: "a" }, b: { code: 2, text: "b" } })).toThrow("is taken");
    expect(() => defineErrors("x", { a: { code: 0, text: "a" } })).toThrow("not a positive 32-bit code");
  });

  test("give the SDK's text, with the detail before it", () => {
    expect(sdkErrors.unauthorized.because().log).toBe("unauthorized");
    expect(sdkErrors.unauthorized.because("nobody").log).toBe("nobody: unauthorized");
    const wrapped = sdkErrors.unauthorized.because("nobody").wrap("message 0");
    expect(wrapped).toBeInstanceOf(TxError);
    expect(wrapped.log).toBe("message 0: nobody: unauthorized");
    expect(sdkErrors.unauthorized.is(wrapped)).toBe(true);
    expect(sdkErrors.notFound.is(wrapped)).toBe(false);
  });
});

describe("signers", () => {
  const addresses = new AddressCodec("trib");
  const alice = addresses.account(new Uint8Array(20).fill(1));
  const bob = addresses.account(new Uint8Array(20).fill(2));

  test("come from the schema's option", () => {
    const signers = signersOf(addresses, "cosmos.bank.v1beta1.MsgSend", { fromAddress: alice, toAddress: bob });
    expect(signers.map((bytes) => addresses.account(bytes))).toEqual([alice]);
  });

  test("are found inside nested messages", () => {
    const inputs = [
      { address: bob, coins: [] },
      { address: alice, coins: [] },
    ];
    const signers = signersOf(addresses, "cosmos.bank.v1beta1.MsgMultiSend", { inputs, outputs: [] });
    expect(signers.map((bytes) => addresses.account(bytes))).toEqual([bob, alice]);
  });

  test("that are no addresses are refused as sdk/7", () => {
    const read = () => signersOf(addresses, "cosmos.bank.v1beta1.MsgSend", { fromAddress: "nobody", toAddress: bob });
    expect(read).toThrow(TxError);
    expect(read).toThrow("invalid address");
  });
});

test("two modules with the same message are refused", () => {
  const one = tokenpool.create({ bank: {} as never });
  expect(() => createRouter([one, one])).toThrow("two modules handle /tributary.tokenpool.v1.Msg");
});

test("a module's genesis may be larger than any message from a stranger", () => {
  // Each coin is three values with a length: itself, its name and its amount.
  const supply = Array.from({ length: Math.ceil(MESSAGE_VALUES_MAX / 3) + 1 }, () => ({ denom: "uopen", amount: "1" }));
  const counts: number[] = [];
  const large = defineModule({
    name: "bank",
    proto: "cosmos.bank.v1beta1",
    version: 1,
    keeper: () => new CounterKeeper(),
    msgs: bank.msgs as never,
    queries: bank.queries as never,
    genesis: {
      default: () => ({ params: {}, supply }) as never,
      validate: (genesis) => void counts.push(genesis.supply.length),
      init: () => undefined,
      export: () => ({}) as never,
    },
  }).create(undefined);
  large.genesis?.validate(large.genesis.default());
  expect(counts).toEqual([supply.length]);
});
