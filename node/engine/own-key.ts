// This node's own key at work: signing what the machine asks for, and keeping what it asked for while the key must wait.
// What may be signed is signer.ts, whether anyone else signs with the key is key-watch.ts.

import type { SignEffect } from "../../chain/consensus/effect.ts";
import type { State } from "../../chain/consensus/state.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { hasValidator } from "../../chain/types/validator-set.ts";
import type { Clock, EngineLog, Timers } from "../ports.ts";
import type { HeldBlock, HeldBlocks } from "./held-blocks.ts";
import type { KeyWatch } from "./key-watch.ts";
import { LISTENING_POLL_MS } from "./limits.ts";
import type { SignedMessage, Signer } from "./signer.ts";
import { voteTime } from "./vote-time.ts";

export interface OwnKeyNeeds {
  readonly signer: Signer | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: EngineLog;
  readonly watch: KeyWatch;
  /** What the application adds to a precommit for a block; undefined where the height has no vote extensions. */
  readonly extend: (held: HeldBlock) => Uint8Array | undefined;
  /** Called when what had to wait may be signed. */
  readonly ready: () => void;
  /** The last height of the chain here. */
  readonly lastHeight: () => bigint;
}

export class OwnKey {
  readonly #needs: OwnKeyNeeds;
  /** Asked for while the key was listening. */
  #held: SignEffect[] = [];
  #cancel: (() => void) | undefined;

  constructor(needs: OwnKeyNeeds) {
    this.#needs = needs;
  }

  /** Whether this node's votes count now. */
  isSigning(chain: ChainState): boolean {
    const { signer, watch } = this.#needs;
    if (signer === undefined || watch.foreign !== undefined || !hasValidator(chain.validators, signer.address))
      return false;
    return !watch.isListening(chain.lastBlockHeight);
  }

  /** The signed message, durable; undefined when the signer refuses, or the key must wait or is silent for good. */
  sign(effect: SignEffect, machine: State, chain: ChainState, blocks: HeldBlocks): SignedMessage | undefined {
    const { signer, watch, clock, log } = this.#needs;
    if (signer === undefined || watch.foreign !== undefined) return undefined;
    if (watch.isListening(chain.lastBlockHeight)) {
      this.#held.push(effect);
      this.#poll();
      return undefined;
    }
    const locked = effect.lock && blocks.get(effect.lock.blockId);
    const known = [effect.message.blockId, machine.lock?.blockId].map((id) => id && blocks.get(id)?.block);
    const outcome = signer.sign({
      effect,
      extension: locked && this.#needs.extend(locked),
      timestamp: voteTime(clock.now(), chain.lastBlockTime, known),
      block: locked?.bytes,
      powers: machine.powers,
    });
    if (outcome.outcome === "refused") {
      log.warn("this node stays silent where the signer refused; the others go on", { reason: outcome.reason });
      return undefined;
    }
    watch.signed();
    if (outcome.alarm !== undefined)
      log.error(
        "the signer voted nil instead of breaking its lock; nothing is to be done unless this repeats every height",
        { reason: outcome.alarm },
      );
    return outcome.message;
  }

  /** What had to wait, oldest first; it is held no more. */
  takeHeld(): readonly SignEffect[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }

  /** Lets go of its timer, and of what waited. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#held = [];
  }

  #poll(): void {
    const { timers, watch, ready, lastHeight } = this.#needs;
    this.#cancel ??= timers.schedule(LISTENING_POLL_MS, () => {
      this.#cancel = undefined;
      if (watch.foreign !== undefined) return;
      if (watch.isListening(lastHeight())) this.#poll();
      else ready();
    });
  }
}
