/**
 * A simulation by operations: random transactions of every module over the real application, block after block, with all invariants after each;
 * at the end the state is exported and goes on in a second application beside the first. Owns the run and its verdict; what is done is
 * operations/, what the engine says is engine.ts.
 */
import type { ApplicationModules } from "../../chain/app/application.ts";
import { UpgradeNeeded } from "../../chain/module/errors.ts";
import { moduleAddress } from "../../chain/types/address.ts";
import { amountOf, parseCoins } from "../../chain/types/coin.ts";
import { sha256 } from "../../node/crypto.ts";
import { hex } from "../../proto/bytes.ts";
import { encode } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { ChainHarness } from "../support/chain-harness.ts";
import { type BlockFacts, Engine } from "./engine.ts";
import type { Operation, Plan } from "./operation.ts";
import { accessOperations } from "./operations/access.ts";
import { AGREED, agreedPlans, governedNames, verdict } from "./operations/agreed.ts";
import { bankOperations } from "./operations/bank.ts";
import { batchOperations } from "./operations/batches.ts";
import { challengeOperations } from "./operations/challenges.ts";
import { datanetOperations } from "./operations/datanet.ts";
import { distributionOperations } from "./operations/distribution.ts";
import { govOperations } from "./operations/gov.ts";
import { grantOperations } from "./operations/grants.ts";
import { lineageOperations } from "./operations/lineages.ts";
import { marketOperations } from "./operations/market.ts";
import { modelOperations } from "./operations/models.ts";
import { poolOperations } from "./operations/pools.ts";
import { recordOperations } from "./operations/records.ts";
import { segmentOperations } from "./operations/segments.ts";
import { servingOperations } from "./operations/serving.ts";
import { stakingOperations } from "./operations/staking.ts";
import { transactionOperations } from "./operations/transactions.ts";
import { useOperations } from "./operations/uses.ts";
import { vestingOperations } from "./operations/vesting.ts";
import { AppWorld, chainOptions, DENOM, simulatedModules } from "./world.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly blocks: number;
  /** Transactions of a block, at most. */
  readonly operations: number;
  /** Loads the application anew now and then, from its records alone: nothing may depend on what it remembers. */
  readonly restarts?: boolean;
  /** Instead of the program's own: tests plant bugs in them. */
  readonly modules?: ApplicationModules;
}

/** How often an operation was tried and did what it should. */
export interface Rate {
  tried: number;
  succeeded: number;
  readonly refusals: Map<string, number>;
}

export interface SimulationResult {
  readonly seed: number;
  readonly height: bigint;
  /** Of all app hashes and results: equal runs have equal ones. */
  readonly hash: string;
  readonly rates: ReadonlyMap<string, Rate>;
  /** How often the blocks themselves emitted an event. */
  readonly blockEvents: ReadonlyMap<string, number>;
  readonly doubleSignatures: number;
  readonly largestSet: number;
  /** How often the chain halted and went on with another program. */
  readonly upgrades: number;
}

/** Something does not hold. Says the seed and the height. */
export class SimulationError extends Error {
  override readonly name = "SimulationError";
}

const OPERATIONS: readonly Operation[] = [
  ...bankOperations,
  ...stakingOperations,
  ...distributionOperations,
  ...govOperations,
  ...grantOperations,
  ...vestingOperations,
  ...poolOperations,
  ...marketOperations,
  ...datanetOperations,
  ...recordOperations,
  ...segmentOperations,
  ...accessOperations,
  ...servingOperations,
  ...modelOperations,
  ...useOperations,
  ...batchOperations,
  ...challengeOperations,
  ...lineageOperations,
  ...transactionOperations,
  ...[AGREED, ...governedNames].map((name) => ({ name, weight: 0, plan: () => undefined })),
];
/** What operations are called: a module and a message, with more words where there are several ways to send it. */
export const operationNames: readonly string[] = OPERATIONS.map(({ name }) => name);
const TOTAL_WEIGHT = OPERATIONS.reduce((sum, { weight }) => sum + weight, 0);
/** Operations that are tried for each transaction of a block: many need something that is not there now. */
const MOST_TRIES = 6;
/** What begins what waits for an answer, what that is about, and what comes seldom. */
const QUESTIONS = OPERATIONS.filter(({ name }) =>
  [
    "attribution.AckUse",
    "attribution.PostBatch",
    "attribution.ClaimPayout",
    "attribution.Demand",
    "attribution.DisputeLineage",
    "attribution.OpenUse",
    "datanet.Commit",
    "datanet.Contribute",
    "datanet.DemandOpening of a record",
  ].includes(name),
);
/** What ends challenges, demands and commitments before their time. */
const ANSWERS = new Set([
  "attribution.Respond",
  "datanet.AnswerDemand",
  "datanet.AnswerDemand of a record",
  "datanet.Reveal",
]);
const GAS = 4_000_000n;
const SECOND = 1_000_000_000n;
/** Blocks that the exported chain and its import make together. */
const BLOCKS_TOGETHER = 6;

