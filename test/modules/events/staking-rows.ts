/** Stake: validators, what is staked with them, moved and withdrawn. Owns rows of the table only. */
import type { ChainHarness, MessageToSend } from "../../support/chain-harness.ts";
import {
  createValidator,
  move,
  newChain,
  operatorOf,
  payFee,
  signedBy,
  stake,
  THREE_WEEKS_NS,
  twoValidators,
  unjail,
  validatorOf,
  votedBlock,
} from "../../support/staking-chain.ts";
import {
  type EventRow,
  moduleOf,
  ofMessage,
  ofMessages,
  ofPhase,
  pooled,
  rewarded,
  secondsText,
  sent,
  type Told,
} from "../../support/told-events.ts";

const MESSAGES = "x/staking/keeper/msg_server.go";
const END_BLOCK = "x/staking/keeper/val_state_change.go";
const HALF_A_SECOND = 500_000_000n;

const namesOf = (chain: ChainHarness) => ({
  alice: chain.address("alice"),
  bonded: moduleOf(chain, "bonded_tokens_pool"),
  notBonded: moduleOf(chain, "not_bonded_tokens_pool"),
  val1: operatorOf(chain, "val1"),
  val2: operatorOf(chain, "val2"),
});

type Names = ReturnType<typeof namesOf>;

/** A chain where alice has staked 2,000,000 with the first of two validators. */
function staked(): ChainHarness {
  const chain = twoValidators();
  chain.runOk("alice", stake(chain, "Delegate", "alice", "val1", "2000000"));
  return chain;
}

/** Runs a message of alice's and gives what it emitted beside what is expected of it. */
function ofAlice(message: (chain: ChainHarness) => MessageToSend, own: (names: Names, chain: ChainHarness) => Told[]) {
  return () => {
    const chain = staked();
    const sending = message(chain);
    const told = ofMessages(chain.runOk("alice", sending));
    const names = namesOf(chain);
    return { told, expected: ofMessage(`/${sending[0]}`, names.alice, "staking", own(names, chain)) };
  };
}

const cancelOf = (chain: ChainHarness, amount: string): MessageToSend => [
  "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation",
  {
    delegatorAddress: chain.address("alice"),
    validatorAddress: operatorOf(chain, "val1"),
    amount: { denom: "uopen", amount },
    creationHeight: chain.height,
  },
];

const edit = (chain: ChainHarness, changes: object = {}): MessageToSend => [
  "cosmos.staking.v1beta1.MsgEditValidator",
  {
    description: { moniker: "one", identity: "", website: "", securityContact: "", details: "" },
    validatorAddress: operatorOf(chain, "val1"),
    commissionRate: "",
    minSelfDelegation: "",
    ...changes,
  },
];

/** A commission as gogoproto prints it on one line; the same values were printed by a Go program. */
const commissionText = (rate: string, seconds: bigint, nanos = "") =>
  `commission_rates:<rate:"${rate}" max_rate:"200000000000000000" max_change_rate:"10000000000000000" > ` +
  `update_time:<seconds:${seconds} ${nanos}> `;

/** What 300 are told as, at a coin a share. */
const staked300 = (validator: string, delegator: string): Told => [
  "delegate",
  `validator=${validator}`,
  `delegator=${delegator}`,
  "amount=300uopen",
  "new_shares=300.000000000000000000",
];

/** A withdrawal that began in the last block. */
const unbound = (chain: ChainHarness, validator: string, delegator: string, amount: string): Told => [
  "unbond",
  `validator=${validator}`,
  `delegator=${delegator}`,
  `amount=${amount}uopen`,
  `completion_time=${secondsText(chain.time, THREE_WEEKS_NS)}`,
];

const moved = (source: string, destination: string, amount: string, end: string): Told => [
  "redelegate",
  `source_validator=${source}`,
  `destination_validator=${destination}`,
  `amount=${amount}uopen`,
  `completion_time=${end}`,
];

