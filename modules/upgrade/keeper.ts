// Owns: upgrades of the program: planning one, halting for it, making it, and bringing every module's state to the version of this program
// (cosmossdk.io/x/upgrade/keeper, abci.go). Does not own: who may plan it (msgs.ts), what the node does when it has to end (node/upgrade-info.ts),
// a module's own migrations.

import { upgradeState as state } from "../../chain/app/state.ts";
import type { BlockWrite, GenesisWrite, Read, Write } from "../../chain/module/context.ts";
import type { Module } from "../../chain/module/define.ts";
import { sdkErrors, UpgradeNeeded } from "../../chain/module/errors.ts";
import type { StoreUpgrade } from "../../chain/store/store-lists.ts";
import { isZeroTime, ZERO_TIME } from "../../chain/types/time.ts";
import type { Messages } from "../../proto/types.gen.ts";

export type Plan = Messages["cosmos.upgrade.v1beta1.Plan"];

/** An upgrade that this program carries out. */
export interface Upgrade {
  /** The name in the plan. */
  readonly name: string;
  /** What is done besides the modules' migrations, which `migrate` runs; by default nothing. */
  readonly apply?: (ctx: BlockWrite, migrate: () => void) => void;
  /** Which stores begin, go on under another name, or end with it; a module that is new has its store here. */
  readonly stores?: StoreUpgrade;
}

/** What upgrade is told. */
export interface UpgradeUses {
  /** All modules, in the order of their genesis. */
  readonly modules: () => readonly Module[];
  readonly upgrades: readonly Upgrade[];
  readonly skipHeights: ReadonlySet<bigint>;
}

/** The context of a block in which a module may also be begun. */
type UpgradeContext = BlockWrite & GenesisWrite;

export class UpgradeKeeper {
  readonly #uses: UpgradeUses;
  readonly #byName: ReadonlyMap<string, Upgrade>;
  /** Whether this program was found to know the last upgrade; once is enough for a process. */
  #isRightProgram = false;

  constructor(uses: UpgradeUses) {
    this.#uses = uses;
    this.#byName = new Map(uses.upgrades.map((upgrade) => [upgrade.name, upgrade]));
  }

  /** The height at which an upgrade was made, or undefined. */
  doneHeight(ctx: Read, name: string): bigint | undefined {
    for (const [height, done] of state.done.keys(ctx)) if (done === name) return height;
    return undefined;
  }

  /** Plans an upgrade in the place of any other. Throws sdk/18 for a plan that cannot be carried out. */
  schedule(ctx: Write, plan: Plan): void {
    const refuse = (why: string): never => {
      throw sdkErrors.invalidRequest.because(why);
    };
    // A time that was left out of the message reads as the beginning of 1970.
    const hasTime = !isZeroTime(plan.time) && (plan.time.seconds !== 0n || plan.time.nanos !== 0);
    if (hasTime) refuse("time-based upgrades have been deprecated in the SDK");
    if (plan.upgradedClientState !== undefined) refuse("upgrade logic for IBC has been moved to the IBC module");
    if (plan.name === "") refuse("name cannot be empty");
    if (plan.height <= 0n) refuse("height must be greater than 0");
    if (plan.height < ctx.height) refuse("upgrade cannot be scheduled in the past");
    if (this.doneHeight(ctx, plan.name) !== undefined) {
      refuse(`upgrade with name ${plan.name} has already been completed`);
    }
    state.plan.set(ctx, { ...plan, time: ZERO_TIME });
  }

  cancel(ctx: Write): void {
    state.plan.delete(ctx);
  }

  /**
   * Before everything else in a block: makes the upgrade that is due, or throws UpgradeNeeded when this program does not know it. Throws too when this
   * program knows an upgrade that is not due yet, or does not know the last one that was made: it would make other blocks than the chain's.
   */
  preBlock(ctx: UpgradeContext): void {
    const plan = state.plan.get(ctx);
    const isDue = plan !== undefined && plan.height <= ctx.height;
    const skips = this.#uses.skipHeights.has(ctx.height);
    if (!this.#isRightProgram) {
      if (!isDue || skips) this.#requireLastUpgrade(ctx);
      this.#isRightProgram = true;
    }
    if (plan === undefined) return;
    if (!isDue) {
      if (!this.#byName.has(plan.name)) return;
      throw new Error(
        `BINARY UPDATED BEFORE TRIGGER! UPGRADE "${plan.name}" - in binary but not executed on chain. Downgrade your binary`,
      );
    }
    if (skips) {
      state.plan.delete(ctx);
      return;
    }
    const upgrade = this.#byName.get(plan.name);
    if (upgrade === undefined) {
      throw new UpgradeNeeded({ name: plan.name, height: ctx.height, info: plan.info });
    }
    this.#apply(ctx, upgrade);
  }

  /** What the upgrade that is due at this height does to the stores; undefined when none is, or not for this program. */
  storesOf(ctx: Read, height: bigint): StoreUpgrade | undefined {
    const plan = state.plan.get(ctx);
    if (plan === undefined || plan.height > height || this.#uses.skipHeights.has(height)) return undefined;
    return this.#byName.get(plan.name)?.stores;
  }

  #requireLastUpgrade(ctx: Read): void {
    const [last] = [...state.done.keys(ctx, { reverse: true, limit: 1 })];
    if (last === undefined || this.#byName.has(last[1])) return;
    const version = ctx.consensusParams.version?.app ?? 0n;
    throw new Error(`wrong app version ${version}, upgrade handler is missing for ${last[1]} upgrade plan`);
  }

  #apply(ctx: UpgradeContext, upgrade: Upgrade): void {
    const migrate = (): void => {
      for (const module of this.#uses.modules()) migrateModule(ctx, module);
    };
    if (upgrade.apply === undefined) migrate();
    else upgrade.apply(ctx, migrate);
    state.protocolVersion.set(ctx, (state.protocolVersion.get(ctx) ?? 0n) + 1n);
    state.plan.delete(ctx);
    state.done.add(ctx, [ctx.height, upgrade.name]);
  }
}

/** Brings one module's state to its version, step by step; a module that the chain does not have yet begins with its default genesis. */
function migrateModule(ctx: UpgradeContext, module: Module): void {
  const stored = state.moduleVersions.get(ctx, module.name);
  const version = BigInt(module.version);
  if (stored === undefined) {
    const updates = module.genesis?.init(ctx, module.genesis.default()) ?? [];
    if (updates.length > 0) throw new Error(`module ${module.name} cannot be added by an upgrade: it names validators`);
  } else if (stored > version) {
    throw new Error(`the state of module ${module.name} has version ${stored}, this program has ${version}`);
  } else {
    for (let from = stored; from < version; from += 1n) {
      const migration = module.migrations.get(Number(from));
      if (migration === undefined) {
        throw new Error(
          `no migration found for module ${module.name} from version ${from} to version ${from + 1n}: not found`,
        );
      }
      migration(ctx);
    }
  }
  state.moduleVersions.set(ctx, module.name, version);
}
