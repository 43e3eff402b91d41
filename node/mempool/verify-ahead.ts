/**
 * Owns deciding which transactions have their signatures verified by workers before CheckTx: those that arrive faster
 * than the main thread would verify them. A few at a time are left to CheckTx, which costs less than a round trip.
 * Results are facts the core may use; it verifies whatever it is not told (chain/app/facts.ts).
 */

import type { SignatureFacts } from "../../chain/app/abci.ts";
import { type SignatureJob, signatureFact } from "../../chain/app/facts.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { maximumVerifyBacklog, verifyAheadFrom, verifyBatchSignatures } from "./limits.ts";
import type { SignaturePool } from "./signature-pool.ts";

/** What verifying ahead uses. */
export interface VerifyAheadNeeds {
  /** The signatures of a transaction as CheckTx would verify them; empty when it cannot be read. */
  readonly jobsOf: (tx: Uint8Array) => readonly SignatureJob[];
  readonly pool: Pick<SignaturePool, "usable" | "verify">;
  readonly hasher: Hasher;
}

/** What workers found out about one transaction. */
export interface VerifiedAhead {
  readonly good: SignatureFacts;
  /** One of its signatures is not its signer's: the application will refuse it, whatever else it finds. */
  readonly isForged: boolean;
}

interface Waiting {
  readonly tx: Uint8Array;
  readonly resolve: (facts: VerifiedAhead | undefined) => void;
}

/**
 * Collects transactions for one turn of the event loop, then sends their signatures out together. Answers come in the
 * order of questions, whichever worker is faster: a sender's transactions must be checked in the order they arrived.
 */
export class VerifyAhead {
  private readonly needs: VerifyAheadNeeds;
  private waiting: Waiting[] = [];
  private outside = 0;
  /** Settles when everything asked so far is answered. */
  private last: Promise<void> = Promise.resolve();

  constructor(needs: VerifyAheadNeeds) {
    this.needs = needs;
  }

  /** The transaction's signatures known to be good; undefined when nobody looked. Never rejects. */
  async facts(tx: Uint8Array): Promise<VerifiedAhead | undefined> {
    if (!this.needs.pool.usable || this.outside >= maximumVerifyBacklog) {
      await this.last;
      return undefined;
    }
    return await new Promise((resolve) => {
      this.waiting.push({ tx, resolve });
      if (this.waiting.length === 1) setImmediate(() => this.flush());
    });
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    // Under a light load the main thread is faster than a worker that must be woken.
    if (this.outside === 0 && batch.length < verifyAheadFrom) {
      for (const { resolve } of batch) resolve(undefined);
      return;
    }
    let jobs: SignatureJob[] = [];
    let asking: { readonly waiting: Waiting; readonly jobs: readonly SignatureJob[] }[] = [];
    const send = (): void => {
      if (asking.length > 0) this.last = this.ask(asking, jobs, this.last);
      [jobs, asking] = [[], []];
    };
    for (const waiting of batch) {
      const own = this.needs.jobsOf(waiting.tx).filter(({ publicKey }) => publicKey.length <= 255);
      asking.push({ waiting, jobs: own });
      jobs.push(...own);
      if (jobs.length >= verifyBatchSignatures) send();
    }
    send();
  }

  private async ask(
    asking: readonly { readonly waiting: Waiting; readonly jobs: readonly SignatureJob[] }[],
    jobs: readonly SignatureJob[],
    before: Promise<void>,
  ): Promise<void> {
    this.outside += asking.length;
    const verdicts = jobs.length === 0 ? undefined : await this.needs.pool.verify(jobs);
    await before;
    this.outside -= asking.length;
    let at = 0;
    for (const { waiting, jobs: own } of asking) {
      const good = new Set<string>();
      let isForged = false;
      for (const job of own) {
        if (verdicts?.[at] === 1) good.add(signatureFact(this.needs.hasher, job));
        else if (verdicts !== undefined) isForged = true;
        at += 1;
      }
      waiting.resolve({ good, isForged });
    }
  }
}
