/**
 * Random sequences of every operation over a chain: no coin is made or lost but what is burned, escrow and earnings are
 * what the module's account holds, and every settled fee is divided to the last unit (the module's invariants, checked
 * after each step). At least half of each kind of operation must succeed, or the sequences show little.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Messages } from "../../../proto/types.gen.ts";
import type { MessageToSend } from "../../support/chain-harness.ts";
import { supplyOf } from "../../support/coin-count.ts";
import { NativeWorld, responseOf } from "../../support/native-world.ts";

const TEXTS = [
  "function add(uint256 a, uint256 b) internal pure returns (uint256) { return a + b; }",
  "function transfer(address to, uint256 amount) external returns (bool) { _move(msg.sender, to, amount); }",
  "event Transfer(address indexed from, address indexed to, uint256 value);",
];
const CONTRIBUTORS = ["ann", "bob", "eve"];
const CLAIMANTS = [...CONTRIBUTORS, "host", "owner"];
const RUNS = process.env.TRIBUTARY_FULL === "1" ? 60 : 3;

/** What one step tries; numbers pick among what there is when its turn comes. */
interface Step {
  readonly kind: "open" | "settle" | "cancel" | "expire" | "claim" | "price";
  readonly pick: number;
  readonly price: bigint;
  /** Which texts the answer is made of; a number beyond them stands for words of nobody. */
  readonly parts: readonly number[];
  /** One step in eight tries what must be refused. */
  readonly wrong: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  // Uses are opened and settled more often than the rest, so that there is something to cancel and to claim.
  kind: fc.constantFrom("open", "open", "settle", "settle", "cancel", "expire", "claim", "price"),
  pick: fc.nat(),
  price: fc.bigInt({ min: 1n, max: 1_000_000_000n }),
  parts: fc.array(fc.nat(TEXTS.length), { maxLength: 5 }),
  wrong: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

class RandomWorld {
  readonly native = new NativeWorld(TEXTS.map((text, i) => ({ contributor: CONTRIBUTORS[i]!, text })));
  readonly tried = new Map<string, { tries: number; successes: number }>();
  readonly #open: bigint[] = [];
  readonly #expired: bigint[] = [];
  #price = 1_000_003n;

  /** Runs a step; nothing when it has nothing to work on. */
  run(one: Step): void {
    const attempt = this.#attempt(one);
    if (attempt === undefined) return;
    const { native } = this;
    const supply = supplyOf(native.chain);
    const result = native.run(attempt.from, attempt.message);
    const count = this.tried.get(one.kind) ?? { tries: 0, successes: 0 };
    const isSuccess = result.code === 0;
    this.tried.set(one.kind, { tries: count.tries + 1, successes: count.successes + (isSuccess ? 1 : 0) });
    expect({ one, isSuccess, log: isSuccess ? "" : result.log }).toMatchObject({ isSuccess: !one.wrong });
    const burned = isSuccess ? attempt.done(result) : 0n;
    expect(supply - supplyOf(native.chain)).toBe(burned);
    native.chain.checkInvariants();
  }

  /** The message of a step, and what to note when it succeeded; `done` gives what it burned. */
  #attempt(
    one: Step,
  ):
    | { from: string; message: MessageToSend; done: (result: Messages["tendermint.abci.ExecTxResult"]) => bigint }
    | undefined {
    const { native } = this;
    switch (one.kind) {
      case "open": {
        const maxFee = { denom: "uopen", amount: (one.wrong ? this.#price - 1n : this.#price).toString() };
        return {
          from: "user",
          message: native.openUse({ maxFee }),
          done: (result) => {
            this.#open.push(responseOf("tributary.attribution.v1.MsgOpenUseResponse", result).useId);
            return 0n;
          },
        };
      }
      case "settle": {
        const useId = this.#open[one.pick % Math.max(this.#open.length, 1)];
        if (useId === undefined) return undefined;
        const output = ["an answer", ...one.parts.map((part) => TEXTS[part] ?? "words of nobody")].join(" ");
        const host = one.wrong ? "other" : "host";
        return {
          from: host,
          message: native.settle(useId, output, { host: native.address(host) }),
          done: () => {
            this.#open.splice(this.#open.indexOf(useId), 1);
            return BigInt(native.payout(useId).burnedAmount);
          },
        };
      }
      case "cancel": {
        const useId = this.#open[one.pick % Math.max(this.#open.length, 1)];
        if (useId === undefined) return undefined;
        return this.#cancel(one.wrong ? "user" : "host", useId, this.#open);
      }
      case "expire": {
        if (this.#expired.length === 0) {
          if (this.#open.length === 0) return undefined;
          native.chain.block([], { nanoseconds: 3_601_000_000_000n });
          this.#expired.push(...this.#open.splice(0));
        }
        const useId = this.#expired[0]!;
        if (!one.wrong) return this.#cancel("other", useId, this.#expired);
        return { from: "host", message: native.settle(useId, TEXTS[0]!), done: () => 0n };
      }
      case "claim": {
        const due = CLAIMANTS.filter((name) => native.unclaimed(name) >= 1000n === !one.wrong);
        const name = due[one.pick % Math.max(due.length, 1)];
        if (name === undefined) return undefined;
        const message = { sender: native.address("other"), beneficiary: native.address(name) };
        return { from: "other", message: ["tributary.attribution.v1.MsgClaim", message], done: () => 0n };
      }
      case "price": {
        const owner = one.wrong ? "other" : "owner";
        const price = { denom: "uopen", amount: one.price.toString() };
        const hosting = { owner: native.address(owner), modelId: 1n, host: native.address("host"), price };
        return {
          from: owner,
          message: ["tributary.model.v1.MsgUpdateHosting", hosting],
          done: () => {
            this.#price = one.price;
            return 0n;
          },
        };
      }
      default:
        throw new Error("unknown step");
    }
  }

  #cancel(sender: string, useId: bigint, list: bigint[]) {
    const message = { sender: this.native.address(sender), useId };
    return {
      from: sender,
      message: ["tributary.attribution.v1.MsgCancelUse", message] as const,
      done: () => {
        list.splice(list.indexOf(useId), 1);
        return 0n;
      },
    };
  }
}

test("no sequence of operations makes or loses a coin, or pays a use twice", { timeout: RUNS * 80_000 }, () => {
  const tried = new Map<string, { tries: number; successes: number }>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 90, size: "max" }), (steps) => {
      const world = new RandomWorld();
      for (const one of steps) world.run(one);
      for (const [kind, { tries, successes }] of world.tried) {
        const sum = tried.get(kind) ?? { tries: 0, successes: 0 };
        tried.set(kind, { tries: sum.tries + tries, successes: sum.successes + successes });
      }
    }),
    { numRuns: RUNS },
  );
  expect([...tried.keys()].sort()).toEqual(["cancel", "claim", "expire", "open", "price", "settle"]);
  for (const [kind, { tries, successes }] of tried) {
    expect({ kind, isHalf: successes * 2 >= tries }).toEqual({ kind, isHalf: true });
  }
});
