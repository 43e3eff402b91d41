/**
 * Owns the user's side of asking a host for an answer over HTTP: sending the prompt until there is an answer, believing it only if the
 * host signed for it, and giving the user's signature back. It does not own the use on the chain nor where the host is (cli/attribution/ask.ts).
 */
import { base64 } from "../../proto/bytes.ts";
import type { AnsweredUse } from "../batch-host.ts";
import { ASK_AGAIN_MS, MAX_REASON_BYTES, MAX_TEXT_BYTES, REQUEST_TIMEOUT_MS, TRY_AGAIN_MS } from "./limits.ts";
import {
  ASK_HEADERS,
  type AskRoute,
  isSignedByHost,
  oneLine,
  pathOf,
  readSignatureText,
  readUnits,
  type SignedAnswer,
} from "./wire.ts";

/** A host that said no, or something that is no answer. */
export class HostRefusal extends Error {
  override readonly name = "HostRefusal";
}

/** A host that cannot be reached, or is busy: it may answer later. */
export class HostAway extends Error {
  override readonly name = "HostAway";
}

/** Who serves at an address, by its own word. */
export interface HostName {
  readonly chainId: string;
  readonly host: string;
}

/** What is asked, and of whom. */
export interface Question {
  readonly chainId: string;
  readonly useId: bigint;
  readonly maxUnits: bigint;
  readonly prompt: Uint8Array;
  /** The user's signature of the text that asks. */
  readonly signature: Uint8Array;
  /** The use's host, with the key that the chain knows of it. */
  readonly host: { readonly address: string; readonly publicKey: Uint8Array };
}

/** One host's port. */
export class HostClient {
  readonly #url: string;

  /** `url` is http or https. */
  constructor(url: string) {
    this.#url = url.replace(/\/+$/, "");
  }

  /** Who serves here. Throws HostAway, or HostRefusal when it is no host's port. */
  async name(): Promise<HostName> {
    const { response } = await this.#send("GET", { is: "host" });
    const chainId = response.headers.get(ASK_HEADERS.chain);
    const host = response.headers.get(ASK_HEADERS.host);
    if (response.status !== 200 || chainId === null || host === null) {
      throw new HostRefusal(`no host takes prompts at ${this.#url}`);
    }
    return { chainId: decodeURIComponent(chainId), host: oneLine(host) };
  }

  /** Throws HostRefusal or HostAway when the host would take no prompt of a user now. */
  async welcome(user: string): Promise<void> {
    const { response, body } = await this.#send("GET", { is: "user", user });
    if (response.status !== 200) throw refusalIn(response, body);
  }

  /**
   * The answer with the host's signature, which was checked. A host that is away or busy is asked again: the use is paid for. Throws HostRefusal, or
   * HostAway when there is no answer by then. `tell` hears, once, what it waits for.
   */
  async ask(question: Question, patienceMs: number, tell: (line: string) => void): Promise<SignedAnswer> {
    const until = Date.now() + patienceMs;
    let away: string | undefined;
    while (Date.now() < until) {
      try {
        const answer = await this.#askOnce(question);
        if (answer !== undefined) return answer;
        await pause(ASK_AGAIN_MS);
      } catch (error) {
        if (!(error instanceof HostAway)) throw error;
        if (away === undefined) tell(`${error.message}: asking again for ${patienceMs / 1000} seconds`);
        away = error.message;
        await pause(TRY_AGAIN_MS);
      }
    }
    throw new HostAway(
      `${away === undefined ? "" : `${away}; `}there was no answer within ${patienceMs / 1000} seconds`,
    );
  }

  /** The answer; undefined while it is being made. */
  async #askOnce(question: Question): Promise<SignedAnswer | undefined> {
    const route = { is: "prompt", useId: question.useId } as const;
    const { response, body } = await this.#send("POST", route, question.signature, question.prompt);
    if (response.status === 202) return undefined;
    if (response.status !== 200) throw refusalIn(response, body);
    return answerIn(response, body, question);
  }

  /** Gives the host the user's signature of the receipt. Throws HostRefusal or HostAway when it does not take it. */
  async giveReceipt(useId: bigint, signature: Uint8Array): Promise<void> {
    const { response, body } = await this.#send("POST", { is: "receipt", useId }, signature);
    if (response.status !== 200) throw refusalIn(response, body);
  }

  async #send(
    method: string,
    route: AskRoute,
    signature?: Uint8Array,
    body?: Uint8Array,
  ): Promise<{ readonly response: Response; readonly body: Uint8Array }> {
    try {
      const response = await fetch(`${this.#url}${pathOf(route)}`, {
        method,
        redirect: "error",
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        headers: signature === undefined ? {} : { [ASK_HEADERS.signature]: base64(signature) },
        ...(body === undefined ? {} : { body: body as Uint8Array<ArrayBuffer> }),
      });
      return { response, body: await readAtMost(response, MAX_TEXT_BYTES) };
    } catch (error) {
      if (error instanceof HostRefusal) throw error;
      const { cause, message } = error as Error & { cause?: Error };
      throw new HostAway(`${this.#url} cannot be reached: ${oneLine(cause?.message || message)}`);
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** An answer that the host signed for. */
function answerIn(response: Response, output: Uint8Array, question: Question): SignedAnswer {
  const { chainId, useId, prompt, maxUnits, host } = question;
  const units = readUnits(response.headers.get(ASK_HEADERS.units));
  const hostSignature = readSignatureText(response.headers.get(ASK_HEADERS.hostSignature));
  if (output.length === 0) throw new HostRefusal("the host's answer is empty");
  if (units === undefined || units > maxUnits)
    throw new HostRefusal(`the host asks for other than 1 to ${maxUnits} units`);
  const answered: AnsweredUse = { useId, prompt, output, units };
  if (hostSignature === undefined || !isSignedByHost(chainId, host, answered, hostSignature)) {
    throw new HostRefusal(`the answer is not signed by ${host.address}, the use's host`);
  }
  return { output, units, hostSignature };
}

function refusalIn(response: Response, body: Uint8Array): Error {
  const reason = oneLine(new TextDecoder().decode(body.subarray(0, MAX_REASON_BYTES)));
  const text = reason === "" ? `status ${response.status}` : reason;
  return response.status >= 500 && response.status !== 502 ? new HostAway(text) : new HostRefusal(text);
}

/** The whole body. Throws HostRefusal for a longer one. */
async function readAtMost(response: Response, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (response.body !== null) {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > most) throw new HostRefusal(`the host sends more than ${most} bytes`);
      parts.push(part);
    }
  }
  return new Uint8Array(Buffer.concat(parts));
}
