// The gRPC port against other people's clients: `buf curl`, which learns the services by reflection, over gRPC and gRPC-Web; and
// against raw HTTP/2 for what no client would send.
import { execFile } from "node:child_process";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import { promisify } from "node:util";
import { QueryBalanceRequest, QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { maximumRequestBytes } from "../../../node/grpc/limits.ts";
import type { RunningNode } from "../../../node/main.ts";
import { type ChainHome, chainHome, FUNDS } from "../../e2e/chain-home.ts";
import { startIn } from "../../e2e/nodes.ts";

let home: ChainHome;
let node: RunningNode;
let session: ClientHttp2Session;
let bob = "";

beforeAll(async () => {
  home = await chainHome({ peerAddress: "" });
  node = await startIn(home);
  [, , bob = ""] = home.addresses;
  session = connect(`http://${node.grpcTarget}`);
});

afterAll(async () => {
  session.destroy();
  await node.stop();
  home.remove();
});

interface Answer {
  readonly headers: IncomingHttpHeaders;
  /** Those of the trailers, or of the headers where there are no trailers. */
  readonly status: string | undefined;
  readonly message: string | undefined;
  readonly body: Buffer;
}

/** Sends pieces as one request, and gives what came back. */
function call(path: string, pieces: readonly Uint8Array[], more: IncomingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { ":method": "POST", ":path": path, "content-type": "application/grpc", te: "trailers", ...more };
    const stream = session.request(headers);
    let first: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const body: Buffer[] = [];
    stream.on("response", (received) => {
      first = received;
    });
    stream.on("trailers", (received) => {
      trailers = received;
    });
    stream.on("data", (piece: Buffer) => body.push(piece));
    stream.on("error", reject);
    stream.on("close", () => {
      const { "grpc-status": status, "grpc-message": message } = { ...first, ...trailers };
      resolve({ headers: first, status: status as string, message: message as string, body: Buffer.concat(body) });
    });
    for (const piece of pieces) stream.write(piece);
    stream.end();
  });
}

/** A message with its five bytes before it, as the protocol's document draws it. */
function framed(message: Uint8Array): Buffer {
  const length = message.length;
  return Buffer.concat([
    Buffer.of(0, length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255),
    message,
  ]);
}

const BALANCE = "/cosmos.bank.v1beta1.Query/Balance";
const asked = () => QueryBalanceRequest.encode({ address: bob, denom: "uopen" }).finish();

describe("other people's clients", () => {
  /** Runs `buf curl`; `--schema` is not given, so that it asks for the services by reflection. */
  async function curl(url: string, data: unknown, ...flags: readonly string[]): Promise<unknown> {
    const { stdout } = await promisify(execFile)("buf", ["curl", ...flags, "--data", JSON.stringify(data), url], {
      maxBuffer: 64 << 20,
    });
    return JSON.parse(stdout);
  }

  test.each(["grpc-v1", "grpc-v1alpha"])("buf curl learns the services by reflection %s and asks", async (protocol) => {
    const flags = ["--protocol", "grpc", "--http2-prior-knowledge", "--reflect-protocol", protocol];
    const url = `http://${node.grpcTarget}${BALANCE}`;
    expect(await curl(url, { address: bob, denom: "uopen" }, ...flags)).toEqual({
      balance: { denom: "uopen", amount: String(FUNDS) },
    });
    const info = `http://${node.grpcTarget}/cosmos.base.tendermint.v1beta1.Service/GetNodeInfo`;
    expect(await curl(info, {}, ...flags)).toMatchObject({ defaultNodeInfo: { network: home.chainId } });
  });

  test("buf curl lists the services and their methods", async () => {
    const flags = ["--protocol", "grpc", "--http2-prior-knowledge", "--list-methods"];
    const { stdout } = await promisify(execFile)("buf", ["curl", ...flags, `http://${node.grpcTarget}`]);
    const methods = stdout.split("\n");
    for (const path of [BALANCE, "/cosmos.tx.v1beta1.Service/Simulate", "/tributary.datanet.v1.Query/Datanet"])
      expect(methods).toContain(path.slice(1));
    expect(methods.some((path) => path.includes(".Msg/"))).toBe(false);
  });

  test("buf curl is given the descriptors of all files", async () => {
    const url = `http://${node.grpcTarget}/cosmos.reflection.v1.ReflectionService/FileDescriptors`;
    const { files } = (await curl(url, {}, "--protocol", "grpc", "--http2-prior-knowledge")) as {
      files: readonly { name: string; package: string; service?: readonly { name: string }[] }[];
    };
    const bank = files.find(({ name }) => name === "cosmos/bank/v1beta1/tx.proto");
    expect(bank).toMatchObject({ package: "cosmos.bank.v1beta1", service: [{ name: "Msg" }] });
    expect(files.map(({ name }) => name)).toContain("tributary/datanet/v1/tx.proto");
  });

  test("buf curl asks over gRPC-Web on the REST port", async () => {
    const flags = ["--protocol", "grpcweb", "--schema", "proto"];
    expect(await curl(`${node.restUrl}${BALANCE}`, { address: bob, denom: "uopen" }, ...flags)).toEqual({
      balance: { denom: "uopen", amount: String(FUNDS) },
    });
    const failing = curl(`${node.restUrl}${BALANCE}`, { address: "nobody", denom: "uopen" }, ...flags);
    await expect(failing).rejects.toThrow(/"code": "invalid_argument"/);
  });
});

