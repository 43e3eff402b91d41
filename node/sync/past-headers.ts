/**
 * Owns fetching the headers from before a snapshot, and who signed their blocks, as far back as evidence may speak of: without them a
 * validator that began from the snapshot could not judge evidence of an older height. Every header is proven by its successor's
 * last_block_id, every validator set by its header, so it does not matter who gives them; what nobody gives is left out, and told. Does
 * not own what evidence proves (node/engine/evidence-check.ts). Source: CometBFT statesync/reactor.go (Backfill).
 */
import type { ChainState } from "../../chain/types/chain-state.ts";
import { type Header, headerHash } from "../../chain/types/header.ts";
import { type ValidatorSet, validatorSetHash } from "../../chain/types/validator-set.ts";
import { equalBytes, hex } from "../../proto/bytes.ts";
import { isExpired } from "../engine/evidence-check.ts";
import { lightHeaderPage } from "../light/limits.ts";
import { LightSourceError } from "../light/rpc-source.ts";
import type { Logger } from "../log.ts";
import type { PastHeader } from "../ports.ts";
import { MAX_PAST_FAILURES, MAX_PAST_HEADERS, PAST_BATCH_HEADERS, PAST_PAGES_AHEAD } from "./limits.ts";

/** Who gives headers. Both throw LightSourceError when there are none; what they give is not trusted. */
export interface PastSource {
  readonly name: string;
  /** The headers of a range, in no particular order and perhaps not all. */
  headers(lowest: bigint, highest: bigint): Promise<readonly Header[]>;
  validators(height: bigint): Promise<ValidatorSet>;
}

/** From where to go back. */
export interface PastOptions {
  /** The state after the snapshot's block: it says how old evidence may be. */
  readonly state: ChainState;
  /** The header of the snapshot's block. */
  readonly last: Header;
}

export interface PastNeeds {
  readonly sources: readonly PastSource[];
  /** Keeps what was proven. */
  readonly write: (past: readonly PastHeader[]) => Promise<void>;
  readonly log: Pick<Logger, "info" | "warn">;
}

/** Fetches and keeps them, the newest first. Resolves with the lowest height that is known then; never rejects for want of a source. */
export async function fetchPast({ state, last }: PastOptions, needs: PastNeeds): Promise<bigint> {
  const { log, write } = needs;
  const lowest = lowestOf(state, last.height);
  const pages = new Pages(last.height - 1n, lowest, needs.sources);
  const sets = new Map<string, ValidatorSet>();
  let batch: PastHeader[] = [];
  let known = last;
  let isDone = known.height <= lowest;
  while (!isDone) {
    const headers = await pages.take(known);
    if (headers.length === 0) break;
    for (const header of headers) {
      isDone = isExpired(state, header.height, header.time);
      const validators = isDone ? undefined : await validatorsOf(header, sets, pages);
      if (validators === undefined) break;
      batch.push({ header, validators });
      known = header;
    }
    isDone ||= known.height <= lowest;
    if (known !== headers.at(-1) && !isDone) break;
    if (batch.length < PAST_BATCH_HEADERS) continue;
    await write(batch);
    batch = [];
    log.info({ height: String(known.height) }, "fetching the headers that evidence may speak of");
  }
  await write(batch);
  const facts = { from: String(known.height), to: String(last.height - 1n) };
  if (isDone) log.info(facts, "the headers that evidence may speak of are here");
  else
    log.warn(
      facts,
      "nobody gives older headers: evidence of older heights cannot be judged here, and is believed where more than two thirds do",
    );
  return known.height;
}

/** No evidence speaks of heights below it. */
function lowestOf({ initialHeight }: ChainState, height: bigint): bigint {
  const most = height - BigInt(MAX_PAST_HEADERS);
  return most > initialHeight ? most : initialHeight;
}

