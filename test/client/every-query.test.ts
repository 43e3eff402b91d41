/**
 * Every query of the chain's own modules, asked of a chain with a long random life behind it by CosmJS with the typed
 * extension, over REST, over gRPC and by the command line: all must say the same, of what there is and of what there is not.
 */
import { createServer, type Server } from "node:http";
import { type ClientHttp2Session, connect } from "node:http2";
import type { AddressInfo } from "node:net";
import { QueryClient } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import { Command } from "commander";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { flagName } from "../../cli/derive/fields.ts";
import { commandModules, hintOf } from "../../cli/derive/modules.ts";
import { kebabCase } from "../../cli/derive/names.ts";
import { addModuleQueryCommands, positionalFields } from "../../cli/derive/query-commands.ts";
import { setupNativeExtension } from "../../client/queries.ts";
import { type GrpcServer, startGrpc } from "../../node/grpc/server.ts";
import { silentLogger } from "../../node/log.ts";
import { collectRoutes } from "../../node/rest/routes.ts";
import { type RestServer, startRest } from "../../node/rest/server.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { MethodInfo } from "../../proto/descriptor.ts";
import { fromJson, type JsonValue, toJson } from "../../proto/json.ts";
import { messageInfo, services } from "../../proto/registry.ts";
import type { MessageName, Messages } from "../../proto/types.gen.ts";
import { simulatedChain } from "../sim-app/simulation.ts";
import type { ChainHarness } from "../support/chain-harness.ts";

const printed = vi.hoisted(() => [] as unknown[]);
vi.mock("../../cli/output.ts", async (original) => ({
  ...(await original<object>()),
  printData: (value: unknown) => void printed.push(value),
}));

/** A request's fields by their names in the .proto file, as JSON. */
type Fields = { readonly [field: string]: JsonValue };

const PAGE = "cosmos.base.query.v1beta1.PageRequest";
const BLOCKS = 120;
/** Far more than it takes: past these there is something wrong. */
const MOST_BLOCKS = 300;
/** Lists of what does not stay, or comes seldom: challenges and demands that wait for their answers, commitments for their records, uses settled at once. */
const PASSING = ["challenges", "commitments", "demands", "payouts"];
/** What a request may leave out. */
const OPTIONAL = new Set(["max_fee", "amount_out"]);
const nowhere = { host: "127.0.0.1", port: 0 };
const queries = services().flatMap(([service, { methods }]) => {
  const module = /^tributary\.(\w+)\.v1\.Query$/.exec(service)?.[1];
  return module === undefined
    ? []
    : methods.map((method) => ({ path: `/${service}/${method.name}`, module, method: method as MethodInfo }));
});

let chain: ChainHarness;
let things: readonly Fields[];
let rest: RestServer;
let grpc: GrpcServer;
let rpc: Server;
let session: ClientHttp2Session;
let cosmjs: { readonly [module: string]: { readonly [method: string]: (request: never) => Promise<never> } };
let hints: Awaited<ReturnType<typeof commandModules>>;

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** As much of a node's RPC as clients ask before and while they query. */
function rpcOf(application: ChainHarness["application"]): Server {
  return createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    const { id, method, params } = JSON.parse(body) as {
      id: number;
      method: string;
      params: { [name: string]: string };
    };
    const asked = { path: params.path ?? "", data: Buffer.from(params.data ?? "", "hex"), height: 0n, prove: false };
    if (method !== "abci_query") throw new Error(`nobody should ask for ${method}`);
    const { code, codespace, log, height, value: bytes } = application.query(asked);
    const value = Buffer.from(bytes).toString("base64");
    const told = { code, codespace, log, info: "", index: "0", key: null, value, proofOps: null, height: `${height}` };
    response.end(JSON.stringify({ jsonrpc: "2.0", id, result: { response: told } }));
  });
}

