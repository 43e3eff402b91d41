// Whether another node signs with this node's key. Owns the looking: through the commits of the last blocks and of those
// that arrive, at votes from outside, and by listening for two rounds before the first signature of a life when the chain
// has gone on without this node. Owns the falling silent too; what may be signed at all is signer.ts.
//
// A signature of our key that our journal does not know was made elsewhere, or by us before someone put an old copy of the
// journal in its place. Either way signing on would be signing twice.

import { isProposer } from "../../chain/consensus/validators.ts";
import type { ChainState } from "../../chain/types/chain-state.ts";
import type { Commit } from "../../chain/types/commit.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import { type Proposal, SIGNED_PRECOMMIT, type Vote } from "../../chain/types/vote.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { type Clock, type EngineLog, EXIT_KEY_IN_USE, FatalError, type Network, type Storage } from "../ports.ts";
import type { Signer } from "./signer.ts";

export interface KeyWatchOptions {
  /**
   * How many past commits are looked through at the start (CometBFT double_sign_check_height); 0: none, and no listening. Votes and
   * proposals that come in with this key are watched for in any case.
   */
  readonly checkHeight: number;
  /** The longest wait before the first signature: two rounds' worth of timeouts. */
  readonly listenMs: number;
}

export interface KeyWatchNeeds {
  readonly signer: Signer | undefined;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly network: Pick<Network, "peerHeight">;
  readonly storage: Pick<Storage, "loadBlock">;
  /** Told when the key is in use elsewhere although this node has signed with it in this life: the node stops. */
  readonly onKeyInUse?: ((error: FatalError) => void) | undefined;
}

/** Entering a third round after the last sight of being behind means that two have passed. */
const ROUNDS_ENTERED = 3;

export class KeyWatch {
  readonly #options: KeyWatchOptions;
  readonly #needs: KeyWatchNeeds;
  /** `waiting` for a first peer to say how far the chain is; `listening`, since it was further. */
  #phase: "waiting" | "listening" | "open" = "open";
  #sinceMs = 0;
  #roundsEntered = 0;
  #hasSigned = false;
  #foreign: string | undefined;

  constructor(options: KeyWatchOptions, needs: KeyWatchNeeds) {
    this.#options = options;
    this.#needs = needs;
  }

  /** Begins a life: looks through the last commits, and decides whether there is anyone to listen to. */
  async begin(chain: ChainState): Promise<void> {
    const { signer, storage, clock } = this.#needs;
    const { checkHeight } = this.#options;
    if (signer === undefined || checkHeight === 0) return;
    const last = chain.lastBlockHeight;
    for (let height = last; height > 0n && height > last - BigInt(checkHeight); height--) {
      const stored = await storage.loadBlock(height);
      if (stored === undefined) break;
      this.checkCommit(stored.seenCommit);
    }
    const { validators, totalVotingPower } = chain.validators;
    const own = validators.find(({ address }) => equalBytes(address, signer.address))?.votingPower ?? 0n;
    // Whoever decides alone needs nobody, and has nobody to ask.
    if (own * 3n > totalVotingPower * 2n) return;
    this.#phase = "waiting";
    this.#sinceMs = clock.monotonicMs();
  }

  /** Why the key is silent for good; undefined while all is well. */
  get foreign(): string | undefined {
    return this.#foreign;
  }

  /** Whether a signature must still wait. It may ask the clock and the network, so the answer changes by itself. */
  isListening(lastHeight: bigint): boolean {
    const { clock, log, network } = this.#needs;
    if (this.#phase === "open") return false;
    const now = clock.monotonicMs();
    const over = now - this.#sinceMs >= this.#options.listenMs || this.#roundsEntered >= ROUNDS_ENTERED;
    if (network.peerHeight === undefined || over) this.#phase = "open";
    else if (this.#phase === "waiting") {
      const height = network.peerHeight();
      if (height !== undefined && height <= lastHeight) this.#phase = "open";
      else if (height !== undefined) {
        this.#phase = "listening";
        this.#sinceMs = now;
        log.info("the chain went on while this node was away; its key listens for two rounds before it signs");
      }
    }
    return (this.#phase as string) !== "open";
  }

  /** A block came that this node did not help to decide: it is still behind, and rounds count anew. */
  cameFromSync(commit: Commit): void {
    this.checkCommit(commit);
    if (this.#phase === "open") return;
    this.#phase = "listening";
    this.#sinceMs = this.#needs.clock.monotonicMs();
    this.#roundsEntered = 0;
  }

  /** The machine has entered a height or round. */
  entered(): void {
    if (this.#phase === "listening") this.#roundsEntered += 1;
  }

  /** This node has made a signature in this life. */
  signed(): void {
    this.#hasSigned = true;
  }

  /** Looks for a precommit of our key among a commit's. */
  checkCommit({ height, round, signatures }: Commit): void {
    const { signer } = this.#needs;
    if (signer === undefined || this.#options.checkHeight === 0) return;
    for (const { validatorAddress, signature } of signatures) {
      if (signature.length === 0 || !equalBytes(validatorAddress, signer.address)) continue;
      if (signer.knows({ type: SIGNED_PRECOMMIT, height, round, signature })) continue;
      this.#fallSilent(`the commit of height ${height}`);
    }
  }

  /** Looks at a vote from outside whose signature was checked. True when our key made it, but not here. */
  isForeignVote(vote: Vote): boolean {
    const { signer } = this.#needs;
    if (signer === undefined || !equalBytes(vote.validatorAddress, signer.address) || signer.knows(vote)) return false;
    this.#fallSilent(`a vote of height ${vote.height}`);
    return true;
  }

  /** Looks at a proposal from outside whose signature was checked. True when our key made it, but not here. */
  isForeignProposal(proposal: Proposal, validators: ValidatorSet): boolean {
    const { signer } = this.#needs;
    if (signer === undefined || !isProposer(validators, proposal.round, signer.address)) return false;
    if (signer.knows(proposal)) return false;
    this.#fallSilent(`a proposal of height ${proposal.height}`);
    return true;
  }

  #fallSilent(where: string): void {
    if (this.#foreign !== undefined) return;
    this.#foreign = `${where} carries a signature of this node's key that its sign journal does not know: another node signs with this key, or the journal was put back from an old copy`;
    const advice =
      "Leave the key to one node only. Then, here: tributaryd sign-state init --min-height <a height above the chain's>";
    if (!this.#hasSigned || this.#needs.onKeyInUse === undefined) {
      this.#needs.log.error(`${this.#foreign}. This node follows the chain without signing. ${advice}`);
      return;
    }
    this.#needs.log.error(`${this.#foreign}. This node stops. ${advice}`);
    this.#needs.onKeyInUse(new FatalError(`${this.#foreign}. ${advice}`, EXIT_KEY_IN_USE));
  }
}
