/**
 * Owns the methods that say what the node is and how it does: health, status, genesis, consensus state.
 */

import { publicKeyToJson } from "../../../chain/types/genesis-doc.ts";
import { formatTime } from "../../../chain/types/time.ts";
import { publicKeyToAddress } from "../../../chain/types/validator.ts";
import { findValidator } from "../../../chain/types/validator-set.ts";
import type { RpcEnvironment } from "../environment.ts";
import { GenesisText } from "../genesis-text.ts";
import { hexUpper, type Json } from "../json.ts";
import { genesisChunkBytes } from "../limits.ts";
import { type Method, method, RequestError } from "../method.ts";
import { cometVersion } from "../versions.ts";
import { consensusStateMethods } from "./consensus-state.ts";
import { nodeInfo } from "./peers.ts";

/** The methods of this file, on a node. */
export function informationMethods(environment: RpcEnvironment): readonly Method[] {
  return [
    method("health", {}, () => ({}), { immediate: true }),
    method("status", {}, () => status(environment), { immediate: true }),
    ...genesisMethods(environment),
    ...consensusStateMethods(environment),
  ];
}

function ownNodeInfo(environment: RpcEnvironment): Json {
  const { nodeId, moniker, peerAddress, rpcAddress } = environment.identity;
  return nodeInfo(environment, { nodeId, moniker, listenAddress: peerAddress, version: cometVersion }, rpcAddress);
}

function status(environment: RpcEnvironment): Json {
  const { storage, identity } = environment;
  const latest = storage.blockMeta(storage.height);
  const earliest = storage.blockMeta(storage.base);
  const key = identity.consensusKey;
  const address = key === undefined ? new Uint8Array(0) : publicKeyToAddress(key);
  const set = storage.validators(environment.engine.status().height);
  const power = set === undefined ? undefined : findValidator(set, address)?.validator.votingPower;
  return {
    node_info: ownNodeInfo(environment),
    sync_info: {
      latest_block_hash: hexUpper(latest?.blockId.hash ?? new Uint8Array(0)),
      latest_app_hash: hexUpper(latest?.header.appHash ?? new Uint8Array(0)),
      latest_block_height: storage.height.toString(),
      latest_block_time: formatTime(latest?.header.time ?? { seconds: 0n, nanos: 0 }),
      earliest_block_hash: hexUpper(earliest?.blockId.hash ?? new Uint8Array(0)),
      earliest_app_hash: hexUpper(earliest?.header.appHash ?? new Uint8Array(0)),
      earliest_block_height: storage.base.toString(),
      earliest_block_time: formatTime(earliest?.header.time ?? { seconds: 0n, nanos: 0 }),
      catching_up: environment.catchingUp(),
    },
    validator_info: {
      address: hexUpper(address),
      // Every CometBFT node has a key; ours may run without, and clients still expect the field.
      pub_key: publicKeyToJson(key ?? { ed25519: new Uint8Array(32) }),
      voting_power: (power ?? 0n).toString(),
    },
  };
}

function genesisMethods(environment: RpcEnvironment): readonly Method[] {
  let made: GenesisText | undefined;
  let rendered: Json | undefined;
  const text = (): GenesisText => {
    made ??= new GenesisText(environment.genesis);
    return made;
  };
  const count = (): number => Math.ceil(text().length / genesisChunkBytes);
  const whole = (): Json => {
    if (count() > 1) throw new RequestError("genesis response is large, please use the genesis_chunked API instead");
    rendered ??= text().whole();
    return { genesis: rendered as Json };
  };
  const chunked = (chunk: number): Json => {
    if (chunk >= count()) throw new RequestError(`there are ${count() - 1} chunks, ${chunk} is invalid`);
    const start = chunk * genesisChunkBytes;
    const data = text()
      .cut(start, start + genesisChunkBytes)
      .toString("base64");
    return { chunk: chunk.toString(), total: count().toString(), data };
  };
  return [
    method("genesis", {}, whole, { caching: "always" }),
    method("genesis_chunked", { chunk: "uint" }, ({ chunk }) => chunked(chunk), { caching: "always" }),
  ];
}
