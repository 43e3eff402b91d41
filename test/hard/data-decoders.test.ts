// Decoders of what contributors and their peers exchange and keep: identifiers, blocks of CBOR, manifests, sealed texts, fingerprints
// and files of pending contributions. CAR files, read piece by piece, are in test/node/data/car.test.ts, the exchange's messages
// in test/node/data/exchange.test.ts.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect } from "vitest";
import { PendingFile } from "../../cli/contribute/pending.ts";
import { CliError } from "../../cli/errors.ts";
import { CERTIFICATE_TYPE, CertificateError, readCertificate, verifyCertificate } from "../../client/certificate.ts";
import { readFingerprint } from "../../modules/datanet/fingerprint.ts";
import { recordInputOf } from "../../modules/datanet/record-input.ts";
import { CidError, cidBytes, cidOf, cidText, DAG_CBOR, parseCid, RAW, readCid } from "../../node/data/cid.ts";
import { ContentKeyError, newKey, openText, sealText } from "../../node/data/content-key.ts";
import { CborError, decodeCbor, encodeCbor, Link } from "../../node/data/dag-cbor.ts";
import { decodeManifest, encodeManifest, ManifestError } from "../../node/data/manifest.ts";
import { utf8 } from "../../proto/bytes.ts";
import { testBytes, testJson, testText } from "./reading.ts";

const cids = [
  cidOf(RAW, utf8("a")),
  cidOf(DAG_CBOR, utf8("b")),
  { ...cidOf(RAW, utf8("c")), version: 0 as const, codec: 0x70 },
];
const text = utf8("Every word of this text is in nobody else's mouth, so that its fingerprint is its own alone.");
const home = mkdtempSync(join(tmpdir(), "tributary-hard-data-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("identifiers", () => {
  testBytes({
    name: "a CID's bytes",
    samples: cids.map(cidBytes),
    read: (bytes) => {
      const { cid, end } = readCid(bytes, 0);
      if (end !== bytes.length) throw new CidError("bytes follow");
      return cid;
    },
    errors: [CidError],
    write: cidBytes,
    canonical: true,
    runs: 600,
  });
  testText({
    name: "a CID's text",
    samples: cids.map(cidText),
    read: parseCid,
    errors: [CidError],
    write: cidText,
    canonical: true,
  });
});

describe("blocks", () => {
  const value = { a: [1, "two", Uint8Array.of(3)], link: new Link(cids[0]!), map: { deep: [[], {}] } };
  testBytes({
    name: "DAG-CBOR",
    samples: [encodeCbor(value)],
    read: decodeCbor,
    errors: [CborError, CidError],
    write: encodeCbor,
    canonical: true,
    runs: 600,
  });
  testBytes({
    name: "a manifest",
    samples: [encodeManifest(cids.map((cid, i) => ({ name: `text ${i}`, cid, length: i }))).bytes],
    read: decodeManifest,
    errors: [ManifestError, CborError, CidError],
    write: (records) => encodeManifest(records).bytes,
    runs: 600,
  });
  const contentKey = newKey();
  const place = { chainId: "hard-1", datanetId: 1n, keyVersion: 1 };
  testBytes({
    name: "a sealed text",
    samples: [sealText(text, contentKey, place)],
    read: (bytes) => openText(bytes, contentKey, place),
    errors: [ContentKeyError],
    write: (opened) => sealText(opened, contentKey, place),
    canonical: true,
  });
});

const input = recordInputOf(text, { name: "a.txt", licence: "MIT", class: "" });

describe("records", () => {
  testBytes({
    name: "a fingerprint",
    samples: [input.fingerprint],
    read: (bytes) => {
      const grams = readFingerprint(bytes, BigInt(text.length));
      return "flaw" in grams ? grams.flaw : grams.length;
    },
    errors: [],
  });
});

describe("what a contributor keeps", () => {
  const place = { chainId: "hard-1", contributor: "trib1me", datanetId: 1n };
  const file = PendingFile.create(home, {
    ...place,
    commitTx: Uint8Array.of(1),
    commitments: [{ salt: new Uint8Array(32).fill(4), records: [input], revealTx: new Uint8Array() }],
  });
  testText({
    name: "a pending contribution",
    samples: [readFileSync(file.path, "utf8")],
    read: (content) => {
      writeFileSync(file.path, content);
      return PendingFile.of(home, place).map(({ pending }) => pending);
    },
    errors: [CliError],
    runs: 60,
  });

  const [number, hash, bytes] = ["1", "0".repeat(64), "AAAA"];
  const record = { number, file: "a.txt", cid: "b", content_hash: hash, text_root: hash, length: number };
  const batch = { height: number, tx_hash: hash, tx: bytes, tx_proof: bytes, header: bytes, light_block: bytes };
  const certificate = {
    ...{ type: CERTIFICATE_TYPE, version: 1, chain_id: "hard-1", contributor: "trib1me", datanet_id: number },
    batches: [{ ...batch, store_proof: bytes, records: [{ ...record, record: bytes, proof: bytes }] }],
  };
  testJson({
    name: "a certificate",
    samples: [certificate],
    // What it holds is nonsense here, and is to be refused as a certificate that does not hold.
    read: (json) => {
      const known = readCertificate(json);
      expect(() => verifyCertificate(known)).toThrow(CertificateError);
      return known.batches.length;
    },
    errors: [CertificateError],
  });
});
