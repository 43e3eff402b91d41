/**
 * Owns having the signatures of votes and commits verified by workers before the engine looks at them, when many come
 * at once: a burst of a large validator set's votes, a certificate, a block from sync. A few are left to the engine,
 * which is faster than waking a worker, and so is everything where there is no second core. The engine reaches the
 * same verdicts with and without (known-signatures.ts). Does not own the engine.
 */

import type { SignatureJob } from "../chain/app/facts.ts";
import { votesOf } from "../chain/consensus/certificate.ts";
import { BLOCK_ID_FLAG_ABSENT, commitSignBytes } from "../chain/types/commit.ts";
import type { ValidatorSet } from "../chain/types/validator-set.ts";
import { type Vote, voteSignBytes } from "../chain/types/vote.ts";
import { bareCommit } from "./engine/extensions.ts";
import { type KnownSignatures, maximumForeseen } from "./known-signatures.ts";
import type { SignaturePool } from "./mempool/signature-pool.ts";
import type { Block, ChainState, Commit, ConsensusMessage, Engine, ExtendedCommit, Verdict } from "./ports.ts";

/** Signatures in one turn of the event loop from which on workers verify them: two milliseconds of the main thread. */
const aheadFrom = 16;
/** Messages that wait for workers; more go to the engine as they are. */
const maximumWaiting = 2_000;

/** What it uses. */
export interface VotesAheadNeeds {
  readonly engine: Engine;
  readonly known: KnownSignatures;
  readonly pool: Pick<SignaturePool, "usable" | "verify">;
}

interface Waiting {
  readonly jobs: readonly SignatureJob[];
  readonly go: () => void;
}

/** The engine, as the network is given it. Messages reach it in the order they came. */
export class VotesAhead implements Engine {
  readonly #needs: VotesAheadNeeds;
  #waiting: Waiting[] = [];
  #outside = 0;
  /** Commits that workers have, or had, and when they are done with them. */
  readonly #foreseen = new WeakMap<Commit, Promise<void>>();
  /** Settles when everything that came so far has gone on. */
  #last: Promise<void> = Promise.resolve();

  constructor(needs: VotesAheadNeeds) {
    this.#needs = needs;
  }

