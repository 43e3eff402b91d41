// CometBFT's priv_validator_state.json and the sign journal, one into the other, for a key that moves between programs.
// Owns the file's form (privval/file.go, FilePVLastSignState). It tells only the last signature; that is enough never to
// sign twice, and a journal that starts from it gives that very signature back when asked for the same message.

import { base64, fromBase64, fromHex, hex } from "../../proto/bytes.ts";
import { JournalError, type SignJournal, type SignPosition, type SignRecord, STEP_PRECOMMIT } from "./sign-journal.ts";

/** What a state file says. */
export interface SignState {
  /** Nothing at or below it is signed anew. */
  readonly floor: SignPosition;
  /** The last signature, when the file holds one. */
  readonly record: SignRecord | undefined;
}

/** The journal's last signature as CometBFT would have kept it. */
export function toCometSignState(journal: SignJournal): string {
  const { height, round, step } = journal.highest;
  const last = journal.find(journal.highest);
  const signed =
    last === undefined ? {} : { signature: base64(last.signature), signbytes: hex(last.signBytes).toUpperCase() };
  return JSON.stringify({ height: height.toString(), round, step, ...signed }, undefined, 2);
}

/** Reads a state file. Throws JournalError for anything CometBFT would not have written. */
export function fromCometSignState(text: string): SignState {
  try {
    const { height, round, step, signature, signbytes } = JSON.parse(text) as Record<string, unknown>;
    if (!/^\d{1,19}$/.test(String(height)) || !isCount(round, 0x7fff_ffff) || !isCount(step, STEP_PRECOMMIT)) {
      throw new Error("height, round or step is not a number in range");
    }
    const position = { height: BigInt(String(height)), round, step };
    if (signature === undefined || signature === null || signbytes === undefined) {
      return { floor: position, record: undefined };
    }
    const record: SignRecord = {
      ...position,
      signature: fromBase64(String(signature)),
      signBytes: fromHex(String(signbytes)),
      message: new Uint8Array(0),
      lock: undefined,
    };
    if (record.signature.length !== 64 || record.signBytes.length === 0) throw new Error("the signature is incomplete");
    return { floor: position, record };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new JournalError(`this is not a priv_validator_state.json of CometBFT: ${reason}`);
  }
}

function isCount(value: unknown, maximum: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maximum;
}
