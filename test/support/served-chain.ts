/**
 * A real node of its own, in this process, with a datanet, a model over it and a host, and short windows: what tests of
 * hosts and watchers need. Texts, bodies and indexes lie in a temporary folder. Owns no expectation.
 */
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AnsweredUse, acknowledgement, BatchHost } from "../../attribution/batch-host.ts";
import { BodyFolder } from "../../attribution/body-store.ts";
import { ChainSession, type Party, signText } from "../../attribution/chain-session.ts";
import { Corpus } from "../../attribution/corpus.ts";
import { Library } from "../../attribution/library.ts";
import { termTableOf } from "../../attribution/passage-index.ts";
import { folderTexts, type TextSource } from "../../attribution/record-texts.ts";
import { SpanIndex } from "../../attribution/span-index.ts";
import { type DevAccountName, devAccounts, readDevPreset } from "../../cli/dev/accounts.ts";
import { openDevHome } from "../../cli/dev/home.ts";
import { readJsonFile } from "../../cli/files.ts";
import { writeGenesis } from "../../cli/genesis/genesis-file.ts";
import { homePaths } from "../../cli/home.ts";
import { nativeMessage } from "../../client/registry.ts";
import { type AppGenesis, moduleState, toAppGenesis } from "../../genesis/app-genesis.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { registrationText } from "../../modules/model/registration.ts";
import { nodeConfig } from "../../node/config.ts";
import { BlockStore } from "../../node/data/block-store.ts";
import { sealText } from "../../node/data/content-key.ts";
import { nodePaths, readHome } from "../../node/home.ts";
import { silentLogger } from "../../node/log.ts";
import { type RunningNode, startNode } from "../../node/main.ts";
import type { Clock, Timestamp } from "../../node/ports.ts";
import { decode, encode, type MessageInput } from "../../proto/codec.ts";
import { type JsonValue, toJson } from "../../proto/json.ts";
import type { Messages } from "../../proto/types.gen.ts";

type Fields = { readonly [field: string]: JsonValue };

/** What a test may set of the chain. */
export interface ServedChainOptions {
  /** The records, in their order. */
  readonly texts: readonly { readonly contributor: DevAccountName; readonly text: string | Uint8Array }[];
  readonly windowSeconds: number;
  readonly answerSeconds: number;
  readonly rules: { readonly minTokens: number; readonly maxOccurrences: number };
  /** Gives the chain a table of the records' terms, with so many listed: passages can be scored, and rare words weigh more. */
  readonly listedTerms?: number;
  /** Makes the datanet a private one: its texts are sealed under this key, as blocks of the node's home, which has a peer port. */
  readonly contentKey?: Uint8Array;
}

/** A use that is asked for. */
export interface Asked {
  readonly prompt: string | Uint8Array;
  readonly output: string | Uint8Array;
  readonly proof?: number;
  /** The chain's first model by default. */
  readonly modelId?: bigint;
}

export const PRICE = { denom: "uopen", amount: "1000003" } as const;
const REGISTER = "tributary.model.v1.MsgRegisterModel";
const BLOCK_MS = 100;
const RECORDS_PER_MESSAGE = 48;
const BLOCK_BUDGET = 1 << 26;

/** A clock that stands still until it is set: how slow the machine is does not matter to what has a deadline. */
class StandingClock implements Clock {
  #ms = Date.now();

