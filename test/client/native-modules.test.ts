/**
 * The four modules of the chain's own as other programs meet them: a message of each by CosmJS, and the same query of each
 * by CosmJS with the typed extension, REST, gRPC and the command line, which must all say the same.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { stringToPath } from "@cosmjs/crypto";
import { type GeneratedType, Registry } from "@cosmjs/proto-signing";
import {
  AminoTypes,
  type BankExtension,
  createDefaultAminoConverters,
  defaultRegistryTypes,
  QueryClient,
  SigningStargateClient,
  setupBankExtension,
} from "@cosmjs/stargate";
import { connectComet } from "@cosmjs/tendermint-rpc";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signText } from "../../attribution/chain-session.ts";
import { type NativeExtension, setupNativeExtension } from "../../client/queries.ts";
import { nativeAminoConverters, nativeMessage, nativeTypes } from "../../client/registry.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { registrationText } from "../../modules/model/registration.ts";
import type { RunningNode } from "../../node/main.ts";
import { encode, type MessageName } from "../../proto/codec.ts";
import { toJson } from "../../proto/json.ts";
import { read } from "../architecture/tree.ts";
import { run } from "../cli/harness.ts";
import { type ChainHome, chainHome, mnemonic, wallet } from "../e2e/chain-home.ts";
import { startIn } from "../e2e/nodes.ts";

const PRICE = { denom: "uopen", amount: "1000" };
const fee = { amount: [], gas: "2000000" };
let home: ChainHome;
let node: RunningNode;
let client: SigningStargateClient;
let queries: QueryClient & BankExtension & NativeExtension;
let alice = "";

beforeAll(async () => {
  home = await chainHome({ peerAddress: "" });
  node = await startIn(home);
  alice = home.addresses[0]!;
  client = await SigningStargateClient.connectWithSigner(node.rpcUrl, await wallet(), {
    registry: new Registry([...defaultRegistryTypes, ...(nativeTypes() as [string, GeneratedType][])]),
    aminoTypes: new AminoTypes({ ...createDefaultAminoConverters(), ...nativeAminoConverters() }),
    broadcastPollIntervalMs: 50,
  });
  queries = QueryClient.withExtensions(await connectComet(node.rpcUrl), setupBankExtension, setupNativeExtension);
});

afterAll(async () => {
  client?.disconnect();
  await node?.stop();
  home?.remove();
});

async function send(...messages: ReturnType<typeof nativeMessage>[]): Promise<void> {
  const { code, rawLog } = await client.signAndBroadcast(alice, messages, fee);
  expect([code, rawLog]).toEqual([0, ""]);
}

/** The answer to a request over gRPC, without the five bytes before it. */
function grpc(path: string, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${node.grpcTarget}`);
    const head = Buffer.alloc(5);
    head.writeUInt32BE(request.length, 1);
    const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
    const stream = session.request(headers);
    const body: Buffer[] = [];
    stream.on("data", (piece: Buffer) => body.push(piece));
    stream.on("error", reject);
    stream.on("close", () => {
      session.close();
      resolve(new Uint8Array(Buffer.concat(body).subarray(5)));
    });
    stream.end(Buffer.concat([head, request]));
  });
}

/** Expects what CosmJS was told to be what gRPC, REST and the command line tell. */
async function expectEverywhere<Request extends MessageName, Response extends MessageName>(
  told: object,
  names: readonly [rpc: string, request: Request, response: Response],
  request: Parameters<typeof encode<Request>>[1],
  route: string,
  words: readonly string[],
): Promise<void> {
  const [rpc, requestName, responseName] = names;
  const bytes = await grpc(`/${rpc}`, encode(requestName, request));
  expect(Buffer.from(bytes).toString("hex")).toBe(Buffer.from(encode(responseName, told as never)).toString("hex"));
  const json = toJson(responseName, told as never);
  const rest = await fetch(`${node.restUrl}${route}`);
  expect([rest.status, await rest.json()]).toEqual([200, json]);
  const place = ["--node", node.rpcUrl.replace("http", "tcp"), "--home", home.path, "-o", "json"];
  const printed = await run(["query", ...words, ...place]);
  expect([printed.stderr, printed.code]).toEqual(["", 0]);
  expect(JSON.parse(printed.stdout)).toEqual(json);
}

describe("a program with CosmJS", () => {
  test("opens a datanet and reads it", async () => {
    const terms = { name: "first", licence: "MIT", admission: 1, accessPrice: PRICE };
    const units = { buyer: alice, datanetId: 1n, units: "500", maxPrice: { denom: "uopen", amount: "500000" } };
    await send(nativeMessage("tributary.datanet.v1.MsgCreateDatanet", { owner: alice, ...terms }));
    const records = [
      recordInputOf(new TextEncoder().encode("a text of its own"), { name: "", licence: "", class: "" }),
    ];
    const text = { contributor: alice, datanetId: 1n, records };
    await send(
      nativeMessage("tributary.datanet.v1.MsgContribute", text),
      nativeMessage("tributary.datanet.v1.MsgBuyDataTokens", units),
    );
    const told = await queries.datanet.datanet({ datanetId: 1n });
    expect(told.datanet).toMatchObject({ id: 1n, name: "first", owner: alice, accessPrice: PRICE });
    const names = [
      "tributary.datanet.v1.Query/Datanet",
      "tributary.datanet.v1.QueryDatanetRequest",
      "tributary.datanet.v1.QueryDatanetResponse",
    ] as const;
    await expectEverywhere(told, names, { datanetId: 1n }, "/tributary/datanet/v1/datanets/1", [
      "datanet",
      "datanet",
      "1",
    ]);
  });

  test("registers a model and reads it", async () => {
    const amino = await Secp256k1HdWallet.fromMnemonic(mnemonic, {
      prefix: "trib",
      hdPaths: [stringToPath("m/44'/118'/0'/0/0")],
    });
    const [account] = await amino.getAccounts();
    const weightsHash = new Uint8Array(32).fill(9);
    const text = registrationText(home.chainId, "model", weightsHash);
    const signature = await signText({ address: alice, amino } as never, text);
    const registration = {
      owner: alice,
      name: "model",
      weightsHash,
      lineage: [{ datanetId: 1n, recordCount: 1n }],
      host: alice,
      price: PRICE,
    };
    const signed = { ...registration, pubKey: account!.pubkey, signature };
    await send(nativeMessage("tributary.model.v1.MsgRegisterModel", signed));
    const told = await queries.model.model({ modelId: 1n });
    expect(told.model).toMatchObject({ id: 1n, name: "model", owner: alice, weightsHash });
    const names = [
      "tributary.model.v1.Query/Model",
      "tributary.model.v1.QueryModelRequest",
      "tributary.model.v1.QueryModelResponse",
    ] as const;
    await expectEverywhere(told, names, { modelId: 1n }, "/tributary/model/v1/models/1", ["model", "model", "1"]);
  });

  test("opens a paid use and reads it", async () => {
    const use = { user: alice, modelId: 1n, promptHash: new Uint8Array(32).fill(3), maxFee: PRICE };
    await send(nativeMessage("tributary.attribution.v1.MsgOpenUse", use));
    const told = await queries.attribution.use({ useId: 1n });
    expect(told.use).toMatchObject({ id: 1n, user: alice, fee: PRICE });
    const names = [
      "tributary.attribution.v1.Query/Use",
      "tributary.attribution.v1.QueryUseRequest",
      "tributary.attribution.v1.QueryUseResponse",
    ] as const;
    await expectEverywhere(told, names, { useId: 1n }, "/tributary/attribution/v1/uses/1", ["attribution", "use", "1"]);
  });

  test("opens a pool and reads it", async () => {
    const coins = { coinA: { denom: "uopen", amount: "1000000" }, coinB: { denom: "data/1", amount: "400" } };
    await send(nativeMessage("tributary.tokenpool.v1.MsgCreatePool", { creator: alice, ...coins }));
    const told = await queries.tokenpool.pool({ poolId: 1n });
    expect(told.pool).toMatchObject({ id: 1n, denom0: "data/1", denom1: "uopen" });
    expect((await queries.bank.balance(alice, "data/1")).amount).toBe("100");
    const names = [
      "tributary.tokenpool.v1.Query/Pool",
      "tributary.tokenpool.v1.QueryPoolRequest",
      "tributary.tokenpool.v1.QueryPoolResponse",
    ] as const;
    await expectEverywhere(told, names, { poolId: 1n }, "/tributary/tokenpool/v1/pools/1", ["tokenpool", "pool", "1"]);
  });

  test("is told of what there is not by an error, and reads earlier states by their heights", async () => {
    await expect(queries.datanet.datanet({ datanetId: 99n })).rejects.toThrow(/NotFound/);
    await expect(queries.datanet.datanet({ datanetId: 1n }, 1)).rejects.toThrow(/NotFound/);
    expect(await queries.datanet.datanets({})).toMatchObject({ datanets: [{ id: 1n }] });
  });
});

test("the example for CosmJS in docs/clients.md runs as it stands", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-clients-"));
  try {
    symlinkSync(fileURLToPath(new URL("../../node_modules", import.meta.url)), join(folder, "node_modules"));
    const [, block = ""] = /## CosmJS\n[\s\S]*?\n((?: {4}.*\n|\n(?= {4}))+)/.exec(read("docs/clients.md")) ?? [];
    const sources = fileURLToPath(new URL("../../client/", import.meta.url));
    const example = block.replaceAll(/^ {4}/gm, "").replaceAll('"./client/', `"${sources}`);
    // What the page takes as given: a node, a wallet and an account of it.
    const given = `import { stringToPath } from "@cosmjs/crypto";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
const hdPaths = [stringToPath("m/44'/118'/0'/0/1")];
const wallet = await DirectSecp256k1HdWallet.fromMnemonic("${mnemonic}", { prefix: "trib", hdPaths });
const [rpcUrl, address, fee] = ["${node.rpcUrl}", "${home.addresses[1]}", { amount: [], gas: "200000" }];
`;
    const told = `
const { members } = await queries.datanet.members({ datanetId: 1n });
console.log(JSON.stringify([record.contributor, members.map((member) => member.address)]));
process.exit();
`;
    writeFileSync(join(folder, "example.ts"), given + example + told);
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "example.ts")]);
    const [contributor, members] = JSON.parse(stdout) as [string, string[]];
    expect(contributor).toBe(alice);
    expect(members.toSorted()).toEqual([alice, home.addresses[1]].toSorted());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);

