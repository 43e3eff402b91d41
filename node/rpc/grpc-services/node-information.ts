/**
 * Owns the gRPC services about the node and its blocks: cosmos.base.tendermint.v1beta1.Service and
 * cosmos.base.node.v1beta1.Service (SDK client/grpc/cmtservice and client/grpc/node).
 */

import { GrpcError } from "../../../chain/module/errors.ts";
import type { AddressCodec } from "../../../chain/types/address.ts";
import type { Header } from "../../../chain/types/header.ts";
import { publicKeyParts } from "../../../chain/types/validator.ts";
import { encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import type { NodeConfig } from "../../config.ts";
import type { RpcEnvironment } from "../environment.ts";
import { blockProtocol, cometVersion, ibcVersion, peerProtocol, sdkVersion } from "../versions.ts";
import { type NodeMethod, nodeMethod } from "./service.ts";

/** What these services use beyond the RPC environment. */
export interface InformationNeeds {
  readonly environment: RpcEnvironment;
  readonly config: Pick<NodeConfig, "minimumGasPrices" | "pruningKeepRecent" | "haltHeight">;
  /** The chain's address codec: consensus addresses are shown as bech32. */
  readonly addresses: () => AddressCodec;
}

const tendermint = "cosmos.base.tendermint.v1beta1";

/** The methods of this file, on a node. */
export function informationServices(needs: InformationNeeds): readonly NodeMethod[] {
  const { storage } = needs.environment;
  const service = `/${tendermint}.Service`;
  return [
    nodeMethod(`${service}/GetNodeInfo`, `${tendermint}.GetNodeInfoRequest`, `${tendermint}.GetNodeInfoResponse`, () =>
      nodeInfo(needs.environment),
    ),
    nodeMethod(`${service}/GetSyncing`, `${tendermint}.GetSyncingRequest`, `${tendermint}.GetSyncingResponse`, () => ({
      syncing: needs.environment.catchingUp(),
    })),
    nodeMethod(
      `${service}/GetLatestBlock`,
      `${tendermint}.GetLatestBlockRequest`,
      `${tendermint}.GetLatestBlockResponse`,
      () => blockAt(needs, storage.height),
    ),
    nodeMethod(
      `${service}/GetBlockByHeight`,
      `${tendermint}.GetBlockByHeightRequest`,
      `${tendermint}.GetBlockByHeightResponse`,
      ({ height }) => {
        if (height > storage.height) {
          throw new GrpcError("InvalidArgument", "requested block height is bigger then the chain length");
        }
        return blockAt(needs, height);
      },
    ),
    nodeMethod(
      `${service}/GetLatestValidatorSet`,
      `${tendermint}.GetLatestValidatorSetRequest`,
      `${tendermint}.GetLatestValidatorSetResponse`,
      ({ pagination }) => validatorsAt(needs, storage.height, pagination),
    ),
    nodeMethod(
      `${service}/GetValidatorSetByHeight`,
      `${tendermint}.GetValidatorSetByHeightRequest`,
      `${tendermint}.GetValidatorSetByHeightResponse`,
      ({ height, pagination }) => {
        if (height > storage.height) {
          throw new GrpcError("InvalidArgument", "requested block height is bigger then the chain length");
        }
        return validatorsAt(needs, height, pagination);
      },
    ),
    nodeMethod(
      `${service}/ABCIQuery`,
      `${tendermint}.ABCIQueryRequest`,
      `${tendermint}.ABCIQueryResponse`,
      async (request) => await needs.environment.application.query(request),
    ),
    ...nodeServices(needs),
  ];
}

function nodeServices({ environment, config }: InformationNeeds): readonly NodeMethod[] {
  const name = "cosmos.base.node.v1beta1";
  return [
    nodeMethod(`/${name}.Service/Config`, `${name}.ConfigRequest`, `${name}.ConfigResponse`, () => ({
      minimumGasPrice: config.minimumGasPrices,
      pruningKeepRecent: config.pruningKeepRecent.toString(),
      pruningInterval: "1",
      haltHeight: BigInt(config.haltHeight),
    })),
    nodeMethod(`/${name}.Service/Status`, `${name}.StatusRequest`, `${name}.StatusResponse`, () => {
      const { storage } = environment;
      const header = storage.blockMeta(storage.height)?.header;
      return {
        earliestStoreHeight: storage.base,
        height: storage.height,
        timestamp: header?.time,
        appHash: storage.chainState?.appHash ?? new Uint8Array(0),
        validatorHash: header?.nextValidatorsHash ?? new Uint8Array(0),
      };
    }),
  ];
}

/** Relayers and explorers choose by these versions (Hermes reads the SDK's and ibc-go's from `build_deps`). */
function nodeInfo({
  identity,
  storage,
}: RpcEnvironment): Messages["cosmos.base.tendermint.v1beta1.GetNodeInfoResponse"] {
  const module = (path: string, version: string) => ({ path, version, sum: "" });
  return {
    defaultNodeInfo: {
      protocolVersion: { p2p: peerProtocol, block: blockProtocol, app: storage.chainState?.appVersion ?? 0n },
      defaultNodeId: identity.nodeId,
      listenAddr: identity.peerAddress,
      network: identity.chainId,
      version: cometVersion,
      channels: new Uint8Array(Buffer.from("40202122233038606100", "hex")),
      moniker: identity.moniker,
      other: { txIndex: "on", rpcAddress: identity.rpcAddress },
    },
    applicationVersion: {
      name: "tributary",
      appName: "tributaryd",
      version: identity.version,
      gitCommit: "",
      buildTags: "",
      goVersion: `node ${process.versions.node}`,
      buildDeps: [
        module("github.com/cosmos/cosmos-sdk", sdkVersion),
        module("github.com/cosmos/ibc-go/v10", ibcVersion),
        module("github.com/cometbft/cometbft", `v${cometVersion}`),
      ],
      cosmosSdkVersion: sdkVersion,
    },
  };
}

function blockAt(
  { environment: { storage }, addresses }: InformationNeeds,
  height: bigint,
): Messages["cosmos.base.tendermint.v1beta1.GetBlockByHeightResponse"] {
  const meta = storage.blockMeta(height);
  const block = storage.block(height);
  if (meta === undefined || block === undefined) throw new GrpcError("NotFound", `block at height ${height} not found`);
  const header: Header = block.header;
  const proposerAddress = addresses().consensus(header.proposerAddress);
  return { blockId: meta.blockId, block, sdkBlock: { ...block, header: { ...header, proposerAddress } } };
}

type PageRequest = Messages["cosmos.base.query.v1beta1.PageRequest"];

/** Entries of one page when the request does not say, and at most (SDK client/grpc/cmtservice: 100). */
const validatorPage = 100n;

function validatorsAt(
  { environment: { storage }, addresses }: InformationNeeds,
  height: bigint,
  pagination: PageRequest | undefined,
): Messages["cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightResponse"] {
  const set = storage.validators(height);
  if (set === undefined) throw new GrpcError("NotFound", `validators at height ${height} not found`);
  const asked = pagination?.limit ?? 0n;
  const limit = asked === 0n || asked > validatorPage ? validatorPage : asked;
  const start = pagination?.offset ?? 0n;
  const total = BigInt(set.validators.length);
  if (start > 0n && start >= total) throw new GrpcError("InvalidArgument", `there are only ${total} validators`);
  return {
    blockHeight: height,
    validators: set.validators.slice(Number(start), Number(start + limit)).map((validator) => ({
      address: addresses().consensus(validator.address),
      pubKey: publicKeyAny(validator.pubKey),
      votingPower: validator.votingPower,
      proposerPriority: validator.proposerPriority,
    })),
    pagination: { nextKey: new Uint8Array(0), total },
  };
}

function publicKeyAny(key: Messages["tendermint.crypto.PublicKey"]): Messages["google.protobuf.Any"] {
  const { type, bytes } = publicKeyParts(key);
  const name = type === "ed25519" ? "cosmos.crypto.ed25519.PubKey" : "cosmos.crypto.secp256k1.PubKey";
  return { typeUrl: `/${name}`, value: encode(name, { key: bytes }) };
}
