// Genesis files of earlier SDKs. Expected parts are those of the SDK's own tests of its migrations (x/gov/migrations/v3 and v4, x/bank/migrations/v4, x/distribution/migrations/v3,
// x/staking/migrations/v3; v0.53.4), and a genesis that simd 0.53 wrote beside one that simd 0.50 wrote.
import { describe, expect, test } from "vitest";
import { AddressCodec, moduleAddress } from "../../chain/types/address.ts";
import { type MigrationFacts, migrated, migrationTargets } from "../../genesis/migrate.ts";
import { genesisInParts, partsOf } from "../../genesis/state-parts.ts";
import { genesisTextPieces } from "../../genesis/write-pieces.ts";
import { definitions } from "../../modules/app.ts";
import type { JsonValue } from "../../proto/json.ts";
import { genesisTextOf } from "../support/genesis-text.ts";
import { describeVectors, vector } from "../vectors/vectors.ts";

// biome-ignore lint/suspicious/noExplicitAny: the tests look at parts of every shape
type State = any;

const gov = definitions.find(({ name }) => name === "gov")?.defaultGenesis() as { params: MigrationFacts["govParams"] };
const facts: MigrationFacts = {
  authority: new AddressCodec("cosmos").account(moduleAddress("gov")),
  govParams: gov.params,
};

/** A state after a migration, whether it was in memory or lay in a file. */
function migrate(target: string, state: { [module: string]: JsonValue }): State {
  const text = genesisTextOf({ app_name: "", chain_id: "a-1", app_state: state, consensus: { params: {} } });
  const [memory, file] = [partsOf(state), genesisInParts(text).parts].map((parts) => {
    const changed = migrated(parts, target, facts);
    if (changed === undefined) throw new Error(`no target ${target}`);
    return JSON.parse([...genesisTextPieces({} as never, changed)].join("")).app_state as State;
  });
  expect(file).toEqual(memory);
  return memory;
}

const voter = "cosmos1fl48vsnmsdzcv85q5d2q4z5ajdha8yu34mf0eh";
const noTally = { yes: "0", abstain: "0", no: "0", no_with_veto: "0" };
const content = { "@type": "/cosmos.gov.v1beta1.TextProposal", title: "my title", description: "my desc" };
const time = "2001-09-09T01:46:40Z";
const oldParams = {
  deposit_params: { min_deposit: [{ denom: "stake", amount: "10000000" }], max_deposit_period: "172800s" },
  voting_params: { voting_period: "172800s" },
  tally_params: {
    quorum: "0.334000000000000000",
    threshold: "0.500000000000000000",
    veto_threshold: "0.334000000000000000",
  },
};

test("the targets are in the order of the SDK's versions, and others are not known", () => {
  expect(migrationTargets()).toEqual(["v0.46", "v0.47", "v0.53"]);
  expect(migrated(new Map(), "v0.10", facts)).toBeUndefined();
  expect(migrated(new Map(), "toString", facts)).toBeUndefined();
});

describe("to v0.46", () => {
  test("proposals carry messages, votes carry weights", () => {
    const proposal = { submit_time: time, deposit_end_time: time, voting_start_time: time, voting_end_time: time };
    const { gov } = migrate("v0.46", {
      gov: {
        starting_proposal_id: "1",
        deposits: [],
        votes: [
          { proposal_id: "1", voter, option: "VOTE_OPTION_ABSTAIN", options: [] },
          { proposal_id: "2", voter, options: [{ option: "VOTE_OPTION_NO", weight: "1.000000000000000000" }] },
        ],
        proposals: [
          {
            ...{ proposal_id: "1", content, status: "PROPOSAL_STATUS_DEPOSIT_PERIOD", final_tally_result: noTally },
            ...proposal,
            total_deposit: [{ denom: "stake", amount: "123" }],
          },
        ],
        ...oldParams,
      },
    });
    const vote = (proposal_id: string, option: string) => {
      return { proposal_id, voter, options: [{ option, weight: "1.000000000000000000" }], metadata: "" };
    };
    expect(gov).toEqual({
      starting_proposal_id: "1",
      deposits: [],
      votes: [vote("1", "VOTE_OPTION_ABSTAIN"), vote("2", "VOTE_OPTION_NO")],
      proposals: [
        {
          id: "1",
          messages: [
            {
              "@type": "/cosmos.gov.v1.MsgExecLegacyContent",
              content,
              authority: "cosmos10d07y265gmmuvt4z0w9aw880jnsr700j6zn9kn",
            },
          ],
          status: "PROPOSAL_STATUS_DEPOSIT_PERIOD",
          final_tally_result: { yes_count: "0", abstain_count: "0", no_count: "0", no_with_veto_count: "0" },
          ...proposal,
          total_deposit: [{ denom: "stake", amount: "123" }],
          ...{ metadata: "", title: "my title", summary: "my desc", proposer: "", expedited: false, failed_reason: "" },
        },
      ],
      ...oldParams,
      params: null,
      constitution: "",
    });
  });

  test("a vote without an option is refused, and staking gets a least commission", () => {
    const vote = { proposal_id: "1", voter, option: "VOTE_OPTION_UNSPECIFIED" };
    expect(() => migrate("v0.46", { gov: { votes: [vote] } })).toThrow("a vote has no option");
    const params = { unbonding_time: "1s", max_validators: 10 };
    expect(migrate("v0.46", { staking: { params, validators: [] } }).staking).toEqual({
      params: { ...params, min_commission_rate: "0.000000000000000000" },
      validators: [],
    });
  });
});

