// Owns what `dev` shows: the banner, one live status line on a terminal, plain lines elsewhere, JSON lines on request.
// It knows nothing of how the facts come about.
import { hasColour, printRaw } from "../output.ts";
import type { Json } from "../yaml.ts";

/** What the banner says. */
export interface Banner {
  readonly chainId: string;
  readonly home: string;
  readonly isNew: boolean;
  /** What answers where, in the order shown. */
  readonly urls: readonly (readonly [what: string, url: string])[];
  readonly accounts: readonly { readonly name: string; readonly address: string; readonly mnemonic: string }[];
}

/** What the status line says. */
export interface Status {
  readonly height: bigint;
  /** Mean seconds between the last blocks; undefined before the second. */
  readonly blockSeconds: number | undefined;
  readonly transactions: number;
  readonly peers: number;
  readonly memoryBytes: number;
}

/** How `dev` speaks to its surroundings. */
export interface Screen {
  banner(banner: Banner): void;
  /** Something happened that is worth a line. `facts` are the same for machines. */
  say(event: string, text: string, facts?: { readonly [key: string]: Json }): void;
  status(status: Status): void;
  /** A line of the node's log. */
  log(line: string): void;
  /** Leaves the screen as it is wanted after the program. */
  close(): void;
}

/** The screen that fits: JSON lines, a terminal, or plain lines. */
export function openScreen(options: { readonly json: boolean; readonly isTerminal: boolean }): Screen {
  if (options.json) return new JsonScreen();
  return options.isTerminal ? new TerminalScreen() : new PlainScreen();
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;

function statusText({ height, blockSeconds, transactions, peers, memoryBytes }: Status): string {
  const pace = blockSeconds === undefined ? "" : ` · ${blockSeconds.toFixed(1)} s a block`;
  return `height ${height}${pace} · ${transactions} txs · ${peers} peers · ${megabytes(memoryBytes)}`;
}

/** How the program is called from here: a clone has it as an npm script only. */
function programName(): string {
  return process.env.npm_lifecycle_event === undefined ? "tributaryd" : "npm run -s tributaryd --";
}

function bannerLines(banner: Banner): readonly string[] {
  const width = Math.max(...banner.urls.map(([what]) => what.length));
  return [
    "",
    `Tributary development chain ${banner.chainId} (${banner.isNew ? "new" : "reopened"})`,
    `  home  ${banner.home}`,
    "",
    ...banner.urls.map(([what, url]) => `  ${what.padEnd(width)}  ${url}`),
    "",
    "  !! THE KEYS BELOW ARE PUBLIC. Everyone has them. Never send them anything of worth, on any chain. !!",
    ...banner.accounts.map(({ name, address }) => `  ${name.padEnd(6)}  ${address}`),
    `  Each has 1,000,000 OPEN and 1,000,000 CREDIT. Use them by name:`,
    `  ${programName()} tx bank send alice bob 1000000uopen --home ${banner.home} --yes`,
    `  !! THE KEYS ABOVE ARE PUBLIC. Mnemonics: ${programName()} dev --accounts !!`,
    "",
  ];
}

/** One JSON object a line on stdout; logs go to stderr. */
class JsonScreen implements Screen {
  banner(banner: Banner): void {
    const warning = "the keys of these accounts are public; never send them anything of worth";
    this.#emit("ready", {
      chain_id: banner.chainId,
      home: banner.home,
      is_new: banner.isNew,
      urls: Object.fromEntries(banner.urls),
      warning,
      accounts: banner.accounts.map((account) => ({ ...account })),
    });
  }
  say(event: string, text: string, facts: { readonly [key: string]: Json } = {}): void {
    this.#emit(event, { text, ...facts });
  }
  status({ height, blockSeconds, transactions, peers, memoryBytes }: Status): void {
    const pace = blockSeconds === undefined ? null : Math.round(blockSeconds * 1000) / 1000;
    this.#emit("block", {
      height: height.toString(),
      block_seconds: pace,
      transactions,
      peers,
      memory_bytes: memoryBytes,
    });
  }
  log(line: string): void {
    process.stderr.write(line);
  }
  close(): void {}

  #emit(event: string, facts: { readonly [key: string]: Json }): void {
    printRaw(`${JSON.stringify({ event, ...facts })}\n`);
  }
}

/** Lines one after the other, for files and pipes. */
class PlainScreen implements Screen {
  banner(banner: Banner): void {
    printRaw(`${bannerLines(banner).join("\n")}\n`);
  }
  say(_event: string, text: string): void {
    printRaw(`${text}\n`);
  }
  status(): void {
    // The node logs each block; a second line for it would say nothing new.
  }
  log(line: string): void {
    process.stderr.write(line);
  }
  close(): void {}
}

/** A terminal: lines scroll above one status line, which is rewritten in place. */
class TerminalScreen implements Screen {
  readonly #bold = hasColour(1) ? (text: string) => `\u001b[1m${text}\u001b[0m` : (text: string) => text;
  readonly #loud = hasColour(1) ? (text: string) => `\u001b[1;33m${text}\u001b[0m` : (text: string) => text;
  #line = "";

  banner(banner: Banner): void {
    const lines = bannerLines(banner).map((line) =>
      line.includes("!!") ? this.#loud(line) : line.startsWith("Tributary") ? this.#bold(line) : line,
    );
    this.#above(`${lines.join("\n")}\n`);
  }
  say(_event: string, text: string): void {
    this.#above(`${text}\n`);
  }
  status(status: Status): void {
    const columns = process.stdout.columns || 80;
    this.#line = `${statusText(status)} · q quits`.slice(0, Math.max(10, columns - 1));
    process.stdout.write(`\r\u001b[2K${this.#line}`);
  }
  log(line: string): void {
    this.#above(line);
  }
  close(): void {
    if (this.#line !== "") process.stdout.write("\r\u001b[2K");
    this.#line = "";
  }

  /** Writes whole lines above the status line. */
  #above(text: string): void {
    process.stdout.write(`\r\u001b[2K${text}${this.#line}`);
  }
}
