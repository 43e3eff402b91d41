/**
 * Owns who has read answers and not signed for them. The host shows an answer before the user signs, so this is what it has against one
 * who does not: no further answers. It is remembered by the folder of served uses alone: a folder without a signature, of a use for which
 * the chain knows no receipt either. Whoever removes such a folder forgives.
 */
import { join } from "node:path";
import { sha256 } from "../../chain/types/hash.ts";
import { equalBytes } from "../../proto/bytes.ts";
import { UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import type { ChainSession } from "../chain-session.ts";
import { findServed, isServed, readSignature, servedIn } from "../served-uses.ts";

type Use = Messages["tributary.attribution.v1.Use"];

/** What it looks at. */
export interface UnsignedAnswersOptions {
  readonly session: Pick<ChainSession, "find">;
  /** The folder of served uses. */
  readonly served: string;
}

/** Answers without a receipt, by user. */
export class UnsignedAnswers {
  readonly #options: UnsignedAnswersOptions;
  readonly #byUser = new Map<string, Set<bigint>>();

  private constructor(options: UnsignedAnswersOptions) {
    this.#options = options;
  }

  /** Looks the folder through. */
  static async in(options: UnsignedAnswersOptions): Promise<UnsignedAnswers> {
    const answers = new UnsignedAnswers(options);
    for (const useId of servedIn(options.served)) {
      if (answers.#isSigned(useId)) continue;
      const found = await options.session.find("tributary.attribution.v1.Query/Use", { useId });
      if (found === undefined || !lacksReceipt(found.use)) continue;
      // A folder that another chain's use has left here is nobody's debt.
      const { prompt } = findServed(join(options.served, `${useId}`));
      if (prompt !== undefined && equalBytes(sha256(prompt), found.use.promptHash)) answers.add(found.use);
    }
    return answers;
  }

  /** An answer is shown, or about to be made. */
  add({ user, id }: Pick<Use, "user" | "id">): void {
    const known = this.#byUser.get(user);
    if (known === undefined) this.#byUser.set(user, new Set([id]));
    else known.add(id);
  }

  /** An answer was signed for, or was not made after all. */
  remove({ user, id }: Pick<Use, "user" | "id">): void {
    const known = this.#byUser.get(user);
    known?.delete(id);
    if (known?.size === 0) this.#byUser.delete(user);
  }

  /** How many answers of a user have no receipt, those that are being made among them. */
  count(user: string): number {
    return this.#byUser.get(user)?.size ?? 0;
  }

  /** Looks at a user's answers again: the receipt may have been handed in by the user, or the folder removed. */
  async refresh(user: string, isBeingMade: (useId: bigint) => boolean): Promise<void> {
    for (const id of [...(this.#byUser.get(user) ?? [])]) {
      if (isBeingMade(id)) continue;
      const isGone = this.#isSigned(id);
      const found = isGone
        ? undefined
        : await this.#options.session.find("tributary.attribution.v1.Query/Use", { useId: id });
      if (isGone || (found !== undefined && !lacksReceipt(found.use))) this.remove({ user, id });
    }
  }

  /** Whether there is nothing to wait for. */
  #isSigned(useId: bigint): boolean {
    const folder = join(this.#options.served, `${useId}`);
    if (isServed(folder) !== "answered") return true;
    try {
      return readSignature(folder) !== undefined;
    } catch {
      return false;
    }
  }
}

/** Open, or given back without a receipt. Every other end of a use comes after one. */
function lacksReceipt({ status }: Use): boolean {
  return status === UseStatus.USE_STATUS_OPEN || status === UseStatus.USE_STATUS_CANCELLED;
}
