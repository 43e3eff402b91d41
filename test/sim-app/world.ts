/**
 * The chain that random operations are run on, and what their makers may ask it. Owns its genesis, the people on it, and queries over the last
 * commit; a chain in memory is the harness's, chance is `Random`'s.
 */
import type { ApplicationModules } from "../../chain/app/application.ts";
import { createModules } from "../../modules/app.ts";
import { defaultGenesis } from "../../modules/attribution/genesis.ts";
import { defaultParams } from "../../modules/datanet/params.ts";
import { defaultParams as modelDefaults } from "../../modules/model/params.ts";
import { nodeHasher } from "../../node/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import { decode, encode, packAny } from "../../proto/codec.ts";
import { type JsonValue, toJson } from "../../proto/json.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";
import { stubSignature, stubVerifier } from "../sim/keys.ts";
import { Random } from "../sim/random.ts";
import { ChainHarness, type HarnessOptions, type MessageToSend } from "../support/chain-harness.ts";
import { govParams } from "../support/governance.ts";
import { consensusKeyOf, createValidator, operatorOf } from "../support/staking-chain.ts";
import { Library } from "./library.ts";

export const DENOM = "uopen";
export const OTHER_DENOM = "utest";
const PEOPLE = 24;
/** One unit of power. */
export const POWER_COINS = 1_000_000n;
/** The person whose validator keeps the chain going: it does nothing that could cost the validator its place. */
const ANCHOR = "person0";
const FIRST_VALIDATORS = 4;
/** More than a challenge or a notice is bonded with, and a fee. */
const BONDS = 3_000_000n;

type Validator = Messages["cosmos.staking.v1beta1.Validator"];

/** The modules that only this chain has. */
export type Native = "attribution" | "datanet" | "model" | "tokenpool";

type NameIn<Of extends Native, Full> = Full extends `tributary.${Of}.v1.Query${infer Name}Request` ? Name : never;
export type QueryName<Of extends Native> = NameIn<Of, MessageName>;
type QueryAnswer<Of extends Native, Name extends string> = Messages[Extract<
  MessageName,
  `tributary.${Of}.v1.Query${Name}Response`
>];

/** A module whose state every upgrade of a simulation brings to its next version. */
const MIGRATED = "feegrant";

/** The modules, with a verifier that costs nothing, as the program has them that makes these upgrades: each raises one module's version. */
export function simulatedModules(upgrades: readonly string[] = []): ApplicationModules {
  const named = upgrades.map((name) => ({ name }));
  const all = createModules({ verifier: stubVerifier, hasher: nodeHasher(), upgrades: named });
  // The upgrade keeper looks at the modules it was built with, so the one that changes is changed in place.
  for (const module of all.modules) {
    if (module.name !== MIGRATED) continue;
    const migrations = new Map(module.migrations);
    for (let from = module.version; from < module.version + upgrades.length; from++)
      migrations.set(from, (ctx) => ctx.emit("simulated_migration", [["from", `${from}`]]));
    Object.assign(module, { version: module.version + upgrades.length, migrations });
  }
  return all;
}

export class AppWorld {
  readonly random: Random;
  readonly chain: ChainHarness;
  /** Names of accounts that exist; vesting accounts join them. */
  readonly people: string[];
  /** Who signs something in this block already: a second would need to know what becomes of the first. */
  readonly #busy = new Set<string>();
  #validators: readonly Validator[] | undefined;
  /** Answers about the last commit. */
  readonly #answers = new Map<string, unknown>();
  #made = FIRST_VALIDATORS;
  /** When a proposal that everybody wants was last looked at, in unix seconds. */
  lastVerdict = 0n;
  /** What these people keep off the chain. */
  readonly library = new Library();

  /** Whether the chain goes on beside its import. */
  isBesideImport = false;
  /** Whether the run can go on with another program. */
  readonly mayUpgrade: boolean;

  constructor(seed: number, modules: ApplicationModules, mayUpgrade: boolean) {
    this.mayUpgrade = mayUpgrade;
    this.random = new Random(seed);
    this.people = Array.from({ length: PEOPLE }, (_, index) => `person${index}`);
    this.chain = ChainHarness.start({
      ...chainOptions(modules),
      balances: Object.fromEntries(this.people.map((name) => [name, `1000000000000${DENOM},1000000000${OTHER_DENOM}`])),
      appState: genesisParams(this.random),
    });
  }

  get anchorKey(): Uint8Array {
    return consensusKeyOf(ANCHOR);
  }

  /** The first validators: their transactions are the first block. */
  firstMessages(): (readonly [from: string, message: MessageToSend])[] {
    return this.people.slice(0, FIRST_VALIDATORS).map((name) => {
      const units = name === ANCHOR ? 400n : BigInt(20 + this.random.below(100));
      return [name, createValidator(this.chain, name, (units * POWER_COINS).toString())];
    });
  }

  /** A new block: what was known of the last commit is forgotten. */
  nextBlock(): void {
    this.#busy.clear();
    this.#answers.clear();
    this.#validators = undefined;
  }

