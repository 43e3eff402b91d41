// The genesis files that simd 0.50 and 0.53 wrote (vectors genesis/simapp50-*, simapp53-*) boot unchanged, and the export of the
// chain they begin is compared with the file in every member of every module. What the gentx and the first block change is
// written out here from x/genutil, x/staking, x/distribution, x/slashing and x/mint; all else is the file's.
import { createHash } from "node:crypto";
import { fromBech32, toBech32 } from "@cosmjs/encoding";
import { expect, test } from "vitest";
import { definitions } from "../../modules/app.ts";
import { fromBase64, hex } from "../../proto/bytes.ts";
import type { JsonValue } from "../../proto/json.ts";
import { ChainHarness } from "../support/chain-harness.ts";
import { describeVectors, vector } from "../vectors/vectors.ts";

// biome-ignore lint/suspicious/noExplicitAny: the file is JSON of any shape.
type Json = any;

const E18 = 10n ** 18n;
const STAKED = 3_000_000n;
/** What 21 accounts of 2,000 ustake, in millionths, hold. */
const SUPPLY = 21n * 2_000_000_000n;
const BLOCKS_PER_YEAR = 6_311_520n;

const decimal = (value: bigint): string => `${value / E18}.${(value % E18).toString().padStart(18, "0")}`;

/** x/mint NextInflationRate, with the SDK's rounding: LegacyDec multiplies and divides to the nearest, halves to even. */
function nextInflation(inflation: bigint, bonded: bigint, supply: bigint): bigint {
  const nearest = (product: bigint, by: bigint): bigint => {
    const [quotient, twice] = [product / by, (product % by) * 2n];
    return twice > by || (twice === by && quotient % 2n === 1n) ? quotient + 1n : quotient;
  };
  // x/staking BondedRatio: bonded.Quo(supply); the goal is 0.67, the yearly change 0.13.
  const ratio = nearest(bonded * E18 * E18, supply * E18);
  const goal = (E18 * 67n) / 100n;
  const yearly = nearest((E18 - nearest(ratio * E18, goal)) * ((E18 * 13n) / 100n), E18);
  return inflation + yearly / BLOCKS_PER_YEAR;
}

const moduleAddress = (name: string): string =>
  toBech32("cosmos", createHash("sha256").update(name).digest().subarray(0, 20));

const moduleAccount = (name: string, permissions: readonly string[], number: number) => ({
  "@type": "/cosmos.auth.v1beta1.ModuleAccount",
  base_account: { address: moduleAddress(name), pub_key: null, account_number: `${number}`, sequence: "0" },
  name,
  permissions,
});

/** The export after the genesis and one block without votes. */
function expectedExport(file: Json, blockTime: string): Json {
  const known = new Set(definitions.filter((module) => module.defaultGenesis() !== undefined).map(({ name }) => name));
  const state: Json = structuredClone(file.app_state);
  // A part that is null, or of a module this chain does not have, is not exported (types/module ExportGenesisForModules).
  for (const name of Object.keys(state)) if (!known.has(name)) delete state[name];
  const [gentx] = state.genutil.gen_txs;
  const [message] = gentx.body.messages;
  const operator = message.validator_address;
  const delegator = toBech32("cosmos", fromBech32(operator).data);
  const consensus = toBech32(
    "cosmosvalcons",
    createHash("sha256").update(fromBase64(message.pubkey.key)).digest().subarray(0, 20),
  );
  state.genutil.gen_txs = [];

  const signer = state.auth.accounts.find((account: Json) => account.address === delegator);
  signer.pub_key = gentx.auth_info.signer_infos[0].public_key;
  signer.sequence = "1";
  const pools = ["burner", "staking"];
  const accounts: readonly (readonly [string, readonly string[]])[] = [
    ["fee_collector", []],
    ["distribution", []],
    ["bonded_tokens_pool", pools],
    ["not_bonded_tokens_pool", pools],
    ["mint", ["minter"]],
    ["gov", ["burner"]],
  ];
  for (const [name, permissions] of accounts) {
    state.auth.accounts.push(moduleAccount(name, permissions, state.auth.accounts.length));
  }

  // x/mint BeginBlocker: the rate moves toward the goal, and a block's share of a year's coins goes to the fee collector.
  const inflation = nextInflation((E18 * 13n) / 100n, STAKED, SUPPLY);
  const provisions = inflation * SUPPLY;
  const minted = provisions / BLOCKS_PER_YEAR / E18;
  state.mint.minter = { inflation: decimal(inflation), annual_provisions: decimal(provisions) };

  const stake = (amount: bigint) => [{ denom: "ustake", amount: amount.toString() }];
  const staker = state.bank.balances.find((balance: Json) => balance.address === delegator);
  staker.coins[1].amount = (2_000_000_000n - STAKED).toString();
  state.bank.balances.push(
    { address: moduleAddress("bonded_tokens_pool"), coins: stake(STAKED) },
    { address: moduleAddress("fee_collector"), coins: stake(minted) },
  );
  // x/bank SanitizeGenesisBalances: in the order of the address bytes.
  state.bank.balances.sort((a: Json, b: Json) =>
    Buffer.compare(fromBech32(a.address).data, fromBech32(b.address).data),
  );
  state.bank.supply[1].amount = (SUPPLY + minted).toString();
  // Strings that the file leaves out are empty (gogoproto's jsonpb writes them).
  state.bank.denom_metadata = state.bank.denom_metadata.map((metadata: Json) => ({
    ...{ name: "", symbol: "", uri: "", uri_hash: "" },
    ...metadata,
  }));

  const shares = decimal(STAKED * E18);
  const staking = state.staking;
  staking.exported = true;
  // sdk.TokensToConsensusPower: a million of them is one.
  staking.last_total_power = "3";
  staking.last_validator_powers = [{ address: operator, power: "3" }];
  staking.delegations = [{ delegator_address: delegator, validator_address: operator, shares }];
  staking.validators = [
    {
      operator_address: operator,
      consensus_pubkey: message.pubkey,
      jailed: false,
      status: "BOND_STATUS_BONDED",
      tokens: STAKED.toString(),
      delegator_shares: shares,
      description: message.description,
      unbonding_height: "0",
      unbonding_time: "0001-01-01T00:00:00Z",
      commission: { commission_rates: message.commission, update_time: blockTime },
      min_self_delegation: "1",
      unbonding_on_hold_ref_count: "0",
      unbonding_ids: [],
    },
  ];
  // x/distribution hooks: initializeValidator is period 1, the delegation ends it.
  Object.assign(state.distribution, {
    previous_proposer: toBech32("cosmosvalcons", new Uint8Array(20)),
    delegator_starting_infos: [
      {
        delegator_address: delegator,
        validator_address: operator,
        starting_info: { previous_period: "1", stake: shares, height: "0" },
      },
    ],
    outstanding_rewards: [{ validator_address: operator, outstanding_rewards: [] }],
    validator_accumulated_commissions: [{ validator_address: operator, accumulated: { commission: [] } }],
    validator_current_rewards: [{ validator_address: operator, rewards: { rewards: [], period: "2" } }],
    validator_historical_rewards: [
      { validator_address: operator, period: "1", rewards: { cumulative_reward_ratio: [], reference_count: 2 } },
    ],
  });
  // x/slashing AfterValidatorBonded.
  state.slashing.missed_blocks = [{ address: consensus, missed_blocks: [] }];
  state.slashing.signing_infos = [
    {
      address: consensus,
      validator_signing_info: {
        address: consensus,
        start_height: "0",
        index_offset: "0",
        jailed_until: "1970-01-01T00:00:00Z",
        tombstoned: false,
        missed_blocks_counter: "0",
      },
    },
  ];
  return state;
}

