// A height taken up again after the process ended in its middle. Owns living through the log with the same step and the
// same inputs, and closing what the log leaves open; the rules of what is open are replay.ts, the inputs' effects driver.ts.

import type { Effect } from "../../chain/consensus/effect.ts";
import type { LoggedInput, StartHeight } from "../../chain/consensus/input.ts";
import type { State } from "../../chain/consensus/state.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import type { ValidatorSet } from "../../chain/types/validator-set.ts";
import type { EngineLog } from "../ports.ts";
import type { BlockWork } from "./block-work.ts";
import { heldFromBytes, isOpen, isOwnMessage } from "./replay.ts";
import type { Signer } from "./signer.ts";
import type { LogEntry } from "./wal-record.ts";

export interface RecoveryUses {
  readonly machine: () => State;
  readonly validators: () => ValidatorSet;
  readonly blocks: BlockWork;
  readonly signer: Signer | undefined;
  readonly log: EngineLog;
  readonly hasher: Hasher;
  /** One step without logging; signing, building and checking wait until the log is at its end. */
  readonly relive: (input: LoggedInput | StartHeight) => Promise<void>;
  /** One input as at any other time. */
  readonly run: (input: LoggedInput) => Promise<void>;
  readonly perform: (effect: Effect) => undefined | LoggedInput | Promise<LoggedInput | undefined>;
}

const isOver = ({ machine }: RecoveryUses): boolean => machine().step === "committed";

/** Begins the height and lives through what its log holds. */
export async function replayLog(start: StartHeight, entries: readonly LogEntry[], uses: RecoveryUses): Promise<void> {
  const { signer, log, blocks, validators, relive } = uses;
  if (entries.length > 0) {
    log.info("replaying the write-ahead log", { height: start.height.toString(), entries: entries.length });
  }
  for (const entry of entries) {
    if (signer !== undefined && isOwnMessage(entry, validators(), signer.address)) signer.restore(entry);
  }
  await relive(start);
  for (const entry of entries) {
    // A decision ends the height, and what the log holds after it was late.
    if (isOver(uses)) break;
    if (entry.type !== "part") await relive(entry);
    else {
      blocks.held.expect(entry.blockId);
      blocks.held.add(entry.part);
    }
  }
  if (isOver(uses)) {
    log.info("a block that was decided but not yet stored was carried out", { height: start.height.toString() });
  }
}

/** After the log: what only the journal remembers, then what the replay asked for and the log did not answer. */
export async function closeOpenWork(height: bigint, pending: readonly Effect[], uses: RecoveryUses): Promise<void> {
  const { signer, hasher, blocks, machine, run } = uses;
  const lock = signer?.lockAt(height);
  if (lock !== undefined && lock.round > (machine().lock?.round ?? -1)) {
    blocks.hold(heldFromBytes(lock.blockId, lock.block, hasher));
    await run({ type: "restoreLock", height, lock });
  }
  for (const message of signer?.signedAt(height) ?? []) if (!isOver(uses)) await run(message);
  await performOpen(pending, uses);
}

/** Performs what was asked for earlier and left aside, as far as it still matters. */
export async function performOpen(
  pending: readonly Effect[],
  uses: Pick<RecoveryUses, "machine" | "run" | "perform">,
): Promise<void> {
  const { machine, run, perform } = uses;
  for (const effect of pending) {
    if (machine().step === "committed" || !isOpen(machine(), effect, pending)) continue;
    const reply = await perform(effect);
    if (reply !== undefined) await run(reply);
  }
}
