/**
 * Owns finding what was asked and answered in a use, for those who were not there: in a folder of served uses, in a batch's
 * published body, or, of what was settled inline, in the transaction, which lacks the prompt. What is found is what user and host
 * signed for, or it is not given. It does not own the folder (served-uses.ts).
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { textRoot } from "../chain/types/text-tree.ts";
import { type KnownText, knownTexts } from "../modules/attribution/challenge/use-decision.ts";
import { equalBytes } from "../proto/bytes.ts";
import type { Messages } from "../proto/types.gen.ts";
import { batchOfBody } from "./batch-builder.ts";
import type { BodySource } from "./body-store.ts";
import { messagesBy } from "./chain-facts.ts";
import type { ChainSession } from "./chain-session.ts";
import { findServed } from "./served-uses.ts";

type Use = Messages["tributary.attribution.v1.Use"];
type BodyUses = Messages["tributary.attribution.v1.BatchBody"]["uses"];

/** The texts of a use. */
export interface UseTexts {
  readonly prompt: Uint8Array;
  readonly output: Uint8Array;
}

/** Where texts of uses are looked for. */
export interface UseTextSources {
  readonly session: ChainSession;
  readonly bodies: BodySource;
  /** A folder of served uses; undefined for none. */
  readonly served?: string | undefined;
}

/** How long a body is not looked for again for another use of its batch, in milliseconds. */
const ABSENT_PAUSE_MS = 1000;

/** Finds texts of uses. */
export class UseTextFinder {
  readonly #sources: UseTextSources;
  /** The uses of the batch whose body was read last: those of one batch follow each other. */
  #batch: { readonly id: bigint; readonly uses: BodyUses } | undefined;

  /** The batch whose body was looked for last in vain. */
  #absent: { readonly id: bigint; readonly since: number } | undefined;

  constructor(sources: UseTextSources) {
    this.#sources = sources;
  }

  /** The texts of a use that has an output; undefined when they are not to be had. */
  async of(use: Use): Promise<UseTexts | undefined> {
    const known = knownTexts(use);
    if (known === undefined) return undefined;
    const isTheirs = (texts: Partial<UseTexts>): texts is UseTexts => {
      const { prompt, output } = texts;
      return (
        prompt !== undefined && output !== undefined && isText(prompt, known.prompt) && isText(output, known.output)
      );
    };
    const { served, session } = this.#sources;
    const kept: Partial<UseTexts> = served === undefined ? {} : findServed(join(served, `${use.id}`));
    if (isTheirs(kept)) return kept;
    if ("root" in known.output)
      return (await this.#usesOf(use.batchId)).find((one) => one.useId === use.id && isTheirs(one));
    // Nobody publishes the prompt of what was settled inline.
    if (kept.prompt === undefined) return undefined;
    const output = await settledOutput(session, { useId: use.id, outputHash: use.outputHash });
    const settled = { ...kept, ...(output && { output }) };
    return isTheirs(settled) ? settled : undefined;
  }

  async #usesOf(batchId: bigint): Promise<BodyUses> {
    if (batchId === 0n) return [];
    if (this.#batch?.id === batchId) return this.#batch.uses;
    if (this.#absent?.id === batchId && performance.now() - this.#absent.since < ABSENT_PAUSE_MS) return [];
    const { session, bodies } = this.#sources;
    const { batch } = await session.query("tributary.attribution.v1.Query/Batch", { batchId });
    const body = await bodies.bodyOf(batch.bodyHash);
    if (body === undefined) {
      this.#absent = { id: batchId, since: performance.now() };
      return [];
    }
    try {
      const { uses } = batchOfBody(body).body;
      this.#batch = { id: batchId, uses };
      return uses;
    } catch {
      return [];
    }
  }
}

/** The answer of a use that was settled inline: it stands in the transaction; undefined when this node's index has not got it. */
export async function settledOutput(
  session: ChainSession,
  { useId, outputHash }: Pick<Messages["tributary.attribution.v1.Payout"], "useId" | "outputHash">,
): Promise<Uint8Array | undefined> {
  const event = `use_settled.use_id='${useId}'`;
  const settled = await messagesBy(session, "tributary.attribution.v1.MsgSettleUse", event);
  return settled.find(({ output }) => isText(output, { sha256: outputHash }))?.output;
}

function isText(bytes: Uint8Array, known: KnownText): boolean {
  if ("sha256" in known) return createHash("sha256").update(bytes).digest().equals(known.sha256);
  return bytes.length > 0 && bytes.length === known.length && equalBytes(textRoot(bytes), known.root);
}
