/** SHA-256 by Node, for tests that hash much. The bytes are the same as the pure hasher's. */
import { createHash } from "node:crypto";
import type { Hasher } from "../../chain/types/hash.ts";

const hash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(bytes).digest());

export const nativeHasher: Hasher = { hash, batch: (preimages) => preimages.map(hash) };
