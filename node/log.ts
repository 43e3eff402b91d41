/**
 * Owns logging: levels, one plain line per entry for people, one JSON object per entry for machines. Does not own what
 * is said. Logs are notices and go to standard error; standard output is for data.
 */

import { type Logger as PinoLogger, pino } from "pino";
import type { EngineLog } from "./ports.ts";

/** A logger; `child({ module })` names the part of the node that speaks. */
export type Logger = PinoLogger;

/** How entries look: `plain` for terminals, `json` for collectors. */
export type LogFormat = "plain" | "json";

/** What `createLogger` needs; the defaults suit a terminal. */
export interface LogOptions {
  /** CometBFT's `log_level`: a level, or `module:level,*:level`, of which the `*` part counts here. */
  readonly level?: string;
  readonly format?: LogFormat;
  /** Where lines go; standard error unless given. */
  readonly write?: (line: string) => void;
}

const levels = new Set(["trace", "debug", "info", "warn", "error", "fatal", "silent"]);

/** The level a `log_level` setting asks for, or undefined when it names none. */
export function readLogLevel(text: string): string | undefined {
  const named = text.includes(":")
    ? text
        .split(",")
        .find((part) => part.trim().startsWith("*:"))
        ?.trim()
        .slice(2)
    : text.trim();
  if (named === "none") return "silent";
  return named !== undefined && levels.has(named) ? named : undefined;
}

/** Makes the logger of a process. An unknown level means `info`. */
export function createLogger(options: LogOptions = {}): Logger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const level = readLogLevel(options.level ?? "info") ?? "info";
  const settings = { level, base: null, formatters: { level: (label: string) => ({ level: label }) } };
  if (options.format === "json") return pino(settings, { write });
  return pino(settings, { write: (line: string) => write(plainLine(line)) });
}

/** A logger that says nothing, for tests. */
export function silentLogger(): Logger {
  return pino({ level: "silent" });
}

const shortLevels: Readonly<Record<string, string>> = {
  trace: "TRC",
  debug: "DBG",
  info: "INF",
  warn: "WRN",
  error: "ERR",
  fatal: "FTL",
};

/** `12:34:56.789 INF committed a block height=5 txs=2 module=consensus`, always one line. */
function plainLine(entry: string): string {
  const { level, time, msg, err, ...facts } = JSON.parse(entry) as Record<string, unknown>;
  const clock = new Date(Number(time)).toISOString().slice(11, 23);
  const words = [clock, shortLevels[String(level)] ?? String(level), oneLine(String(msg ?? ""))];
  for (const [name, value] of Object.entries(facts)) words.push(`${name}=${spell(value)}`);
  if (err !== undefined) words.push(`err=${spell(errorText(err))}`);
  return `${words.join(" ")}\n`;
}

function errorText(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return error;
  const { message, stack } = error as { message?: unknown; stack?: unknown };
  // The stack says where a bug is; its first lines are enough for a log line.
  return typeof stack === "string" ? stack.split("\n").slice(0, 4).join(" | ") : message;
}

function spell(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  const line = oneLine(text);
  return /[\s"=]/.test(line) && typeof value === "string" ? JSON.stringify(line) : line;
}

/** Line breaks and control characters would let logged input forge entries. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ");
}

/** The engine's log on a logger. Bigints are spelled as decimals, bytes as upper-case hex. */
export function engineLog(logger: Logger): EngineLog {
  return {
    debug: (message, facts) => logger.debug(plainFacts(facts), message),
    info: (message, facts) => logger.info(plainFacts(facts), message),
    warn: (message, facts) => logger.warn(plainFacts(facts), message),
    error: (message, facts) => logger.error(plainFacts(facts), message),
  };
}

function plainFacts(facts: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(facts ?? {})) {
    if (typeof value === "bigint") plain[name] = value.toString();
    else if (value instanceof Uint8Array) plain[name] = Buffer.from(value).toString("hex").toUpperCase();
    else if (value instanceof Error) plain.err = { message: value.message, stack: value.stack };
    else plain[name] = value;
  }
  return plain;
}
