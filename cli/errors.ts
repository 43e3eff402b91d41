// Owns the one kind of failure the command line reports and the exit codes it ends with. It does not print.

/** Exit codes. 0 is success; scripts may rely on the others. The sysexits numbers are used where one fits. */
export const exitCode = {
  /** The command was understood and failed: refused transaction, missing key, invalid genesis. */
  failure: 1,
  /** The command line itself was wrong: unknown command or flag, missing or malformed argument (as shells have it). */
  usage: 2,
  /** The node or another service could not be reached (EX_UNAVAILABLE). */
  unavailable: 69,
  /** Something that must never happen: a defect of this program. 70 to 72 are the node's own (node/ports.ts). */
  defect: 3,
  /** A file could not be read or written, or the disk is full (EX_IOERR). */
  io: 74,
} as const;

/**
 * A failure that was foreseen. `message` says in one line what was wrong; `hint` says what to do. Both are shown on one
 * line of stderr, without a stack trace.
 */
export class CliError extends Error {
  readonly hint: string | undefined;
  readonly code: number;

  constructor(message: string, hint?: string, code: number = exitCode.failure) {
    super(message);
    this.name = "CliError";
    this.hint = hint;
    this.code = code;
  }
}

/** A failure of the command line as typed: exit code 2. */
export function usageError(message: string, hint?: string): CliError {
  return new CliError(message, hint, exitCode.usage);
}

/** The text of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s*\n\s*/g, " ").trim();
}

/** What the operating system's error codes mean to a person, and what to do about them. */
const systemErrors: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ["no such file or directory", "check the path, or the --home flag"],
  EACCES: ["permission denied", "check the owner and mode of the file"],
  EPERM: ["operation not permitted", "check the owner and mode of the file"],
  EEXIST: ["the file exists already", "choose another name, or remove it first"],
  EISDIR: ["it is a directory, a file was expected", "check the path"],
  ENOTDIR: ["a part of the path is not a directory", "check the path"],
  ENOSPC: ["the disk is full", "free some space and run the command again; files are replaced whole or not at all"],
  EDQUOT: ["the disk quota is used up", "free some space and run the command again"],
  EROFS: ["the file system is read-only", "choose another --home"],
  EMFILE: ["too many open files", "raise the limit (ulimit -n) and run the command again"],
  EADDRINUSE: ["the port is in use", "stop the other program, or choose another address"],
  EADDRNOTAVAIL: ["this machine does not have that address", "choose another address"],
};

/** Where LevelDB has a native build; it is the one part of the program that has no other form. */
const levelPlatforms =
  "linux x64 and arm64 (glibc or musl), linux arm (v6, v7), android arm64 and arm, macOS x64 and arm64, windows x64 and ia32";

/** What it means when LevelDB's native build is absent or cannot be loaded. */
function missingNative(error: Error): CliError | undefined {
  const isAbsent = /No native build was found/.test(error.message);
  const isUnusable = "code" in error && error.code === "ERR_DLOPEN_FAILED";
  if (!isAbsent && !isUnusable) return undefined;
  const machine = `${process.platform}-${process.arch}`;
  return new CliError(
    isAbsent
      ? `LevelDB has no build for ${machine} here; there are builds for ${levelPlatforms}`
      : `LevelDB's build for ${machine} cannot be loaded: ${messageOf(error)}`,
    "in a clone run `npm ci` again on this machine; with the bundle keep the folder prebuilds beside tributaryd.mjs; nothing was changed",
    exitCode.unavailable,
  );
}

/** Turns an operating system failure into a CliError, or returns undefined when `error` is not one. */
export function systemError(error: unknown): CliError | undefined {
  if (error instanceof Error) {
    const native = missingNative(error);
    if (native !== undefined) return native;
  }
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  const known = systemErrors[error.code];
  if (known === undefined) return undefined;
  const path = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  const address =
    "port" in error && typeof error.port === "number"
      ? `${"address" in error && typeof error.address === "string" ? error.address : ""}:${error.port}: `
      : "";
  return new CliError(`${path || address}${known[0]}`, known[1], exitCode.io);
}
