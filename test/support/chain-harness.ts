// A chain in memory for tests of modules: a genesis with funded accounts, one block after another, signed transactions,
// queries as clients send them. Owns no expected bytes: signatures are made with noble and our own codec, so what it
// signs is no evidence about signing; test/chain/app signs with CosmJS.
//
//   const chain = ChainHarness.start({ balances: { alice: "1000000uopen", bob: "5uopen" } });
//   const result = chain.run("alice", ["cosmos.bank.v1beta1.MsgSend", { fromAddress: chain.address("alice"), ... }]);
//   expect(result.code).toBe(0);

import { createHash } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import {
  type ApplicationModules,
  type ApplicationOptions,
  type ChainApplication,
  createApplication,
} from "../../chain/app/application.ts";
import type { NodeQuery } from "../../chain/app/ports.ts";
import { AddressCodec } from "../../chain/types/address.ts";
import { coinsToMessages, parseCoins } from "../../chain/types/coin.ts";
import type { Verifier } from "../../chain/types/crypto.ts";
import type { Hasher } from "../../chain/types/hash.ts";
import { secp256k1Address } from "../../chain/types/public-key.ts";
import { addNanoseconds, type Timestamp } from "../../chain/types/time.ts";
import { createModules } from "../../modules/app.ts";
import { nodeHasher, nodeVerifier } from "../../node/crypto.ts";
import { hex, utf8 } from "../../proto/bytes.ts";
import { decode, encode, type MessageInput, packAny } from "../../proto/codec.ts";
import type { JsonValue } from "../../proto/json.ts";
import type { JsonSlice } from "../../proto/json-text.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";

/** What a transaction may carry: the requests of Msg services, not everything there is. */
type SentName = Exclude<Extract<MessageName, `${string}.Msg${string}`>, `${string}Response`>;

/** A message by name, with the value to encode. */
export type MessageToSend = { [Name in SentName]: readonly [Name, MessageInput<Name>] }[SentName];

/** How a transaction is made; everything has a default. */
export interface TxOptions {
  readonly gas?: bigint;
  /** For example "200uopen"; none by default. */
  readonly fee?: string;
  readonly memo?: string;
  readonly timeoutHeight?: bigint;
  /** Makes it unordered: when it ends. Its sequence is then 0 unless one is given. */
  readonly unorderedUntil?: Timestamp;
  readonly sequence?: bigint;
  readonly accountNumber?: bigint;
  readonly chainId?: string;
  readonly feePayer?: string;
  readonly feeGranter?: string;
  /** Who signs besides the first account, in the order of the messages' signers. */
  readonly otherSigners?: readonly string[];
}

/** What the chain begins with. */
export interface HarnessOptions {
  /** Coins of each named account; their keys follow from their names. */
  readonly balances?: { readonly [account: string]: string };
  readonly prefix?: string;
  readonly chainId?: string;
  readonly initialHeight?: bigint;
  /** Parts of the genesis by module; those of auth and bank are laid over what `balances` makes. */
  readonly appState?: { readonly [module: string]: JsonValue };
  /** Instead of everything that `balances` and `appState` would make. */
  readonly wholeAppState?: JsonValue;
  /** The same, where it lies. */
  readonly appStateText?: JsonSlice;
  /** A disk that is not empty. */
  readonly records?: MemoryRecords;
  readonly maxGas?: bigint;
  readonly maxBytes?: bigint;
  /** How many blocks back evidence may reach. */
  readonly evidenceAge?: bigint;
  readonly application?: Partial<ApplicationOptions>;
  readonly modules?: ApplicationModules;
  readonly nodeQueries?: readonly NodeQuery[];
  readonly verifier?: Verifier;
  /** Signatures that this verifier takes; by default secp256k1's. */
  readonly signature?: (account: HarnessAccount, message: Uint8Array) => Uint8Array;
  readonly hasher?: Hasher;
  readonly validators?: readonly Messages["tendermint.abci.ValidatorUpdate"][];
  readonly time?: Timestamp;
  /** By default a bug stops the test where it happens. */
  readonly report?: (error: unknown, where: string) => void;
}

/** A named account of the harness. */
export interface HarnessAccount {
  readonly name: string;
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly bytes: Uint8Array;
}

/** The records a node would keep in LevelDB, in a map. */
export class MemoryRecords {
  readonly records = new Map<string, Uint8Array>();

  get(key: Uint8Array): Uint8Array | undefined {
    return this.records.get(hex(key));
  }

