/**
 * Owns where published bodies of batches are put and found: a folder that host and watchers share, or an address that
 * serves one, each body a file named by its SHA-256 in hex. A body is believed by its hash alone, wherever it comes from.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256 } from "../chain/types/hash.ts";
import { equalBytes, hex } from "../proto/bytes.ts";
import { BODY_TIMEOUT_MS, MAX_BODY_BYTES } from "./limits.ts";

/** Where bodies are found. */
export interface BodySource {
  /** The body with this hash; undefined when it is not there, or what is there is something else. */
  readonly bodyOf: (hash: Uint8Array) => Promise<Uint8Array | undefined>;
}

/** Where a host puts bodies and finds them again. */
export interface BodyStore extends BodySource {
  readonly publish: (body: Uint8Array) => Promise<void> | void;
}

/** A folder of bodies. */
export class BodyFolder implements BodyStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  publish(body: Uint8Array): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, hex(sha256(body))), body);
  }

  async bodyOf(hash: Uint8Array): Promise<Uint8Array | undefined> {
    const path = join(this.#folder, hex(hash));
    if (!existsSync(path) || statSync(path).size > MAX_BODY_BYTES) return undefined;
    return genuine(new Uint8Array(readFileSync(path)), hash);
  }
}

/** Bodies under an http or https address. A server that fails or takes too long has no body. */
export class BodyAddress implements BodySource {
  readonly #address: string;

  constructor(address: string) {
    this.#address = address.replace(/\/$/, "");
  }

  async bodyOf(hash: Uint8Array): Promise<Uint8Array | undefined> {
    try {
      const response = await fetch(`${this.#address}/${hex(hash)}`, { signal: AbortSignal.timeout(BODY_TIMEOUT_MS) });
      if (!response.ok || response.body === null) return undefined;
      const parts: Uint8Array[] = [];
      let length = 0;
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
        length += part.length;
        if (length > MAX_BODY_BYTES) return undefined;
        parts.push(part);
      }
      return genuine(new Uint8Array(Buffer.concat(parts)), hash);
    } catch {
      return undefined;
    }
  }
}

function genuine(body: Uint8Array, hash: Uint8Array): Uint8Array | undefined {
  return equalBytes(sha256(body), hash) ? body : undefined;
}
