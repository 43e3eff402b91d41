/**
 * Owns what a host does with a prompt that comes from elsewhere: whose it is, whether it may be answered, answering it once, and taking the
 * user's signature. What it keeps is in the folder of served uses alone: an answer is on the disk before anybody sees it, and never replaced, so
 * a host that is killed at any moment shows one answer for a use or none. It does not own how requests come (cli/attribution/ask-server.ts),
 * nor what follows a signature (host.ts).
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { equalBytes } from "../../proto/bytes.ts";
import { ProofType, UseStatus } from "../../proto/enums.gen.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { acknowledgementTextOf } from "../batch-host.ts";
import { type ChainSession, type Party, signText } from "../chain-session.ts";
import { clearUnfinished, isServed, readServed, readSignature, storeServed, storeSignature } from "../served-uses.ts";
import type { Answerer } from "./answer-command.ts";
import { ANSWER_WAIT_MS, MAX_ATTEMPTS_PER_USE, MAX_REMEMBERED_USES, SECONDS_TO_SIGN } from "./limits.ts";
import { UnsignedAnswers } from "./unsigned-answers.ts";
import { askText, isSignedByUser, type SignedAnswer } from "./wire.ts";

type Use = Messages["tributary.attribution.v1.Use"];

/** Why there is no answer: what a user can do about it differs. */
export type RefusalKind = "unknown" | "forbidden" | "mismatch" | "closed" | "busy" | "unsigned" | "failed";

/** A request that is not answered; the message is for the user. */
export class AskRefusal extends Error {
  override readonly name = "AskRefusal";
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What answers work with. */
export interface AnswerDeskOptions {
  readonly session: Pick<ChainSession, "chainId" | "find" | "blockTime">;
  /** The host of the uses; signs receipts. */
  readonly party: Pick<Party, "address" | "amino">;
  /** The folder of served uses. */
  readonly served: string;
  readonly answerer: Answerer;
  /** How many prompts are answered at a time, and how many more may wait. */
  readonly parallel: number;
  readonly queue: number;
  /** How many answers a user may leave without a signature before the next prompt is refused. */
  readonly unsigned: number;
  /** How long a request waits for its answer, in milliseconds, unless it is the default. */
  readonly waitMs?: number;
  /** Told in one sentence whatever was done. */
  readonly report: (line: string) => void;
}

/** Answers prompts. */
export class AnswerDesk {
  readonly #options: AnswerDeskOptions;
  readonly #unsigned: UnsignedAnswers;
  readonly #stopping = new AbortController();
  /** Answers that are being made, or wait for it. A job never rejects: it gives the reason. */
  readonly #jobs = new Map<bigint, Promise<AskRefusal | undefined>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;
  /** How often an answer was tried in vain. */
  readonly #failures = new Map<bigint, number>();
  readonly #receiptTexts = new Map<bigint, string>();

  private constructor(options: AnswerDeskOptions, unsigned: UnsignedAnswers) {
    this.#options = options;
    this.#unsigned = unsigned;
  }

  /** Looks the folder of served uses through first: who has left answers unsigned is known from there. */
  static async open(options: AnswerDeskOptions): Promise<AnswerDesk> {
    clearUnfinished(options.served);
    return new AnswerDesk(options, await UnsignedAnswers.in(options));
  }

  /**
   * The use, if who signed may have its answer. Throws AskRefusal otherwise. No prompt needs to be read for this: its hash is on the chain.
   */
  async admit(useId: bigint, signature: Uint8Array): Promise<Use> {
    const use = await this.#ownUse(useId);
    const { chainId } = this.#options.session;
    if (!isSignedByUser(use, askText(chainId, useId, use.promptHash), signature)) {
      throw new AskRefusal("forbidden", `use ${useId}: the request is not signed by the use's user`);
    }
    return use;
  }

