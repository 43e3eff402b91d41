/**
 * Owns the event query language of `subscribe`, `tx_search` and `block_search` (CometBFT 0.38,
 * libs/pubsub/query/syntax): scanner and parser.
 * Does not own matching (event-match.ts) nor what is searched: node/rpc/event-hub.ts matches live events,
 * event-search.ts the index.
 *
 * Every function takes time linear in the length of its input; there is no regular expression that can backtrack.
 */

import { impossible } from "../../chain/types/impossible.ts";

/** The kinds of lexical token, with the names CometBFT's error texts use. */
export type TokenKind =
  | "tag"
  | "string"
  | "number"
  | "timestamp"
  | "datestamp"
  | "AND operator"
  | "CONTAINS operator"
  | "EXISTS operator"
  | "= operator"
  | "< operator"
  | "<= operator"
  | "> operator"
  | ">= operator";

/** A comparison, as written in a query. */
export type Operator = "=" | "<" | "<=" | ">" | ">=" | "CONTAINS" | "EXISTS";

/** The right-hand side of a comparison. Times are nanoseconds since the Unix epoch. */
export type Argument =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "timestamp"; readonly text: string; readonly nanoseconds: bigint }
  | { readonly kind: "datestamp"; readonly text: string; readonly nanoseconds: bigint };

/** `tag operator argument`; only EXISTS has no argument. */
export interface Condition {
  readonly tag: string;
  readonly operator: Operator;
  readonly argument: Argument | undefined;
}

/** A conjunction of at least one condition. */
export type EventQuery = readonly Condition[];

/** The query text does not follow the grammar; the message is CometBFT's, with the byte offset. */
export class EventQueryError extends Error {
  override readonly name = "EventQueryError";
}

/** One lexical token: its kind, its text without quotes or keyword, and its byte offset. */
interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

const isDigit = (character: string): boolean => character >= "0" && character <= "9" && character.length === 1;
const isLetterOrDigit = (character: string): boolean => /^[\p{L}\p{Nd}]$/u.test(character);
const isSpace = (character: string): boolean => /^[\t\n\v\f\r \u0085\u00a0\p{Z}]$/u.test(character);
const isTagStart = (character: string): boolean => character === "_" || isLetterOrDigit(character);
const isTagPart = (character: string): boolean => character === "." || character === "-" || isTagStart(character);
const isTimePart = (character: string): boolean => isDigit(character) || "-T:+Z".includes(character);
const isDatePart = (character: string): boolean => isDigit(character) || character === "-";
const byteLength = (character: string): number => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
};

/** Cuts a query into tokens, one at a time, so that errors come in the order CometBFT reports them. */
class Scanner {
  private readonly characters: readonly string[];
  private next = 0;
  private end = 0;
  /** Byte offset where the current token starts. */
  offset = 0;

  constructor(text: string) {
    this.characters = Array.from(text);
  }

  private peek(): string | undefined {
    return this.characters[this.next];
  }

  private take(): string | undefined {
    const character = this.characters[this.next];
    if (character === undefined) return undefined;
    this.next += 1;
    this.end += byteLength(character);
    return character;
  }

  private takeWhile(belongs: (character: string) => boolean): string {
    let text = "";
    for (let character = this.peek(); character !== undefined && belongs(character); character = this.peek()) {
      text += character;
      this.take();
    }
    return text;
  }

  /** The next token, or undefined at the end of the input. */
  token(): Token | undefined {
    this.offset = this.end;
    while (true) {
      const character = this.take();
      if (character === undefined) return undefined;
      if (isSpace(character)) {
        this.offset = this.end;
        continue;
      }
      if (isDigit(character)) return this.number(character);
      if (isTagStart(character)) return this.word(character);
      if (character === "'") return this.quoted();
      if (character === "=") return this.made("= operator", "=");
      if (character === "<" || character === ">") {
        if (this.peek() !== "=") return this.made(`${character} operator`, character);
        this.take();
        return this.made(`${character}= operator`, `${character}=`);
      }
      throw new EventQueryError(`invalid input ${character} at offset ${this.end}`);
    }
  }

  private made(kind: TokenKind, text: string): Token {
    return { kind, text, offset: this.offset };
  }

  private number(first: string): Token {
    let text = first + this.takeWhile(isDigit);
    if (this.peek() === ".") {
      this.take();
      text += `.${this.takeWhile(isDigit)}`;
    }
    return this.made("number", text);
  }

  private quoted(): Token {
    const parts: string[] = [];
    while (true) {
      const character = this.take();
      // CometBFT reports the end of input inside a string with Go's bare "EOF".
      if (character === undefined) throw new EventQueryError("EOF");
      if (character === "'") return this.made("string", parts.join(""));
      parts.push(character);
    }
  }

  private word(first: string): Token {
    const text = first + this.takeWhile(isTagPart);
    if ((text === "TIME" || text === "DATE") && this.peek() === " ") {
      this.take();
      return text === "TIME" ? this.timestamp() : this.datestamp();
    }
    if (text === "AND" || text === "EXISTS" || text === "CONTAINS") return this.made(`${text} operator`, text);
    return this.made("tag", text);
  }

  private timestamp(): Token {
    const text = this.takeWhile(isTimePart);
    const value = parseTime(text);
    if (value === undefined) throw new EventQueryError(`invalid TIME value: cannot parse "${text}" as RFC 3339`);
    const year = Number(text.slice(0, 4));
    if (year < 1900 || year > 2999) throw new EventQueryError(`timestamp year ${year} out of range`);
    return this.made("timestamp", text);
  }