  write(writes: readonly { readonly key: Uint8Array; readonly value: Uint8Array | undefined }[]): void {
    for (const { key, value } of writes) {
      if (value === undefined) this.records.delete(hex(key));
      else this.records.set(hex(key), value.slice());
    }
  }
}

const accounts = new Map<string, HarnessAccount>();

/** The account that belongs to a name: the key is the SHA-256 of it. */
export function accountOf(name: string): HarnessAccount {
  const known = accounts.get(name);
  if (known !== undefined) return known;
  const privateKey = new Uint8Array(createHash("sha256").update(`tributary test account ${name}`).digest());
  const publicKey = secp256k1.getPublicKey(privateKey, true);
  const account = { name, privateKey, publicKey, bytes: secp256k1Address(publicKey) };
  accounts.set(name, account);
  return account;
}

/** Node's own cryptography: the results are noble's (test/architecture compares two instances), in a fraction of the time. */
const native = { verifier: nodeVerifier(), hasher: nodeHasher() };

const BLOCK_NANOSECONDS = 5_000_000_000n;
const GENESIS_TIME: Timestamp = { seconds: 1_700_000_000n, nanos: 0 };
const DEFAULT_GAS = 500_000n;

/** Nothing is minted unless a test says otherwise: most tests count every coin there is. */
export const NO_INFLATION: JsonValue = {
  minter: { inflation: "0.000000000000000000", annual_provisions: "0.000000000000000000" },
  params: {
    mint_denom: "uopen",
    inflation_rate_change: "0.000000000000000000",
    inflation_max: "0.000000000000000000",
    inflation_min: "0.000000000000000000",
    goal_bonded: "0.670000000000000000",
    blocks_per_year: "6311520",
  },
};

/** Consensus parameters as `init` writes them, with the limits a test asks for. */
export function consensusParams(
  limits: { readonly maxGas?: bigint; readonly maxBytes?: bigint; readonly evidenceAge?: bigint } = {},
) {
  return decode(
    "tendermint.types.ConsensusParams",
    encode("tendermint.types.ConsensusParams", {
      block: { maxBytes: limits.maxBytes ?? 22_020_096n, maxGas: limits.maxGas ?? -1n },
      evidence: {
        maxAgeNumBlocks: limits.evidenceAge ?? 100_000n,
        maxAgeDuration: { seconds: 172_800n, nanos: 0 },
        maxBytes: 1_048_576n,
      },
      validator: { pubKeyTypes: ["ed25519"] },
      version: { app: 0n },
      abci: { voteExtensionsEnableHeight: 0n },
    }),
  );
}

export class ChainHarness {
  readonly chainId: string;
  readonly records: MemoryRecords;
  readonly addresses: AddressCodec;
  application: ChainApplication;
  readonly notices: readonly string[];
  readonly genesisValidators: readonly Messages["tendermint.abci.ValidatorUpdate"][];
  height: bigint;
  time: Timestamp;
  appHash: Uint8Array = new Uint8Array();
  /** The lowest block that the last commit asked to keep; 0 for all. */
  retainHeight = 0n;
  /** FinalizeBlock's answer for the last block. */
  lastBlock: Messages["tendermint.abci.ResponseFinalizeBlock"] | undefined;
  readonly #options: HarnessOptions;

