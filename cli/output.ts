// Owns what reaches the terminal: data on stdout, notices and errors on stderr. Nothing else in cli/ writes to either.
import { fstatSync, writeSync } from "node:fs";
import { CliError, exitCode, messageOf, systemError } from "./errors.ts";
import { type Json, toYaml } from "./yaml.ts";

/** How data is printed: `json` on one line, or `text`, which is YAML. */
export type OutputFormat = "json" | "text";

/** Writes all of `text` to a file descriptor before returning, so that an exit right after it loses nothing. */
function writeAll(descriptor: number, content: string | Uint8Array): void {
  const bytes = Buffer.from(content);
  let written = 0;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written, bytes.length - written);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      // A pipe whose reader is slow; wait a moment and go on.
      if (code === "EAGAIN") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      // The reader went away (`| head`): not an error of ours.
      else if (code === "EPIPE") process.exit(0);
      else throw error;
    }
  }
}

/** Prints text to stdout as it stands. */
export function printRaw(text: string): void {
  writeAll(1, text);
}

/** Prints one line to stdout. */
export function printLine(text: string): void {
  writeAll(1, `${text}\n`);
}

/** Prints somebody else's text to stdout: byte for byte to a file or a pipe, to a terminal without what would steer it. */
export function printUntrusted(bytes: Uint8Array): void {
  if (process.stdout.isTTY !== true) writeAll(1, bytes);
  else
    writeAll(
      1,
      `${new TextDecoder()
        .decode(bytes)
        .replace(/[^\P{Cc}\n\t]/gu, "\ufffd")
        .trimEnd()}\n`,
    );
}

/** Prints data to stdout: JSON on one line, or YAML. */
export function printData(value: Json, format: OutputFormat): void {
  printRaw(format === "json" ? `${JSON.stringify(value)}\n` : toYaml(value));
}

/** Prints one line to stderr: something a person should know and a script should not read. */
export function notice(text: string): void {
  writeAll(2, `${text}\n`);
}

/** Prints to stderr what comes in pieces. */
export function noticePieces(pieces: Iterable<string | Iterable<string>>): void {
  for (const piece of pieces) {
    if (typeof piece === "string") writeAll(2, piece);
    else for (const text of piece) writeAll(2, text);
  }
}

/** Whether stderr is a terminal that shows colours. */
export function hasColour(descriptor: 1 | 2): boolean {
  if (process.env.NO_COLOR !== undefined || process.env.TERM === "dumb") return false;
  return descriptor === 1 ? process.stdout.isTTY === true : process.stderr.isTTY === true;
}

/** Whether a descriptor is closed, as it is under some service managers. */
export function isOpen(descriptor: number): boolean {
  try {
    fstatSync(descriptor);
    return true;
  } catch {
    return false;
  }
}

/** Failures of the layers below that carry their own sentence about what to do, by the name they give themselves. */
const foreseenErrors: ReadonlySet<string> = new Set([
  ...[
    "HomeError",
    "ConfigError",
    "ListenError",
    "StorageError",
    "StateError",
    "FatalError",
    "JournalError",
    "ValidatorKeyError",
  ],
  ...["GenesisError", "GenesisFormError", "AddressError", "CoinError", "DecError", "DecodeError", "EncodeError"],
  ...[
    "JsonError",
    "AminoError",
    "NodeIdentityError",
    "UnknownFieldError",
    "UnknownTypeUrlError",
    "PublicKeyError",
    "WalError",
    "TourError",
    "IndexFileError",
  ],
]);

/** Reports a failure on one line of stderr and returns the exit code to end with. */
export function reportFailure(error: unknown): number {
  const known = error instanceof CliError ? error : systemError(error);
  if (known !== undefined) {
    const sentence = /[.!?]$/.test(known.message) ? known.message : `${known.message}.`;
    notice(known.hint === undefined ? `error: ${known.message}` : `error: ${sentence} ${capital(known.hint)}`);
    return known.code;
  }
  const isFull = /ENOSPC/.test(messageOf(error));
  notice(`error: ${messageOf(error)}${isFull ? ". The disk is full: free some space and run the command again." : ""}`);
  if (error instanceof Error && foreseenErrors.has(error.name)) {
    return "exitCode" in error && typeof error.exitCode === "number" ? error.exitCode : exitCode.failure;
  }
  if (error instanceof Error && error.stack !== undefined && process.env.TRIBUTARYD_TRACE !== undefined) {
    notice(error.stack);
  } else {
    notice("This looks like a defect of tributaryd; set TRIBUTARYD_TRACE=1 to see where it happened.");
  }
  return exitCode.defect;
}

function capital(text: string): string {
  const sentence =
    /^[a-z]/.test(text) && !/^(tributaryd|npm)\b/.test(text) ? text[0]!.toUpperCase() + text.slice(1) : text;
  return /[.!?`]$/.test(sentence) ? sentence : `${sentence}.`;
}
