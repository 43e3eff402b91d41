/** Transactions of an unusual form: of two signers, and without a place among their signer's others. Owns the choice; what they pay is small. */
import type { MessageToSend } from "../../support/chain-harness.ts";
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";

function payment(world: AppWorld, from: string, to: string): MessageToSend {
  const amount = [world.coin(world.amount(world.spendable(from) / 64n))];
  return ["cosmos.bank.v1beta1.MsgSend", { fromAddress: world.address(from), toAddress: world.address(to), amount }];
}

/** Ends of unordered transactions of each account, so that one is used again now and then. */
const used = new WeakMap<AppWorld, Map<string, { readonly seconds: bigint; readonly nanos: number }>>();

export const transactionOperations: readonly Operation[] = [
  {
    name: "a transaction of two signers",
    weight: 3,
    plan: (world) => {
      const [from, other] = [world.someone(), world.someone()];
      if (from === other || !world.isFree(from) || !world.isFree(other)) return undefined;
      return {
        from,
        message: payment(world, from, other),
        others: [payment(world, other, from)],
        options: { otherSigners: [other] },
      };
    },
  },
  {
    name: "an unordered transaction",
    weight: 4,
    plan: (world) => {
      const from = world.someone();
      const ends = used.get(world) ?? new Map();
      used.set(world, ends);
      const isAgain = world.random.chance(0.15);
      // A genesis has no place for what was used (cosmos.auth.v1beta1.GenesisState), so an import would take it once more.
      const again = isAgain && !world.isBesideImport ? ends.get(from) : undefined;
      // Beyond ten minutes none is taken.
      const unorderedUntil = again ?? world.later(20 + world.random.below(600));
      ends.set(from, unorderedUntil);
      return { from, message: payment(world, from, world.random.pick(world.people)), options: { unorderedUntil } };
    },
  },
];