/** Parameters that the file of 0.50 does not have: x/gov/types DefaultParams, in the file's own coins. */
function addedTo50(state: Json): void {
  state.gov.constitution = "";
  Object.assign(state.gov.params, {
    proposal_cancel_ratio: "0.500000000000000000",
    proposal_cancel_dest: "",
    expedited_voting_period: "86400s",
    expedited_threshold: "0.667000000000000000",
    // DefaultMinExpeditedDepositTokensRatio: five times the deposit of 10 million.
    expedited_min_deposit: [{ denom: "ustake", amount: "50000000" }],
  });
}

/** This chain's own modules, which the file does not have: they begin with their defaults. */
function withOwnModules(state: Json, file: Json): Json {
  const own = definitions.filter(({ name }) => !(name in file.app_state));
  return {
    ...state,
    ...Object.fromEntries(
      own
        .map((module) => [module.name, module.defaultGenesis()] as const)
        .filter(([, genesis]) => genesis !== undefined),
    ),
  };
}

const start = (file: Json): ChainHarness =>
  ChainHarness.genesis({ chainId: file.chain_id, prefix: "cosmos", wholeAppState: file.app_state });

for (const name of ["simapp50", "simapp53"])
  describeVectors(`the genesis of ${name}`, () => {
    const file = () => vector<Json>(`genesis/${name}-genesis.json`);

    test("boots unchanged with its validator's key", () => {
      const key = vector<Json>(`genesis/${name}-priv_validator_key.json`);
      const { genesisValidators } = start(file());
      const validators = genesisValidators.map(({ pubKey, power }) => [
        hex(pubKey?.ed25519 ?? new Uint8Array()),
        power,
      ]);
      expect(validators).toEqual([[hex(fromBase64(key.pub_key.value)), 3n]]);
    });

    test("comes back in every member that the first block did not change, and changed where it did", () => {
      const chain = start(file());
      const [time] = [chain.time];
      chain.block([]);
      const expected = expectedExport(file(), new Date(Number(time.seconds) * 1000).toISOString().replace(".000", ""));
      if (name === "simapp50") addedTo50(expected);
      expect(chain.application.exportGenesis()).toEqual(withOwnModules(expected, file()));
    });

    test("goes on after some blocks as if it had not been exported and begun again from that", () => {
      const chain = start(file());
      const [{ address }] = [vector<Json>(`genesis/${name}-priv_validator_key.json`)];
      const vote = { validator: { address: Buffer.from(address, "hex"), power: 3n }, blockIdFlag: 2 };
      const decidedLastCommit = { round: 0, votes: [vote] };
      const proposerAddress = vote.validator.address;
      chain.block([], { proposerAddress });
      for (let block = 0; block < 5; block++) chain.block([], { decidedLastCommit, proposerAddress });
      chain.checkInvariants();
      const exported = chain.application.exportGenesis() as { readonly [module: string]: JsonValue };
      const again = ChainHarness.genesis({
        chainId: chain.chainId,
        prefix: "cosmos",
        wholeAppState: exported,
        initialHeight: chain.height + 1n,
        time: chain.time,
      });
      for (let block = 0; block < 3; block++) {
        for (const one of [chain, again]) one.block([], { decidedLastCommit, proposerAddress });
        expect(again.application.exportGenesis()).toEqual(chain.application.exportGenesis());
      }
      again.checkInvariants();
    });
  });
