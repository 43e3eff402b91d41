// Owns the queries about blocks and the validators that sign them, which the node answers and no module. What is printed has simd's shape: a block is its protobuf
// message as JSON, bytes in base64.
import type { Command } from "commander";
import { toJson } from "../../proto/json.ts";
import { CliError, usageError } from "../errors.ts";
import { option, queryOptions, wholeNumber, withOptions } from "../options.ts";
import { notice, printData } from "../output.ts";
import { RpcClient } from "../rpc-client.ts";
import { Settings } from "../settings.ts";
import type { NodeStatus } from "../status.ts";
import type { Json } from "../yaml.ts";
import { hexHash, pagesOf, type SearchOptions } from "./search.ts";

const service = "cosmos.base.tendermint.v1beta1";

/** Adds `block`, `block-results`, `blocks` and `comet-validator-set` to the queries. */
export function addBlockQueries(query: Command): void {
  withOptions(
    query.command("block [height-or-hash]").description("Show a block by height or hash; the latest without either"),
    [
      ...queryOptions(),
      option("--type <kind>", "What the argument is: height or hash (default: as it looks)").choices([
        "height",
        "hash",
      ]),
    ],
  ).action(async (text: string | undefined, options: { type?: string }, command: Command) => {
    const settings = new Settings(command);
    const client = new RpcClient(settings.nodeUrl());
    printData(await blockJson(client, await heightOf(client, text ?? "", options.type)), settings.output());
  });

  withOptions(
    query.command("block-results [height]").description("Show what a block's transactions came to"),
    queryOptions(),
  ).action(async (text: string | undefined, _options: unknown, command: Command) => {
    const settings = new Settings(command);
    const client = new RpcClient(settings.nodeUrl());
    const height = (await heightOf(client, text ?? "", "height")).toString();
    // Go prints this one by itself, and numbers as numbers.
    const results = await client.call<{ height: string; [member: string]: Json }>("block_results", { height });
    printData({ ...results, height: Number(results.height) }, settings.output());
  });

  withOptions(query.command("blocks").description("Search blocks by events"), [
    ...queryOptions(),
    option("--query <condition>", 'The condition, such as "block.height > 5"'),
    option("--page <number>", "Which page, from 1").argParser(wholeNumber).default(1),
    option("--limit <count>", "Blocks per page").argParser(wholeNumber).default(100),
    option("--order_by <order>", "asc or desc").choices(["asc", "desc", ""]).default("asc"),
  ]).action(searchBlocks);

  withOptions(
    query
      .command("comet-validator-set [height]")
      .aliases(["cometbft-validator-set", "tendermint-validator-set"])
      .description("Show the validators that sign blocks"),
    [
      ...queryOptions(),
      option("--page <number>", "Which page, from 1").argParser(wholeNumber).default(1),
      option("--limit <count>", "Validators per page").argParser(wholeNumber).default(100),
    ],
  ).action(showValidators);
}

/** The height of a block named by it or by its hash; the last one's when nothing is named. */
async function heightOf(client: RpcClient, text: string, type: string | undefined): Promise<bigint> {
  if (text === "" || text === "0") {
    notice("Falling back to latest block height:");
    return BigInt((await client.call<NodeStatus>("status")).sync_info.latest_block_height);
  }
  if (type !== "hash" && /^\d{1,18}$/.test(text)) return BigInt(text);
  if (type === "height") throw usageError(`${text} is not a height`, "a hash needs --type hash");
  const hash = hexHash(text, "block").toString("base64");
  const { block } = await client.call<{ block: { header: { height: string } } | null }>("block_by_hash", { hash });
  if (block === null) throw new CliError(`there is no block ${text}`, "check the hash");
  return BigInt(block.header.height);
}

async function blockJson(client: RpcClient, height: bigint): Promise<Json> {
  const { block } = await client.query(
    `/${service}.Service/GetBlockByHeight`,
    `${service}.GetBlockByHeightRequest`,
    `${service}.GetBlockByHeightResponse`,
    { height },
  );
  if (block === undefined) throw new CliError(`there is no block ${height}`, "check the height");
  return toJson("tendermint.types.Block", block) as Json;
}

async function searchBlocks(options: SearchOptions, command: Command): Promise<void> {
  const settings = new Settings(command);
  if (options.query === undefined) throw usageError("no condition was given", "give one with --query");
  const client = new RpcClient(settings.nodeUrl());
  const limit = Math.min(Math.max(options.limit, 1), 100);
  const answer = await client.call<{
    blocks: readonly { block: { header: { height: string } } }[];
    total_count: string;
  }>("block_search", {
    query: options.query,
    page: String(options.page),
    per_page: String(limit),
    order_by: options.order_by,
  });
  const blocks: Json[] = [];
  for (const { block } of answer.blocks) blocks.push(await blockJson(client, BigInt(block.header.height)));
  printData({ ...pagesOf(answer.total_count, blocks.length, options.page, limit), blocks }, settings.output());
}

async function showValidators(
  text: string | undefined,
  options: { readonly page: number; readonly limit: number },
  command: Command,
): Promise<void> {
  const settings = new Settings(command);
  if (text !== undefined && !/^\d{1,18}$/.test(text)) throw usageError(`${text} is not a height`);
  const client = new RpcClient(settings.nodeUrl());
  const limit = BigInt(Math.max(options.limit, 1));
  const pagination = { limit, offset: BigInt(Math.max(options.page, 1) - 1) * limit };
  const height = BigInt(text ?? 0);
  const answer =
    height === 0n
      ? await client.query(
          `/${service}.Service/GetLatestValidatorSet`,
          `${service}.GetLatestValidatorSetRequest`,
          `${service}.GetLatestValidatorSetResponse`,
          { pagination },
        )
      : await client.query(
          `/${service}.Service/GetValidatorSetByHeight`,
          `${service}.GetValidatorSetByHeightRequest`,
          `${service}.GetValidatorSetByHeightResponse`,
          { height, pagination },
        );
  // Both answers have the same fields.
  printData(toJson(`${service}.GetValidatorSetByHeightResponse`, answer) as Json, settings.output());
}