describe("a call over HTTP/2", () => {
  test("is answered with the message, the height it is of, and status 0 in the trailers", async () => {
    const { headers, status, body } = await call(BALANCE, [framed(asked())]);
    expect([headers[":status"], headers["content-type"], status]).toEqual([200, "application/grpc", "0"]);
    expect(BigInt(String(headers["x-cosmos-block-height"]))).toBeGreaterThan(0n);
    expect(body.readUInt32BE(1)).toBe(body.length - 5);
    expect(QueryBalanceResponse.decode(body.subarray(5)).balance?.amount).toBe(String(FUNDS));
  });

  test("may come byte by byte", async () => {
    const { status } = await call(
      BALANCE,
      [...framed(asked())].map((byte) => Buffer.of(byte)),
    );
    expect(status).toBe("0");
  });

  test("is of the height that its metadata names, or refused", async () => {
    const at = async (height: string) => await call(BALANCE, [framed(asked())], { "x-cosmos-block-height": height });
    expect((await at("1")).headers["x-cosmos-block-height"]).toBe("1");
    expect(await at("soon")).toMatchObject({ status: "3", message: 'invalid height header: "soon"' });
    expect((await at("999999999")).status).not.toBe("0");
  });

  test.each([
    [
      "of a method that is not here",
      "/cosmos.bank.v1beta1.Query/Steal",
      framed(Buffer.of()),
      "12",
      /Query or method Steal/,
    ],
    [
      "of a message, which belongs into a transaction",
      "/cosmos.bank.v1beta1.Msg/Send",
      framed(Buffer.of()),
      "12",
      /Msg/,
    ],
    ["without a message", BALANCE, Buffer.of(), "13", /none came/],
    ["with two messages", BALANCE, Buffer.concat([framed(Buffer.of()), framed(Buffer.of())]), "13", /more came/],
    ["cut in its message", BALANCE, framed(Buffer.alloc(9)).subarray(0, 9), "13", /ends in a message/],
    ["compressed", BALANCE, Buffer.of(1, 0, 0, 0, 1, 7), "12", /compressed/],
    ["with a flag that nobody knows", BALANCE, Buffer.of(9, 0, 0, 0, 0), "13", /flag 9/],
    ["with bytes that are no request", BALANCE, framed(Buffer.of(255, 255)), "3", /./],
    ["without a denomination", BALANCE, framed(Buffer.of(10, 1, 37)), "3", /invalid denom/],
    [
      "larger than the bound",
      BALANCE,
      Buffer.of(0, 255, 0, 0, 0),
      "8",
      new RegExp(`larger than max .* ${maximumRequestBytes}`),
    ],
  ])("%s is refused with its status", async (_what, path, bytes, status, message) => {
    const answer = await call(path, [bytes]);
    expect(answer.status).toBe(status);
    expect(decodeURIComponent(answer.message ?? "")).toMatch(message);
    expect(answer.body.length).toBe(0);
  });

  test("that is no gRPC gets an HTTP status", async () => {
    expect((await call(BALANCE, [], { "content-type": "text/plain" })).headers[":status"]).toBe(415);
    const get = session.request({ ":method": "GET", ":path": "/" });
    const status = await new Promise((resolve) => get.on("response", (headers) => resolve(headers[":status"])));
    expect(status).toBe(405);
  });

  test("a stream of reflection ends with a status when a question is none, and answers what it does not know", async () => {
    const path = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
    expect((await call(path, [framed(Buffer.of(255))])).status).toBe("3");
    // Field 4, file_containing_symbol: "x".
    const { status, body } = await call(path, [framed(Buffer.of(0x22, 1, 0x78))]);
    expect(status).toBe("0");
    expect(body.toString("latin1")).toContain("not found: x");
  });
});

describe("clients that hold the port's memory", () => {
  test("are ended, at once where it is full and else when their time is over, and others are answered meanwhile", async () => {
    const patient = connect(`http://${node.grpcTarget}`);
    const prefix = Buffer.of(0, 0, 8, 0, 0);
    const half = Buffer.alloc(500_000);
    let ended = 0;
    for (let count = 0; count < 100; count++) {
      const headers = { ":method": "POST", ":path": BALANCE, "content-type": "application/grpc" };
      const stream = patient.request(headers);
      stream.on("error", () => undefined);
      stream.on("close", () => {
        ended += 1;
      });
      stream.write(prefix);
      stream.write(half);
    }
    const others = await Promise.all(Array.from({ length: 50 }, () => call(BALANCE, [framed(asked())])));
    expect(others.map(({ status }) => status)).toEqual(others.map(() => "0"));
    await vi.waitFor(() => expect(ended).toBe(100), { timeout: 60_000, interval: 100 });
    expect((await call(BALANCE, [framed(asked())])).status).toBe("0");
    patient.destroy();
  }, 90_000);
});
