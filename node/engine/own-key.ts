// This node's own key at work: signing what the machine asks for, and noticing when someone else signs with it. Owns the
// decision to fall silent; what may be signed is signer.ts.

import type { SignEffect } from "../../chain/consensus/effect.ts";
import type { State } from "../../chain/consensus/state.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import { hasValidator } from "../../chain/types/validator-set.ts";
import type { Vote } from "../../chain/types/vote.ts";
import { equalBytes } from "../../proto/bytes.ts";
import type { Clock, EngineLog } from "../ports.ts";
import type { HeldBlocks } from "./held-blocks.ts";
import type { SignedMessage, Signer } from "./signer.ts";
import { voteTime } from "./vote-time.ts";

export class OwnKey {
  readonly #signer: Signer | undefined;
  readonly #clock: Clock;
  readonly #log: EngineLog;
  #mutedReason: string | undefined;

  constructor(needs: { readonly signer: Signer | undefined; readonly clock: Clock; readonly log: EngineLog }) {
    this.#signer = needs.signer;
    this.#clock = needs.clock;
    this.#log = needs.log;
  }

  /** Whether this node's votes count now. */
  isSigning(chain: ChainState): boolean {
    const signer = this.#signer;
    return signer !== undefined && this.#mutedReason === undefined && hasValidator(chain.validators, signer.address);
  }

  /** The signed message, durable; undefined when the signer refuses or the key is muted. */
  sign(effect: SignEffect, machine: State, chain: ChainState, blocks: HeldBlocks): SignedMessage | undefined {
    if (this.#signer === undefined || this.#mutedReason !== undefined) return undefined;
    const locked = effect.lock && blocks.get(effect.lock.blockId);
    const known = [effect.message.blockId, machine.lock?.blockId].map((id) => id && blocks.get(id)?.block);
    const outcome = this.#signer.sign({
      effect,
      timestamp: voteTime(this.#clock.now(), chain.lastBlockTime, known),
      block: locked?.bytes,
      powers: machine.powers,
    });
    if (outcome.outcome === "refused") {
      this.#log.warn("the signer refused", { reason: outcome.reason });
      return undefined;
    }
    if (outcome.alarm !== undefined) this.#log.error("the signer voted nil instead", { reason: outcome.alarm });
    return outcome.message;
  }

  /** A vote of our own key that our journal does not know was signed by someone else who holds the key. */
  watch(vote: Vote): void {
    const signer = this.#signer;
    if (signer === undefined || !equalBytes(vote.validatorAddress, signer.address) || signer.knows(vote)) return;
    if (this.#mutedReason !== undefined) return;
    this.#mutedReason = "a vote of this node's own key came from outside: the key is in use twice";
    this.#log.error("this node signs no more", { reason: this.#mutedReason });
  }
}
