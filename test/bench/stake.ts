// What a block costs where much is staked: 100 validators that all sign, and more and more delegations, of which each block
// touches the same few. The cost should follow what changes, not what exists. Owns no sockets and no disk.

import { createHash } from "node:crypto";
import { AddressCodec } from "../../chain/types/address.ts";
import { publicKeyAddress } from "../../chain/types/public-key.ts";
import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { packAny } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import { type Backends, benchChainId, type LastCommitVotes, MemoryChain } from "./application.ts";
import { emptyGenesis, withSenders } from "./genesis.ts";
import { against, cpuMicroseconds, type Effort, type Figure, figure, type Section } from "./measure.ts";
import { factsOf, nextTransaction, type Sender, senderOf } from "./sends.ts";

const addresses = new AddressCodec("trib");
const VALIDATORS = 100;
const SENDERS = 20;
/** What each delegation of the genesis holds. */
const SHARE = 1_000_000n;
const NOBODY_YET = "1970-01-01T00:00:00Z";

type Json = { readonly [name: string]: JsonValue };

function digest(text: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(text).digest());
}

function operatorOf(index: number): string {
  return addresses.validator(digest(`operator ${index}`).subarray(0, 20));
}

/** No block here is checked for its validators' signatures, so any 32 bytes are a key. */
function consensusKeyOf(index: number): Uint8Array {
  return digest(`consensus key ${index}`);
}

function validatorJson(index: number, tokens: bigint): Json {
  const rate = (value: string): string => value.padEnd(20, "0");
  return {
    operator_address: operatorOf(index),
    consensus_pubkey: {
      "@type": "/cosmos.crypto.ed25519.PubKey",
      key: Buffer.from(consensusKeyOf(index)).toString("base64"),
    },
    jailed: false,
    status: "BOND_STATUS_UNBONDED",
    tokens: tokens.toString(),
    delegator_shares: `${tokens}.${"0".repeat(18)}`,
    description: { moniker: `validator ${index}`, identity: "", website: "", security_contact: "", details: "" },
    unbonding_height: "0",
    unbonding_time: NOBODY_YET,
    commission: {
      commission_rates: { rate: rate("0.1"), max_rate: rate("0.2"), max_change_rate: rate("0.01") },
      update_time: NOBODY_YET,
    },
    min_self_delegation: "1",
    unbonding_on_hold_ref_count: "0",
    unbonding_ids: [],
  };
}

/** Adds validators, bonded in the first block, and delegations of as many accounts, spread over them evenly. */
function withDelegations(genesis: AppGenesis, delegations: number): AppGenesis {
  const staking = genesis.app_state.staking as Json;
  const bank = genesis.app_state.bank as unknown as {
    readonly balances: readonly JsonValue[];
    readonly supply: readonly [{ readonly denom: string; readonly amount: string }];
  };
  const staked = SHARE * BigInt(delegations);
  const tokens = staked / BigInt(VALIDATORS);
  const supply = BigInt(bank.supply[0].amount) + staked;
  // A module's account is called by its name.
  const pool = addresses.account(digest("not_bonded_tokens_pool").subarray(0, 20));
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      staking: {
        ...staking,
        validators: Array.from({ length: VALIDATORS }, (_, index) => validatorJson(index, tokens)),
        delegations: Array.from({ length: delegations }, (_, index) => ({
          delegator_address: addresses.account(digest(`delegator ${index}`).subarray(0, 20)),
          validator_address: operatorOf(index % VALIDATORS),
          shares: `${SHARE}.${"0".repeat(18)}`,
        })),
      },
      bank: {
        ...bank,
        balances: [...bank.balances, { address: pool, coins: [{ denom: "uopen", amount: staked.toString() }] }],
        supply: [{ denom: "uopen", amount: supply.toString() }],
      },
    } as AppGenesis["app_state"],
  };
}

/** A chain with so many delegations, and what its blocks cost. */
class StakedChain {
  readonly delegations: number;
  readonly busy: number[] = [];
  readonly empty: number[] = [];
  readonly #backends: Backends;
  readonly #chain: MemoryChain;
  readonly #senders: readonly Sender[];
  readonly #votes: LastCommitVotes;

  constructor(delegations: number, backends: Backends) {
    this.delegations = delegations;
    this.#backends = backends;
    this.#senders = Array.from({ length: SENDERS }, (_, number) => senderOf(number, BigInt(number)));
    const genesis = withDelegations(withSenders(emptyGenesis(benchChainId), this.#senders), delegations);
    this.#chain = new MemoryChain(genesis, backends);
    const power = BigInt(delegations / VALIDATORS);
    this.#votes = Array.from({ length: VALIDATORS }, (_, index) => ({
      validator: { address: publicKeyAddress("ed25519", consensusKeyOf(index)), power },
      blockIdFlag: 2,
    }));
  }

  /** Two blocks: one in which every sender delegates and takes its rewards, its signatures known; and one without anything. */
  round(isMeasured: boolean): void {
    const sends = this.#senders.map((sender, index) => {
      const validatorAddress = operatorOf(index);
      const delegatorAddress = sender.address;
      const amount = { denom: "uopen", amount: SHARE.toString() };
      const messages = [
        packAny("cosmos.staking.v1beta1.MsgDelegate", { delegatorAddress, validatorAddress, amount }),
        packAny("cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", { delegatorAddress, validatorAddress }),
      ];
      return nextTransaction(sender, messages, benchChainId, { gas: 800_000n, fee: "500" });
    });
    const txs = sends.map(({ tx }) => tx);
    const facts = factsOf(this.#backends.hasher, sends);
    const busy = cpuMicroseconds(() => this.#chain.finalize(txs, facts, this.#votes));
    this.#chain.commit();
    const empty = cpuMicroseconds(() => this.#chain.finalize([], undefined, this.#votes));
    this.#chain.commit();
    if (!isMeasured) return;
    this.busy.push(busy / 1_000);
    this.empty.push(empty / 1_000);
  }
}

/** FinalizeBlock with its roots, on chains that differ only in how many delegations exist; their blocks take turns. */
export function benchStake(effort: Effort, backends: Backends): Section {
  const sizes = effort === "quick" ? [100, 10_000] : [1_000, 10_000, 100_000];
  const rounds = effort === "quick" ? 2 : 15;
  const chains = sizes.map((size) => new StakedChain(size, backends));
  // The first rounds compile the code and create what first delegations create.
  for (let round = -2; round < rounds; round++) for (const chain of chains) chain.round(round >= 0);
  const [smallest] = sizes as [number, ...number[]];
  const row = (what: string, costs: (chain: StakedChain) => readonly number[]): Figure[] => {
    const figures = chains.map((chain) =>
      figure(`${what}, ${chain.delegations.toLocaleString("en")} delegations exist`, "ms CPU", costs(chain)),
    );
    return figures.map((one) => against(figures[0]!, `with ${smallest.toLocaleString("en")}`, one));
  };
  return {
    title: `Staking, ${VALIDATORS} validators that all sign: FinalizeBlock with roots (in memory)`,
    figures: [
      ...row(`a block of ${SENDERS} delegations and withdrawals`, ({ busy }) => busy),
      ...row("a block without transactions", ({ empty }) => empty),
    ],
  };
}
