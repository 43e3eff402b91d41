/**
 * Owns CAR files of version 1 (ipld.io/specs/transport/car/carv1): the roots, then blocks with their identifiers, end to end. Reading goes
 * from chunk to chunk and holds one block, each checked against its identifier. It does not own where blocks come from or go.
 */
import { delimited, varint } from "../../chain/types/wire.ts";
import { concat, equalBytes } from "../../proto/bytes.ts";
import { sha256 } from "../crypto.ts";
import { type Cid, CidError, cidBytes, cidText, readCid, readVarint } from "./cid.ts";
import { CborError, decodeCbor, encodeCbor, Link } from "./dag-cbor.ts";
import { MAX_BLOCK_BYTES, MAX_CAR_HEADER_BYTES } from "./limits.ts";

/** One block of a file, checked. */
export interface CarBlock {
  readonly cid: Cid;
  readonly bytes: Uint8Array;
}

/** A file that is no CAR file of version 1, or holds a block that is not what its identifier says. */
export class CarError extends Error {
  override readonly name = "CarError";
}

/** Identifiers of at most 4 bytes of version and codec each, and a hash of 34. */
const MAX_CID_BYTES = 48;
const MAX_LENGTH_BYTES = 4;

/** The bytes a file begins with. */
export function carHeader(roots: readonly Cid[]): Uint8Array {
  const header = encodeCbor({ roots: roots.map((cid) => new Link(cid)), version: 1 });
  return delimited(header);
}

/** The bytes of one block in a file. */
export function carSection({ cid, bytes }: CarBlock): Uint8Array {
  const name = cidBytes(cid);
  return concat(varint(BigInt(name.length + bytes.length)), name, bytes);
}

/** Reads a file: first its roots are told to `roots`, then each block is given as it comes. Throws CarError. */
export async function* readCar(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  roots: (cids: readonly Cid[]) => void = () => undefined,
): AsyncGenerator<CarBlock> {
  const sections = sectionsOf(source);
  try {
    const { value: header, done } = await sections.next();
    if (done === true) throw new CarError("the file is empty");
    roots(rootsOf(header));
    for await (const section of sections) yield blockOf(section);
  } catch (error) {
    if (error instanceof CidError || error instanceof CborError) throw new CarError(error.message);
    throw error;
  }
}

/** The parts of a file, each after its length. */
async function* sectionsOf(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let wanted: number | undefined;
  let limit = MAX_CAR_HEADER_BYTES;
  for await (const chunk of source) {
    held.push(chunk);
    heldBytes += chunk.length;
    while (heldBytes > 0) {
      if (wanted === undefined) {
        const bytes = joined(held);
        held = [bytes];
        if (bytes.length < MAX_LENGTH_BYTES && !bytes.some((byte) => byte < 0x80)) break;
        const { value, end } = readVarint(bytes, 0, MAX_LENGTH_BYTES);
        if (value === 0 || value > limit) throw new CarError(`a part has ${value} bytes, not from 1 to ${limit}`);
        wanted = value;
        limit = MAX_BLOCK_BYTES + MAX_CID_BYTES;
        held = [bytes.subarray(end)];
        heldBytes -= end;
      }
      if (heldBytes < wanted) break;
      const bytes = joined(held);
      yield bytes.slice(0, wanted);
      held = [bytes.subarray(wanted)];
      heldBytes -= wanted;
      wanted = undefined;
    }
  }
  if (wanted !== undefined || heldBytes > 0) throw new CarError("the file is cut off");
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return parts.length === 1 ? parts[0]! : concat(...parts);
}

function rootsOf(bytes: Uint8Array): readonly Cid[] {
  const header = decodeCbor(bytes);
  if (typeof header !== "object" || header instanceof Uint8Array || header instanceof Link || Array.isArray(header)) {
    throw new CarError("the header is no map");
  }
  const { version, roots } = header as { readonly version?: unknown; readonly roots?: unknown };
  if (version !== 1) throw new CarError(`the file is of version ${String(version)}, only version 1 is known`);
  if (!Array.isArray(roots) || roots.some((root) => !(root instanceof Link))) {
    throw new CarError("the roots are no list of links");
  }
  return roots.map((root: Link) => root.cid);
}

function blockOf(section: Uint8Array): CarBlock {
  const { cid, end } = readCid(section, 0);
  const bytes = section.subarray(end);
  if (!equalBytes(sha256(bytes), cid.digest)) throw new CarError(`block ${cidText(cid)} is not what its name says`);
  return { cid, bytes };
}