beforeAll(async () => {
  chain = simulatedChain({ seed: 500, blocks: BLOCKS, most: MOST_BLOCKS, operations: 12 }, (made) => {
    chain = made;
    things = thingsOf(made);
    const isThere = (name: string) => things.some((thing) => Array.isArray(thing[name]) && thing[name].length > 0);
    return (
      PASSING.find((name) => !isThere(name)) ??
      queries.find(({ path, method }) => foundRequest(path, method) === undefined)?.path
    );
  });
  const application = {
    query: async (request: Parameters<typeof chain.application.query>[0]) => chain.application.query(request),
  };
  const log = silentLogger();
  const slices = { run: <T>(work: () => T) => Promise.resolve(work()) } as never;
  const served = new Set(queries.map(({ path }) => path));
  const routes = collectRoutes((path) => served.has(path));
  const shared = { application, log, isServed: (path: string) => served.has(path) };
  rest = await startRest(
    { address: nowhere, cors: false, maximumOpenConnections: 10 },
    { ...shared, routes, slices, files: new Map(), webCalls: undefined },
  );
  const reflection = async () => ({ paths: new Set<string>(), of: undefined as never });
  grpc = await startGrpc({ address: nowhere, maximumOpenConnections: 10 }, { ...shared, reflection });
  session = connect(`http://${grpc.target}`);
  rpc = rpcOf(chain.application);
  await new Promise<void>((resolve) => rpc.listen(0, "127.0.0.1", resolve));
  cosmjs = QueryClient.withExtensions(await Comet38Client.connect(urlOf(rpc)), setupNativeExtension) as never;
  hints = await commandModules();
}, 120_000);

afterAll(async () => {
  session?.close();
  rpc?.closeAllConnections();
  rpc?.close();
  await grpc?.close();
  await rest?.close();
});

/** Every thing in the state of the four modules, as a genesis writes it. */
function thingsOf({ application }: ChainHarness): readonly Fields[] {
  const exported = JSON.parse(JSON.stringify(application.exportGenesis())) as { [module: string]: JsonValue };
  return ["attribution", "datanet", "model", "tokenpool"].flatMap((module) => [...thingsIn(exported[module]!)]);
}

/** Every object of a genesis, however deep. */
function* thingsIn(value: JsonValue): Generator<Fields> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Fields;
  for (const inner of Object.values(value)) yield* thingsIn(inner);
}

/** What a field holds where no thing says more. */
function guesses(name: string, scalar: string | undefined): readonly JsonValue[] {
  if (name === "window_seconds" || name === "limit") return ["10"];
  if (name === "denom_in") return ["uopen", "utest"];
  if (name === "denom_out") return ["utest", "uopen"];
  if (scalar === "cosmos.Int" || name === "max_units" || name === "shares" || name === "amount_in") return ["1000"];
  if (name === "index") return ["0", "1", "2"];
  if (/_id$|number|version|segment|table/.test(name)) return ["1", "2"];
  return [];
}

/** Requests that may find something: the fields of one thing each, the rest guessed; without pages. */
function* requestsFor(method: MethodInfo): Generator<Fields> {
  const fields = messageInfo(method.request).fields.filter(({ typeName }) => typeName !== PAGE);
  for (const thing of [{}, ...things]) {
    let made: Fields[] = [{}];
    for (const { protoName, scalar } of fields) {
      const own = [
        thing[protoName],
        protoName === "fingerprint" ? thing.entries : undefined,
        protoName.endsWith("_id") ? thing.id : undefined,
        thing[`${protoName}_address`],
      ];
      const said = own.find((one) => typeof one === "string" || typeof one === "number");
      const people = /Address/.test(scalar ?? "")
        ? Object.values(thing).filter((one) => typeof one === "string" && one.startsWith("trib1"))
        : [];
      const values = said !== undefined ? [said] : people.length > 0 ? people : guesses(protoName, scalar);
      if (values.length > 0 || !OPTIONAL.has(protoName))
        made = made.flatMap((one) => values.map((value) => ({ ...one, [protoName]: value })));
    }
    yield* made.slice(0, 16);
  }
}

function asked(method: MethodInfo, fields: Fields): Uint8Array {
  const name = method.request as MessageName;
  return encode(name, fromJson(name, fields) as never);
}

/** The first request that is answered with something; without one, the request of nothing. */
function foundRequest(path: string, method: MethodInfo): Fields | undefined {
  for (const fields of requestsFor(method)) {
    const { code, value } = chain.abciQuery(path, asked(method, fields));
    if (code === 0 && value.length > 0) return fields;
  }
  return undefined;
}

/** A request of the same fields for which there is nothing. */
function lostRequest(path: string, method: MethodInfo, fields: Fields): Fields | undefined {
  const lost = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, /^\d+$/.test(String(value)) ? "987654321" : value]),
  );
  return chain.abciQuery(path, asked(method, lost)).code === 0 ? undefined : lost;
}

