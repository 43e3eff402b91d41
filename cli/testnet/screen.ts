// Owns what a running network shows: on a terminal one screen that is drawn again in place, elsewhere one plain line a
// block. It knows nothing of how the facts come about.
import { hasColour, printRaw } from "../output.ts";
import type { NetworkView } from "./watch.ts";

/** What stands around the facts of the nodes. */
export interface LocalnetFacts {
  readonly chainId: string;
  readonly folder: string;
  readonly names: readonly string[];
  readonly rpcUrls: readonly string[];
  readonly startedAt: number;
}

/** What the light client last said. */
export interface LightFacts {
  readonly height: string;
  readonly hash: string;
  readonly witnesses: number;
}

/** Everything one drawing shows. */
export interface LocalnetView {
  readonly network: NetworkView;
  readonly light: LightFacts | undefined;
  /** Nodes that ended, with why. */
  readonly fallen: readonly string[];
}

/** How a network speaks to its surroundings. */
export interface LocalnetScreen {
  say(text: string): void;
  show(view: LocalnetView): void;
  /** Leaves the screen as it is wanted after the program. */
  close(): void;
}

/** The screen that fits. */
export function openLocalnetScreen(facts: LocalnetFacts, isTerminal: boolean): LocalnetScreen {
  return isTerminal ? new DrawnScreen(facts) : new LineScreen();
}

const megabytes = (bytes: number | undefined): string =>
  bytes === undefined ? "-" : `${Math.round(bytes / 1_048_576)} MB`;
const stepNames: Readonly<Record<string, string>> = {
  1: "new height",
  2: "new round",
  3: "propose",
  4: "prevote",
  5: "prevote wait",
  6: "precommit",
  7: "precommit wait",
  8: "commit",
};

function agreement({ network }: LocalnetView): string {
  const { commonHeight, commonHash, commonAppHash, agree, nodes } = network;
  if (commonHeight < 1) return "no block yet";
  if (!agree) return `NODES DISAGREE at height ${commonHeight}`;
  const count = nodes.filter((node) => node !== undefined).length;
  return `${count} nodes agree on block ${commonHeight}: hash ${short(commonHash)}, app hash ${short(commonAppHash)}`;
}

function pace({ network: { blockSeconds } }: LocalnetView): string {
  return blockSeconds === undefined ? "" : `${blockSeconds.toFixed(2)} s a block`;
}

function short(hash: string | undefined): string {
  return (hash ?? "-").slice(0, 12);
}

/** One line a block, for files and pipes. */
class LineScreen implements LocalnetScreen {
  #height = -1;
  say(text: string): void {
    printRaw(`${text}\n`);
  }
  show(view: LocalnetView): void {
    const { network, light } = view;
    if (network.commonHeight === this.#height || network.commonHeight < 1) return;
    this.#height = network.commonHeight;
    const each = network.nodes.map((node) => (node === undefined ? "down" : `${node.round}:${node.peers}p`)).join(" ");
    const words = [agreement(view), pace(view), `light ${light?.height ?? "-"}`, each].filter((word) => word !== "");
    printRaw(`${words.join(" | ")}\n`);
  }
  close(): void {}
}

/** A terminal: the whole picture, drawn over the one before. */
class DrawnScreen implements LocalnetScreen {
  readonly #facts: LocalnetFacts;
  readonly #bold = hasColour(1) ? (text: string) => `\u001b[1m${text}\u001b[0m` : (text: string) => text;
  readonly #loud = hasColour(1) ? (text: string) => `\u001b[1;31m${text}\u001b[0m` : (text: string) => text;
  /** Nodes that were seen to run. */
  readonly #answered = new Set<string>();
  #drawn = 0;

  constructor(facts: LocalnetFacts) {
    this.#facts = facts;
  }

  say(text: string): void {
    this.#erase();
    printRaw(`${text}\n`);
  }

  show(view: LocalnetView): void {
    const columns = process.stdout.columns || 100;
    const lines = this.#lines(view).map((line) => line.slice(0, columns - 1));
    this.#erase();
    printRaw(`${lines.map((line, index) => this.#styled(line, index)).join("\n")}\n`);
    this.#drawn = lines.length;
  }

  close(): void {
    this.#drawn = 0;
  }

  #styled(line: string, index: number): string {
    if (index === 0) return this.#bold(line);
    return /DISAGREE|^!/.test(line) ? this.#loud(line) : line;
  }

  #lines(view: LocalnetView): readonly string[] {
    const { chainId, folder, names, rpcUrls, startedAt } = this.#facts;
    const seconds = Math.floor((Date.now() - startedAt) / 1000);
    const rows = names.map((name, index) => {
      const node = view.network.nodes[index];
      if (node === undefined) {
        const why = this.#answered.has(name) ? "no answer" : "starting";
        return [name, "-", "", why, "", "", "", rpcUrls[index] ?? ""];
      }
      this.#answered.add(name);
      const [, round = "", step = ""] = node.round.split("/");
      const doing = node.catchingUp ? "catching up" : (stepNames[step] ?? step);
      const peers = String(node.peers);
      return [
        name,
        String(node.height),
        round,
        doing,
        peers,
        short(node.appHash),
        megabytes(node.memoryBytes),
        rpcUrls[index] ?? "",
      ];
    });
    const { light } = view;
    rows.push(
      light === undefined
        ? ["light", "-", "", "waiting for a header to trust", "", "", "", ""]
        : ["light", light.height, "", `verified, ${light.witnesses} witnesses`, "", "", "", short(light.hash)],
    );
    const head = ["node", "height", "round", "step", "peers", "app hash", "memory", "RPC"];
    const widths = head.map((title, column) =>
      Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
    );
    const table = [head, ...rows].map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    );
    return [
      `Tributary network ${chainId}, up ${seconds} s, ${folder}`,
      "",
      ...table,
      "",
      [agreement(view), pace(view)].filter((word) => word !== "").join(" · "),
      ...view.fallen.map((text) => `! ${text}`),
      "q or Ctrl-C stops it; the chain stays in its folder",
    ];
  }

  #erase(): void {
    if (this.#drawn > 0) printRaw(`\u001b[${this.#drawn}A\u001b[0J`);
    this.#drawn = 0;
  }
}
