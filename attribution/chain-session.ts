/**
 * Owns the engine's conversation with a node: unmodified CosmJS with the chain's own messages added. It does not own what
 * is said (watcher.ts, tour.ts).
 */
import { Secp256k1Wallet, type StdFee, type StdSignDoc } from "@cosmjs/amino";
import { DirectSecp256k1Wallet, type GeneratedType, Registry } from "@cosmjs/proto-signing";
import {
  AminoTypes,
  calculateFee,
  createDefaultAminoConverters,
  type DeliverTxResponse,
  defaultRegistryTypes,
  GasPrice,
  QueryClient,
  SigningStargateClient,
  setupStakingExtension,
} from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { nativeAminoConverters, nativeTypes } from "../client/registry.ts";
import { base64, fromBase64, fromHex, utf8 } from "../proto/bytes.ts";
import { decode, encode, type MessageInput, type MessageName } from "../proto/codec.ts";
import type { Messages, Services } from "../proto/types.gen.ts";

/** Somebody who signs. */
export interface Signer {
  readonly name: string;
  /** A secp256k1 key, 32 bytes. */
  readonly privateKey: Uint8Array;
}

/** An account with its address and its two wallets. */
export interface Party {
  readonly name: string;
  readonly address: string;
  /** Compressed, 33 bytes. */
  readonly publicKey: Uint8Array;
  readonly client: SigningStargateClient;
  readonly amino: Secp256k1Wallet;
}

/** How a node is reached and paid. */
export interface SessionOptions {
  /** For example http://127.0.0.1:26657. */
  readonly rpcUrl: string;
  /** Prefix of account addresses. */
  readonly prefix: string;
  /** For example 0.001uopen. */
  readonly gasPrice: string;
}

/** What a transaction came to. */
export interface Outcome {
  readonly height: number;
  readonly hash: string;
  readonly responses: DeliverTxResponse["msgResponses"];
}

/** Why a transaction that stands in a block failed. */
export interface Refusal {
  readonly codespace: string;
  readonly code: number;
  readonly log: string;
}

type QueryService<Package extends keyof Services> = Services[Package] extends { readonly Query: infer Query }
  ? Query
  : never;

const POLL_MILLISECONDS = 200;
const BREATH_MILLISECONDS = 50;
/** Other people's transactions may come between a simulation and its transaction. */
const GAS_MARGIN = 1.3;
/** What taking the fee costs: a simulation pays none, so its gas lacks this. */
const GAS_FOR_FEE = 30_000;

/** What the chain said no to. Whatever else sending throws may pass, as when a node is away. */
export class ChainRefusal extends Error {
  override readonly name = "ChainRefusal";
}

