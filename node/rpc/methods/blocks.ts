/**
 * Owns the methods that read blocks and what belongs to a height: block, header, commit, results, validators, params.
 */

import { setImmediate as turn } from "node:timers/promises";
import { consensusParamsToJson } from "../../../chain/types/genesis-doc.ts";
import { chosenHeight, pageOf, type RpcEnvironment, readQuery, searched } from "../environment.ts";
import type { Json } from "../json.ts";
import { maximumBlockchainHeaders, maximumFoundBlockBytes, maximumSearchRows, searchTimeoutMs } from "../limits.ts";
import { type Method, method, RequestError } from "../method.ts";
import {
  renderBlock,
  renderBlockId,
  renderBlockMeta,
  renderBlockResults,
  renderCommit,
  renderHeader,
  renderValidator,
} from "../render.ts";

/** The methods of this file, on a node. */
export function blockMethods(environment: RpcEnvironment): readonly Method[] {
  const byHeight = { height: "optionalInt64" } as const;
  const caching = "namedHeight";
  return [
    method("blockchain", { minHeight: "int64", maxHeight: "int64" }, (range) => headers(environment, range)),
    method("block", byHeight, ({ height }) => block(environment, height), { caching }),
    method("block_by_hash", { hash: "bytes" }, ({ hash }) => blockByHash(environment, hash), { caching: "always" }),
    method("header", byHeight, ({ height }) => header(environment, height), { caching }),
    method("header_by_hash", { hash: "hexBytes" }, ({ hash }) => headerByHash(environment, hash), {
      caching: "always",
    }),
    method("block_results", byHeight, ({ height }) => blockResults(environment, height), { caching }),
    method("commit", byHeight, ({ height }) => commit(environment, height), { caching }),
    method(
      "validators",
      { height: "optionalInt64", page: "optionalInt", per_page: "optionalInt" },
      (values) => validators(environment, values),
      { caching },
    ),
    method("consensus_params", byHeight, ({ height }) => consensusParams(environment, height), { caching }),
    method(
      "block_search",
      { query: "string", page: "optionalInt", per_page: "optionalInt", order_by: "string" },
      (values) => blockSearch(environment, values),
    ),
  ];
}

/** Headers from the highest wanted height down, at most twenty (rpc/core/blocks.go filterMinMax). */
function headers({ storage }: RpcEnvironment, range: { minHeight: bigint; maxHeight: bigint }): Json {
  if (range.minHeight < 0n || range.maxHeight < 0n) throw new RequestError("heights must be non-negative");
  let highest = range.maxHeight === 0n ? storage.height : range.maxHeight;
  if (highest > storage.height) highest = storage.height;
  let lowest = range.minHeight === 0n ? 1n : range.minHeight;
  if (lowest < storage.base) lowest = storage.base;
  if (lowest < highest - maximumBlockchainHeaders + 1n) lowest = highest - maximumBlockchainHeaders + 1n;
  if (lowest > highest) {
    throw new RequestError(`min height ${lowest} can't be greater than max height ${highest}`);
  }
  const metas: Json[] = [];
  for (let height = highest; height >= lowest; height -= 1n) {
    const meta = storage.blockMeta(height);
    if (meta !== undefined) metas.push(renderBlockMeta(meta));
  }
  return { last_height: storage.height.toString(), block_metas: metas };
}

const noBlockId: Json = { hash: "", parts: { total: 0, hash: "" } };

function block({ storage }: RpcEnvironment, given: bigint | undefined): Json {
  return blockAt(storage, chosenHeight(storage, given, storage.height));
}

function blockByHash({ storage }: RpcEnvironment, hash: Uint8Array): Json {
  const height = storage.heightOf(hash);
  return height === undefined ? { block_id: noBlockId, block: null } : blockAt(storage, height);
}

function blockAt(storage: RpcEnvironment["storage"], height: bigint): Json {
  const meta = storage.blockMeta(height);
  const found = storage.block(height);
  if (meta === undefined || found === undefined) return { block_id: noBlockId, block: null };
  return { block_id: renderBlockId(meta.blockId), block: renderBlock(found) };
}

