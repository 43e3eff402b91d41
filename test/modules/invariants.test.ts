/**
 * Every invariant of the Cosmos modules finds what was planted for it: one chain with something of everything, into whose state a block writes behind
 * the modules' backs. Owns the plants; that the invariants hold otherwise is the business of every other test and of the simulation.
 */
import { expect, test } from "vitest";
import { upgradeState } from "../../chain/app/state.ts";
import type { BlockWrite } from "../../chain/module/context.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { addNanoseconds, timeToNanoseconds, ZERO_TIME } from "../../chain/types/time.ts";
import { createModules } from "../../modules/app.ts";
import { state as auth } from "../../modules/auth/state.ts";
import { state as authz } from "../../modules/authz/state.ts";
import { state as bank } from "../../modules/bank/state.ts";
import { state as distribution } from "../../modules/distribution/state.ts";
import { state as evidence } from "../../modules/evidence/state.ts";
import { state as feegrant } from "../../modules/feegrant/state.ts";
import { state as gov } from "../../modules/gov/state.ts";
import { state as mint } from "../../modules/mint/state.ts";
import { state as slashing } from "../../modules/slashing/state.ts";
import { state as staking } from "../../modules/staking/state.ts";
import { nodeHasher, nodeVerifier } from "../../node/crypto.ts";
import { packAny } from "../../proto/codec.ts";
import { accountOf, type ChainHarness, type MessageToSend } from "../support/chain-harness.ts";
import { coins, decide, govAddress, govChain, submission, submit, voteOf, YES } from "../support/governance.ts";
import { consensusOf, payFee, signedBy, stake, votedBlock } from "../support/staking-chain.ts";

const native = { verifier: nodeVerifier(), hasher: nodeHasher() };
const HOUR = 3_600_000_000_000n;
const [alice, bob, dave] = ["alice", "bob", "dave"].map((name) => accountOf(name).bytes) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const [val1, val2] = [accountOf("val1").bytes, accountOf("val2").bytes];

/** Validators that earned, missed and signed twice, a withdrawal, proposals in all states, grants, allowances, a vesting account and a planned upgrade. */
function fullChain(): ChainHarness {
  const chain = govChain();
  const plan = { name: "later", time: ZERO_TIME, height: 1000n, info: "" };
  const later = addNanoseconds(chain.time, HOUR);
  decide(chain, [["cosmos.upgrade.v1beta1.MsgSoftwareUpgrade", { authority: govAddress(chain), plan }]]);
  payFee(chain, "bob", 100_000n);
  chain.block([], signedBy({ val1: 7n, val2: 3n }));
  votedBlock(chain, "val2", 3n, false);
  chain.runOk("alice", stake(chain, "Undelegate", "alice", "val1", "1000"));
  const granter = chain.address("alice");
  const grantee = chain.address("bob");
  const messages: readonly MessageToSend[] = [
    [
      "cosmos.authz.v1beta1.MsgGrant",
      {
        granter,
        grantee,
        grant: {
          authorization: packAny("cosmos.authz.v1beta1.GenericAuthorization", { msg: "/cosmos.bank.v1beta1.MsgSend" }),
          expiration: later,
        },
      },
    ],
    [
      "cosmos.feegrant.v1beta1.MsgGrantAllowance",
      { granter, grantee, allowance: packAny("cosmos.feegrant.v1beta1.BasicAllowance", { expiration: later }) },
    ],
    [
      "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount",
      {
        fromAddress: granter,
        toAddress: chain.address("dave"),
        startTime: chain.time.seconds,
        vestingPeriods: [{ length: 1000n, amount: coins("70") }],
      },
    ],
  ];
  for (const message of messages) chain.runOk("alice", message);
  submit(chain, [], { initialDeposit: coins("400") });
  const voted = submit(chain, []);
  chain.runOk("val1", voteOf(chain, "val1", voted, YES));
  const fault = { type: 1, validator: { address: consensusOf("val2"), power: 3n }, height: chain.height - 2n };
  chain.block([], { misbehavior: [{ ...fault, time: chain.time, totalVotingPower: 10n }] });
  chain.runOk("alice", submission(chain, "alice", []), { unorderedUntil: addNanoseconds(chain.time, 60_000_000_000n) });
  chain.checkInvariants();
  return chain;
}