describe("to v0.47", () => {
  test("gov has one list of parameters, new ones at the SDK's defaults", () => {
    const state = { starting_proposal_id: "1", deposits: [], votes: [], proposals: [], ...oldParams };
    expect(migrate("v0.47", { gov: state }).gov).toEqual({
      ...{ constitution: "", starting_proposal_id: "1", deposits: [], votes: [], proposals: [] },
      ...{ deposit_params: null, voting_params: null, tally_params: null },
      params: {
        burn_proposal_deposit_prevote: false,
        burn_vote_quorum: false,
        burn_vote_veto: true,
        expedited_min_deposit: [{ amount: "50000000", denom: "stake" }],
        expedited_threshold: "0.667000000000000000",
        expedited_voting_period: "86400s",
        max_deposit_period: "172800s",
        min_deposit: [{ amount: "10000000", denom: "stake" }],
        min_deposit_ratio: "0.010000000000000000",
        min_initial_deposit_ratio: "0.000000000000000000",
        proposal_cancel_dest: "",
        proposal_cancel_ratio: "0.500000000000000000",
        quorum: "0.334000000000000000",
        threshold: "0.500000000000000000",
        veto_threshold: "0.334000000000000000",
        voting_period: "172800s",
      },
    });
    expect(() => migrate("v0.47", { gov: { params: {} } })).toThrow("the genesis is not of v0.46");
  });

  test("which coins may be sent moves out of bank's parameters, and the list's own entries count first", () => {
    const balances = [{ address: "balance1", coins: [{ denom: "a", amount: "8" }] }];
    const moved = [
      { denom: "movecointrue", enabled: true },
      { denom: "staycoin", enabled: false },
    ];
    const own = [{ denom: "staycoin", enabled: true }];
    const params = { default_send_enabled: true, send_enabled: moved };
    expect(migrate("v0.47", { bank: { params, balances, send_enabled: own } }).bank).toEqual({
      balances,
      params: { default_send_enabled: true, send_enabled: [] },
      send_enabled: [own[0], moved[0]],
    });
  });

  test("rewards of proposers are none, and modules that did not change stay as they are", () => {
    const params = { community_tax: "0.02", base_proposer_reward: "0.01", bonus_proposer_reward: "0.04" };
    const others = { group: { groups: [1, { a: null }] }, auth: { accounts: [] }, mint: null };
    expect(migrate("v0.47", { distribution: { params, delegator_starting_infos: [] }, ...others })).toEqual({
      distribution: {
        params: {
          community_tax: "0.02",
          base_proposer_reward: "0.000000000000000000",
          bonus_proposer_reward: "0.000000000000000000",
        },
        delegator_starting_infos: [],
      },
      ...others,
    });
  });
});

describeVectors("to v0.53", () => {
  const read = (name: string) => vector<{ app_state: { [module: string]: JsonValue } }>(`genesis/${name}`).app_state;

  test("gov's part of simd 0.50 becomes what simd 0.53 wrote", () => {
    const { gov } = read("simapp53-genesis.json");
    expect(migrate("v0.53", { gov: read("simapp50-genesis.json").gov ?? null }).gov).toEqual(gov);
    expect(migrate("v0.53", { gov: gov ?? null }).gov).toEqual(gov);
  });
});
