/** What becomes of proposals at the end of a block, and what their messages tell there. Owns rows of the table only. */
import { ZERO_TIME } from "../../../chain/types/time.ts";
import type { JsonValue } from "../../../proto/json.ts";
import type { ChainHarness, MessageToSend } from "../../support/chain-harness.ts";
import {
  coins,
  DEPOSIT_SECONDS,
  decide,
  EXPEDITED_SECONDS,
  govChain,
  submit,
  VETO,
  VOTING_SECONDS,
  voteOf,
  wait,
  YES,
} from "../../support/governance.ts";
import { burnt, type EventRow, moduleOf, ofPhase, sent, type Told } from "../../support/told-events.ts";

const END_BLOCK = "x/gov/abci.go";

const namesOf = (chain: ChainHarness) => ({ bob: chain.address("bob"), gov: moduleOf(chain, "gov") });

const decided = (result: string, log: string): Told => [
  "active_proposal",
  "proposal_id=1",
  `proposal_result=${result}`,
  `proposal_log=${log}`,
];

const PASSED = decided("proposal_passed", "passed");
const REJECTED = decided("proposal_rejected", "rejected");
const DROPPED: Told = ["inactive_proposal", "proposal_id=1", "proposal_result=proposal_dropped"];

type Names = ReturnType<typeof namesOf>;

/** What the end of a block told, after these steps. */
function row(
  when: string,
  source: string,
  steps: (chain: ChainHarness) => unknown,
  expected: (names: Names, chain: ChainHarness) => Told[],
  params: { readonly [name: string]: JsonValue } = {},
): EventRow {
  const run = () => {
    const chain = govChain(params);
    steps(chain);
    return { told: ofPhase(chain, "EndBlock"), expected: expected(namesOf(chain), chain) };
  };
  return { when, source, run };
}

/** A proposal of one message of governance's passes, which gives the deposit back before it runs. */
function passing(
  when: string,
  source: string,
  message: (chain: ChainHarness) => MessageToSend,
  own: (names: Names, chain: ChainHarness) => Told[],
): EventRow {
  return row(
    when,
    `${END_BLOCK}, ${source}`,
    (chain) => {
      const pool = { depositor: chain.address("alice"), amount: coins("100") };
      chain.runOk("alice", ["cosmos.distribution.v1beta1.MsgFundCommunityPool", pool]);
      decide(chain, [message(chain)]);
    },
    (names, chain) => [...sent(names.gov, names.bob, "1000uopen"), ...own(names, chain), PASSED],
  );
}

const spend = (chain: ChainHarness, amount: string): MessageToSend => [
  "cosmos.distribution.v1beta1.MsgCommunityPoolSpend",
  { authority: moduleOf(chain, "gov"), recipient: chain.address("bob"), amount: coins(amount) },
];

const NO_RATIOS = {
  min_initial_deposit_ratio: "0.000000000000000000",
  min_deposit_ratio: "0.000000000000000000",
};

const dropRows: readonly EventRow[] = [
  row(
    "a proposal's deposits did not suffice",
    END_BLOCK,
    (chain) => {
      submit(chain, [], { initialDeposit: coins("300") });
      wait(chain, DEPOSIT_SECONDS);
    },
    ({ bob, gov }) => [...sent(gov, bob, "300uopen"), DROPPED],
  ),
  row(
    "a proposal's deposits did not suffice and are burnt",
    `${END_BLOCK}; x/gov/keeper/deposit.go, DeleteAndBurnDeposits`,
    (chain) => {
      submit(chain, [], { initialDeposit: coins("300") });
      wait(chain, DEPOSIT_SECONDS);
    },
    ({ gov }) => [...burnt(gov, "300uopen"), DROPPED],
    { burn_proposal_deposit_prevote: true },
  ),
  row(
    "nothing was deposited: nothing is burnt, and told",
    `${END_BLOCK}; x/gov/keeper/deposit.go, DeleteAndBurnDeposits`,
    (chain) => {
      submit(chain, [], { initialDeposit: [] });
      wait(chain, DEPOSIT_SECONDS);
    },
    ({ gov }) => [...burnt(gov, ""), DROPPED],
    { burn_proposal_deposit_prevote: true, ...NO_RATIOS },
  ),
];

