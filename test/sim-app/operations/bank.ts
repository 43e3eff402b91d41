/** Payments. Owns the choice of who pays whom what. */
import type { Operation } from "../operation.ts";
import { DENOM, OTHER_DENOM } from "../world.ts";

export const bankOperations: readonly Operation[] = [
  {
    name: "bank.Send",
    weight: 10,
    plan: (world) => {
      const from = world.someone();
      const denom = world.random.chance(0.7) ? DENOM : OTHER_DENOM;
      const amount = [world.coin(world.amount(world.spendable(from, denom) / 4n), denom)];
      const toAddress = world.address(world.random.pick(world.people));
      return {
        from,
        message: ["cosmos.bank.v1beta1.MsgSend", { fromAddress: world.address(from), toAddress, amount }],
      };
    },
  },
  {
    name: "bank.MultiSend",
    weight: 4,
    plan: (world) => {
      const from = world.someone();
      const parts = Array.from({ length: 1 + world.random.below(4) }, () => world.amount(world.spendable(from) / 16n));
      const total = parts.reduce((sum, part) => sum + part, 0n);
      const outputs = parts.map((part) => ({
        address: world.address(world.random.pick(world.people)),
        coins: [world.coin(part)],
      }));
      const inputs = [{ address: world.address(from), coins: [world.coin(total)] }];
      return { from, message: ["cosmos.bank.v1beta1.MsgMultiSend", { inputs, outputs }] };
    },
  },
];
