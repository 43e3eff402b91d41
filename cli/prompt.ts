// Owns questions to the person at the terminal, or to the script behind the pipe: lines, passphrases, confirmations.
// Prompts go to stderr, so that stdout stays data. It stores nothing it reads.
import { readSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CliError, usageError } from "./errors.ts";
import { maxInputLineCharacters, minPassphraseCharacters } from "./limits.ts";
import { notice } from "./output.ts";

// What was read from a pipe beyond the last line asked for: the next question takes it.
let pending = Buffer.alloc(0);
let ended = false;

/** Reads one line from a pipe or file on standard input; undefined at its end. */
function readPipedLine(): string | undefined {
  const chunk = Buffer.alloc(4096);
  for (;;) {
    const newline = pending.indexOf(0x0a);
    if (newline >= 0) {
      const line = pending.subarray(0, newline).toString("utf8");
      pending = pending.subarray(newline + 1);
      return line.endsWith("\r") ? line.slice(0, -1) : line;
    }
    if (pending.length > maxInputLineCharacters) {
      throw usageError(`a line on standard input is longer than ${maxInputLineCharacters} characters`);
    }
    if (ended) {
      if (pending.length === 0) return undefined;
      const rest = pending.toString("utf8");
      pending = Buffer.alloc(0);
      return rest;
    }
    let count = 0;
    try {
      count = readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === "EAGAIN") {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        continue;
      }
      if (code !== "EOF") throw error;
    }
    if (count === 0) ended = true;
    else pending = Buffer.concat([pending, chunk.subarray(0, count)]);
  }
}

/** Reads one line typed at a terminal; undefined when the person ends the input (Ctrl-D). */
async function readTypedLine(question: string, hidden: boolean): Promise<string | undefined> {
  let muted = false;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!muted) process.stderr.write(chunk);
      done();
    },
  });
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      reader.once("close", () => resolve(undefined));
      reader.once("SIGINT", () => reject(new CliError("interrupted", undefined, 130)));
      reader.question(question, (answer) => resolve(answer));
      muted = hidden;
    });
  } finally {
    reader.close();
    if (hidden) process.stderr.write("\n");
  }
}

/** Asks for one line. Throws when the input ends before it. */
export async function askLine(question: string, options: { readonly hidden?: boolean } = {}): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  const line = isTerminal ? await readTypedLine(`${question} `, options.hidden === true) : readPipedLine();
  if (line === undefined) {
    throw usageError(
      `the input ended where an answer was expected (${question.replace(/[\s:]+$/, "")})`,
      "type it at a terminal, or pipe it in; nothing was changed",
    );
  }
  return line;
}

/** Asks for a passphrase without showing it. `minimum` refuses shorter ones (new passphrases only). */
export async function askPassphrase(question: string, minimum: number = minPassphraseCharacters): Promise<string> {
  const passphrase = await askLine(question, { hidden: true });
  if (passphrase.length < minimum) {
    throw usageError(`the passphrase must have at least ${minimum} characters`, "nothing was changed");
  }
  return passphrase;
}

/** Asks for a new passphrase twice. */
export async function askNewPassphrase(question: string): Promise<string> {
  const passphrase = await askPassphrase(question);
  const repeated = await askLine("Re-enter the passphrase:", { hidden: true });
  if (passphrase !== repeated)
    throw usageError("the two passphrases differ", "nothing was changed; run the command again");
  return passphrase;
}

/** Asks a question that only `y` or `yes` answers in the affirmative; the end of the input is a no. */
export async function confirm(question: string): Promise<boolean> {
  const isTerminal = process.stdin.isTTY === true;
  if (!isTerminal) notice(`${question} [y/N]:`);
  const line = isTerminal ? await readTypedLine(`${question} [y/N]: `, false) : readPipedLine();
  const answer = (line ?? "").trim().toLowerCase();
  return answer === "y" || answer === "yes";
}

/** Everything on standard input, as text: `tx sign -`, `tx decode -`. */
export function readAllInput(maxBytes: number): string {
  const parts: string[] = [];
  let size = 0;
  for (;;) {
    const line = readPipedLine();
    if (line === undefined) return parts.join("\n");
    size += line.length + 1;
    if (size > maxBytes) throw usageError(`standard input holds more than ${maxBytes} bytes`);
    parts.push(line);
  }
}
