// Owns the records that uses paid for, with their texts where this home keeps them, and naming places in them as lines.
import type { Messages } from "../../proto/types.gen.ts";
import { openStore } from "../data/store.ts";
import { CliError } from "../errors.ts";
import type { RpcClient } from "../rpc-client.ts";
import type { Settings } from "../settings.ts";

type Record = Messages["tributary.datanet.v1.Record"];

/** A record, and its text if this home has it. */
export interface KnownRecord {
  readonly record: Record;
  readonly bytes: Uint8Array | undefined;
}

/** Records that uses paid for. Each is asked for once. */
export class Texts {
  readonly #settings: Settings;
  readonly #client: RpcClient;
  readonly #known = new Map<string, KnownRecord>();

  constructor(settings: Settings, client: RpcClient) {
    this.#settings = settings;
    this.#client = client;
  }

  async of({ datanetId, number }: Messages["tributary.datanet.v1.RecordId"]): Promise<KnownRecord> {
    const name = `${datanetId}/${number}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const { record } = await this.#client.query(
      "/tributary.datanet.v1.Query/Record",
      "tributary.datanet.v1.QueryRecordRequest",
      "tributary.datanet.v1.QueryRecordResponse",
      { datanetId, number },
    );
    const found = { record, bytes: await this.#text(record) };
    this.#known.set(name, found);
    return found;
  }

  async #text({ contentHash, length }: Record): Promise<Uint8Array | undefined> {
    try {
      const bytes = await (await openStore(this.#settings)).get(contentHash);
      // A sealed text is longer than what it seals.
      return bytes?.length === Number(length) ? bytes : undefined;
    } catch (error) {
      if (error instanceof CliError) return undefined;
      throw error;
    }
  }
}

/** Lines as an editor counts them, where the text is at hand; bytes otherwise. */
export function placeIn(text: Uint8Array | undefined, start: number, length: number): string {
  const bytes = `bytes ${start} to ${start + length - 1}`;
  if (text === undefined || text.length < start + length) return bytes;
  const lineOf = (end: number): number => text.subarray(0, end).filter((byte) => byte === 0x0a).length + 1;
  const [first, last] = [lineOf(start), lineOf(start + length - 1)];
  return `${first === last ? `line ${first}` : `lines ${first} to ${last}`} (${bytes})`;
}