function header({ storage }: RpcEnvironment, given: bigint | undefined): Json {
  return headerAt(storage, chosenHeight(storage, given, storage.height));
}

function headerByHash({ storage }: RpcEnvironment, hash: Uint8Array): Json {
  return headerAt(storage, storage.heightOf(hash));
}

function headerAt(storage: RpcEnvironment["storage"], height: bigint | undefined): Json {
  const meta = height === undefined ? undefined : storage.blockMeta(height);
  return { header: meta === undefined ? null : renderHeader(meta.header) };
}

function blockResults({ storage }: RpcEnvironment, given: bigint | undefined): Json {
  const height = chosenHeight(storage, given, storage.height);
  const response = storage.response(height);
  if (response === undefined) {
    throw new RequestError(`could not find results for height #${height}`);
  }
  return renderBlockResults(height, response);
}

/** The canonical commit stands in the next block; for the newest block there is only the one this node saw. */
function commit({ storage }: RpcEnvironment, given: bigint | undefined): Json {
  const height = chosenHeight(storage, given, storage.height);
  const meta = storage.blockMeta(height);
  if (meta === undefined) throw new RequestError("there is no block yet");
  const canonical = height === storage.height ? undefined : storage.canonicalCommit(height);
  const shown = canonical ?? storage.seenCommit(height);
  return {
    signed_header: { header: renderHeader(meta.header), commit: shown === undefined ? null : renderCommit(shown) },
    canonical: canonical !== undefined,
  };
}

/** The height whose validators and parameters are known without a block of it. */
function uncommittedHeight({ storage, catchingUp }: RpcEnvironment): bigint {
  const first = storage.chainState?.initialHeight ?? 1n;
  if (storage.height === 0n) return first;
  return catchingUp() ? storage.height : storage.height + 1n;
}

function validators(
  environment: RpcEnvironment,
  values: { height: bigint | undefined; page: number | undefined; per_page: number | undefined },
): Json {
  const height = chosenHeight(environment.storage, values.height, uncommittedHeight(environment));
  const set = environment.storage.validators(height);
  if (set === undefined) throw new RequestError(`could not find validator set for height #${height}`);
  const shown = pageOf(set.validators, values.page, values.per_page);
  return {
    block_height: height.toString(),
    validators: shown.map(renderValidator),
    count: shown.length.toString(),
    total: set.validators.length.toString(),
  };
}

function consensusParams(environment: RpcEnvironment, given: bigint | undefined): Json {
  const height = chosenHeight(environment.storage, given, uncommittedHeight(environment));
  const params = environment.storage.consensusParams(height);
  if (params === undefined) throw new RequestError(`could not find consensus params for height #${height}`);
  return { block_height: height.toString(), consensus_params: consensusParamsToJson(params) };
}

async function blockSearch(
  { storage }: RpcEnvironment,
  values: { query: string; page: number | undefined; per_page: number | undefined; order_by: string },
): Promise<Json> {
  const bounds = { maximumRows: maximumSearchRows, timeoutMs: searchTimeoutMs };
  const heights = [...(await searched(storage.searchBlocks(readQuery(values.query), bounds)))];
  // Unlike transactions, blocks come newest first unless asked otherwise.
  if (values.order_by === "desc" || values.order_by === "") heights.reverse();
  else if (values.order_by !== "asc") {
    throw new RequestError("expected order_by to be either `asc` or `desc` or empty");
  }
  const blocks: Json[] = [];
  let bytes = 0;
  for (const height of pageOf(heights, values.page, values.per_page)) {
    bytes += Number(storage.blockMeta(height)?.blockSize ?? 0n);
    if (bytes > maximumFoundBlockBytes) {
      throw new RequestError(
        `the blocks of this page are larger than ${maximumFoundBlockBytes} bytes; ask for fewer with per_page`,
      );
    }
    blocks.push(blockAt(storage, height));
    // Votes have their turn between two blocks.
    await turn();
  }
  return { blocks, total_count: heights.length.toString() };
}
