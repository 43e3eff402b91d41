// Owns: the memory of transactions already decoded: one is decoded when it is admitted, and met again when it is proposed,
// accepted, executed and rechecked. Does not own: decoding (tx.ts). A transaction is named by its hash, so what is
// remembered is exactly what decoding its bytes again would give.

import { hex } from "../../proto/bytes.ts";
import type { AddressCodec } from "../types/address.ts";
import type { Hasher } from "../types/hash.ts";
import { MAX_CACHED_TX_BYTES, MAX_CACHED_TXS } from "./limits.ts";
import { decodeTx, type Tx } from "./tx.ts";

/** Decodes transactions, remembering the latest ones up to a number and a size. */
export class TxCache {
  readonly #hasher: Hasher;
  readonly #known = new Map<string, Tx>();
  #addresses: AddressCodec | undefined;
  #bytes = 0;

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
  }

  /** As `decodeTx`; throws the same. */
  decode(bytes: Uint8Array, addresses: AddressCodec): Tx {
    // Signers were read with a prefix; another chain's (InitChain anew) would read others.
    if (this.#addresses?.prefix !== addresses.prefix) this.#forgetAll(addresses);
    const name = hex(this.#hasher.hash(bytes));
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const tx = decodeTx(bytes, addresses);
    this.#remember(name, tx);
    return tx;
  }

  #remember(name: string, tx: Tx): void {
    this.#known.set(name, tx);
    this.#bytes += tx.bytes.length;
    // A Map iterates in insertion order, so the first is the oldest.
    for (const [oldest, { bytes }] of this.#known) {
      if (this.#known.size <= MAX_CACHED_TXS && this.#bytes <= MAX_CACHED_TX_BYTES) return;
      this.#known.delete(oldest);
      this.#bytes -= bytes.length;
    }
  }

  #forgetAll(addresses: AddressCodec): void {
    this.#known.clear();
    this.#bytes = 0;
    this.#addresses = addresses;
  }
}