/** Numbers of withdrawals: a genesis has no place for their counter (cosmos.staking.v1beta1.GenesisState), so an import counts on from the highest. */
const UNCOUNTED = new Set(["unbonding_id", "unbonding_ids"]);

/** Runs one seed. Throws SimulationError when something does not hold, with what it was. */
export function simulate(options: SimulationOptions): SimulationResult {
  const simulation = new Simulation(options);
  try {
    return simulation.run();
  } catch (error) {
    const { height } = simulation.world.chain;
    throw new SimulationError(`seed ${options.seed}, after height ${height}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * The chain that a seed makes, for tests that need one with a long life behind it: at least so many blocks, then on until it
 * `lacks` nothing, while much is asked and nothing answered, so that what waits is there to be seen. Throws with what it lacks when it still does after `most` blocks: another seed is needed, or an operation
 * finds nothing to do any more.
 */
export function simulatedChain(
  options: SimulationOptions & { readonly most: number },
  lacks: (chain: ChainHarness) => string | undefined,
): ChainHarness {
  const { seed, blocks, most } = options;
  const simulation = new Simulation(options);
  simulation.live((block) => {
    if (block < blocks) return false;
    simulation.isSilent = true;
    const lacking = lacks(simulation.world.chain);
    if (lacking !== undefined && block >= most)
      throw new SimulationError(`seed ${seed}: after ${most} blocks there is nothing for ${lacking}`);
    return lacking === undefined;
  });
  return simulation.world.chain;
}

interface MadeBlock {
  readonly plans: readonly (Plan & { readonly name: string })[];
  readonly txs: readonly Uint8Array[];
  readonly facts: BlockFacts & { readonly nanoseconds: bigint };
}

class Simulation {
  readonly world: AppWorld;
  /** Whether much is asked and nobody answers any more. */
  isSilent = false;
  readonly #options: SimulationOptions;
  /** The upgrades that were made: the program knows them from then on. */
  readonly #upgrades: string[] = [];
  readonly #engine: Engine;
  readonly #rates = new Map<string, Rate>(
    OPERATIONS.map(({ name }) => [name, { tried: 0, succeeded: 0, refusals: new Map() }]),
  );
  readonly #blockEvents = new Map<string, number>();
  #digest: Uint8Array = new Uint8Array(32);
  #largestSet = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.world = new AppWorld(options.seed, this.#program(), options.modules === undefined);
    this.#engine = new Engine(this.world.random, this.world.anchorKey);
  }

  /** Makes blocks until `isEnough` of the number of those that were made. */
  live(isEnough: (blocks: number) => boolean): void {
    const { chain } = this.world;
    const first = this.world
      .firstMessages()
      .map(([from, message]) => ({ name: "staking.CreateValidator", from, message }));
    this.#run(this.#sealed(first), chain);
    for (let block = 1; !isEnough(block); block++) {
      // Decided apart from the run's own chance, which must be the same with restarts and without.
      if (this.#options.restarts === true && block % 7 === 3) chain.restart(this.#program());
      this.#run(this.#next(block), chain);
    }
  }

  run(): SimulationResult {
    const { chain } = this.world;
    this.live((blocks) => blocks >= this.#options.blocks);
    this.#goOnImported();
    return {
      seed: this.#options.seed,
      height: chain.height,
      hash: hex(this.#digest),
      rates: this.#rates,
      blockEvents: this.#blockEvents,
      doubleSignatures: this.#engine.doubleSignatures,
      largestSet: this.#largestSet,
      upgrades: this.#upgrades.length,
    };
  }

  /** The exported state in a new application: it does the same as the first from there on, and exports the same. */
  #goOnImported(): void {
    const { chain } = this.world;
    const imported = ChainHarness.genesis({
      ...chainOptions(this.#program()),
      ...limitsOf(chain),
      wholeAppState: JSON.parse(JSON.stringify(chain.application.exportGenesis())) as JsonValue,
      initialHeight: chain.height + 1n,
      time: chain.time,
      validators: this.#engine.latest,
    });
    if (imported.notices.length > 0)
      throw new Error(`the exported genesis is not understood: ${imported.notices.join("; ")}`);
    this.world.isBesideImport = true;
    for (let block = 0; block < BLOCKS_TOGETHER; block++) {
      const made = this.#next(this.#options.blocks + block);
      this.#run(made, chain);
      const results = imported.block(made.txs, made.facts);
      compareResults(made, chain.lastBlock?.txResults ?? [], results);
      compare("the validator updates", updatesOf(chain), updatesOf(imported));
      imported.checkInvariants();
      const [exported, again] = [chain.application.exportGenesis(), imported.application.exportGenesis()];
      for (const module of Object.keys(exported)) {
        compareParts(`the exported genesis of ${module}`, exported[module], again[module]);
      }
    }
  }

  /** The modules of the program that the chain needs now, made anew. */
  #program(): ApplicationModules {
    return this.#options.modules ?? simulatedModules(this.#upgrades);
  }

  /** Runs a block; where the chain halts for an upgrade, the program that knows it makes the block. */
  #execute(made: MadeBlock, chain: ChainHarness): Results {
    const { time } = chain;
    try {
      return chain.block(made.txs, made.facts);
    } catch (error) {
      if (!(error instanceof UpgradeNeeded) || !this.world.mayUpgrade) throw error;
      this.#upgrades.push(error.plan.name);
      chain.time = time;
      chain.restart(this.#program());
      const results = chain.block(made.txs, made.facts);
      const migrated = chain.lastBlock?.events.filter(({ type }) => type === "simulated_migration") ?? [];
      if (migrated.length !== 1) throw new Error(`the upgrade ${error.plan.name} made ${migrated.length} migrations`);
      return results;
    }
  }

  #run(made: MadeBlock, chain: ChainHarness): void {
    const results = this.#execute(made, chain);
    const { height, time, lastBlock } = chain;
    if (lastBlock === undefined) throw new Error("the block has no answer");
    this.#engine.finished(height, time, lastBlock.validatorUpdates);
    this.#largestSet = Math.max(this.#largestSet, this.#engine.latest.length);
    for (const { type } of lastBlock.events) this.#blockEvents.set(type, (this.#blockEvents.get(type) ?? 0) + 1);
    for (const [index, plan] of made.plans.entries()) this.#note(plan, results[index]!);
    const answer = encode("tendermint.abci.ResponseFinalizeBlock", lastBlock);
    this.#digest = sha256(new Uint8Array([...this.#digest, ...sha256(answer)]));
    chain.checkInvariants();
    checkPassingAccounts(chain);
  }

  #note({ name, then }: Plan & { readonly name: string }, result: Messages["tendermint.abci.ExecTxResult"]): void {
    const { code, codespace, log } = result;
    this.#count(name, code === 0 ? undefined : `${codespace}/${code} ${log.slice(0, 120)}`);
    if (code === 0) then?.();
  }

  #count(name: string, failure: string | undefined): void {
    const rate = this.#rates.get(name)!;
    rate.tried += 1;
    if (failure === undefined) rate.succeeded += 1;
    else rate.refusals.set(failure, (rate.refusals.get(failure) ?? 0) + 1);
  }

  /** A block of random operations. */
  #next(block: number): MadeBlock {
    const { world } = this;
    world.nextBlock();
    const plans: (Plan & { name: string })[] = [];
    const decided = verdict(world, block);
    if (decided !== undefined) this.#count(decided.name, decided.failure);
    for (const plan of agreedPlans(world, block)) {
      world.willSign(plan.from);
      plans.push({ ...plan, name: AGREED });
    }
    for (let left = world.random.below(this.#options.operations + 1); left > 0; left--) {
      const plan = this.#plan();
      if (plan === undefined) continue;
      for (const name of [plan.from, ...(plan.options?.otherSigners ?? [])]) world.willSign(name);
      plans.push(plan);
    }
    return this.#sealed(plans);
  }

  /** Something that somebody can do now; undefined when there is nothing to do any of a few operations with. */
  #plan(): (Plan & { readonly name: string }) | undefined {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const operation = this.#pick();
      if (this.isSilent && ANSWERS.has(operation.name)) continue;
      const plan = operation.plan(this.world);
      if (plan !== undefined && this.world.isFree(plan.from)) return { ...plan, name: operation.name };
    }
    return undefined;
  }

  #sealed(plans: readonly (Plan & { readonly name: string })[]): MadeBlock {
    const { chain, random } = this.world;
    const txs = plans.map(({ from, message, others = [], options }) => {
      const fee = random.chance(0.5) ? `${1 + random.below(5000)}${DENOM}` : "";
      return chain.sign(from, [message, ...others], { gas: GAS, fee, ...options });
    });
    // Mostly seconds; now and then so long that everything which waits is over at once.
    const seconds = random.chance(0.01) ? 600n : BigInt(1 + random.below(12));
    const nanoseconds = seconds * SECOND + BigInt(random.below(1_000_000_000));
    return { plans, txs, facts: { ...this.#engine.factsOf(chain.height + 1n), nanoseconds } };
  }

  #pick(): Operation {
    if (this.isSilent && this.world.random.chance(0.5)) return this.world.random.pick(QUESTIONS);
    let at = this.world.random.next() * TOTAL_WEIGHT;
    for (const operation of OPERATIONS) {
      at -= operation.weight;
      if (at < 0) return operation;
    }
    return OPERATIONS[0]!;
  }
}

/** The limits that governance has set by now, for a chain that begins where this one is. */
function limitsOf(chain: ChainHarness) {
  const { params } = chain.query(
    "/cosmos.consensus.v1.Query/Params",
    ["cosmos.consensus.v1.QueryParamsRequest", {}],
    "cosmos.consensus.v1.QueryParamsResponse",
  );
  return {
    maxGas: params?.block?.maxGas ?? -1n,
    maxBytes: params?.block?.maxBytes ?? 22_020_096n,
    evidenceAge: params?.evidence?.maxAgeNumBlocks ?? 100_000n,
  };
}

/** Accounts that coins only pass through: mint keeps nothing, and the fee collector has what this block's transactions and its end paid it and not a coin more. */
function checkPassingAccounts(chain: ChainHarness): void {
  const [mint, collector] = ["mint", "fee_collector"].map((name) => chain.addresses.account(moduleAddress(name)));
  if (mint === undefined || collector === undefined) throw new Error("two accounts are asked for");
  let paid = 0n;
  const ofTransactions = (chain.lastBlock?.txResults ?? []).flatMap(({ events }) => events);
  const ofEnd = (chain.lastBlock?.events ?? []).filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === "mode" && value === "EndBlock"),
  );
  for (const { type, attributes } of [...ofTransactions, ...ofEnd]) {
    const told = new Map(attributes.map(({ key, value }) => [key, value]));
    if (type !== "coin_received" || told.get("receiver") !== collector) continue;
    paid += amountOf(parseCoins(told.get("amount") ?? ""), DENOM);
  }
  const held = chain.balance(collector, DENOM);
  if (held !== paid) throw new Error(`the fee collector holds ${held} of ${paid}${DENOM}`);
  const kept = chain.balance(mint, DENOM);
  if (kept !== 0n) throw new Error(`the mint account holds ${kept}${DENOM}`);
}

function updatesOf(chain: ChainHarness): string {
  return hex(
    encode("tendermint.abci.ResponseFinalizeBlock", { validatorUpdates: chain.lastBlock?.validatorUpdates ?? [] }),
  );
}

type Results = readonly Messages["tendermint.abci.ExecTxResult"][];

function compareResults({ plans }: MadeBlock, first: Results, second: Results): void {
  for (const [index, { name }] of plans.entries()) {
    const text = (results: Results) => {
      const { code, codespace, log, data } = results[index]!;
      return `${codespace}/${code} ${log} ${hex(data)}`;
    };
    compare(`the result of ${name}`, text(first), text(second));
  }
}

function compare(what: string, first: string, second: string): void {
  if (first === second) return;
  throw new Error(`${what} differs between the chain and its import: ${first} <-> ${second}`);
}

/** Compares two JSON values and names the first place where they differ. */
function compareParts(where: string, first: unknown, second: unknown): void {
  if (typeof first !== "object" || first === null || typeof second !== "object" || second === null) {
    compare(where, JSON.stringify(first), JSON.stringify(second));
    return;
  }
  const [a, b] = [first as Record<string, unknown>, second as Record<string, unknown>];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!UNCOUNTED.has(key)) compareParts(`${where}.${key}`, a[key], b[key]);
  }
}
