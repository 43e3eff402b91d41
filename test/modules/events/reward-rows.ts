/** Coins that are minted, divided and paid to those who stake. Owns rows of the table only. */
import type { JsonValue } from "../../../proto/json.ts";
import { ChainHarness, type MessageToSend, NO_INFLATION } from "../../support/chain-harness.ts";
import { createValidator, newChain, operatorOf, payFee, signedBy, twoValidators } from "../../support/staking-chain.ts";
import {
  type EventRow,
  moduleOf,
  ofMessage,
  ofMessages,
  ofPhase,
  rewarded,
  sent,
  type Told,
} from "../../support/told-events.ts";

const ALLOCATION = "x/distribution/keeper/allocation.go";
const ONE = 10n ** 18n;

/** A number of 18 places as the SDK prints it. */
function decimal(scaled: bigint): string {
  return `${scaled / ONE}.${(scaled % ONE).toString().padStart(18, "0")}`;
}

const namesOf = (chain: ChainHarness) => ({
  mint: moduleOf(chain, "mint"),
  collector: moduleOf(chain, "fee_collector"),
  distribution: moduleOf(chain, "distribution"),
  val1: operatorOf(chain, "val1"),
  operator: chain.address("val1"),
  alice: chain.address("alice"),
});

/** What a validator's part of a block is told as: its commission first. */
const allocated = (validator: string, amount: string, commission: string): Told[] => [
  ["commission", `amount=${commission}`, `validator=${validator}`],
  ["rewards", `amount=${amount}`, `validator=${validator}`],
];

/** The first validator, which takes a tenth, signed a block whose fees were 1,000 uopen, of which two hundredths are everybody's. */
function earned(): ChainHarness {
  const chain = newChain();
  chain.runOk("val1", createValidator(chain, "val1", "5000000"));
  payFee(chain, "alice", 1000n);
  chain.block([], signedBy({ val1: 5n }));
  return chain;
}

/** Runs one account's message and gives what it emitted beside what is expected of it. */
function ofMessageFrom(
  from: string,
  message: (names: ReturnType<typeof namesOf>) => MessageToSend,
  own: (names: ReturnType<typeof namesOf>) => Told[],
) {
  return () => {
    const chain = earned();
    const names = namesOf(chain);
    const sending = message(names);
    const told = ofMessages(chain.runOk(from, sending));
    return { told, expected: ofMessage(`/${sending[0]}`, chain.address(from), "distribution", own(names)) };
  };
}

/** A tenth of all coins a year, in a hundred blocks. */
const INFLATION = {
  minter: { inflation: "0.100000000000000000", annual_provisions: "0.000000000000000000" },
  params: {
    ...(NO_INFLATION as { readonly params: { readonly [name: string]: JsonValue } }).params,
    inflation_max: "0.100000000000000000",
    inflation_min: "0.100000000000000000",
    blocks_per_year: "100",
  },
};

const uopen = (amount: string) => [{ denom: "uopen", amount }];