/** The validators that a header names, from the source unless a header before named the same. */
async function validatorsOf(
  header: Header,
  sets: Map<string, ValidatorSet>,
  pages: Pages,
): Promise<ValidatorSet | undefined> {
  const name = hex(header.validatorsHash);
  const known = sets.get(name);
  if (known !== undefined) return known;
  const isRight = (set: ValidatorSet) => equalBytes(validatorSetHash(set), header.validatorsHash);
  const found = await pages.ask((source) => source.validators(header.height), isRight);
  if (found !== undefined) sets.set(name, found);
  return found;
}

/** The headers in pages from the top down, some pages ahead of the one that is wanted, the work shared between the sources. */
class Pages {
  readonly #lowest: bigint;
  readonly #failures = new Map<PastSource, number>();
  /** What was asked ahead, by the highest height of the page; an error stays one until its turn comes. */
  readonly #coming = new Map<bigint, Promise<readonly Header[] | Error>>();
  #sources: readonly PastSource[];
  #next: bigint;
  #turn = 0;

  constructor(highest: bigint, lowest: bigint, sources: readonly PastSource[]) {
    this.#next = highest;
    this.#lowest = lowest;
    this.#sources = sources;
  }

  /** The headers right below one that is proven, the highest first; as many of them as there are, and proven too. */
  async take(proven: Header): Promise<readonly Header[]> {
    this.#askAhead();
    const highest = proven.height - 1n;
    const came = (await this.#coming.get(highest)) ?? [];
    this.#coming.delete(highest);
    if (came instanceof Error && !(came instanceof LightSourceError)) throw came;
    const asked = came instanceof Error ? [] : linked(proven, came);
    if (asked.length === this.#wanted(highest)) return asked;
    let most = asked;
    await this.ask(
      async (source) => linked(proven, await source.headers(this.#lowestOf(highest), highest)),
      (headers) => {
        if (headers.length > most.length) most = headers;
        return headers.length === this.#wanted(highest);
      },
    );
    return most;
  }

  /** Asks one source after the other until one answers rightly; undefined when none does. */
  async ask<Answer>(
    ask: (source: PastSource) => Promise<Answer>,
    isRight: (answer: Answer) => boolean,
  ): Promise<Answer | undefined> {
    for (const source of this.#sources) {
      try {
        const answer = await ask(source);
        if (isRight(answer)) return answer;
      } catch (error) {
        if (!(error instanceof LightSourceError)) throw error;
      }
      this.#failed(source);
    }
    return undefined;
  }

  #askAhead(): void {
    while (this.#coming.size < PAST_PAGES_AHEAD && this.#next >= this.#lowest && this.#sources.length > 0) {
      const highest = this.#next;
      const source = this.#sources[this.#turn++ % this.#sources.length]!;
      const answer = source.headers(this.#lowestOf(highest), highest).catch((error: Error) => {
        this.#failed(source);
        return error;
      });
      this.#coming.set(highest, answer);
      this.#next = this.#lowestOf(highest) - 1n;
    }
  }

  #lowestOf(highest: bigint): bigint {
    const low = highest - BigInt(lightHeaderPage) + 1n;
    return low > this.#lowest ? low : this.#lowest;
  }

  #wanted(highest: bigint): number {
    return Number(highest - this.#lowestOf(highest)) + 1;
  }

  #failed(source: PastSource): void {
    const failures = (this.#failures.get(source) ?? 0) + 1;
    this.#failures.set(source, failures);
    if (failures >= MAX_PAST_FAILURES) this.#sources = this.#sources.filter((other) => other !== source);
  }
}

/** Of these headers the chain of predecessors that begins below `proven`, the highest first. */
function linked(proven: Header, headers: readonly Header[]): readonly Header[] {
  const byHeight = new Map(headers.map((header) => [header.height, header]));
  const chain: Header[] = [];
  for (let after = proven; ; ) {
    const header = byHeight.get(after.height - 1n);
    const hash = header && headerHash(header);
    if (header === undefined || hash === undefined || !equalBytes(hash, after.lastBlockId.hash)) return chain;
    chain.push(header);
    after = header;
  }
}
