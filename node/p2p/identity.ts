/**
 * Who a node is on the network: the ed25519 node key of `node_key.json`, CometBFT's 40-hex node id made from it, the same key for libp2p,
 * and peer addresses of the form `id@host:port`. It does not dial.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { privateKeyFromRaw } from "@libp2p/crypto/keys";
import type { PrivateKey, PublicKey } from "@libp2p/interface";
import { type Multiaddr, multiaddr } from "@multiformats/multiaddr";
import { base58 } from "@scure/base";
import { equalBytes } from "../../proto/bytes.ts";

/** A node key or an address of a peer that cannot be used; the message says what it should look like. */
export class NodeIdentityError extends Error {
  override readonly name = "NodeIdentityError";
}

/** An ed25519 key pair as CometBFT stores it: 64 bytes, the seed and then the public key. */
export interface NodeKey {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  /** 40 lower-case hex digits: the first 20 bytes of sha256(public key), as in `persistent_peers`. */
  readonly id: string;
}

/** CometBFT's node id of an ed25519 public key (p2p/key.go: the address bytes in hex). */
export function nodeIdOf(publicKey: Uint8Array): string {
  return createHash("sha256").update(publicKey).digest("hex").slice(0, 40);
}

function nodeKeyOf(privateKey: Uint8Array): NodeKey {
  if (privateKey.length !== 64) throw new NodeIdentityError(`a node key has 64 bytes, this one ${privateKey.length}`);
  const publicKey = privateKey.slice(32);
  return { privateKey, publicKey, id: nodeIdOf(publicKey) };
}

/** A fresh node key. */
export function generateNodeKey(): NodeKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const seed = Buffer.from(privateKey.export({ format: "jwk" }).d!, "base64url");
  const point = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url");
  return nodeKeyOf(new Uint8Array(Buffer.concat([seed, point])));
}

/** The text of `node_key.json`, byte for byte as CometBFT writes it. */
export function formatNodeKey(key: NodeKey): string {
  return `{"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"${Buffer.from(key.privateKey).toString("base64")}"}}`;
}

/** Reads the text of `node_key.json`. Throws with what is wrong when it is not an ed25519 node key. */
export function parseNodeKey(text: string): NodeKey {
  const { type, value } = privateKeyIn(text);
  if (type !== "tendermint/PrivKeyEd25519" || typeof value !== "string")
    throw new NodeIdentityError('expected {"priv_key":{"type":"tendermint/PrivKeyEd25519","value":"…"}}');
  const key = nodeKeyOf(new Uint8Array(Buffer.from(value, "base64")));
  // With halves that differ a node starts, and nobody it dials can make sense of it.
  if (!equalBytes(publicKeyOf(key.privateKey.slice(0, 32)), key.publicKey))
    throw new NodeIdentityError("the two halves of the key do not belong together");
  return key;
}

/** PKCS #8 of an ed25519 seed, up to the seed (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

function publicKeyOf(seed: Uint8Array): Uint8Array {
  const secret = createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
  const der = createPublicKey(secret).export({ format: "der", type: "spki" });
  return new Uint8Array(der.subarray(der.length - 32));
}

function privateKeyIn(text: string): { readonly type?: unknown; readonly value?: unknown } {
  let parsed: { priv_key?: { type?: unknown; value?: unknown } | null } | null;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    throw new NodeIdentityError("it is not JSON");
  }
  return parsed?.priv_key ?? {};
}

/** The node key in `path`; made and written (mode 0600) when there is none. */
export function loadOrCreateNodeKey(path: string): NodeKey {
  if (!existsSync(path)) {
    const key = generateNodeKey();
    writeFileSync(path, formatNodeKey(key), { mode: 0o600 });
    return key;
  }
  try {
    return parseNodeKey(readFileSync(path, "utf8"));
  } catch (error) {
    throw new NodeIdentityError(
      `The node key ${path} cannot be read: ${(error as Error).message}. Restore it from a backup, or delete it to get a new network identity; no funds or votes depend on it.`,
    );
  }
}

/** The same key in libp2p's form, so that one identity serves both worlds. */
export function libp2pKeyOf(key: NodeKey): PrivateKey {
  return privateKeyFromRaw(key.privateKey);
}

/** The node id behind a libp2p public key, or undefined when it is not ed25519 (such a peer is none of ours). */
export function nodeIdOfLibp2pKey(publicKey: PublicKey | undefined): string | undefined {
  return publicKey?.type === "Ed25519" ? nodeIdOf(publicKey.raw) : undefined;
}

