/** Expected ids come from simd's own key file and gentx memo, and from CometBFT's libp2p tests. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { describe, expect, test } from "vitest";
import {
  formatNodeKey,
  generateNodeKey,
  libp2pKeyOf,
  listenMultiaddr,
  loadOrCreateNodeKey,
  multiaddrOf,
  nodeIdOfLibp2pKey,
  parseNodeKey,
  parsePeerAddress,
  parsePeerList,
} from "../../../node/p2p/identity.ts";
import { describeVectors, vector, vectorText } from "../../vectors/vectors.ts";

describeVectors("a node key written by simd", () => {
  test.each(["50", "53"])("simapp%s: has the id that its gentx memo names", (version) => {
    const memo = vector<{ body: { memo: string } }>(`genesis/simapp${version}-gentx.json`).body.memo;
    expect(parseNodeKey(vectorText(`genesis/simapp${version}-node_key.json`)).id).toBe(memo.split("@")[0]);
  });
  test("is written back byte for byte", () => {
    const text = vectorText("genesis/simapp53-node_key.json");
    expect(formatNodeKey(parseNodeKey(text))).toBe(text.trim());
  });
  test("gives the libp2p peer id that CometBFT derives", () => {
    const { libp2p_peer_ids } = vector<{ libp2p_peer_ids: { type: string; secret_utf8: string; peer_id: string }[] }>(
      "comet-types/addresses_pubkeys.json",
    );
    const { secret_utf8, peer_id } = libp2p_peer_ids.find(({ type }) => type === "ed25519")!;
    const seed = createHash("sha256").update(secret_utf8).digest();
    const generated = generateNodeKey();
    // Only the seed counts; the public half is derived by libp2p's own key code.
    const key = libp2pKeyOf({ ...generated, privateKey: new Uint8Array([...seed, ...publicKeyOfSeed(seed)]) });
    expect(peerIdFromPrivateKey(key).toString()).toBe(peer_id);
  });
});

/** The public key by OpenSSL, through a PKCS #8 wrapping of the seed. */
function publicKeyOfSeed(seed: Uint8Array): Uint8Array {
  const { createPrivateKey, createPublicKey } = process.getBuiltinModule("node:crypto");
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]);
  const jwk = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({ format: "jwk" });
  return Buffer.from(jwk.x!, "base64url");
}

describe("the node key file", () => {
  test("is made once, readable by its owner alone, and read again", () => {
    const path = join(mkdtempSync(join(tmpdir(), "node-key-")), "node_key.json");
    const made = loadOrCreateNodeKey(path);
    expect(loadOrCreateNodeKey(path).id).toBe(made.id);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(nodeIdOfLibp2pKey(libp2pKeyOf(made).publicKey)).toBe(made.id);
  });
  test("that is damaged is refused with its path and a remedy, and left alone", () => {
    const path = join(mkdtempSync(join(tmpdir(), "node-key-")), "node_key.json");
    writeFileSync(path, "{}");
    expect(() => loadOrCreateNodeKey(path)).toThrow(/node_key\.json cannot be read.*Restore it from a backup/);
    expect(readFileSync(path, "utf8")).toBe("{}");
  });
});

test("a node key with any one bit changed is refused: nobody could be reached with it", () => {
  const { privateKey } = generateNodeKey();
  for (let bit = 0; bit < privateKey.length * 8; bit += 1) {
    const changed = privateKey.slice();
    changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
    expect(() => parseNodeKey(formatNodeKey({ privateKey: changed, publicKey: changed, id: "" }))).toThrow(
      "the two halves of the key do not belong together",
    );
  }
});

describe("peer addresses", () => {
  const id = "00ee7f905c0e7442348ccb633660ef4e28b3b1de";
  test("are read with and without id and scheme", () => {
    expect(parsePeerAddress(`${id}@192.168.1.2:26656`)).toEqual({ id, host: "192.168.1.2", port: 26656 });
    expect(parsePeerAddress(`tcp://${id}@example.org:26656`)).toEqual({ id, host: "example.org", port: 26656 });
    expect(parsePeerAddress("[::1]:26656")).toEqual({ id: undefined, host: "::1", port: 26656 });
    expect(parsePeerList(` ${id}@a:1, b:2 ,`)).toHaveLength(2);
  });
  test.each(["", "host", "host:0", "host:65536", "abc@host:1", `${id}@host`, "a b:1"])("%j is refused", (text) => {
    expect(() => parsePeerAddress(text)).toThrow(/is not a peer address/);
  });
  test("become libp2p's", () => {
    expect(multiaddrOf(parsePeerAddress("10.0.0.1:1")).toString()).toBe("/ip4/10.0.0.1/tcp/1");
    expect(multiaddrOf(parsePeerAddress("example.org:1")).toString()).toBe("/dns/example.org/tcp/1");
    expect(listenMultiaddr("tcp://0.0.0.0:26656").toString()).toBe("/ip4/0.0.0.0/tcp/26656");
    expect(listenMultiaddr("tcp://[::]:0").toString()).toBe("/ip6/::/tcp/0");
    expect(() => listenMultiaddr("26656")).toThrow(/is not a listen address/);
  });
});