  /** When the last block was, in unix seconds. */
  get now(): bigint {
    return this.chain.time.seconds;
  }

  /** What a query of one of this chain's own modules answers; undefined where it finds nothing. The same question is asked once a block. */
  seek<Of extends Native, Name extends QueryName<Of>>(
    of: Of,
    name: Name,
    request: object = {},
  ): QueryAnswer<Of, Name> | undefined {
    const full = `tributary.${of}.v1.Query${name}`;
    const bytes = encode(`${full}Request` as MessageName, request as never);
    const question = `${full} ${hex(bytes)}`;
    if (!this.#answers.has(question)) {
      const { code, value } = this.chain.abciQuery(`/tributary.${of}.v1.Query/${name}`, bytes);
      this.#answers.set(question, code === 0 ? decode(`${full}Response` as MessageName, value) : undefined);
    }
    return this.#answers.get(question) as QueryAnswer<Of, Name> | undefined;
  }

  /** As `seek`, of what is always there. */
  ask<Of extends Native, Name extends QueryName<Of>>(of: Of, name: Name, request: object = {}): QueryAnswer<Of, Name> {
    const answer = this.seek(of, name, request);
    if (answer === undefined) throw new Error(`${of} answers nothing to ${name}`);
    return answer;
  }

  /** Someone who has signed nothing in this block, or undefined for a name that has. */
  someone(): string {
    const free = this.people.filter((name) => !this.#busy.has(name));
    return this.random.pick(free.length > 0 ? free : this.people);
  }

  /** Someone who can pay for a bond and not only for a fee; anyone when a few looks find nobody. */
  payer(): string {
    for (let looks = 0; looks < 4; looks++) {
      const name = this.someone();
      if (this.isFree(name) && this.spendable(name) >= BONDS) return name;
    }
    return this.someone();
  }

  isFree(name: string): boolean {
    return !this.#busy.has(name);
  }

  willSign(name: string): void {
    this.#busy.add(name);
  }

  isAnchor(name: string): boolean {
    return name === ANCHOR;
  }

  address(name: string): string {
    return this.chain.address(name);
  }

  /** Whose address it is; undefined for nobody here. */
  nameOf(address: string): string | undefined {
    return this.people.find((name) => this.address(name) === address || operatorOf(this.chain, name) === address);
  }

  /** The name of an account that is not there yet; undefined when there are enough of them. */
  nextVestingAccount(most: number): string | undefined {
    const name = `vesting${this.people.length - PEOPLE}`;
    return this.people.length - PEOPLE < most ? name : undefined;
  }

  /** A new account is there. Once, though two may have made it in one block. */
  join(name: string): void {
    if (!this.people.includes(name)) this.people.push(name);
  }

  /** A consensus key nobody has. */
  newConsensusKey() {
    this.#made += 1;
    return packAny("cosmos.crypto.ed25519.PubKey", { key: consensusKeyOf(`made ${this.#made}`) });
  }

  /** At most `most`, small ones as likely as large ones; now and then more than there is. */
  amount(most: bigint): bigint {
    if (this.random.chance(0.03)) return most + 1n + BigInt(this.random.below(1000));
    const share = (most * BigInt(1 + this.random.below(1_000_000))) / 1_000_000n;
    const amount = share >> BigInt(this.random.below(12));
    return amount > 0n ? amount : 1n;
  }

  coin(amount: bigint, denom = DENOM): Messages["cosmos.base.v1beta1.Coin"] {
    return { denom, amount: amount.toString() };
  }

  /** So many seconds after the last block. */
  later(seconds: number): { readonly seconds: bigint; readonly nanos: number } {
    return { seconds: this.chain.time.seconds + BigInt(seconds), nanos: 0 };
  }

  spendable(name: string, denom = DENOM): bigint {
    const { balance } = this.chain.query(
      "/cosmos.bank.v1beta1.Query/SpendableBalanceByDenom",
      ["cosmos.bank.v1beta1.QuerySpendableBalanceByDenomRequest", { address: this.address(name), denom }],
      "cosmos.bank.v1beta1.QuerySpendableBalanceByDenomResponse",
    );
    return BigInt(balance?.amount ?? "0");
  }

  validators(): readonly Validator[] {
    this.#validators ??= this.chain.query(
      "/cosmos.staking.v1beta1.Query/Validators",
      ["cosmos.staking.v1beta1.QueryValidatorsRequest", { pagination: { limit: 1000n } }],
      "cosmos.staking.v1beta1.QueryValidatorsResponse",
    ).validators;
    return this.#validators;
  }

  /** One of them by chance; undefined when there is none. */
  some<Item>(items: readonly Item[]): Item | undefined {
    return items.length === 0 ? undefined : this.random.pick(items);
  }

  someValidator(): Validator | undefined {
    const all = this.validators();
    return all.length === 0 ? undefined : this.random.pick(all);
  }

