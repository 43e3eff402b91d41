// Owns: what staking tells other modules about validators and delegations, in the order in which the SDK tells it (x/staking/types/hooks.go).
// Does not own: what they do with it, nor who listens (modules/app.ts).

import type { Write } from "../../chain/module/context.ts";
import type { Dec } from "../../chain/types/dec.ts";

/** What a listener may want to hear. Addresses are bytes; `consensus` is the 20 bytes of the key that signs blocks. */
export interface StakingHooks {
  afterValidatorCreated(ctx: Write, operator: Uint8Array): void;
  beforeValidatorModified(ctx: Write, operator: Uint8Array): void;
  afterValidatorRemoved(ctx: Write, consensus: Uint8Array, operator: Uint8Array): void;
  afterValidatorBonded(ctx: Write, consensus: Uint8Array, operator: Uint8Array): void;
  afterValidatorBeginUnbonding(ctx: Write, consensus: Uint8Array, operator: Uint8Array): void;
  beforeDelegationCreated(ctx: Write, delegator: Uint8Array, operator: Uint8Array): void;
  beforeDelegationSharesModified(ctx: Write, delegator: Uint8Array, operator: Uint8Array): void;
  beforeDelegationRemoved(ctx: Write, delegator: Uint8Array, operator: Uint8Array): void;
  afterDelegationModified(ctx: Write, delegator: Uint8Array, operator: Uint8Array): void;
  /** `fraction` of the validator's tokens is about to be burnt. */
  beforeValidatorSlashed(ctx: Write, operator: Uint8Array, fraction: Dec): void;
}

type Call<Name extends keyof StakingHooks> = Parameters<StakingHooks[Name]>;

/** All listeners, told one after another. A listener that throws undoes what it was told of, as in the SDK. */
export class StakingHookList implements StakingHooks {
  #listeners: readonly Partial<StakingHooks>[] | undefined;

  /** Once, when the modules are built: listeners are built after staking, which they use. */
  listen(listeners: readonly Partial<StakingHooks>[]): void {
    if (this.#listeners !== undefined) throw new Error("staking's listeners are named twice");
    this.#listeners = listeners;
  }

  afterValidatorCreated(...call: Call<"afterValidatorCreated">): void {
    for (const listener of this.#all()) listener.afterValidatorCreated?.(...call);
  }
  beforeValidatorModified(...call: Call<"beforeValidatorModified">): void {
    for (const listener of this.#all()) listener.beforeValidatorModified?.(...call);
  }
  afterValidatorRemoved(...call: Call<"afterValidatorRemoved">): void {
    for (const listener of this.#all()) listener.afterValidatorRemoved?.(...call);
  }
  afterValidatorBonded(...call: Call<"afterValidatorBonded">): void {
    for (const listener of this.#all()) listener.afterValidatorBonded?.(...call);
  }
  afterValidatorBeginUnbonding(...call: Call<"afterValidatorBeginUnbonding">): void {
    for (const listener of this.#all()) listener.afterValidatorBeginUnbonding?.(...call);
  }
  beforeDelegationCreated(...call: Call<"beforeDelegationCreated">): void {
    for (const listener of this.#all()) listener.beforeDelegationCreated?.(...call);
  }
  beforeDelegationSharesModified(...call: Call<"beforeDelegationSharesModified">): void {
    for (const listener of this.#all()) listener.beforeDelegationSharesModified?.(...call);
  }
  beforeDelegationRemoved(...call: Call<"beforeDelegationRemoved">): void {
    for (const listener of this.#all()) listener.beforeDelegationRemoved?.(...call);
  }
  afterDelegationModified(...call: Call<"afterDelegationModified">): void {
    for (const listener of this.#all()) listener.afterDelegationModified?.(...call);
  }
  beforeValidatorSlashed(...call: Call<"beforeValidatorSlashed">): void {
    for (const listener of this.#all()) listener.beforeValidatorSlashed?.(...call);
  }

  #all(): readonly Partial<StakingHooks>[] {
    return this.#listeners ?? [];
  }
}