  async receive(from: string, message: ConsensusMessage): Promise<Verdict> {
    const { engine, pool } = this.#needs;
    if (!pool.usable || this.#outside + this.#waiting.length >= maximumWaiting)
      return await engine.receive(from, message);
    await this.#ahead(this.#jobsOf(message));
    return await engine.receive(from, message);
  }

  async receiveBlock(block: Block, commit: Commit | ExtendedCommit): Promise<Verdict> {
    const { engine, pool } = this.#needs;
    const bare = bareCommit(commit);
    const foreseen = this.#foreseen.get(bare);
    if (foreseen !== undefined) await foreseen;
    else if (pool.usable) await this.#ahead(commitJobs(engine.status().state, bare));
    return await engine.receiveBlock(block, commit);
  }

  /** Has the signatures of commits to come verified together: a few for each block are many for several. */
  foresee(commits: readonly Commit[]): void {
    const { engine, pool, known } = this.#needs;
    if (!pool.usable) return;
    const { state } = engine.status();
    // A set may change on the way: then its jobs tell of signatures that nobody will ask for, and the engine verifies.
    const each = Math.max(1, state.nextValidators.validators.length);
    const highest = state.lastBlockHeight + BigInt(Math.floor(maximumForeseen / each));
    const chosen = commits.filter(({ height }) => height > state.lastBlockHeight && height <= highest);
    const jobs = chosen.flatMap((commit) => commitJobs(state, commit, state.nextValidators));
    if (jobs.length < aheadFrom) return;
    const done = pool.verify(jobs).then((verdicts) => learn(known, jobs, verdicts));
    for (const commit of chosen) this.#foreseen.set(commit, done);
  }

  summary(): ReturnType<Engine["summary"]> {
    return this.#needs.engine.summary();
  }

  repair(...request: Parameters<Engine["repair"]>): ReturnType<Engine["repair"]> {
    return this.#needs.engine.repair(...request);
  }

  status(): ReturnType<Engine["status"]> {
    return this.#needs.engine.status();
  }

  /** Resolves when the message may go on: with the turn it came in, after all that came before. */
  #ahead(jobs: readonly SignatureJob[]): Promise<void> {
    // Nothing to verify and nobody to overtake: no reason to wait.
    if (jobs.length === 0 && this.#outside + this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push({ jobs, go: resolve });
      if (this.#waiting.length === 1) setImmediate(() => this.#flush());
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const { known } = this.#needs;
    const jobs = batch
      .flatMap(({ jobs: own }) => own)
      .filter(({ publicKey, message, signature }) => !known.knows(publicKey, message, signature));
    if (this.#outside === 0 && jobs.length < aheadFrom) {
      for (const { go } of batch) go();
      return;
    }
    this.#outside += batch.length;
    this.#last = this.#verify(jobs, batch, this.#last);
  }

  async #verify(jobs: readonly SignatureJob[], batch: readonly Waiting[], before: Promise<void>): Promise<void> {
    const verdicts = jobs.length < aheadFrom ? undefined : await this.#needs.pool.verify(jobs);
    learn(this.#needs.known, jobs, verdicts);
    await before;
    this.#outside -= batch.length;
    for (const { go } of batch) go();
  }

  #jobsOf(message: ConsensusMessage): readonly SignatureJob[] {
    const { state } = this.#needs.engine.status();
    switch (message.type) {
      case "vote":
        return voteJobs(state, [message.vote]);
      case "certificate":
        return certificateJobs(state, message.certificate);
      default:
        return [];
    }
  }
}

/** Takes in what workers found good; undefined when they could not say. */
function learn(known: KnownSignatures, jobs: readonly SignatureJob[], verdicts: Uint8Array | undefined): void {
  for (const [index, { publicKey, message, signature }] of jobs.entries()) {
    if (verdicts?.[index] === 1) known.learn(publicKey, message, signature);
  }
}

/** The validators whose votes for a height the engine may take now. */
function validatorsAt(state: ChainState, height: bigint): ValidatorSet | undefined {
  const next = state.lastBlockHeight === 0n ? state.initialHeight : state.lastBlockHeight + 1n;
  if (height === next) return state.validators;
  if (height === next + 1n) return state.nextValidators;
  return height === next - 1n ? state.lastValidators : undefined;
}

/** What the engine would verify of these votes; a vote it would refuse before that gives nothing, or is refused later. */
function voteJobs(state: ChainState, votes: readonly Vote[]): readonly SignatureJob[] {
  return votes.flatMap((vote) => {
    const validator = validatorsAt(state, vote.height)?.validators[vote.validatorIndex];
    const publicKey = validator?.pubKey.ed25519;
    if (publicKey === undefined || vote.signature.length !== 64) return [];
    return [{ kind: "ed25519", publicKey, message: voteSignBytes(state.chainId, vote), signature: vote.signature }];
  });
}

function certificateJobs(
  state: ChainState,
  certificate: Extract<ConsensusMessage, { type: "certificate" }>["certificate"],
): readonly SignatureJob[] {
  const { commit } = certificate;
  if (validatorsAt(state, commit.height)?.validators.length !== commit.signatures.length) return [];
  try {
    return voteJobs(state, votesOf(certificate));
  } catch {
    // Of a form the engine refuses, in its own words.
    return [];
  }
}

/** What the engine would verify of a commit; of a height that is not near, with the validators that are likely to act then. */
function commitJobs(state: ChainState, commit: Commit, likely?: ValidatorSet): readonly SignatureJob[] {
  const validators = (validatorsAt(state, commit.height) ?? likely)?.validators ?? [];
  if (validators.length !== commit.signatures.length) return [];
  try {
    const message = commitSignBytes(state.chainId, commit);
    return validators.flatMap(({ pubKey }, index) => {
      const { blockIdFlag, signature } = commit.signatures[index] ?? {};
      const publicKey = pubKey.ed25519;
      if (publicKey === undefined || signature?.length !== 64 || blockIdFlag === BLOCK_ID_FLAG_ABSENT) return [];
      return [{ kind: "ed25519" as const, publicKey, message: message(index), signature }];
    });
  } catch {
    return [];
  }
}