test("a shell sends a message of each module, and is refused in plain words", async () => {
  const place = ["--node", node.rpcUrl.replace("http", "tcp"), "--home", home.path, "--keyring-backend", "test"];
  const key = await run(["keys", "add", "alice", "--recover", ...place.slice(2)], { input: `${mnemonic}\n` });
  expect(key.code, key.stderr).toBe(0);
  const words = ["--from", "alice", "--chain-id", home.chainId, "--yes", "-o", "json", "--gas", "2000000", ...place];
  const sent = [
    ["datanet", "spend-data-tokens", "1", "1"],
    ["attribution", "cancel-use", "1"],
    ["tokenpool", "swap-exact-in", "1", "10000uopen", "1data/1", "--deadline", "4102444800"],
    ["model", "update-hosting", "1", "alice", "2000uopen"],
  ];
  for (const command of sent) {
    const dry = await run(["tx", ...command, ...words, "--broadcast-mode", "sync"]);
    expect([command, dry.code, dry.stderr]).toEqual([command, 0, expect.any(String)]);
    const { txhash } = JSON.parse(dry.stdout) as { txhash: string };
    const found = await run(["query", "wait-tx", txhash, "-o", "json", ...place.slice(0, 4)]);
    expect([command, found.code, found.stderr]).toEqual([command, 0, ""]);
    expect([command, (JSON.parse(found.stdout) as { code: number; raw_log: string }).code]).toEqual([command, 0]);
  }
  const wrong = await run(["tx", "datanet", "join", "seven", ...words]);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/"seven" is not a whole number/)]);
});