const validatorRows: readonly EventRow[] = [
  {
    when: "a validator is made",
    source: MESSAGES,
    run: () => {
      const chain = newChain();
      const told = ofMessages(chain.runOk("val1", createValidator(chain, "val1", "5000000")));
      const { notBonded, val1 } = namesOf(chain);
      const own: Told[] = [
        ...pooled(chain.address("val1"), notBonded, "5000000uopen"),
        ["create_validator", `validator=${val1}`, "amount=5000000uopen"],
      ];
      const typeUrl = "/cosmos.staking.v1beta1.MsgCreateValidator";
      return { told, expected: ofMessage(typeUrl, chain.address("val1"), "staking", own) };
    },
  },
  {
    when: "a block ends in which a validator entered the set",
    source: `${END_BLOCK}, x/staking/keeper/pool.go`,
    run: () => {
      const chain = newChain();
      chain.runOk("val1", createValidator(chain, "val1", "5000000"));
      const { bonded, notBonded } = namesOf(chain);
      return { told: ofPhase(chain, "EndBlock"), expected: sent(notBonded, bonded, "5000000uopen") };
    },
  },
  {
    when: "a block ends that changed nothing about the set",
    source: END_BLOCK,
    run: () => {
      const chain = staked();
      chain.block([]);
      return { told: ofPhase(chain, "EndBlock"), expected: [] };
    },
  },
  {
    when: "a validator's description is edited",
    source: `${MESSAGES}, x/staking/types/staking.pb.go`,
    run: () => {
      const chain = newChain();
      chain.runOk("val1", createValidator(chain, "val1", "5000000"));
      const made = chain.time.seconds;
      const told = ofMessages(chain.runOk("val1", edit(chain)));
      const text = commissionText("100000000000000000", made);
      const own: Told[] = [["edit_validator", `commission_rate=${text}`, "min_self_delegation=1"]];
      const typeUrl = "/cosmos.staking.v1beta1.MsgEditValidator";
      return { told, expected: ofMessage(typeUrl, chain.address("val1"), "staking", own) };
    },
  },
  {
    when: "a validator's commission and least stake are edited",
    source: `${MESSAGES}, x/staking/types/staking.pb.go`,
    run: () => {
      const chain = newChain();
      chain.runOk("val1", createValidator(chain, "val1", "5000000"));
      chain.block([], { nanoseconds: 24n * 3600n * 1_000_000_000n + HALF_A_SECOND });
      const changes = { commissionRate: "110000000000000000", minSelfDelegation: "9" };
      const told = ofMessages(chain.runOk("val1", edit(chain, changes)));
      const text = commissionText("110000000000000000", chain.time.seconds, "nanos:500000000 ");
      const own: Told[] = [["edit_validator", `commission_rate=${text}`, "min_self_delegation=9"]];
      const typeUrl = "/cosmos.staking.v1beta1.MsgEditValidator";
      return { told, expected: ofMessage(typeUrl, chain.address("val1"), "staking", own) };
    },
  },
];

const stakeRows: readonly EventRow[] = [
  {
    when: "coins are staked with a validator for the first time",
    source: MESSAGES,
    run: ofAlice(
      (chain) => stake(chain, "Delegate", "alice", "val2", "300"),
      ({ alice, bonded, val2 }) => [...pooled(alice, bonded, "300uopen"), staked300(val2, alice)],
    ),
  },
  {
    when: "more is staked: what was earned is paid before",
    source: `${MESSAGES}, x/distribution/keeper/hooks.go`,
    run: ofAlice(
      (chain) => stake(chain, "Delegate", "alice", "val1", "300"),
      ({ alice, bonded, val1 }) => [
        rewarded(val1, alice),
        ...pooled(alice, bonded, "300uopen"),
        staked300(val1, alice),
      ],
    ),
  },
  {
    when: "stake is moved to another validator",
    source: MESSAGES,
    run: ofAlice(
      (chain) => move(chain, "alice", "val1", "val2", "600000"),
      ({ alice, val1, val2 }, chain) => [
        rewarded(val1, alice),
        moved(val1, val2, "600000", secondsText(chain.time, THREE_WEEKS_NS)),
      ],
    ),
  },
  {
    when: "stake is withdrawn; the fraction of a second is not told",
    source: MESSAGES,
    run: ofAlice(
      (chain) => {
        chain.block([], { nanoseconds: HALF_A_SECOND });
        return stake(chain, "Undelegate", "alice", "val1", "400000");
      },
      ({ alice, bonded, notBonded, val1 }, chain) => [
        rewarded(val1, alice),
        ...sent(bonded, notBonded, "400000uopen"),
        unbound(chain, val1, alice, "400000"),
      ],
    ),
  },
  {
    when: "a withdrawal is taken back in part",
    source: MESSAGES,
    run: ofAlice(
      (chain) => {
        chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "400000"));
        return cancelOf(chain, "150000");
      },
      ({ alice, bonded, notBonded, val1 }, chain) => [
        rewarded(val1, alice),
        ...sent(notBonded, bonded, "150000uopen"),
        [
          "cancel_unbonding_delegation",
          "amount=150000uopen",
          `validator=${val1}`,
          `delegator=${alice}`,
          `creation_height=${chain.height - 1n}`,
        ],
      ],
    ),
  },
];

