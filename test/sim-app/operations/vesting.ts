/** Accounts whose coins come free over time. Owns the choice; once made, they take part in everything like any other. */
import type { Operation } from "../operation.ts";
import type { AppWorld } from "../world.ts";

const MOST_ACCOUNTS = 12;

/** Who gives, to which account that is not there yet, and how much. */
function gift(world: AppWorld) {
  const to = world.nextVestingAccount(MOST_ACCOUNTS);
  const from = world.someone();
  if (to === undefined || !world.isFree(from)) return undefined;
  const value = { fromAddress: world.address(from), toAddress: world.address(to) };
  const then = () => world.join(to);
  return { from, value, then, amount: [world.coin(world.amount(world.spendable(from) / 50n) + 1000n)] };
}

export const vestingOperations: readonly Operation[] = [
  {
    name: "vesting.CreateVestingAccount",
    weight: 1,
    plan: (world) => {
      const made = gift(world);
      if (made === undefined) return undefined;
      const { from, value, then, amount } = made;
      const endTime = world.later(60 + world.random.below(3000)).seconds;
      const terms = { amount, endTime, delayed: world.random.chance(0.5), startTime: 0n };
      return { from, then, message: ["cosmos.vesting.v1beta1.MsgCreateVestingAccount", { ...value, ...terms }] };
    },
  },
  {
    name: "vesting.CreatePermanentLockedAccount",
    weight: 0.5,
    plan: (world) => {
      const made = gift(world);
      if (made === undefined) return undefined;
      const { from, value, then, amount } = made;
      return { from, then, message: ["cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount", { ...value, amount }] };
    },
  },
  {
    name: "vesting.CreatePeriodicVestingAccount",
    weight: 1,
    plan: (world) => {
      const made = gift(world);
      if (made === undefined) return undefined;
      const { from, value, then, amount } = made;
      const length = BigInt(20 + world.random.below(200));
      const vestingPeriods = Array.from({ length: 1 + world.random.below(4) }, () => ({ length, amount }));
      const terms = { startTime: world.chain.time.seconds, vestingPeriods };
      return {
        from,
        then,
        message: ["cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount", { ...value, ...terms }],
      };
    },
  },
];
