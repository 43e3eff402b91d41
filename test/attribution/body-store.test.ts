import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BodyAddress, BodyFolder } from "../../attribution/body-store.ts";

const body = new TextEncoder().encode("the body of a batch");
// printf 'the body of a batch' | sha256sum
const hash = Uint8Array.from(Buffer.from("ac38b73453c26b3f5fccebc8a18b78ee8e01835fa82fa18af67fb1f6749a000b", "hex"));
const other = new Uint8Array(32);

describe("bodies in a folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bodies-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  test("are found by their hash once they are published", async () => {
    const bodies = new BodyFolder(join(folder, "new"));
    expect(await bodies.bodyOf(hash)).toBeUndefined();
    bodies.publish(body);
    expect(await bodies.bodyOf(hash)).toEqual(body);
    expect(await bodies.bodyOf(other)).toBeUndefined();
  });

  test("are not believed when a file holds something else than its name says", async () => {
    writeFileSync(join(folder, Buffer.from(other).toString("hex")), body);
    expect(await new BodyFolder(folder).bodyOf(other)).toBeUndefined();
  });
});

describe("bodies at an address", () => {
  let server: Server;
  let address: string;
  const asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      const name = request.url?.split("/").at(-1) ?? "";
      if (name === Buffer.from(hash).toString("hex")) response.end(body);
      else if (name === Buffer.from(other).toString("hex")) response.end("something else");
      else if (name.startsWith("ff")) request.socket.destroy();
      else response.writeHead(404).end("not here");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bodies/`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("are fetched by their hash in hex, with or without a slash at the address's end", async () => {
    expect(await new BodyAddress(address).bodyOf(hash)).toEqual(body);
    expect(await new BodyAddress(address.slice(0, -1)).bodyOf(hash)).toEqual(body);
    expect(asked).toEqual(Array(2).fill(`/bodies/${Buffer.from(hash).toString("hex")}`));
  });

  test("are none when the server has something else, nothing, hangs up, or is not there", async () => {
    const bodies = new BodyAddress(address);
    expect(await bodies.bodyOf(other)).toBeUndefined();
    expect(await bodies.bodyOf(Uint8Array.of(1, 2))).toBeUndefined();
    expect(await bodies.bodyOf(new Uint8Array(32).fill(255))).toBeUndefined();
    expect(await new BodyAddress("http://127.0.0.1:1").bodyOf(hash)).toBeUndefined();
    expect(await new BodyAddress("https://127.0.0.1:1").bodyOf(hash)).toBeUndefined();
  });
});
