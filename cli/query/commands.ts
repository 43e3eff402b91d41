// Owns `tributaryd query`: transactions as such, and the roots of stores; blocks are in blocks.ts. The modules' queries come from their definitions
// (derive/query-commands.ts).
import type { Command } from "commander";
import { addModuleQueryCommands } from "../derive/query-commands.ts";
import { CliError, usageError } from "../errors.ts";
import { parseGoDuration } from "../go-duration.ts";
import { waitTxTimeoutMs } from "../limits.ts";
import { option, queryOptions, wholeNumber, withOptions } from "../options.ts";
import { printData } from "../output.ts";
import { readAllInput } from "../prompt.ts";
import { RpcClient, RpcError } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import { type IndexedTx, refusedByChain, txResponse } from "../tx/send.ts";
import type { Json } from "../yaml.ts";
import { addBlockQueries } from "./blocks.ts";
import { hexHash, pagesOf, type SearchOptions } from "./search.ts";

/** Adds the `query` commands to their group. */
export async function addQueryCommands(query: Command): Promise<void> {
  await addModuleQueryCommands(query);
  addTxQueries(query);
  addBlockQueries(query);
  addModuleHashCommand(
    query
      .command("module-hash-by-height <height>")
      .description("Show the root of every store at a height, on a node that is not running"),
  );
}

/** The time of a block, RFC 3339 to the second, as simd shows it with a transaction. */
async function blockTime(client: RpcClient, height: string): Promise<string> {
  const { block } = await client.call<{ block: { header: { time: string } } }>("block", { height });
  return block.header.time.replace(/\.\d+Z$/, "Z");
}

/** A committed transaction by its hash, or undefined when the node knows none. */
async function findTx(client: RpcClient, hash: Buffer): Promise<IndexedTx | undefined> {
  try {
    return await client.call<IndexedTx>("tx", { hash: hash.toString("base64"), prove: false });
  } catch (error) {
    if (error instanceof RpcError && /not found/.test(error.message)) return undefined;
    throw error;
  }
}

function addTxQueries(query: Command): void {
  withOptions(
    query.command("tx <hash>").description("Show a transaction by its hash, or by account sequence or signature"),
    [
      ...queryOptions(),
      option("--type <kind>", "What the argument is").choices(["hash", "acc_seq", "signature"]).default("hash"),
    ],
  ).action(async (text: string, options: { type: string }, command: Command) => {
    const settings = new Settings(command);
    const client = new RpcClient(settings.nodeUrl());
    const found =
      options.type === "hash"
        ? await findTx(client, hexHash(text, "transaction"))
        : await findByEvent(client, options.type, text);
    if (found === undefined) {
      throw new CliError(
        `no transaction found by ${options.type} ${text}`,
        "it may not be in a block yet: wait with `tributaryd query wait-tx`",
      );
    }
    printData({ ...txResponse(found, await blockTime(client, found.height)) }, settings.output());
  });

  withOptions(query.command("txs").description("Search transactions by events"), [
    ...queryOptions(),
    option("--query <condition>", "The condition, such as \"message.sender='trib1...' AND tx.height>5\""),
    option("--events <conditions>", "Conditions joined by &, the older form"),
    option("--page <number>", "Which page, from 1").argParser(wholeNumber).default(1),
    option("--limit <count>", "Transactions per page").argParser(wholeNumber).default(100),
    option("--order_by <order>", "asc or desc").choices(["asc", "desc", ""]).default("asc"),
  ]).action(searchTxs);

  withOptions(
    query
      .command("wait-tx [hash]")
      .alias("event-query-tx-for")
      .description(
        "Wait until a transaction is in a block; without a hash, read the answer of `tx` from standard input",
      ),
    [...queryOptions(), option("--timeout <duration>", "How long to wait").default("15s")],
  ).action(waitForTx);
}