/** Where a peer is and, when known, who it must prove to be. */
export interface PeerAddress {
  readonly id: string | undefined;
  readonly host: string;
  readonly port: number;
  /** The libp2p form, for a node that is reached through a relay; host and port are then the relay's. */
  readonly relayed?: string;
}

/**
 * Parses `id@host:port`, `host:port` or CometBFT's `tcp://…` forms, and a libp2p address through a relay
 * (`/ip4/…/tcp/…/p2p/<relay>/p2p-circuit/p2p/<node>`). Throws with the offending text.
 */
export function parsePeerAddress(text: string, setting = "p2p.persistent_peers"): PeerAddress {
  if (text.trim().startsWith("/")) return parseRelayedAddress(text.trim(), setting);
  const match = /^(?:tcp:\/\/)?(?:([0-9a-fA-F]{40})@)?(\[[0-9a-fA-F:]+\]|[^:@/\s]+):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535)
    throw new NodeIdentityError(
      `${setting}: "${text}" is not a peer address: write <40-hex-node-id>@<host>:<port>, as \`tributaryd comet show-node-id\` gives the id`,
    );
  return { id: match[1]?.toLowerCase(), host: match[2]!.replace(/^\[|\]$/g, ""), port };
}

/** A relayed address names both nodes by their libp2p ids, which hold the ed25519 keys. */
function parseRelayedAddress(text: string, setting: string): PeerAddress {
  try {
    const address = multiaddr(text);
    const names = address.getComponents().map(({ name }) => name);
    const key = base58.decode(address.getComponents().at(-1)?.value ?? "");
    const isKey =
      ED25519_PEER_ID.every((byte, index) => key[index] === byte) && key.length === ED25519_PEER_ID.length + 32;
    if (names.slice(-3).join() === "p2p,p2p-circuit,p2p" && isKey)
      return { ...hostAndPort(address), id: nodeIdOf(key.subarray(ED25519_PEER_ID.length)), relayed: text };
  } catch {
    // Told below.
  }
  throw new NodeIdentityError(
    `${setting}: "${text}" is not the address of a node behind a relay: write it as that node's log gives it, /ip4/<ip>/tcp/<port>/p2p/<relay>/p2p-circuit/p2p/<node>`,
  );
}

/** What a libp2p id of an ed25519 key begins with: an identity multihash of 36 bytes, which are a protobuf key of type 1. */
const ED25519_PEER_ID = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20];

/** The text of an address, as configuration has it. */
export function peerAddressText({ id, host, port, relayed }: PeerAddress): string {
  if (relayed !== undefined) return relayed;
  const bracketed = isIP(host) === 6 ? `[${host}]` : host;
  return id === undefined ? `${bracketed}:${port}` : `${id}@${bracketed}:${port}`;
}

/** The comma-separated list of `persistent_peers` and `seeds`. */
export function parsePeerList(text: string, setting?: string): PeerAddress[] {
  return text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => parsePeerAddress(part, setting));
}

/** The libp2p form of a peer's address; the id is compared after the handshake, since libp2p names keys otherwise. */
export function multiaddrOf(address: PeerAddress): Multiaddr {
  if (address.relayed !== undefined) return multiaddr(address.relayed);
  const kind = { 0: "dns", 4: "ip4", 6: "ip6" }[isIP(address.host)]!;
  return multiaddr(`/${kind}/${address.host}/tcp/${address.port}`);
}

/** A CometBFT listen address such as `tcp://0.0.0.0:26656` in libp2p's form. Throws with the offending text. */
export function listenMultiaddr(text: string): Multiaddr {
  const match = /^(?:tcp:\/\/)?(\[[0-9a-fA-F:.]+\]|[^:]*):(\d{1,5})$/.exec(text);
  const given = match?.[1]?.replace(/^\[|\]$/g, "") || "0.0.0.0";
  const host = given === "localhost" ? "127.0.0.1" : given;
  const kind = isIP(host);
  const port = Number(match?.[2]);
  if (!match || kind === 0 || port > 65_535)
    throw new NodeIdentityError(`p2p.laddr: "${text}" is not a listen address: write tcp://<ip>:<port>`);
  return multiaddr(`/${kind === 6 ? "ip6" : "ip4"}/${host}/tcp/${port}`);
}

/** Host and port of a libp2p address, for people and for comparing with configured peers. */
export function hostAndPort(address: Multiaddr): { readonly host: string; readonly port: number } {
  const value = (...names: string[]) => address.getComponents().find(({ name }) => names.includes(name))?.value ?? "";
  return { host: value("ip4", "ip6", "dns", "dns4", "dns6"), port: Number(value("tcp")) };
}
