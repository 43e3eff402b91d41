// Runs the shell lines of a page in docs/ as they stand, in a shell, against a node. Owns how such lines are found and sent, not what they come to.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { read } from "../architecture/tree.ts";
import { launcher } from "../cli/harness.ts";
import type { ChainHome } from "../e2e/chain-home.ts";

/** The lines of a page that run the program or name a value for later lines, in their order, without the remarks behind them. */
export function pageCommands(page: string): readonly string[] {
  return read(page)
    .split("\n")
    .filter((line) => /^ {4}(tributaryd |[a-z]+=)/.test(line))
    .map((line) => line.trim().replace(/\s+#.*$/, ""));
}

/** A folder in which `tributaryd` is the program of this tree, set up for a chain and its test keys. */
export class PageShell {
  readonly folder = mkdtempSync(join(tmpdir(), "tributary-page-"));
  readonly #environment: NodeJS.ProcessEnv;
  readonly #rpcUrl: string;

  constructor(chain: ChainHome, rpcUrl: string) {
    const program = join(this.folder, "tributaryd");
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${launcher}" "$@"\n`);
    chmodSync(program, 0o755);
    this.#rpcUrl = rpcUrl;
    this.#environment = {
      PATH: `${this.folder}:${process.env.PATH}`,
      NO_COLOR: "1",
      TRIBUTARYD_HOME: chain.path,
      TRIBUTARYD_CHAIN_ID: chain.chainId,
      TRIBUTARYD_NODE: rpcUrl.replace("http", "tcp"),
      TRIBUTARYD_KEYRING_BACKEND: "test",
      TRIBUTARYD_OUTPUT: "json",
    };
  }

  /** What a line prints, or tells of a transaction, which must stand in a block and have done what it says. Throws with what went wrong. */
  async run(line: string): Promise<string> {
    const named = /^([a-z]+)=/.exec(line)?.[1];
    if (named !== undefined) {
      this.#environment[named] = (await this.#printed(`${line}; printf %s "$${named}"`)).printed;
      return "";
    }
    const { printed, told } = await this.#printed(line);
    if (!line.startsWith("tributaryd tx ")) return printed;
    await this.#included(line, (JSON.parse(printed) as { txhash: string }).txhash);
    return told;
  }

  async #printed(line: string): Promise<{ readonly printed: string; readonly told: string }> {
    const child = spawn("sh", ["-c", line], { cwd: this.folder, env: this.#environment });
    // Whoever sends is asked whether it shall be.
    child.stdin.on("error", () => undefined);
    child.stdin.end("y\n");
    const [printed, told]: [string[], string[]] = [[], []];
    child.stdout.on("data", (piece: Buffer) => printed.push(piece.toString()));
    child.stderr.on("data", (piece: Buffer) => told.push(piece.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    if (code !== 0) throw new Error(`${line}\nended with ${code}: ${told.join("")}`);
    return { printed: printed.join(""), told: told.join("") };
  }

  async #included(line: string, hash: string): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const answer = await fetch(`${this.#rpcUrl}/tx?hash=0x${hash}`);
      const { result } = (await answer.json()) as { result?: { tx_result: { code: number; log: string } } };
      if (result?.tx_result.code === 0) return;
      if (result !== undefined) throw new Error(`${line}\nwas refused: ${result.tx_result.log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${line}\nis in no block`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