async function searchTxs(options: SearchOptions, command: Command): Promise<void> {
  const settings = new Settings(command);
  const condition = options.query ?? olderCondition(options.events);
  const client = new RpcClient(settings.nodeUrl());
  const perPage = Math.min(Math.max(options.limit, 1), 100);
  const answer = await client.call<{ txs: readonly IndexedTx[]; total_count: string }>("tx_search", {
    query: condition,
    prove: false,
    page: String(options.page),
    per_page: String(perPage),
    order_by: options.order_by,
  });
  const times = new Map<string, string>();
  const txs: Json[] = [];
  for (const found of answer.txs) {
    if (!times.has(found.height)) times.set(found.height, await blockTime(client, found.height));
    txs.push({ ...txResponse(found, times.get(found.height)!) });
  }
  printData(
    {
      ...pagesOf(answer.total_count, txs.length, options.page, perPage),
      txs,
    },
    settings.output(),
  );
}

/** `--events 'a.b=c&d.e=f'` of older programs, as a condition. */
function olderCondition(events: string | undefined): string {
  if (events === undefined || events.trim() === "") throw usageError("no condition was given", "give one with --query");
  return events
    .split("&")
    .map((part) => {
      const [name, ...value] = part.split("=");
      if (name === undefined || value.length === 0)
        throw usageError(`${JSON.stringify(part)} is no condition`, "it looks like message.sender=trib1...");
      const text = value.join("=").replace(/^'(.*)'$/, "$1");
      return name === "tx.height" ? `${name}=${text}` : `${name}='${text}'`;
    })
    .join(" AND ");
}

async function findByEvent(client: RpcClient, type: string, text: string): Promise<IndexedTx | undefined> {
  const query = `tx.${type}='${text.replaceAll("'", "")}'`;
  const { txs } = await client.call<{ txs: readonly IndexedTx[] }>("tx_search", {
    query,
    prove: false,
    page: "1",
    per_page: "1",
    order_by: "asc",
  });
  return txs[0];
}

async function waitForTx(given: string | undefined, options: { timeout: string }, command: Command): Promise<void> {
  const settings = new Settings(command);
  const nanoseconds = parseGoDuration(options.timeout);
  if (nanoseconds === undefined || nanoseconds <= 0n)
    throw usageError(`--timeout ${options.timeout} is not a duration`, "it looks like 15s");
  const hash = hexHash(given ?? hashFromAnswer(readAllInput(1 << 20)), "transaction");
  const client = new RpcClient(settings.nodeUrl());
  const deadline = Date.now() + (Number(nanoseconds / 1_000_000n) || waitTxTimeoutMs);
  for (;;) {
    const found = await findTx(client, hash);
    if (found !== undefined) {
      const response = txResponse(found, await blockTime(client, found.height));
      printData({ ...response }, settings.output());
      if (response.code !== 0) throw refusedByChain(response);
      return;
    }
    if (Date.now() >= deadline) {
      throw new CliError(
        `the transaction ${hash.toString("hex").toUpperCase()} was not in a block within ${options.timeout}`,
        "it may still be included later: ask again, or give a longer --timeout",
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The hash in the JSON that `tributaryd tx` printed. */
function hashFromAnswer(text: string): string {
  const match = /"?txhash"?\s*:\s*"?([0-9A-Fa-f]{64})"?/.exec(text);
  if (match === null)
    throw usageError("standard input holds no txhash", "give the hash, or pipe the output of `tributaryd tx ...` in");
  return match[1]!;
}

/** Fills in `module-hash-by-height <height>`. What it does is loaded when it is done: other queries have no use for a whole application. */
export function addModuleHashCommand(command: Command): void {
  withOptions(command, queryOptions()).action(async (height: string, _options: unknown, made: Command) => {
    if (!/^\d{1,18}$/.test(height)) throw usageError(`${height} is not a height`, "it is a whole number above 0");
    const { showModuleHashes } = await import("../stopped-chain.ts");
    await showModuleHashes(new Settings(made), BigInt(height));
  });
}
