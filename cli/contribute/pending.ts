// Owns the file of a contribution that is committed to and not yet revealed: salts, records and the transactions that were
// signed, written before any of them is sent. Without it a commitment could not be revealed and its deposit would be lost.
// When what is done with it is commit.ts's.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { decode, encode } from "../../proto/codec.ts";
import type { Messages } from "../../proto/types.gen.ts";
import { CliError, messageOf } from "../errors.ts";
import { makeFolder, readJsonFile, writeFileAtomic } from "../files.ts";
import { maxPendingBytes } from "./limits.ts";

type RecordInput = Messages["tributary.datanet.v1.RecordInput"];

/** Whose contribution it is, and where to. */
export interface PendingPlace {
  readonly chainId: string;
  readonly contributor: string;
  readonly datanetId: bigint;
}

/** One commitment: what it hides, and the transaction that reveals it, empty before that is signed. */
export interface PendingCommitment {
  readonly salt: Uint8Array;
  readonly records: readonly RecordInput[];
  readonly revealTx: Uint8Array;
}

/** A contribution. The transaction that commits is empty before it is signed. */
export interface Pending extends PendingPlace {
  readonly commitTx: Uint8Array;
  readonly commitments: readonly PendingCommitment[];
}

/** The form in the file: bytes in base64. */
interface PendingJson {
  readonly type: string;
  readonly chain_id: string;
  readonly contributor: string;
  readonly datanet_id: string;
  readonly commit_tx: string;
  readonly commitments: readonly {
    readonly salt: string;
    readonly records: readonly string[];
    readonly reveal_tx: string;
  }[];
}

const TYPE = "tributary/pending-contribution/1";
const FOLDER = "contributions";

/** A pending contribution and its file. */
export class PendingFile {
  readonly path: string;
  #pending: Pending;

  private constructor(path: string, pending: Pending) {
    this.path = path;
    this.#pending = pending;
  }

  get pending(): Pending {
    return this.#pending;
  }

  /** Writes a new file, durably. */
  static create(home: string, pending: Pending): PendingFile {
    const folder = join(home, FOLDER);
    makeFolder(folder, 0o700);
    let number = 1;
    while (existsSync(join(folder, `${prefixOf(pending)}${number}.json`))) number++;
    const file = new PendingFile(join(folder, `${prefixOf(pending)}${number}.json`), pending);
    file.#write();
    return file;
  }

  /** The contributions that earlier runs left. Throws CliError for a file that cannot be read. */
  static of(home: string, place: PendingPlace): readonly PendingFile[] {
    const folder = join(home, FOLDER);
    const isOne = (name: string): boolean => name.startsWith(prefixOf(place)) && name.endsWith(".json");
    const names = existsSync(folder) ? readdirSync(folder).filter(isOne) : [];
    return names
      .sort()
      .map((name) => new PendingFile(join(folder, name), read(join(folder, name))))
      .filter(({ pending }) => pending.contributor === place.contributor);
  }

  /** Remembers the signed transaction that commits. */
  committing(commitTx: Uint8Array): void {
    this.#pending = { ...this.#pending, commitTx };
    this.#write();
  }

  /** Remembers the signed transaction that reveals one commitment. */
  revealing(index: number, revealTx: Uint8Array): void {
    const commitments = this.#pending.commitments.map((one, i) => (i === index ? { ...one, revealTx } : one));
    this.#pending = { ...this.#pending, commitments };
    this.#write();
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  #write(): void {
    const { chainId, contributor, datanetId, commitTx, commitments } = this.#pending;
    const json: PendingJson = {
      type: TYPE,
      chain_id: chainId,
      contributor,
      datanet_id: datanetId.toString(),
      commit_tx: base64(commitTx),
      commitments: commitments.map(({ salt, records, revealTx }) => ({
        salt: base64(salt),
        records: records.map((record) => base64(encode("tributary.datanet.v1.RecordInput", record))),
        reveal_tx: base64(revealTx),
      })),
    };
    // A salt is a secret until it is revealed.
    writeFileAtomic(this.path, `${JSON.stringify(json, null, 1)}\n`, 0o600);
  }
}

/** How the files of a datanet's contributions begin; a chain's name may have characters that no file name has. */
function prefixOf({ chainId, datanetId }: PendingPlace): string {
  return `${encodeURIComponent(chainId)}-${datanetId}-`;
}

function read(path: string): Pending {
  try {
    const json = readJsonFile(path, maxPendingBytes) as PendingJson;
    if (json.type !== TYPE) throw new Error("it is no contribution that this program knows");
    return {
      chainId: json.chain_id,
      contributor: json.contributor,
      datanetId: BigInt(json.datanet_id),
      commitTx: bytesOf(json.commit_tx),
      commitments: json.commitments.map(({ salt, records, reveal_tx }) => ({
        salt: bytesOf(salt),
        records: records.map((record) => decode("tributary.datanet.v1.RecordInput", bytesOf(record))),
        revealTx: bytesOf(reveal_tx),
      })),
    };
  } catch (error) {
    throw new CliError(
      `${path} cannot be read: ${messageOf(error)}`,
      "move it away to go on without it; the deposit of its commitments is lost then. Nothing was sent",
    );
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64"));
}
