/**
 * Owns what user and host say to each other when a prompt is asked off the chain: the text that asks, the paths and headers of the
 * requests, and reading them. A prompt and an answer are the body of a message as they are; everything else is in headers, so nothing
 * that a stranger sends needs to be parsed but these few lines. It does not own carrying (cli/attribution/ask-server.ts, host-client.ts)
 * nor what is done with it (answer-desk.ts).
 */
import { arbitrarySignBytes } from "../../chain/types/arbitrary-signature.ts";
import { nobleVerifier } from "../../chain/types/crypto.ts";
import { MAX_UNITS } from "../../modules/attribution/limits.ts";
import { base64, fromBase64, hex } from "../../proto/bytes.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { type AnsweredUse, acknowledgementTextOf } from "../batch-host.ts";

type Use = Messages["tributary.attribution.v1.Use"];

/** Headers. Node and fetch give their names in lower case. */
export const ASK_HEADERS = {
  /** Of requests: the user's signature, of the text that asks or of the receipt. */
  signature: "tributary-signature",
  /** Of an answer: the host's signature of the receipt. */
  hostSignature: "tributary-host-signature",
  /** Of an answer: how many units it came to. */
  units: "tributary-units",
  /** Of the answer to GET /: which chain's uses are served, and who serves them. */
  chain: "tributary-chain",
  host: "tributary-host",
} as const;

/** What a request is about. */
export type AskRoute =
  | { readonly is: "host" }
  | { readonly is: "user"; readonly user: string }
  | { readonly is: "prompt"; readonly useId: bigint }
  | { readonly is: "receipt"; readonly useId: bigint };

/** An answer as it travels: what user and host sign for, but the prompt, which both have. */
export interface SignedAnswer {
  readonly output: Uint8Array;
  readonly units: bigint;
  readonly hostSignature: Uint8Array;
}

const SIGNATURE_BYTES = 64;

/** What a user signs by ADR-036 to have a prompt answered: nobody else can ask for the use's answer, and nothing else can be asked with it. */
export function askText(chainId: string, useId: bigint, promptHash: Uint8Array): string {
  return `tributary use request\nchain: ${chainId}\nuse: ${useId}\nprompt sha256: ${hex(promptHash)}`;
}

/** Whether the use's key signed a text for the use's user. */
export function isSignedByUser({ user, receiptKey }: Use, text: string, signature: Uint8Array): boolean {
  return nobleVerifier.secp256k1(receiptKey, arbitrarySignBytes(user, text), signature);
}

/** Whether the host's account key signed for an answer. */
export function isSignedByHost(
  chainId: string,
  host: { readonly address: string; readonly publicKey: Uint8Array },
  answered: AnsweredUse,
  signature: Uint8Array,
): boolean {
  const text = acknowledgementTextOf({ chainId }, answered);
  return nobleVerifier.secp256k1(host.publicKey, arbitrarySignBytes(host.address, text), signature);
}

/** Where a host is asked what it is, whether it takes a user's prompts, and where a use's prompt, or its receipt, is sent. */
export function pathOf(route: AskRoute): string {
  switch (route.is) {
    case "host":
      return "/";
    case "user":
      return `/users/${route.user}`;
    default:
      return `/uses/${route.useId}/${route.is}`;
  }
}

/** What a request is about; undefined when there is no such thing. */
export function readRoute(method: string | undefined, path: string): AskRoute | undefined {
  if (method === "GET" && path === "/") return { is: "host" };
  const user = /^\/users\/([a-z0-9]{1,100})$/.exec(path)?.[1];
  if (method === "GET" && user !== undefined) return { is: "user", user };
  const found = /^\/uses\/([1-9]\d{0,19})\/(prompt|receipt)$/.exec(path);
  if (method !== "POST" || found === null) return undefined;
  const useId = BigInt(found[1]!);
  if (useId > 0xffff_ffff_ffff_ffffn) return undefined;
  return { is: found[2] as "prompt" | "receipt", useId };
}

/** A signature as a header carries it: 64 bytes in base64. Undefined when it is something else. */
export function readSignatureText(text: unknown): Uint8Array | undefined {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]{86}==$/.test(text)) return undefined;
  const signature = fromBase64(text);
  return signature.length === SIGNATURE_BYTES && base64(signature) === text ? signature : undefined;
}

/** A number of units as a header or a file has it. Undefined when it is something else. */
export function readUnits(text: unknown): bigint | undefined {
  if (typeof text !== "string" || !/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const units = BigInt(text);
  return units <= MAX_UNITS ? units : undefined;
}

/** Somebody else's words as one line for a terminal: nothing in it moves the cursor or colours the screen. */
export function oneLine(text: string): string {
  return text.replace(/[\p{C}\s]+/gu, " ").trim();
}