const countRows: readonly EventRow[] = [
  row(
    "nobody voted",
    END_BLOCK,
    (chain) => {
      submit(chain, []);
      wait(chain, VOTING_SECONDS);
    },
    ({ bob, gov }) => [...sent(gov, bob, "1000uopen"), REJECTED],
  ),
  row(
    "a proposal is vetoed",
    END_BLOCK,
    (chain) => {
      const id = submit(chain, []);
      chain.runOk("val1", voteOf(chain, "val1", id, VETO));
      wait(chain, VOTING_SECONDS);
    },
    ({ gov }) => [...burnt(gov, "1000uopen"), REJECTED],
  ),
  row(
    "an expedited proposal becomes a regular one, and its deposits stay",
    END_BLOCK,
    (chain) => {
      submit(chain, [], { expedited: true, initialDeposit: coins("5000") });
      wait(chain, EXPEDITED_SECONDS);
    },
    () => [decided("expedited_proposal_rejected", "expedited proposal converted to regular")],
  ),
  row(
    "a proposal passes whose message cannot be carried out",
    END_BLOCK,
    (chain) => decide(chain, [spend(chain, "500")]),
    ({ bob, gov }) => [
      ...sent(gov, bob, "1000uopen"),
      decided(
        "proposal_failed",
        "passed, but msg 0 (/cosmos.distribution.v1beta1.MsgCommunityPoolSpend) failed on execution: community pool does not have sufficient coins to distribute",
      ),
    ],
  ),
];

/** A proposal spends the deposit of the next one, whose votes are then counted. */
function robbed(chain: ChainHarness): void {
  const { gov } = namesOf(chain);
  const fields = { fromAddress: gov, toAddress: chain.address("alice"), amount: coins("1000") };
  const id = submit(chain, [["cosmos.bank.v1beta1.MsgSend", fields]]);
  submit(chain, []);
  chain.runOk("val1", voteOf(chain, "val1", id, YES));
  wait(chain, VOTING_SECONDS);
}

const passRows: readonly EventRow[] = [
  row(
    "a proposal's deposits cannot be given back, which would stop the SDK's chain: the event of proposals that cannot be processed",
    `${END_BLOCK}, failUnsupportedProposal`,
    robbed,
    ({ bob, gov }, chain) => [
      ...sent(gov, bob, "1000uopen"),
      ...sent(gov, chain.address("alice"), "1000uopen"),
      PASSED,
      ["active_proposal", "proposal_id=2", "proposal_result=proposal_failed"],
    ],
  ),
  passing(
    "everybody's coins are spent",
    "x/distribution/keeper/fee_pool.go",
    (chain) => spend(chain, "60"),
    ({ bob }, chain) => sent(moduleOf(chain, "distribution"), bob, "60uopen"),
  ),
  passing(
    "the engine's parameters change",
    "x/consensus/keeper/keeper.go",
    (chain) => [
      "cosmos.consensus.v1.MsgUpdateParams",
      {
        authority: moduleOf(chain, "gov"),
        block: { maxBytes: 1_000_000n, maxGas: -1n },
        evidence: { maxAgeNumBlocks: 100n, maxAgeDuration: { seconds: 60n, nanos: 7 }, maxBytes: 0n },
        validator: { pubKeyTypes: ["ed25519"] },
      },
    ],
    ({ gov }) => [
      [
        "update_consensus_params",
        `authority=${gov}`,
        "parameters=block:<max_bytes:1000000 max_gas:-1 > evidence:<max_age_num_blocks:100 max_age_duration:<seconds:60 nanos:7 > > " +
          'validator:<pub_key_types:"ed25519" > version:<> ',
      ],
    ],
  ),
  passing(
    "an upgrade is planned, which tells nothing",
    "x/upgrade/keeper/msg_server.go",
    (chain) => [
      "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade",
      { authority: moduleOf(chain, "gov"), plan: { name: "later", time: ZERO_TIME, height: 1_000_000n, info: "" } },
    ],
    () => [],
  ),
  passing(
    "coins are forbidden to be sent, which tells nothing",
    "x/bank/keeper/msg_server.go",
    (chain) => [
      "cosmos.bank.v1beta1.MsgSetSendEnabled",
      {
        authority: moduleOf(chain, "gov"),
        sendEnabled: [{ denom: "other", enabled: false }],
        useDefaultFor: [],
      },
    ],
    () => [],
  ),
];

export const decisionRows: readonly EventRow[] = [...dropRows, ...countRows, ...passRows];