/** How CosmJS tells that a simulated transaction failed, and not the way to the node. */
const SIMULATION_REFUSED = /^Query failed with \(/;

/** A connection, and the parties that sign over it. */
export class ChainSession {
  readonly comet: Comet38Client;
  readonly chainId: string;
  readonly #options: SessionOptions;
  readonly #queries: QueryClient;

  private constructor(comet: Comet38Client, chainId: string, options: SessionOptions) {
    this.comet = comet;
    this.chainId = chainId;
    this.#options = options;
    this.#queries = QueryClient.withExtensions(comet);
  }

  static async connect(options: SessionOptions): Promise<ChainSession> {
    const comet = await Comet38Client.connect(options.rpcUrl);
    const { nodeInfo } = await comet.status();
    return new ChainSession(comet, nodeInfo.network, options);
  }

  async party({ name, privateKey }: Signer): Promise<Party> {
    const { prefix, gasPrice } = this.#options;
    const wallet = await DirectSecp256k1Wallet.fromKey(privateKey, prefix);
    const [account] = await wallet.getAccounts();
    if (account === undefined) throw new Error(`${name} has no account`);
    const client = SigningStargateClient.createWithSigner(this.comet, wallet, {
      registry: new Registry([...defaultRegistryTypes, ...(nativeTypes() as [string, GeneratedType][])]),
      aminoTypes: new AminoTypes({ ...createDefaultAminoConverters(), ...nativeAminoConverters() }),
      gasPrice: GasPrice.fromString(gasPrice),
      broadcastPollIntervalMs: POLL_MILLISECONDS,
    });
    const amino = await Secp256k1Wallet.fromKey(privateKey, prefix);
    return { name, address: account.address, publicKey: account.pubkey, client, amino };
  }

  /** Sends messages in one transaction and waits for its block. Throws unless it succeeds: ChainRefusal when the chain said no. */
  async send(
    party: Party,
    messages: readonly { readonly typeUrl: string; readonly value: unknown }[],
  ): Promise<Outcome> {
    const gas = await party.client.simulate(party.address, messages, "").catch((error: Error) => {
      throw SIMULATION_REFUSED.test(error.message) ? new ChainRefusal(error.message) : error;
    });
    const fee = this.feeFor(Math.ceil(gas * GAS_MARGIN) + GAS_FOR_FEE);
    const result = await party.client.signAndBroadcast(party.address, messages, fee);
    const { code, height, transactionHash: hash, msgResponses: responses } = result;
    if (code !== 0) throw new ChainRefusal(`${party.name}: code ${code}: ${result.rawLog}`);
    return { height, hash, responses };
  }

  /** The fee for an amount of gas at the session's price. */
  feeFor(gas: number): StdFee {
    return calculateFee(gas, GasPrice.fromString(this.#options.gasPrice));
  }

  /** Sends a message that must fail in its block, unsimulated, since that would fail already. Throws if it succeeds. */
  async sendRefused(
    party: Party,
    message: { readonly typeUrl: string; readonly value: unknown },
    gas: number,
  ): Promise<Refusal> {
    const { code, transactionHash } = await party.client.signAndBroadcast(party.address, [message], this.feeFor(gas));
    if (code === 0) throw new Error(`${message.typeUrl} was accepted and should have been refused`);
    const { result } = await this.comet.tx({ hash: fromHex(transactionHash) });
    return { codespace: result.codespace ?? "", code: result.code, log: result.log ?? "" };
  }

  /** Asks a module's query. Undefined when there is no such thing; throws for any other refusal. */
  async find<Package extends keyof Services & string, Rpc extends keyof QueryService<Package> & string>(
    rpc: `${Package}.Query/${Rpc}`,
    request: MessageInput<`${Package}.Query${Rpc}Request` & MessageName>,
  ): Promise<Messages[`${Package}.Query${Rpc}Response` & MessageName] | undefined> {
    const [service, method] = rpc.split("/") as [string, string];
    const name = service.replace(/Query$/, `Query${method}`);
    const data = encode(`${name}Request` as MessageName, request as never);
    const answer = await this.comet.abciQuery({ path: `/${rpc}`, data });
    if (answer.code === 0) return decode(`${name}Response` as MessageName, answer.value) as never;
    if (answer.log?.includes("NotFound")) return undefined;
    throw new Error(`${rpc}: ${answer.log}`);
  }

  /** As `find`, for what must be there. */
  async query<Package extends keyof Services & string, Rpc extends keyof QueryService<Package> & string>(
    rpc: `${Package}.Query/${Rpc}`,
    request: MessageInput<`${Package}.Query${Rpc}Request` & MessageName>,
  ): Promise<Messages[`${Package}.Query${Rpc}Response` & MessageName]> {
    const answer = await this.find<Package, Rpc>(rpc, request);
    if (answer === undefined) throw new Error(`${rpc}: not found`);
    return answer;
  }

  /** The operator addresses of the bonded validators. */
  async validators(): Promise<readonly string[]> {
    const { staking } = setupStakingExtension(this.#queries);
    const { validators } = await staking.validators("BOND_STATUS_BONDED");
    return validators.map((validator) => validator.operatorAddress);
  }

  /** The time of the latest block, in unix seconds. */
  async blockTime(): Promise<bigint> {
    const { syncInfo } = await this.comet.status();
    return BigInt(Math.floor(syncInfo.latestBlockTime.getTime() / 1000));
  }

  async height(): Promise<number> {
    return (await this.comet.status()).syncInfo.latestBlockHeight;
  }

  /**
   * To be called after seconds of computing without a pause: a node closes connections that lie idle, and the next
   * request would go out on one that is closed already if nobody had time to notice.
   */
  async breathe(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, BREATH_MILLISECONDS));
  }

  disconnect(): void {
    this.comet.disconnect();
  }
}

/** Signs a text that is no transaction, as a wallet's `signArbitrary` does (ADR-036). Gives the 64 bytes. */
export async function signText(
  { address, amino }: Pick<Party, "address" | "amino">,
  text: string,
): Promise<Uint8Array> {
  const document: StdSignDoc = {
    chain_id: "",
    account_number: "0",
    sequence: "0",
    fee: { amount: [], gas: "0" },
    msgs: [{ type: "sign/MsgSignData", value: { signer: address, data: base64(utf8(text)) } }],
    memo: "",
  };
  const { signature } = await amino.signAmino(address, document);
  return fromBase64(signature.signature);
}