interface Told {
  readonly answer?: JsonValue;
  /** The sentence of a refusal. */
  readonly refusal?: string;
}

async function byRest({ http }: MethodInfo, fields: Fields): Promise<Told> {
  const left = new Map(Object.entries(fields).map(([name, value]) => [name, String(value)]));
  const template = http?.[0]?.path ?? "";
  const path = template.replaceAll(/\{(\w+)(?:=\*\*)?\}/g, (_, name: string) => {
    const value = left.get(name) ?? "";
    left.delete(name);
    return template.includes(`{${name}=**}`) ? value : encodeURIComponent(value);
  });
  const response = await fetch(`${rest.url}${path}?${new URLSearchParams([...left])}`);
  const body = (await response.json()) as JsonValue & { readonly message?: string };
  return response.status === 200 ? { answer: body } : { refusal: body.message ?? "" };
}

async function byGrpc(path: string, method: MethodInfo, fields: Fields): Promise<Told> {
  const message = asked(method, fields);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers" };
  const stream = session.request(headers);
  const body: Buffer[] = [];
  let trailers: { readonly [name: string]: unknown } = {};
  stream.on("response", (got) => (trailers = { ...trailers, ...got }));
  stream.on("trailers", (got) => (trailers = { ...trailers, ...got }));
  stream.on("data", (piece: Buffer) => body.push(piece));
  stream.end(Buffer.concat([head, message]));
  await new Promise<void>((resolve, reject) => {
    stream.on("error", reject);
    stream.on("close", resolve);
  });
  if (trailers["grpc-status"] !== "0") return { refusal: decodeURIComponent(String(trailers["grpc-message"])) };
  const name = method.response as MessageName;
  return { answer: toJson(name, decode(name, new Uint8Array(Buffer.concat(body).subarray(5)))) };
}

async function byCosmJs(module: string, method: MethodInfo, fields: Fields): Promise<Told> {
  const call = cosmjs[module]![method.name.charAt(0).toLowerCase() + method.name.slice(1)]!;
  try {
    const answer: Messages[MessageName] = await call(fromJson(method.request as MessageName, fields) as never);
    return { answer: toJson(method.response as MessageName, answer as never) };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}

async function byShell(module: string, method: MethodInfo, fields: Fields): Promise<Told> {
  const definition = hints.find(({ name }) => name === module)!;
  const hint = hintOf(definition, method.name);
  const args = positionalFields(
    method.request as MessageName,
    hint.queryArgs === undefined ? hint : { ...hint, args: hint.queryArgs },
  );
  const words = args.map(({ protoName }) => String(fields[protoName]));
  const flags = messageInfo(method.request)
    .fields.filter((field) => !args.includes(field) && fields[field.protoName] !== undefined)
    .flatMap((field) => [`--${flagName(field)}`, String(fields[field.protoName])]);
  const query = new Command("query").exitOverride();
  await addModuleQueryCommands(query);
  const place = ["--node", urlOf(rpc).replace("http", "tcp"), "-o", "json"];
  printed.length = 0;
  try {
    await query.parseAsync([module, hint.name ?? kebabCase(method.name), ...words, ...flags, ...place], {
      from: "user",
    });
    return { answer: printed[0] as JsonValue };
  } catch (error) {
    return { refusal: (error as Error).message };
  }
}

async function byAll(path: string, module: string, method: MethodInfo, fields: Fields): Promise<readonly Told[]> {
  return [
    await byGrpc(path, method, fields),
    await byRest(method, fields),
    await byCosmJs(module, method, fields),
    await byShell(module, method, fields),
  ];
}

test.each(queries)("$path says the same in all four ways", async ({ path, module, method }) => {
  const fields = foundRequest(path, method);
  if (fields === undefined) throw new Error(`there is nothing that ${path} could find`);
  const [first, ...others] = await byAll(path, module, method, fields);
  expect(first!.answer).toBeDefined();
  for (const other of others) expect(other).toEqual(first);
  const lost = lostRequest(path, method, fields);
  if (lost === undefined) return;
  const refusals = await byAll(path, module, method, lost);
  const [{ refusal = "" }] = refusals as [Told];
  expect(refusal.length).toBeGreaterThan(5);
  for (const told of refusals) expect(told.refusal).toContain(refusal);
});