const chain = fullChain();
const begun = { records: new Map(chain.records.records), height: chain.height, time: chain.time };

/** The invariants that break when a block writes this after everything else that begins it. */
function brokenBy(plant: (ctx: BlockWrite) => void): string[] {
  chain.records.records.clear();
  for (const [key, value] of begun.records) chain.records.records.set(key, value);
  Object.assign(chain, { height: begun.height, time: begun.time });
  const all = createModules(native);
  const last = all.beginBlockOrder.at(-1);
  const planting = (module: (typeof all.modules)[number]) => ({
    ...module,
    beginBlock: (ctx: BlockWrite) => {
      module.beginBlock?.(ctx);
      plant(ctx);
    },
  });
  chain.restart({ ...all, modules: all.modules.map((module) => (module.name === last ? planting(module) : module)) });
  chain.block([]);
  return chain.application.brokenInvariants();
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the chain lacks what the plant changes");
  return value;
}

const first = <Key, Value>(rows: Iterable<readonly [Key, Value]>): readonly [Key, Value] => present([...rows][0]);

/** Changes what stands at a key. */
function change<Key, Value>(
  rows: { get(ctx: BlockWrite, key: Key): Value | undefined; set(ctx: BlockWrite, key: Key, value: Value): void },
  key: Key,
  to: (value: Value) => Value,
): (ctx: BlockWrite) => void {
  return (ctx) => rows.set(ctx, key, to(present(rows.get(ctx, key))));
}

const OPEN = 1n;
const VOTED = 2n;
const plants: { readonly [invariant: string]: (ctx: BlockWrite) => void } = {
  "auth/numbersAreDistinct": (ctx) => auth.accountNumber.set(ctx, 1n),
  "auth/vestingIsSound": change(auth.accounts, dave, (account) => {
    if (account.kind !== "vesting") throw new Error("dave has no vesting account");
    const base = present(account.whole.baseVestingAccount);
    return { ...account, whole: { ...account.whole, baseVestingAccount: { ...base, delegatedVesting: coins("71") } } };
  }),
  "auth/endedNoncesAreForgotten": (ctx) =>
    auth.unorderedNonces.add(ctx, [timeToNanoseconds(addNanoseconds(ctx.time, -1n)), bob]),
  "bank/totalSupply": change(bank.supply, "uopen", (supply) => supply + 1n),
  "bank/positiveBalances": (ctx) => bank.balances.set(ctx, [bob, "other"], 0n),
  "staking/poolsMatchStake": change(bank.balances, [moduleAddress("bonded_tokens_pool"), "uopen"], (held) => held - 1n),
  "staking/sharesMatchDelegations": change(staking.validators, val1, (validator) => ({
    ...validator,
    delegatorShares: `${validator.delegatorShares}0`,
  })),
  "staking/powerOrderIsComplete": (ctx) =>
    staking.validatorsByPower.delete(ctx, first(staking.validatorsByPower.iterate(ctx))[0]),
  "distribution/accountMatchesDebts": (ctx) =>
    distribution.feePool.set(ctx, { communityPool: [{ denom: "uopen", amount: "1" }] }),
  "distribution/everyoneCanWithdraw": change(distribution.outstandingRewards, val1, () => ({ rewards: [] })),
  "distribution/referencesAreCounted": (ctx) => {
    const [key, rewards] = first(distribution.historicalRewards.iterate(ctx));
    distribution.historicalRewards.set(ctx, key, { ...rewards, referenceCount: rewards.referenceCount + 1 });
  },
  "slashing/missedBlocksAreCounted": change(slashing.signingInfos, consensusOf("val2"), (info) => ({
    ...info,
    missedBlocksCounter: info.missedBlocksCounter + 1n,
  })),
  "slashing/tombstonedAreJailed": change(slashing.signingInfos, consensusOf("val1"), (info) => ({
    ...info,
    tombstoned: true,
  })),
  "slashing/keysAreOfValidators": (ctx) => slashing.publicKeys.delete(ctx, consensusOf("val1")),
  "evidence/faultsArePunished": (ctx) => {
    const [hash, fault] = first(evidence.faults.iterate(ctx));
    evidence.faults.delete(ctx, hash);
    evidence.faults.set(ctx, hash.toReversed(), fault);
  },
  "mint/minterIsSane": (ctx) => mint.minter.set(ctx, { ...present(mint.minter.get(ctx)), annualProvisions: "-1" }),
  "authz/queueKnowsEnds": (ctx) => authz.queue.delete(ctx, first(authz.queue.iterate(ctx))[0]),
  "feegrant/queueKnowsEnds": (ctx) => feegrant.queue.add(ctx, [addNanoseconds(ctx.time, HOUR), bob, dave]),
  "gov/depositsAreHeld": (ctx) => gov.deposits.delete(ctx, first(gov.deposits.iterate(ctx))[0]),
  "gov/queuesAreComplete": (ctx) => gov.votingPeriodProposals.add(ctx, OPEN + VOTED + 100n),
  "upgrade/planIsAhead": (ctx) => upgradeState.done.add(ctx, [3n, "later"]),
};