  now(): Timestamp {
    return { seconds: BigInt(Math.floor(this.#ms / 1000)), nanos: (this.#ms % 1000) * 1_000_000 };
  }

  monotonicMs(): number {
    return performance.now();
  }

  setTo(seconds: bigint): void {
    this.#ms = Math.max(this.#ms, Number(seconds) * 1000);
  }
}

/** The chain with everybody who takes part. Its time passes only while a test waits for one (`until`). */
export class ServedChain {
  readonly folder: string;
  readonly node: RunningNode;
  readonly #clock: StandingClock;
  readonly session: ChainSession;
  readonly parties: { readonly [name in DevAccountName]?: Party };
  readonly library: Library;
  readonly bodies: BodyFolder;
  readonly host: BatchHost;
  readonly modelId = 1n;

  private constructor(
    folder: string,
    node: { readonly running: RunningNode; readonly clock: StandingClock },
    session: ChainSession,
    parties: { readonly [name in DevAccountName]?: Party },
  ) {
    this.folder = folder;
    this.node = node.running;
    this.#clock = node.clock;
    this.session = session;
    this.parties = parties;
    this.library = new Library(join(folder, "index"));
    this.bodies = new BodyFolder(join(folder, "bodies"));
    this.host = new BatchHost(session, this.party("bob"), this.library, this.bodies);
  }

  static async start(options: ServedChainOptions): Promise<ServedChain> {
    const folder = mkdtempSync(join(tmpdir(), "tributary-served-"));
    const home = homePaths(join(folder, "node"));
    const accounts = devAccounts(readDevPreset());
    await openDevHome(home, readDevPreset(), accounts, "served");
    writeGenesis(home.genesis, withRules(toAppGenesis(readJsonFile(home.genesis)), options));
    const config = nodeConfig({
      ...{ rpcAddress: "tcp://127.0.0.1:0", apiEnabled: false, grpcEnabled: false, timeoutCommitMs: BLOCK_MS },
      peerAddress: options.contentKey === undefined ? "" : "tcp://127.0.0.1:0",
    });
    const clock = new StandingClock();
    const start = { ...readHome(home.home), config, clock, version: "0.0.0-test", log: silentLogger() };
    const running = await startNode(start);
    const session = await ChainSession.connect({ rpcUrl: running.rpcUrl, prefix: "trib", gasPrice: "0uopen" });
    const parties = await Promise.all(accounts.map(async (one) => [one.name, await session.party(one)] as const));
    const chain = new ServedChain(folder, { running, clock }, session, Object.fromEntries(parties));
    await chain.#prepare(options);
    return chain;
  }

  party(name: DevAccountName): Party {
    return this.parties[name]!;
  }

  /** The node's home. */
  get home(): string {
    return join(this.folder, "node");
  }

  /** The folder with the texts of all records. */
  get textFolder(): string {
    return join(this.folder, "texts");
  }

  get texts(): TextSource {
    return folderTexts(this.textFolder);
  }

  /** Opens uses; their texts travel off the chain. */
  async open(asked: readonly Asked[]): Promise<readonly AnsweredUse[]> {
    const user = this.party("carol");
    const answered = asked.map(({ prompt, output }) => ({ prompt: bytesOf(prompt), output: bytesOf(output) }));
    const messages = asked.map(({ proof = 0, modelId = this.modelId }, i) =>
      nativeMessage("tributary.attribution.v1.MsgOpenUse", {
        ...{ user: user.address, modelId, proof, maxFee: PRICE },
        promptHash: sha256(answered[i]!.prompt),
      }),
    );
    const { responses } = await this.session.send(user, messages);
    return answered.map((one, i) => {
      const { useId } = decode("tributary.attribution.v1.MsgOpenUseResponse", responses[i]!.value);
      return { ...one, useId, units: 1n };
    });
  }

  /** Opens uses and has them signed for by user and host. */
  async serve(asked: readonly Asked[]): Promise<readonly AnsweredUse[]> {
    const [user, host] = [this.party("carol"), this.party("bob")];
    const answered = await this.open(asked);
    await this.session.send(
      host,
      await Promise.all(answered.map((one) => acknowledgement(this.session, user, host, one))),
    );
    return answered;
  }

  /** Alice registers a model that bob serves. Gives its number. */
  async register(name: string, made: Pick<MessageInput<typeof REGISTER>, "lineage" | "baseModelId">): Promise<bigint> {
    const { session } = this;
    const owner = this.party("alice");
    const weightsHash = sha256(bytesOf(`weights of ${name}`));
    const registration = {
      ...{ owner: owner.address, name, weightsHash, pubKey: owner.publicKey, ...made },
      ...{ host: this.party("bob").address, price: PRICE },
      signature: await signText(owner, registrationText(session.chainId, name, weightsHash)),
    };
    const { responses } = await session.send(owner, [nativeMessage(REGISTER, registration)]);
    return decode("tributary.model.v1.MsgRegisterModelResponse", responses[0]!.value).modelId;
  }

  /** Another datanet, of somebody's own, with these records, whose challenge windows are over. Gives its number. */
  async publish(name: DevAccountName, texts: readonly string[], title: string = name): Promise<bigint> {
    const { session } = this;
    const member = this.party(name);
    const terms = { owner: member.address, name: `${title}-texts`, licence: "MIT", terms: "", admission: 1 };
    const { responses } = await session.send(member, [nativeMessage("tributary.datanet.v1.MsgCreateDatanet", terms)]);
    const { datanetId } = decode("tributary.datanet.v1.MsgCreateDatanetResponse", responses[0]!.value);
    const records = texts.map((text, i) => {
      writeFileSync(join(this.textFolder, `${title}-${i}.txt`), text);
      return recordInputOf(bytesOf(text), { name: `${i}`, licence: "", class: "" });
    });
    const contribution = { contributor: member.address, datanetId, records };
    await session.send(member, [nativeMessage("tributary.datanet.v1.MsgContribute", contribution)]);
    await this.#untilFinal(datanetId, BigInt(texts.length));
    return datanetId;
  }

  async batch(batchId: bigint): Promise<Messages["tributary.attribution.v1.Batch"]> {
    return (await this.session.query("tributary.attribution.v1.Query/Batch", { batchId })).batch;
  }

  /** Spendable uopen. */
  async balance(name: DevAccountName): Promise<bigint> {
    const { client, address } = this.party(name);
    return BigInt((await client.getBalance(address, "uopen")).amount);
  }

  /** Lets a time of the chain come. */
  async until(seconds: bigint): Promise<void> {
    this.#clock.setTo(seconds);
    while ((await this.session.blockTime()) < seconds) await new Promise((resolve) => setTimeout(resolve, BLOCK_MS));
  }

  async stop(): Promise<void> {
    this.session.disconnect();
    await this.node.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lets the challenge windows of a datanet's records up to one end. */
  async #untilFinal(datanetId: bigint, number: bigint): Promise<void> {
    const { record } = await this.session.query("tributary.datanet.v1.Query/Record", { datanetId, number });
    await this.until(record.finalAt + 1n);
  }

  async #prepare({ texts, contentKey }: ServedChainOptions): Promise<void> {
    const { session } = this;
    const owner = this.party("alice");
    mkdirSync(this.textFolder);
    const isPrivate = contentKey !== undefined;
    const terms = { name: "words", licence: "MIT", terms: "", admission: 1, isPrivate };
    await session.send(owner, [
      nativeMessage("tributary.datanet.v1.MsgCreateDatanet", { owner: owner.address, ...terms }),
      ...(isPrivate
        ? [nativeMessage("tributary.datanet.v1.MsgRotateKey", { owner: owner.address, datanetId: 1n })]
        : []),
    ]);
    const store = await BlockStore.open({ folder: nodePaths(this.home).blocks, budgetBytes: BLOCK_BUDGET });
    for (const [i, { text }] of texts.entries()) writeFileSync(join(this.textFolder, `${i + 1}.txt`), bytesOf(text));
    for (const contributor of new Set(texts.map((one) => one.contributor))) {
      const member = this.party(contributor);
      const join = nativeMessage("tributary.datanet.v1.MsgJoin", { member: member.address, datanetId: 1n });
      await session.send(member, [join]);
    }
    for (let from = 0; from < texts.length; ) {
      const { contributor } = texts[from]!;
      let end = from + 1;
      while (end < texts.length && end - from < RECORDS_PER_MESSAGE && texts[end]!.contributor === contributor) end++;
      const member = this.party(contributor);
      // Without a fingerprint, so that there may be copies: the chain cannot see that they are.
      const records = texts.slice(from, end).map(({ text }, i) => {
        const labels = { name: `${from + i + 1}.txt`, licence: "", class: "" };
        return { ...recordInputOf(bytesOf(text), labels), fingerprint: new Uint8Array(0) };
      });
      if (contentKey !== undefined) {
        const place = { chainId: session.chainId, datanetId: 1n, keyVersion: 1 };
        for (const [i, record] of records.entries()) {
          const block = sealText(bytesOf(texts[from + i]!.text), contentKey, place);
          records[i] = { ...record, contentHash: await store.put(block, "pinned") };
        }
      }
      const contribution = { contributor: member.address, datanetId: 1n, records };
      await session.send(member, [nativeMessage("tributary.datanet.v1.MsgContribute", contribution)]);
      from = end;
    }
    await this.register("parrot", { lineage: [{ datanetId: 1n, recordCount: BigInt(texts.length) }] });
    // The host's key is on the chain once it has signed something, and records can be cited when their windows are over.
    const host = this.party("bob");
    await session.send(host, [nativeMessage("tributary.datanet.v1.MsgJoin", { member: host.address, datanetId: 1n })]);
    await this.#untilFinal(1n, BigInt(texts.length));
    await this.library.follow(session, 1n, this.texts);
  }
}

/** The chain's tables of terms as genesis has them: one, or none. */
function tablesOf({ texts, listedTerms }: ServedChainOptions): JsonValue[] {
  if (listedTerms === undefined) return [];
  const records = texts.map(({ text }, i) => ({ datanetId: 1n, number: BigInt(i + 1), text: bytesOf(text) }));
  const index = new SpanIndex(Corpus.of(records));
  const segment = { datanetId: 1n, firstNumber: 1n, lastNumber: BigInt(texts.length), load: () => index };
  const table = { ...termTableOf([segment], listedTerms), id: 1n, creator: "" };
  return [toJson(TABLE, decode(TABLE, encode(TABLE, table)))];
}

const TABLE = "tributary.attribution.v1.TermTable";

function withRules(genesis: AppGenesis, options: ServedChainOptions): AppGenesis {
  const { windowSeconds, answerSeconds } = options;
  const tables = tablesOf(options);
  const rules = {
    ...{ min_tokens: options.rules.minTokens, max_occurrences: options.rules.maxOccurrences },
    table_id: `${tables.length}`,
  };
  const attribution = moduleState(genesis, "attribution");
  const params = attribution.params as Fields;
  // No batch is audited by lot: a test that wants an audit demands a share itself. Hosts settle inline without a bond.
  const seconds = { window_seconds: windowSeconds, answer_seconds: answerSeconds };
  const game = { ...seconds, audit_ppm: 0, inline_bond_multiple: 0 };
  const changed = {
    ...params,
    game: { ...(params.game as Fields), ...game },
    rules: { ...(params.rules as Fields), ...rules },
  };
  const datanet = moduleState(genesis, "datanet");
  const soon = { ...(datanet.params as Fields), challenge_seconds: "1", reveal_seconds: "1" };
  return {
    ...genesis,
    app_state: {
      ...genesis.app_state,
      attribution: { ...attribution, params: changed, tables },
      datanet: { ...datanet, params: soon },
    },
  };
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? new TextEncoder().encode(text) : text;
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}
