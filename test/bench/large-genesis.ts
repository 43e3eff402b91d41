// What a large genesis costs: a file of so many accounts with a balance each, the memory and time of the commands that check and edit it, of `start` to
// the first blocks on it and of a start again, and of `export`. Run by `npm run bench:genesis -- --accounts <number>`.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AddressCodec } from "../../chain/types/address.ts";
import type { AppGenesis } from "../../genesis/app-genesis.ts";
import { makeHome, memoryOf, startNodeProcess } from "./node-process.ts";

const { values } = parseArgs({ options: { accounts: { type: "string", default: "20000" } } });
const count = Number(values.accounts);
const program = fileURLToPath(new URL("../../cli/tributaryd.mjs", import.meta.url));

/** Puts the accounts and balances into a genesis file, indented as `init` writes it, without ever holding the text. */
function enlarge(file: string): void {
  const genesis = JSON.parse(readFileSync(file, "utf8")) as AppGenesis;
  const { auth, bank } = genesis.app_state as unknown as {
    readonly auth: { accounts: unknown[] };
    readonly bank: { balances: unknown[]; supply: { amount: string }[] };
  };
  bank.supply[0]!.amount = (BigInt(bank.supply[0]!.amount) + 1_000_000n * BigInt(count)).toString();
  auth.accounts.push("ACCOUNTS");
  bank.balances.push("BALANCES");
  const codec = new AddressCodec("trib");
  const addresses = Array.from({ length: count }, (_, index) =>
    codec.account(createHash("sha256").update(`account ${index}`).digest().subarray(0, 20)),
  );
  const entries: { readonly [mark: string]: (address: string, index: number) => unknown } = {
    '"ACCOUNTS"': (address, index) => ({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address,
      pub_key: null,
      account_number: String(index + 1),
      sequence: "0",
    }),
    '"BALANCES"': (address) => ({ address, coins: [{ denom: "uopen", amount: "1000000" }] }),
  };
  const target = openSync(file, "w");
  for (const part of JSON.stringify(genesis, undefined, 2).split(/("ACCOUNTS"|"BALANCES")/)) {
    const entry = entries[part];
    if (entry === undefined) {
      writeSync(target, part);
      continue;
    }
    for (let first = 0; first < count; first += 10_000) {
      const texts = addresses
        .slice(first, first + 10_000)
        .map((address, index) =>
          JSON.stringify(entry(address, first + index), undefined, 2).replaceAll("\n", "\n        "),
        );
      writeSync(target, `${first === 0 ? "" : ",\n        "}${texts.join(",\n        ")}`);
    }
  }
  closeSync(target);
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MiB`;

/** Runs `start` until so many blocks are made; says the peak of its memory, and the time to the first block. */
async function run(home: string, what: string): Promise<void> {
  const node = await startNodeProcess(home);
  await node.until(({ length }) => length >= 3, 900_000);
  const memory = node.memory();
  const first = Math.round(node.blocks[0]!.atMs / 100) / 10;
  console.log(
    `${what}: first block after ${first} s, peak ${megabytes(memory?.peak ?? 0)}, then ${megabytes(memory?.now ?? 0)}`,
  );
  await node.stop();
}

/** Runs a command to its end; says its time and the peak of its memory. */
async function command(args: readonly string[], what: string): Promise<void> {
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    // What collect-gentxs prints on stderr is the whole state.
    const child = execFile(process.execPath, [program, ...args], { maxBuffer: 4 * 1_073_741_824 }, (error) =>
      error === null ? resolve() : reject(error),
    );
    let peak = 0;
    const poll = setInterval(() => {
      peak = Math.max(peak, memoryOf(child.pid)?.peak ?? 0);
    }, 50);
    child.once("close", () => {
      clearInterval(poll);
      console.log(`${what}: ${Math.round((performance.now() - started) / 100) / 10} s, peak ${megabytes(peak)}`);
    });
  });
}

const home = await makeHome([]);
try {
  const file = join(home.path, "config", "genesis.json");
  enlarge(file);
  console.log(`${count} accounts, ${megabytes(statSync(file).size)} of genesis`);
  await command(["genesis", "validate", file], "genesis validate");
  const newcomer = new AddressCodec("trib").account(createHash("sha256").update("newcomer").digest().subarray(0, 20));
  const added = ["genesis", "add-genesis-account", newcomer, "5uopen", "--home", home.path];
  await command(added, "genesis add-genesis-account");
  await command(["genesis", "collect-gentxs", "--home", home.path], "genesis collect-gentxs");
  await command(["doctor", "--home", home.path], "doctor");
  await run(home.path, "start, new chain");
  await run(home.path, "start again");
  await command(["export", "--home", home.path, "--output-document", join(home.path, "exported.json")], "export");
} finally {
  home.remove();
}