  private constructor(options: HarnessOptions) {
    this.#options = options;
    this.records = options.records ?? new MemoryRecords();
    this.chainId = options.chainId ?? "tributary-test";
    this.addresses = new AddressCodec(options.prefix ?? "trib");
    this.time = options.time ?? GENESIS_TIME;
    this.application = this.#load();
    const initialHeight = options.initialHeight ?? 1n;
    const { appStateText } = options;
    const request = {
      time: this.time,
      chainId: this.chainId,
      consensusParams: consensusParams(options),
      validators: options.validators ?? [],
      appStateBytes:
        appStateText === undefined ? utf8(JSON.stringify(options.wholeAppState ?? this.#appState())) : new Uint8Array(),
      initialHeight,
    };
    const { notices, validators } = this.application.initChain(request, appStateText);
    this.notices = notices;
    this.genesisValidators = validators;
    this.height = initialHeight - 1n;
  }

  /** What this chain was begun with, so that another can be begun alike. */
  get options(): HarnessOptions {
    return this.#options;
  }

  /** A chain with its genesis and one empty block, so that accounts can be queried. */
  static start(options: HarnessOptions = {}): ChainHarness {
    const chain = new ChainHarness(options);
    chain.block([]);
    return chain;
  }

  /** A chain with its genesis only. */
  static genesis(options: HarnessOptions = {}): ChainHarness {
    return new ChainHarness(options);
  }

  /** The text address of a named account. */
  address(name: string): string {
    return this.addresses.account(accountOf(name).bytes);
  }

  /** Runs one block with these transactions and commits it. Gives the results in their order. */
  block(
    txs: readonly Uint8Array[],
    options: { readonly nanoseconds?: bigint; readonly facts?: ReadonlySet<string> } & Partial<
      Pick<Messages["tendermint.abci.RequestFinalizeBlock"], "proposerAddress" | "decidedLastCommit" | "misbehavior">
    > = {},
  ): readonly Messages["tendermint.abci.ExecTxResult"][] {
    this.time = addNanoseconds(this.time, options.nanoseconds ?? BLOCK_NANOSECONDS);
    const response = this.application.finalizeBlock(
      {
        txs,
        decidedLastCommit: options.decidedLastCommit ?? { round: 0, votes: [] },
        misbehavior: options.misbehavior ?? [],
        hash: new Uint8Array(createHash("sha256").update(this.height.toString()).digest()),
        height: this.height + 1n,
        time: this.time,
        nextValidatorsHash: new Uint8Array(32),
        proposerAddress: options.proposerAddress ?? new Uint8Array(20),
      },
      options.facts,
    );
    const { writes, before = [], retainHeight } = this.application.commit();
    this.records.write([...before]);
    this.records.write(writes);
    this.retainHeight = retainHeight;
    this.height += 1n;
    this.appHash = response.appHash;
    this.lastBlock = response;
    return response.txResults;
  }

  /** Signs the messages as `from`, runs them in a block of their own, and gives the result. */
  run(
    from: string,
    messages: MessageToSend | readonly MessageToSend[],
    options: TxOptions = {},
  ): Messages["tendermint.abci.ExecTxResult"] {
    const [result] = this.block([this.sign(from, messages, options)]);
    if (result === undefined) throw new Error("the block has no result");
    return result;
  }

  /** As `run`, but a failure throws its log. */
  runOk(
    from: string,
    messages: MessageToSend | readonly MessageToSend[],
    options: TxOptions = {},
  ): Messages["tendermint.abci.ExecTxResult"] {
    const result = this.run(from, messages, options);
    if (result.code !== 0) throw new Error(`${result.codespace}/${result.code}: ${result.log}`);
    return result;
  }

  /** The bytes of a transaction signed in SIGN_MODE_DIRECT with the account's number and sequence of the last commit. */
  sign(from: string, messages: MessageToSend | readonly MessageToSend[], options: TxOptions = {}): Uint8Array {
    const list = (typeof messages[0] === "string" ? [messages] : messages) as readonly MessageToSend[];
    const signers = [from, ...(options.otherSigners ?? [])].map((name, index) => ({
      ...accountOf(name),
      ...this.#signerState(name, index === 0 ? options : {}),
      ...(options.unorderedUntil === undefined ? {} : { sequence: (index === 0 ? options.sequence : undefined) ?? 0n }),
    }));
    const bodyBytes = encode("cosmos.tx.v1beta1.TxBody", {
      messages: list.map(([name, value]) => packAny(name, value as never)),
      memo: options.memo ?? "",
      timeoutHeight: options.timeoutHeight ?? 0n,
      unordered: options.unorderedUntil !== undefined,
      timeoutTimestamp: options.unorderedUntil,
    });
    const authInfoBytes = encode("cosmos.tx.v1beta1.AuthInfo", {
      signerInfos: signers.map(({ publicKey, sequence }) => ({
        publicKey: packAny("cosmos.crypto.secp256k1.PubKey", { key: publicKey }),
        modeInfo: { single: { mode: 1 } },
        sequence,
      })),
      fee: {
        amount: coinsToMessages(parseCoins(options.fee ?? "")),
        gasLimit: options.gas ?? DEFAULT_GAS,
        payer: options.feePayer ?? "",
        granter: options.feeGranter ?? "",
      },
    });
    const chainId = options.chainId ?? this.chainId;
    const signature =
      this.#options.signature ?? (({ privateKey }, message: Uint8Array) => secp256k1.sign(message, privateKey));
    const signatures = signers.map((signer) => {
      const { accountNumber } = signer;
      return signature(
        signer,
        encode("cosmos.tx.v1beta1.SignDoc", { bodyBytes, authInfoBytes, chainId, accountNumber }),
      );
    });
    return encode("cosmos.tx.v1beta1.TxRaw", { bodyBytes, authInfoBytes, signatures });
  }

  /** Asks a module's query as `abci_query` does and decodes the answer. Throws the log of a refusal. */
  query<Request extends MessageName, Response extends MessageName>(
    path: string,
    request: readonly [Request, MessageInput<Request>],
    response: Response,
    height = 0n,
  ): Messages[Response] {
    const answer = this.abciQuery(path, encode(request[0], request[1]), height);
    if (answer.code !== 0) throw new Error(`${answer.codespace}/${answer.code}: ${answer.log}`);
    return decode(response, answer.value);
  }

  /** ABCI Query itself. */
  abciQuery(path: string, data: Uint8Array, height = 0n, prove = false): Messages["tendermint.abci.ResponseQuery"] {
    return this.application.query({ path, data, height, prove });
  }

  /** CheckTx of a new transaction. */
  check(tx: Uint8Array, type = 0): Messages["tendermint.abci.ResponseCheckTx"] {
    return this.application.checkTx({ tx, type });
  }

  /** How much a named account (or any address text) holds. */
  balance(account: string, denom: string, height = 0n): bigint {
    const address = account.startsWith(`${this.addresses.prefix}1`) ? account : this.address(account);
    const { balance } = this.query(
      "/cosmos.bank.v1beta1.Query/Balance",
      ["cosmos.bank.v1beta1.QueryBalanceRequest", { address, denom }],
      "cosmos.bank.v1beta1.QueryBalanceResponse",
      height,
    );
    return BigInt(balance?.amount ?? "0");
  }

  /** Throws when an invariant of any module does not hold over the last commit. */
  checkInvariants(): void {
    const broken = this.application.brokenInvariants();
    if (broken.length > 0) throw new Error(broken.join("\n"));
  }

  /** Forgets everything but the records, as a restart does, and loads the application again, or another program's. */
  restart(modules?: ApplicationModules): void {
    this.application = this.#load(modules);
  }

  #load(otherModules?: ApplicationModules): ChainApplication {
    const options = this.#options;
    const verifier = options.verifier ?? native.verifier;
    const hasher = options.hasher ?? native.hasher;
    return createApplication(
      { version: "0.0.0-test", keepRecent: 100, ...options.application },
      {
        modules: otherModules ?? options.modules ?? createModules({ verifier, hasher }),
        records: this.records,
        hasher,
        verifier,
        nodeQueries: options.nodeQueries ?? [],
        report:
          options.report ??
          ((error) => {
            throw error;
          }),
      },
    );
  }

  #signerState(name: string, options: TxOptions): { accountNumber: bigint; sequence: bigint } {
    const { accountNumber, sequence } = options;
    if (accountNumber !== undefined && sequence !== undefined) return { accountNumber, sequence };
    const { info } = this.query(
      "/cosmos.auth.v1beta1.Query/AccountInfo",
      ["cosmos.auth.v1beta1.QueryAccountInfoRequest", { address: this.address(name) }],
      "cosmos.auth.v1beta1.QueryAccountInfoResponse",
    );
    return {
      accountNumber: accountNumber ?? info?.accountNumber ?? 0n,
      sequence: sequence ?? info?.sequence ?? 0n,
    };
  }

  #appState(): { readonly [module: string]: JsonValue } {
    const names = Object.keys(this.#options.balances ?? {});
    const accounts = names.map((name, index) => ({
      "@type": "/cosmos.auth.v1beta1.BaseAccount",
      address: this.address(name),
      pub_key: null,
      account_number: index.toString(),
      sequence: "0",
    }));
    const balances = names.map((name) => ({
      address: this.address(name),
      coins: coinsToMessages(parseCoins(this.#options.balances?.[name] ?? "")),
    }));
    const auth = {
      params: {
        max_memo_characters: "256",
        tx_sig_limit: "7",
        tx_size_cost_per_byte: "10",
        sig_verify_cost_ed25519: "590",
        sig_verify_cost_secp256k1: "1000",
      },
      accounts,
    };
    const bank = {
      params: { send_enabled: [], default_send_enabled: true },
      balances,
      supply: [],
      denom_metadata: [],
      send_enabled: [],
    };
    const given = this.#options.appState ?? {};
    return {
      mint: NO_INFLATION,
      ...given,
      auth: { ...auth, ...(given.auth as object | undefined) },
      bank: { ...bank, ...(given.bank as object | undefined) },
    } as unknown as { readonly [module: string]: JsonValue };
  }
}
