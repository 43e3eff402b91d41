// Light blocks over RPC: those of chains that ran, served as they were recorded, and answers that are no light blocks.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headerHash } from "../../../chain/types/header.ts";
import { validateLightBlock } from "../../../chain/types/light-block.ts";
import { parseTime } from "../../../chain/types/time.ts";
import { validatorSetHash } from "../../../chain/types/validator-set.ts";
import { nodeVerifier } from "../../../node/crypto.ts";
import { LightClient } from "../../../node/light/light-client.ts";
import { maximumLightAnswerBytes } from "../../../node/light/limits.ts";
import { RpcLightSource } from "../../../node/light/rpc-source.ts";
import { fromHex, hex } from "../../../proto/bytes.ts";
import type { Recorded } from "../../vectors/comet-json.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

let answer: (method: string, params: Recorded) => Recorded = () => ({});
let server: Server;
let url = "";
beforeAll(async () => {
  server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const { method, params } = JSON.parse(text);
      const body = answer(method, params);
      response.end(typeof body === "string" ? body : JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describeVectors("a chain that ran", () => {
  const blocks = vector<Recorded[]>("real-chain/celestia-lumina/chain3-extended_header_block_1_to_256.json");
  /** What a node of that chain answers. */
  const serve = (method: string, { height, page }: Recorded): Recorded => {
    const found = blocks.find((one) => one.header.height === (height ?? "256"));
    if (found === undefined)
      return { error: { code: -32603, message: "Internal error", data: "height is not available" } };
    // Recorded by a client that writes the commit's height as a number; a node's RPC has it in quotes.
    const commit = { ...found.commit, height: `${found.commit.height}` };
    if (method === "commit") return { result: { signed_header: { header: found.header, commit } } };
    const { validators } = found.validator_set;
    return {
      result: { block_height: height, validators: page === "1" ? validators : [], total: `${validators.length}` },
    };
  };

  test("is read as it was recorded, and what is read holds together", async () => {
    answer = serve;
    const block = await new RpcLightSource(url).lightBlock(27n);
    expect(block.signedHeader.header.height).toBe(27n);
    expect(hex(block.signedHeader.commit.blockId.hash).toUpperCase()).toBe(blocks[26].commit.block_id.hash);
    expect(() => validateLightBlock(block, blocks[26].header.chain_id)).not.toThrow();
    await expect(new RpcLightSource(url).lightBlock(257n)).rejects.toMatchObject({ isAbsent: true });
  });

  test("gives its headers twenty at a time, each named by the one after it, and who signed them", async () => {
    answer = (method, params) => {
      if (method !== "blockchain") return serve(method, params);
      const wanted = (height: number) => height >= Number(params.minHeight) && height <= Number(params.maxHeight);
      const metas = blocks.filter(({ header }) => wanted(Number(header.height))).map(({ header }) => ({ header }));
      return { result: { last_height: "256", block_metas: metas.reverse() } };
    };
    const source = new RpcLightSource(url);
    const headers = await source.headers(8n, 27n);
    expect(headers.map(({ height }) => height)).toEqual(Array.from({ length: 20 }, (_, index) => 27n - BigInt(index)));
    for (const [index, header] of headers.slice(1).entries())
      expect(headerHash(header)).toEqual(headers[index]!.lastBlockId.hash);
    expect(validatorSetHash(await source.validators(27n))).toEqual(headers[0]!.validatorsHash);
    // More than were asked for are not taken.
    await expect(source.headers(1n, 256n)).rejects.toThrow(/no known form: block_metas is not at most 20/);
  });

  test("is followed by a light client from its first header to its last", async () => {
    answer = serve;
    const client = await LightClient.start(
      {
        chainId: blocks[0].header.chain_id,
        verifier: nodeVerifier(),
        trustLevel: { numerator: 1n, denominator: 3n },
        trustingPeriod: 86_400_000_000_000n,
        maxClockDrift: 0n,
      },
      {
        primary: new RpcLightSource(url),
        witnesses: [new RpcLightSource(url)],
        now: () => parseTime(blocks[255].header.time.replace(/\.\d+Z$/, "Z").replace(/:(\d\d)Z$/, ":59Z")),
        warn: () => undefined,
      },
      { height: 1n, hash: fromHex(blocks[0].commit.block_id.hash.toLowerCase()) },
    );
    const last = await client.update();
    expect(hex(last.signedHeader.commit.blockId.hash).toUpperCase()).toBe(blocks[255].commit.block_id.hash);
  });
});

describe("what is no light block is refused with its place", () => {
  const bad: readonly [name: string, result: Recorded, said: RegExp][] = [
    ["no header", { signed_header: {} }, /header is not an object/],
    ["a number where text is due", { signed_header: { header: { height: 5 } } }, /header\.chain_id is not text/],
    [
      "a height beyond 64 bits",
      { signed_header: { header: { chain_id: "c", height: "9999999999999999999" } } },
      /64-bit/,
    ],
    ["a list for an object", { signed_header: [] }, /signed_header is not an object/],
    [
      "a time that is none",
      { signed_header: { header: { chain_id: "c", height: "5", time: "soon" } } },
      /header\.time is not a time/,
    ],
    [
      "half a byte",
      { signed_header: { header: { chain_id: "c", height: "5", data_hash: "ABC" } } },
      /header\.data_hash is not hexadecimal/,
    ],
  ];
  test.each(bad)("%s", async (_name, result, said) => {
    answer = () => ({ result });
    await expect(new RpcLightSource(url).lightBlock(5n)).rejects.toThrow(said);
  });

  test("an answer that is not JSON, one without end, and no answer at all", async () => {
    answer = () => "<html>";
    await expect(new RpcLightSource(url).lightBlock(5n)).rejects.toMatchObject({ name: "LightSourceError" });
    answer = () => `{"x":"${"a".repeat(maximumLightAnswerBytes)}"}`;
    await expect(new RpcLightSource(url).lightBlock(5n)).rejects.toThrow(/sent more than/);
    await expect(new RpcLightSource("http://127.0.0.1:1").lightBlock(5n)).rejects.toThrow(/cannot be reached/);
  });
});
