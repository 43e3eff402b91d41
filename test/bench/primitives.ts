// What the primitives cost on this machine: the baselines of the other figures. Signature verification by each backend,
// SHA-256, the codec on a bank send, one synced LevelDB batch.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nobleVerifier, type Verifier } from "../../chain/types/crypto.ts";
import { type Hasher, nobleHasher } from "../../chain/types/hash.ts";
import { nodeHasher, nodeVerifier, wasmVerifier } from "../../node/crypto.ts";
import { Database } from "../../node/storage/database.ts";
import { decode, encode } from "../../proto/codec.ts";
import {
  against,
  cpuTimes,
  type Effort,
  type Figure,
  figure,
  oneDigest,
  oneVerification,
  type Section,
} from "./measure.ts";
import { nextSend, type SignedSend, senderOf } from "./sends.ts";

/** The costs that others are set against. */
export interface Baselines {
  readonly verification: Figure;
  readonly digest: Figure;
}

async function verifications(effort: Effort, sends: readonly SignedSend[]): Promise<readonly [Figure, ...Figure[]]> {
  const wasm = await wasmVerifier();
  const measure = (name: string, verifier: Pick<Verifier, "secp256k1">, rounds: number, repeats: number): Figure =>
    figure(
      `secp256k1 verification, ${name}`,
      "µs CPU",
      cpuTimes(effort === "quick" ? 2 : rounds, effort === "quick" ? 4 : repeats, (index) => {
        const { job } = sends[index % sends.length]!;
        if (!verifier.secp256k1(job.publicKey, job.message, job.signature)) throw new Error(`${name} refuses`);
      }),
    );
  const native = measure("node:crypto", nodeVerifier(), 25, 40);
  const others = [against(native, oneVerification, measure("noble", nobleVerifier, 9, 20))];
  if (wasm !== undefined) others.unshift(against(native, oneVerification, measure("libsecp256k1-wasm", wasm, 25, 40)));
  return [native, ...others];
}

function hashes(effort: Effort): readonly [Figure, ...Figure[]] {
  const input = new Uint8Array(64).fill(7);
  const measure = (name: string, hasher: Hasher): Figure =>
    figure(
      `SHA-256 of 64 bytes, ${name}`,
      "µs CPU",
      cpuTimes(effort === "quick" ? 2 : 25, 5_000, () => void hasher.hash(input)),
    );
  const native = measure("node:crypto", nodeHasher());
  return [native, against(native, oneDigest, measure("noble", nobleHasher))];
}

function codec(effort: Effort, digest: Figure, { tx }: SignedSend): readonly Figure[] {
  const rounds = effort === "quick" ? 2 : 25;
  const raw = decode("cosmos.tx.v1beta1.TxRaw", tx, "adr027");
  const measure = (name: string, action: () => void): Figure =>
    against(digest, oneDigest, figure(name, "µs CPU", cpuTimes(rounds, 2_000, action)));
  return [
    measure("decoding a send strictly (TxRaw, TxBody, AuthInfo, MsgSend)", () => {
      const { bodyBytes, authInfoBytes } = decode("cosmos.tx.v1beta1.TxRaw", tx, "adr027");
      const { messages } = decode("cosmos.tx.v1beta1.TxBody", bodyBytes, "rejectUnknown");
      decode("cosmos.tx.v1beta1.AuthInfo", authInfoBytes, "rejectUnknown");
      decode("cosmos.bank.v1beta1.MsgSend", messages[0]!.value);
    }),
    measure("encoding its SignDoc", () => {
      encode("cosmos.tx.v1beta1.SignDoc", { ...raw, chainId: "bench-1", accountNumber: 7n });
    }),
    measure("encoding its TxRaw", () => void encode("cosmos.tx.v1beta1.TxRaw", raw)),
  ];
}

async function disk(effort: Effort): Promise<Figure> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  const database = await Database.open(join(folder, "db"), { chainId: "bench-1" });
  try {
    const times: number[] = [];
    for (let round = 0; round < (effort === "quick" ? 5 : 100); round++) {
      const writes = Array.from({ length: 100 }, (_, index) => ({
        key: Buffer.from(`key ${round} ${index}`),
        value: new Uint8Array(100),
      }));
      const start = performance.now();
      await database.write(writes);
      times.push(performance.now() - start);
    }
    return figure("one synced LevelDB batch of 100 rows of 100 bytes", "ms", times);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures the primitives and gives the baselines for the rest. */
export async function benchPrimitives(effort: Effort): Promise<{ section: Section; baselines: Baselines }> {
  const sender = senderOf(0, 0n);
  const sends = Array.from({ length: 40 }, () => nextSend(sender, sender.address, "bench-1"));
  const [verification, ...otherVerifiers] = await verifications(effort, sends);
  const [digest, ...otherHashers] = hashes(effort);
  const figures = [
    ...[verification, ...otherVerifiers],
    ...[digest, ...otherHashers],
    ...codec(effort, digest, sends[0]!),
    await disk(effort),
  ];
  return { section: { title: "Primitives", figures }, baselines: { verification, digest } };
}