  /** The answer to the prompt of a use that was admitted; undefined when it is still being made. Throws AskRefusal when there will be none. */
  async answer(use: Use, prompt: Uint8Array): Promise<SignedAnswer | undefined> {
    const { id: useId, promptHash } = use;
    if (prompt.length === 0 || !sha256(prompt).equals(promptHash)) {
      throw new AskRefusal("mismatch", `the prompt is not the one that use ${useId} was opened for`);
    }
    const state = isServed(this.#folder(useId));
    if (state === "answered") return this.#signed(useId);
    if (state === "begun") throw new AskRefusal("failed", `use ${useId} is answered by hand here`);
    const done = this.#jobs.get(useId) ?? (await this.#begin(use, prompt)).done;
    const refusal = await within(this.#options.waitMs ?? ANSWER_WAIT_MS, done);
    if (refusal === STILL) return undefined;
    if (refusal !== undefined) throw refusal;
    return this.#signed(useId);
  }

  /** Throws AskRefusal when a prompt of a user would be refused now: a user asks before paying. */
  async welcome(user: string): Promise<void> {
    await this.#unsigned.refresh(user, (id) => this.#jobs.has(id));
    this.#requireRoom(user);
  }

  /** Takes the user's signature over the receipt of an answer. Throws AskRefusal when it is not that. */
  async sign(useId: bigint, signature: Uint8Array): Promise<void> {
    const use = await this.#ownUse(useId);
    const folder = this.#folder(useId);
    if (isServed(folder) !== "answered") throw new AskRefusal("unknown", `use ${useId} has no answer here`);
    if (!isSignedByUser(use, this.#receiptText(useId), signature)) {
      throw new AskRefusal("forbidden", `use ${useId}: this is not the user's signature of the answer's receipt`);
    }
    this.#unsigned.remove(use);
    const known = readSignature(folder);
    if (known !== undefined && equalBytes(known, signature)) return;
    storeSignature(folder, signature);
    this.#options.report(`use ${useId} was signed for by its user`);
  }

  /** Ends what is being made. It is made anew when it is asked for again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#jobs.values());
  }

  #folder(useId: bigint): string {
    return join(this.#options.served, `${useId}`);
  }

  async #ownUse(useId: bigint): Promise<Use> {
    const { session, party } = this.#options;
    const found = await session.find("tributary.attribution.v1.Query/Use", { useId });
    if (found === undefined) throw new AskRefusal("unknown", `there is no use ${useId}`);
    const { use } = found;
    if (use.host !== party.address) throw new AskRefusal("unknown", `use ${useId} is for another host, ${use.host}`);
    if (use.proof === ProofType.PROOF_TYPE_NONE) throw new AskRefusal("unknown", `use ${useId} has no answer`);
    return use;
  }

  /** The answer that is kept, with the host's signature. */
  async #signed(useId: bigint): Promise<SignedAnswer> {
    const { party, report } = this.#options;
    // Looked at anew, since making an answer takes its time: a receipt for a use that its host has cancelled costs the host's bond.
    const { isRefused, promptHash } = await this.#ownUse(useId);
    if (isRefused) throw new AskRefusal("closed", `the host has given the fee of use ${useId} back`);
    const answered = readServed(this.#folder(useId), useId);
    const { output, units } = answered;
    if (!sha256(answered.prompt).equals(promptHash)) {
      report(`the folder of use ${useId} holds another prompt than the use was opened for: is it another chain's?`);
      throw new AskRefusal("failed", `the host has something else in the place of use ${useId}`);
    }
    return { output, units, hostSignature: await signText(party, this.#receiptText(useId)) };
  }

  /** What is signed for a use. It is remembered, since making it takes a while for long texts and any stranger may send a signature to be checked. */
  #receiptText(useId: bigint): string {
    const known = this.#receiptTexts.get(useId);
    if (known !== undefined) return known;
    const text = acknowledgementTextOf(this.#options.session, readServed(this.#folder(useId), useId));
    remember(this.#receiptTexts, useId, text);
    return text;
  }

  /** Throws AskRefusal when no other prompt of a user is taken now. */
  #requireRoom(user: string): void {
    const { queue, parallel, unsigned } = this.#options;
    const count = this.#unsigned.count(user);
    if (count >= unsigned) {
      throw new AskRefusal("unsigned", `${count} answers to ${user} wait for a signature: sign for them first`);
    }
    if (this.#jobs.size >= parallel + queue) throw new AskRefusal("busy", "the host is busy: ask again later");
  }

  /** Begins an answer, unless there is a reason against it or another request has begun it meanwhile. */
  async #begin(use: Use, prompt: Uint8Array): Promise<Job> {
    const { session } = this.#options;
    const { id: useId, user, status, expiresAt } = use;
    if (status !== UseStatus.USE_STATUS_OPEN) throw new AskRefusal("closed", `use ${useId} is not open any more`);
    if ((await session.blockTime()) + SECONDS_TO_SIGN > expiresAt) {
      throw new AskRefusal("closed", `use ${useId} has run out of time: its fee can be had back with cancel-use`);
    }
    if ((this.#failures.get(useId) ?? 0) >= MAX_ATTEMPTS_PER_USE) {
      throw new AskRefusal("failed", `use ${useId} could not be answered ${MAX_ATTEMPTS_PER_USE} times`);
    }
    await this.#unsigned.refresh(user, (id) => this.#jobs.has(id));
    // From here on nothing is waited for, so requests that came together find what the others have begun.
    const begun = this.#jobs.get(useId);
    if (begun !== undefined || isServed(this.#folder(useId)) === "answered") return { done: begun ?? DONE };
    this.#requireRoom(user);
    this.#unsigned.add(use);
    const done = this.#make(use, prompt).finally(() => this.#jobs.delete(use.id));
    this.#jobs.set(use.id, done);
    return { done };
  }

  /** Makes an answer when it is its turn, and keeps it. */
  async #make(use: Use, prompt: Uint8Array): Promise<AskRefusal | undefined> {
    const { served, answerer, report } = this.#options;
    await this.#turn();
    try {
      if (this.#stopping.signal.aborted) throw new Error("the host was stopped");
      const { output, units } = await answerer(use, prompt, this.#stopping.signal);
      // When something else has put the use's folder there meanwhile, what it holds is the answer.
      const isFirst = storeServed(served, { useId: use.id, prompt, output, units });
      if (isFirst) report(`use ${use.id} was answered: ${output.length} bytes, ${units} units`);
      else if (isServed(this.#folder(use.id)) !== "answered") throw new Error("its folder holds something else");
      return undefined;
    } catch (error) {
      this.#unsigned.remove(use);
      if (this.#stopping.signal.aborted) return new AskRefusal("busy", "the host was stopped: ask again later");
      remember(this.#failures, use.id, (this.#failures.get(use.id) ?? 0) + 1);
      report(`use ${use.id} could not be answered: ${(error as Error).message}`);
      // What the command complained of is the operator's to know.
      return new AskRefusal("failed", `the host's model gave no answer to use ${use.id}`);
    } finally {
      const next = this.#waiting.shift();
      // Whoever waits takes this place over; nobody can come between.
      if (next !== undefined) next();
      else this.#running--;
    }
  }

  /** Waits until fewer than may be are at work. */
  async #turn(): Promise<void> {
    if (this.#running < this.#options.parallel) this.#running++;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

/** Notes something of a use, and forgets what was noted longest ago when there is too much. */
function remember<T>(notes: Map<bigint, T>, useId: bigint, note: T): void {
  notes.delete(useId);
  notes.set(useId, note);
  if (notes.size > MAX_REMEMBERED_USES) notes.delete(notes.keys().next().value!);
}

/** An answer that is being made. It stands in an object, since a promise of a promise is the inner one. */
interface Job {
  readonly done: Promise<AskRefusal | undefined>;
}

const DONE: Promise<undefined> = Promise.resolve(undefined);
const STILL = Symbol("still being made");

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

/** What a promise gives, unless that takes too long. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | typeof STILL> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof STILL>((resolve) => {
    timer = setTimeout(() => resolve(STILL), milliseconds);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