test.each(Object.keys(plants))("%s", (name) => {
  const plant = present(plants[name]);
  expect(brokenBy(plant).map((flaw) => flaw.slice(0, flaw.indexOf(":")))).toContain(name);
});

/** Further plants for invariants that say more than one thing. */
const more: readonly (readonly [string, string, (ctx: BlockWrite) => void])[] = [
  [
    "a record of missed blocks without a validator",
    "slashing/missedBlocksAreCounted",
    (ctx) => slashing.missedBlocks.set(ctx, [new Uint8Array(20).fill(9), 0n], new Uint8Array(136)),
  ],
  [
    "a validator that signed twice and walks free",
    "slashing/tombstonedAreJailed",
    change(staking.validators, val2, (validator) => ({ ...validator, jailed: false })),
  ],
  [
    "a fault whose validator may come back",
    "evidence/faultsArePunished",
    change(slashing.signingInfos, consensusOf("val2"), (info) => ({ ...info, tombstoned: false })),
  ],
  [
    "inflation below zero",
    "mint/minterIsSane",
    (ctx) => mint.minter.set(ctx, { ...present(mint.minter.get(ctx)), inflation: "-1" }),
  ],
  [
    "an account under another's address",
    "auth/numbersAreDistinct",
    (ctx) => {
      const { base } = present(auth.accounts.get(ctx, alice));
      auth.accounts.set(ctx, new Uint8Array(20).fill(7), { kind: "base", base: { ...base, accountNumber: 998n } });
      auth.accountNumber.set(ctx, 999n);
    },
  ],
  [
    "a plan that is over",
    "upgrade/planIsAhead",
    (ctx) => upgradeState.plan.set(ctx, { ...present(upgradeState.plan.get(ctx)), height: 1n }),
  ],
];

test.each(more)("%s is found", (_, name, plant) => {
  expect(brokenBy(plant).map((flaw) => flaw.slice(0, flaw.indexOf(":")))).toContain(name);
});

test("a block that nothing is planted in breaks none, and every invariant of these modules has a plant", () => {
  expect(brokenBy(() => undefined)).toEqual([]);
  const names = createModules(native)
    .modules.filter(({ proto }) => proto.startsWith("cosmos."))
    .flatMap((module) => [...module.invariants.keys()].map((name) => `${module.name}/${name}`));
  expect(Object.keys(plants).sort()).toEqual(names.sort());
});