/** The first validator's operator withdraws all it staked, and three weeks pass. */
function leave(chain: ChainHarness): void {
  chain.runOk("val1", stake(chain, "Undelegate", "val1", "val1", "5000000"));
  chain.block([], { nanoseconds: THREE_WEEKS_NS });
}

/** A chain whose first validator lost three hundredths of its stake for absence and is back in the set. */
function slashedAndBack(): ChainHarness {
  const chain = twoValidators({ slash_fraction_downtime: "0.03" });
  while (validatorOf(chain, "val1")?.jailed === false) votedBlock(chain, "val1", 5n, false);
  chain.block([], { nanoseconds: 601n * 1_000_000_000n });
  chain.runOk("val1", unjail(chain, "val1"));
  return chain;
}

const endRows: readonly EventRow[] = [
  {
    when: "shares are withdrawn that are not worth a whole coin: the coins that do not move are told",
    source: `${MESSAGES}, x/staking/keeper/pool.go`,
    run: () => {
      const chain = slashedAndBack();
      // A coin is 1/0.97 shares, of which 18 places are kept: 0.7526 of the last is lost, which makes the shares worth less than a coin.
      const told = ofMessages(chain.runOk("val1", stake(chain, "Undelegate", "val1", "val1", "1")));
      const { bonded, notBonded, val1 } = namesOf(chain);
      const delegator = chain.address("val1");
      const own: Told[] = [
        rewarded(val1, delegator),
        ...sent(bonded, notBonded, ""),
        unbound(chain, val1, delegator, "0"),
      ];
      return { told, expected: ofMessage("/cosmos.staking.v1beta1.MsgUndelegate", delegator, "staking", own) };
    },
  },
  {
    when: "stake is moved away from a validator that left the set long ago: it ends at Go's zero time",
    source: "x/staking/keeper/delegation.go, getBeginInfo",
    run: () => {
      const chain = staked();
      leave(chain);
      const result = chain.runOk("alice", move(chain, "alice", "val1", "val2", "1999999"));
      const { alice, bonded, notBonded, val1, val2 } = namesOf(chain);
      const own: Told[] = [
        rewarded(val1, alice),
        ...sent(notBonded, bonded, "1999999uopen"),
        moved(val1, val2, "1999999", "0001-01-01T00:00:00Z"),
      ];
      const typeUrl = "/cosmos.staking.v1beta1.MsgBeginRedelegate";
      return { told: ofMessages(result), expected: ofMessage(typeUrl, alice, "staking", own) };
    },
  },
  {
    when: "a validator is forgotten with its last stake: its commission is paid, and told as coins only",
    source: "x/distribution/keeper/hooks.go, AfterValidatorRemoved",
    run: () => {
      const chain = staked();
      payFee(chain, "bob", 1000n);
      chain.block([], signedBy({ val1: 7n, val2: 7n }));
      leave(chain);
      const { alice, val1 } = namesOf(chain);
      chain.runOk("alice", move(chain, "alice", "val1", "val2", "1999999"));
      const last = ofMessages(chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "1")));
      const operator = chain.address("val1");
      // Of 1,000 a half of 98 hundredths is the validator's, and a tenth of that its operator's.
      const own: Told[] = [
        rewarded(val1, alice),
        ...sent(moduleOf(chain, "distribution"), operator, `${(1000 * 0.98) / 2 / 10}uopen`),
        unbound(chain, val1, alice, "1"),
      ];
      return { told: last, expected: ofMessage("/cosmos.staking.v1beta1.MsgUndelegate", alice, "staking", own) };
    },
  },
  {
    when: "two withdrawals and a move end: every withdrawal is paid by itself, and told together",
    source: `${END_BLOCK}; x/staking/keeper/delegation.go, CompleteUnbonding`,
    run: () => {
      const chain = staked();
      chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "400000"));
      chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "30000"));
      chain.runOk("alice", move(chain, "alice", "val1", "val2", "600000"));
      chain.block([], { nanoseconds: THREE_WEEKS_NS });
      const { alice, notBonded, val1, val2 } = namesOf(chain);
      const expected: Told[] = [
        ...pooled(notBonded, alice, "400000uopen"),
        ...pooled(notBonded, alice, "30000uopen"),
        ["complete_unbonding", `amount=${400_000 + 30_000}uopen`, `validator=${val1}`, `delegator=${alice}`],
        [
          "complete_redelegation",
          "amount=600000uopen",
          `delegator=${alice}`,
          `source_validator=${val1}`,
          `destination_validator=${val2}`,
        ],
      ];
      return { told: ofPhase(chain, "EndBlock"), expected };
    },
  },
];

export const stakingRows: readonly EventRow[] = [...validatorRows, ...stakeRows, ...endRows];