  private datestamp(): Token {
    const text = this.takeWhile(isDatePart);
    if (parseDate(text) === undefined) {
      throw new EventQueryError(`invalid DATE value: cannot parse "${text}" as yyyy-mm-dd`);
    }
    const year = Number(text.slice(0, 4));
    if (year < 1900 || year > 2999) throw new EventQueryError(`datestamp year ${year} out of range`);
    return this.made("datestamp", text);
  }
}

/** Cuts the whole text into tokens. Throws EventQueryError; used by tests of the scanner alone. */
export function scanEventQuery(text: string): readonly { kind: TokenKind; text: string }[] {
  const scanner = new Scanner(text);
  const tokens: Token[] = [];
  for (let token = scanner.token(); token !== undefined; token = scanner.token()) tokens.push(token);
  return tokens;
}

/** Parses a query. Throws EventQueryError with CometBFT's text. */
export function parseEventQuery(text: string): EventQuery {
  const scanner = new Scanner(text);
  const conditions = [parseCondition(scanner)];
  while (true) {
    const token = scanner.token();
    if (token === undefined) return conditions;
    if (token.kind !== "AND operator") {
      throw new EventQueryError(`offset ${token.offset}: got ${token.kind}, want AND operator`);
    }
    conditions.push(parseCondition(scanner));
  }
}

const operatorKinds: readonly TokenKind[] = [
  "<= operator",
  ">= operator",
  "< operator",
  "> operator",
  "= operator",
  "CONTAINS operator",
  "EXISTS operator",
];

function parseCondition(scanner: Scanner): Condition {
  const tag = require(scanner, ["tag"]).text;
  const operator = require(scanner, operatorKinds).text as Operator;
  switch (operator) {
    case "EXISTS":
      return { tag, operator, argument: undefined };
    case "CONTAINS":
      return { tag, operator, argument: argumentOf(require(scanner, ["string"])) };
    case "=":
      return { tag, operator, argument: argumentOf(require(scanner, ["number", "timestamp", "datestamp", "string"])) };
    case "<":
    case "<=":
    case ">":
    case ">=":
      return { tag, operator, argument: argumentOf(require(scanner, ["number", "timestamp", "datestamp"])) };
    default:
      return impossible(operator);
  }
}

function require(scanner: Scanner, wanted: readonly TokenKind[]): Token {
  let token: Token | undefined;
  try {
    token = scanner.token();
  } catch (error) {
    if (!(error instanceof EventQueryError)) throw error;
    throw new EventQueryError(`offset ${scanner.offset}: ${error.message}`);
  }
  if (token === undefined) throw new EventQueryError(`offset ${scanner.offset}: EOF`);
  if (wanted.includes(token.kind)) return token;
  const names = wanted.length === 1 ? wanted[0] : `${wanted.slice(0, -1).join(", ")} or ${wanted[wanted.length - 1]}`;
  throw new EventQueryError(`offset ${token.offset}: got ${token.kind}, wanted ${names}`);
}

function argumentOf(token: Token): Argument {
  const { text } = token;
  switch (token.kind) {
    case "string":
      return { kind: "string", text };
    case "number":
      return { kind: "number", text };
    case "timestamp":
      return { kind: "timestamp", text, nanoseconds: parseTime(text) ?? 0n };
    case "datestamp":
      return { kind: "datestamp", text, nanoseconds: parseDate(text) ?? 0n };
    default:
      throw new EventQueryError(`offset ${token.offset}: ${token.kind} is not a value`);
  }
}

/** The query in canonical spelling; two texts with equal spelling are one subscription. */
export function formatEventQuery(query: EventQuery): string {
  return query.map(formatCondition).join(" AND ");
}

function formatCondition({ tag, operator, argument }: Condition): string {
  if (argument === undefined) return `${tag} ${operator}`;
  const spelled: Record<Argument["kind"], string> = {
    string: `'${argument.text}'`,
    number: argument.text,
    timestamp: `TIME ${argument.text}`,
    datestamp: `DATE ${argument.text}`,
  };
  return `${tag} ${operator} ${spelled[argument.kind]}`;
}

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timePattern = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9})\d*)?(?:(Z)|([+-])(\d{2}):(\d{2}))$/;

/** Nanoseconds since the epoch at midnight UTC of a yyyy-mm-dd date, or undefined when there is no such day. */
export function parseDate(text: string): bigint | undefined {
  const match = datePattern.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return BigInt(date.getTime()) * 1_000_000n;
}

/** Nanoseconds since the epoch of an RFC 3339 time, or undefined. */
export function parseTime(text: string): bigint | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const day = parseDate(match[1] ?? "");
  const [hour, minute, second] = [Number(match[2]), Number(match[3]), Number(match[4])];
  if (day === undefined || hour > 23 || minute > 59 || second > 59) return undefined;
  const [offsetHour, offsetMinute] = [Number(match[8] ?? 0), Number(match[9] ?? 0)];
  if (offsetHour > 24 || offsetMinute > 60) return undefined;
  const offset = BigInt((offsetHour * 60 + offsetMinute) * 60) * (match[7] === "-" ? -1n : 1n);
  const seconds = BigInt(hour * 3600 + minute * 60 + second) - offset;
  return day + seconds * 1_000_000_000n + BigInt((match[5] ?? "").padEnd(9, "0"));
}