  delegationsOf(name: string) {
    return this.chain
      .query(
        "/cosmos.staking.v1beta1.Query/DelegatorDelegations",
        ["cosmos.staking.v1beta1.QueryDelegatorDelegationsRequest", { delegatorAddr: this.address(name) }],
        "cosmos.staking.v1beta1.QueryDelegatorDelegationsResponse",
      )
      .delegationResponses.flatMap(({ delegation, balance }) => {
        if (delegation === undefined) return [];
        // What the anchor staked with itself stays.
        if (this.isAnchor(name) && delegation.validatorAddress === operatorOf(this.chain, name)) return [];
        return [{ operator: delegation.validatorAddress, amount: BigInt(balance?.amount ?? "0") }];
      });
  }

  /** A free account that has something of a kind, and one of what it has. Looks at a few, not at all. */
  ownerOf<Thing>(thingsOf: (name: string) => readonly Thing[]): { from: string; thing: Thing } | undefined {
    for (let tries = 0; tries < 6; tries++) {
      const from = this.someone();
      const things = this.isFree(from) ? thingsOf(from) : [];
      if (things.length > 0) return { from, thing: this.random.pick(things) };
    }
    return undefined;
  }
}

/** What every chain of a simulation has in common, the one that is imported too. */
export function chainOptions(modules: ApplicationModules): HarnessOptions {
  return {
    chainId: "tributary-simulated",
    modules,
    verifier: stubVerifier,
    signature: ({ publicKey }, message) => stubSignature(publicKey, message),
  };
}

/** Windows of a few minutes, audits often enough to see some, matches that are common soon, and few words that show an omission. */
function attributionGenesis(random: Random): JsonValue {
  const name = "tributary.attribution.v1.GenesisState";
  const genesis = defaultGenesis();
  const seconds = { windowSeconds: 100 + random.below(150), answerSeconds: 80, settleSeconds: 400, claimSeconds: 900 };
  // In some lives no host needs a bond to settle inline.
  const inlineBondMultiple = random.chance(0.25) ? 0 : 1 + random.below(10);
  const stakes = { auditPpm: 50_000, bondMultiple: 1 + random.below(20), omissionTokens: 30, inlineBondMultiple };
  const game = { ...genesis.params.game, ...seconds, ...stakes };
  const rules = { ...genesis.params.rules, maxOccurrences: 1, neighbours: 1 + random.below(5) };
  const params = { ...genesis.params, game, rules, useTimeoutSeconds: 600 };
  return toJson(name, decode(name, encode(name, { ...genesis, params })));
}

/** Parameters under which much happens in a thousand blocks: short periods, small windows, few places in the set. */
function genesisParams(random: Random): { readonly [module: string]: JsonValue } {
  const share = (low: number, high: number) => random.between(low, high).toFixed(4);
  return {
    attribution: attributionGenesis(random),
    mint: {
      minter: { inflation: "0.13", annual_provisions: "0" },
      params: {
        mint_denom: DENOM,
        inflation_rate_change: "0.13",
        inflation_max: "0.2",
        inflation_min: "0.07",
        goal_bonded: "0.67",
        blocks_per_year: String(5_000 + random.below(100_000)),
      },
    },
    staking: {
      params: {
        unbonding_time: `${30 + random.below(200)}s`,
        max_validators: 3 + random.below(6),
        max_entries: 2 + random.below(6),
        historical_entries: random.below(20),
        bond_denom: DENOM,
        min_commission_rate: "0",
      },
    },
    slashing: {
      params: {
        signed_blocks_window: String(10 + random.below(20)),
        min_signed_per_window: share(0.3, 0.8),
        downtime_jail_duration: "60s",
        slash_fraction_double_sign: share(0.01, 0.6),
        slash_fraction_downtime: share(0, 0.2),
      },
      signing_infos: [],
      missed_blocks: [],
    },
    distribution: {
      params: {
        community_tax: share(0, 0.1),
        base_proposer_reward: "0",
        bonus_proposer_reward: "0",
        withdraw_addr_enabled: true,
      },
      fee_pool: { community_pool: [] },
    },
    datanet: { params: datanetParams(random) },
    model: { params: modelParams(random) },
    gov: { starting_proposal_id: "1", params: govParams({ burn_vote_quorum: random.chance(0.5) }) },
  };
}

/** Windows that end while the simulation looks on, and a cap on what one block settles. */
function datanetParams(random: Random): JsonValue {
  return toJson("tributary.datanet.v1.Params", {
    ...defaultParams,
    challengeSeconds: BigInt(120 + random.below(240)),
    revealSeconds: 120n,
    takedownSeconds: BigInt(30 + random.below(200)),
    demandSeconds: 80n,
    recordDemandSeconds: 80n,
    maxDeadlinesPerBlock: 1 + random.below(20),
  }) as JsonValue;
}

/** Epochs, locks and withdrawals that end while the simulation looks on. */
function modelParams(random: Random): JsonValue {
  return toJson("tributary.model.v1.Params", {
    ...modelDefaults,
    epochSeconds: BigInt(30 + random.below(100)),
    vetoSeconds: BigInt(60 + random.below(200)),
    unbondingSeconds: BigInt(300 + random.below(300)),
    creatorLockSeconds: BigInt(100 + random.below(400)),
  }) as JsonValue;
}