const blockRows: readonly EventRow[] = [
  {
    when: "a block mints",
    source: "x/mint/keeper/mint.go, x/bank/keeper/keeper.go",
    run: () => {
      const chain = ChainHarness.genesis({ balances: { val1: "4000uopen" }, appState: { mint: INFLATION } });
      chain.block([]);
      const { mint, collector } = namesOf(chain);
      const amount = 4000 / 10 / 100;
      const expected: Told[] = [
        ["coin_received", `receiver=${mint}`, `amount=${amount}uopen`],
        ["coinbase", `minter=${mint}`, `amount=${amount}uopen`],
        ...sent(mint, collector, `${amount}uopen`),
        [
          "mint",
          "bonded_ratio=0.000000000000000000",
          "inflation=0.100000000000000000",
          "annual_provisions=400.000000000000000000",
          `amount=${amount}`,
        ],
      ];
      return { told: ofPhase(chain, "BeginBlock"), expected };
    },
  },
  {
    when: "a block mints nothing and has nothing to divide: what does not move is told",
    source: `x/mint/keeper/mint.go, ${ALLOCATION}`,
    run: () => {
      const chain = twoValidators();
      chain.block([], signedBy({ val1: 5n, val2: 7n }));
      const { mint, collector, distribution, val1 } = namesOf(chain);
      // Four accounts began with 1,000,000,000 uopen each.
      const bondedRatio = decimal((12_000_000n * ONE) / 4_000_000_000n);
      const expected: Told[] = [
        ...sent(mint, collector, ""),
        [
          "mint",
          `bonded_ratio=${bondedRatio}`,
          "inflation=0.000000000000000000",
          "annual_provisions=0.000000000000000000",
          "amount=0",
        ],
        ...sent(collector, distribution, ""),
        ...allocated(val1, "", ""),
        ...allocated(operatorOf(chain, "val2"), "", ""),
      ];
      return { told: ofPhase(chain, "BeginBlock"), expected };
    },
  },
  {
    when: "the fees of the block before are divided",
    source: ALLOCATION,
    run: () => {
      const chain = earned();
      const { collector, distribution, val1 } = namesOf(chain);
      const reward = (1000n * 98n * ONE) / 100n;
      const expected = [
        ...sent(collector, distribution, "1000uopen"),
        ...allocated(val1, `${decimal(reward)}uopen`, `${decimal(reward / 10n)}uopen`),
      ];
      return { told: ofPhase(chain, "BeginBlock").slice(-expected.length), expected };
    },
  },
];

const messageRows: readonly EventRow[] = [
  {
    when: "a delegator withdraws what it has earned",
    source: "x/distribution/keeper/delegation.go",
    run: ofMessageFrom(
      "val1",
      ({ operator, val1 }) => [
        "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward",
        { delegatorAddress: operator, validatorAddress: val1 },
      ],
      ({ operator, distribution, val1 }) => {
        const amount = `${(1000 * 0.98 * 9) / 10}uopen`;
        return [...sent(distribution, operator, amount), rewarded(val1, operator, amount)];
      },
    ),
  },
  {
    when: "a validator withdraws its commission",
    source: "x/distribution/keeper/keeper.go",
    run: ofMessageFrom(
      "val1",
      ({ val1 }) => ["cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission", { validatorAddress: val1 }],
      ({ operator, distribution }) => {
        const amount = `${(1000 * 0.98) / 10}uopen`;
        return [...sent(distribution, operator, amount), ["withdraw_commission", `amount=${amount}`]];
      },
    ),
  },
  {
    when: "an account says where its rewards go",
    source: "x/distribution/keeper/keeper.go",
    run: ofMessageFrom(
      "val1",
      ({ operator, alice }) => [
        "cosmos.distribution.v1beta1.MsgSetWithdrawAddress",
        { delegatorAddress: operator, withdrawAddress: alice },
      ],
      ({ alice }) => [["set_withdraw_address", `withdraw_address=${alice}`]],
    ),
  },
  {
    when: "an account gives to everybody",
    source: "x/distribution/keeper/keeper.go, FundCommunityPool",
    run: ofMessageFrom(
      "alice",
      ({ alice }) => ["cosmos.distribution.v1beta1.MsgFundCommunityPool", { depositor: alice, amount: uopen("30") }],
      ({ alice, distribution }) => sent(alice, distribution, "30uopen"),
    ),
  },
  {
    when: "an account gives to a validator's delegators",
    source: "x/distribution/keeper/msg_server.go, DepositValidatorRewardsPool",
    run: ofMessageFrom(
      "alice",
      ({ alice, val1 }) => [
        "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool",
        { depositor: alice, validatorAddress: val1, amount: uopen("30") },
      ],
      ({ alice, distribution, val1 }) => [
        ...sent(alice, distribution, "30uopen"),
        ...allocated(val1, "30.000000000000000000uopen", "3.000000000000000000uopen"),
      ],
    ),
  },
];

export const rewardRows: readonly EventRow[] = [...blockRows, ...messageRows];
