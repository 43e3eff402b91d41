/** CAR files, identifiers and CBOR against the published fixture "carv1-basic" (ipld.io/specs/transport/car/fixture) and multiformats' own values. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CarError, carHeader, carSection, readCar } from "../../../node/data/car.ts";
import {
  type Cid,
  CidError,
  cidBytes,
  cidOf,
  cidText,
  DAG_CBOR,
  parseCid,
  RAW,
  rawCid,
} from "../../../node/data/cid.ts";
import { CborError, decodeCbor, encodeCbor, Link } from "../../../node/data/dag-cbor.ts";
import { decodeManifest, encodeManifest } from "../../../node/data/manifest.ts";
import { concat, fromHex, hex, utf8 } from "../../../proto/bytes.ts";

const fixture = fromHex(
  "63a265726f6f747382d82a58250001711220f88bc853804cf294fe417e4fa83028689fcdb1b1592c5102e1474dbc200fab8bd82a5825000171122069ea0740f9807a28" +
    "f4d932c62e7c1c83be055e55072c90266ab3e79df63a365b6776657273696f6e015b01711220f88bc853804cf294fe417e4fa83028689fcdb1b1592c5102e1474dbc20" +
    "0fab8ba2646c696e6bd82a582300122002acecc5de2438ea4126a3010ecb1f8a599c8eff22fff1a1dcffe999b27fd3de646e616d6564626c69708301122002acecc5de" +
    "2438ea4126a3010ecb1f8a599c8eff22fff1a1dcffe999b27fd3de122e0a2401551220b6fbd675f98e2abd22d4ed29fdc83150fedc48597e92dd1a7a24381d44a27451" +
    "1204626561721804122f0a22122079a982de3c9907953d4d323cee1d0fb1ed8f45f8ef02870c0cb9e09246bd530a12067365636f6e641895012801551220b6fbd675f9" +
    "8e2abd22d4ed29fdc83150fedc48597e92dd1a7a24381d44a27451636363638001122079a982de3c9907953d4d323cee1d0fb1ed8f45f8ef02870c0cb9e09246bd530a" +
    "122d0a240155122081cc5b17018674b401b42f35ba07bb79e211239c23bffe658da1577e3e6468771203646f671804122d0a221220e7dc486e97e6ebe5cdabab3e392b" +
    "dad128b6e09acc94bb4e2aa2af7b986d24d0120566697273741833280155122081cc5b17018674b401b42f35ba07bb79e211239c23bffe658da1577e3e646877626262" +
    "62511220e7dc486e97e6ebe5cdabab3e392bdad128b6e09acc94bb4e2aa2af7b986d24d0122d0a240155122061be55a8e2f6b4e172338bddf184d6dbee29c98853e0a0" +
    "485ecee7f27b9af0b412036361741804280155122061be55a8e2f6b4e172338bddf184d6dbee29c98853e0a0485ecee7f27b9af0b461616161360171122069ea0740f9" +
    "807a28f4d932c62e7c1c83be055e55072c90266ab3e79df63a365ba2646c696e6bf6646e616d65656c696d626f",
);
const fixtureRoots = [
  "bafyreihyrpefhacm6kkp4ql6j6udakdit7g3dmkzfriqfykhjw6cad5lrm",
  "bafyreidj5idub6mapiupjwjsyyxhyhedxycv4vihfsicm2vt46o7morwlm",
];
const fixtureBlocks = [
  ["bafyreihyrpefhacm6kkp4ql6j6udakdit7g3dmkzfriqfykhjw6cad5lrm", 55],
  ["QmNX6Tffavsya4xgBi2VJQnSuqy9GsxongxZZ9uZBqp16d", 97],
  ["bafkreifw7plhl6mofk6sfvhnfh64qmkq73oeqwl6sloru6rehaoujituke", 4],
  ["QmWXZxVQ9yZfhQxLD35eDR8LiMRsYtHxYqTFCBbJoiJVys", 94],
  ["bafkreiebzrnroamgos2adnbpgw5apo3z4iishhbdx77gldnbk57d4zdio4", 4],
  ["QmdwjhxpxzcMsR3qUuj7vUL8pbA7MgR3GAxWi2GLHjsKCT", 47],
  ["bafkreidbxzk2ryxwwtqxem4l3xyyjvw35yu4tcct4cqeqxwo47zhxgxqwq", 4],
  ["bafyreidj5idub6mapiupjwjsyyxhyhedxycv4vihfsicm2vt46o7morwlm", 18],
];

/** A file in chunks of `size` bytes, as a disk may give it. */
function* inChunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Uint8Array, size = 1_000) {
  let roots: readonly Cid[] = [];
  const blocks = [];
  for await (const block of readCar(inChunks(bytes, size), (cids) => {
    roots = cids;
  }))
    blocks.push(block);
  return { roots, blocks };
}

describe("the published CAR file", () => {
  test.each([1, 7, 100, 10_000])(
    "is read from chunks of %i bytes: its roots, and each block under its name",
    async (size) => {
      const { roots, blocks } = await readAll(fixture, size);
      expect(roots.map(cidText)).toEqual(fixtureRoots);
      expect(blocks.map(({ cid, bytes }) => [cidText(cid), bytes.length])).toEqual(fixtureBlocks);
    },
  );

  test("is written byte for byte from its roots and blocks", async () => {
    const { roots, blocks } = await readAll(fixture);
    expect(hex(concat(carHeader(roots), ...blocks.map(carSection)))).toBe(hex(fixture));
  });

  test("is refused with any byte of a block changed, cut anywhere but between blocks, and with bytes that are none", async () => {
    const { blocks } = await readAll(fixture);
    const ends = new Set([100]);
    let at = 100;
    for (const block of blocks) {
      at += carSection(block).length;
      ends.add(at);
    }
    expect(at).toBe(fixture.length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: fixture.length - 1 }), async (length) => {
        const cut = readAll(fixture.subarray(0, length));
        if (ends.has(length)) await expect(cut).resolves.toBeDefined();
        else await expect(cut).rejects.toThrow(CarError);
      }),
      { numRuns: 100 },
    );
    const contents = blocks.map(({ cid, bytes }) => [hex(cid.digest), hex(bytes)]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 100, max: fixture.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (i, by) => {
          const changed = fixture.with(i, fixture[i]! ^ by);
          const read = await readAll(changed).catch((error: unknown) => {
            expect(error).toBeInstanceOf(CarError);
            return undefined;
          });
          // No hash covers how a block is to be read: with another codec in its name it is still the same bytes.
          if (read !== undefined)
            expect(read.blocks.map(({ cid, bytes }) => [hex(cid.digest), hex(bytes)])).toEqual(contents);
        },
      ),
      { numRuns: 300 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await expect(readAll(bytes)).rejects.toThrow(CarError);
      }),
      { numRuns: 300 },
    );
  });

  test("of another version, or with a part longer than any block, is refused before it is held", async () => {
    const header = encodeCbor({ roots: [], version: 2 });
    await expect(readAll(concat(Uint8Array.of(header.length), header))).rejects.toThrow("version 2");
    await expect(readAll(Uint8Array.of(0xff, 0xff, 0xff, 0x7f))).rejects.toThrow("a part has 268435455 bytes");
  });
});

describe("identifiers", () => {
  test.each([
    ["", "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku"],
    ["aaaa", "bafkreidbxzk2ryxwwtqxem4l3xyyjvw35yu4tcct4cqeqxwo47zhxgxqwq"],
    ["cccc", "bafkreifw7plhl6mofk6sfvhnfh64qmkq73oeqwl6sloru6rehaoujituke"],
  ])("of the text %j are those other programs give", (text, name) => {
    const cid = cidOf(RAW, utf8(text));
    expect(cidText(cid)).toBe(name);
    expect(parseCid(name)).toEqual(cid);
    expect(cidText(rawCid(cid.digest))).toBe(name);
    expect(hex(cidBytes(cid).subarray(0, 4))).toBe("01551220");
  });

  test("in texts that are none are refused with a reason", () => {
    for (const text of [
      "",
      "b",
      "Qm",
      "zb2rhe5P4gXftAwvA4eXQ5HJwsER2owDyS9sKaQRRVQPn93bA",
      `${fixtureRoots[0]}a`,
      "bafy",
    ])
      expect(() => parseCid(text)).toThrow(CidError);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseCid(`b${text}`)).toThrow(CidError);
      }),
    );
  });
});

describe("CBOR", () => {
  test("of any bytes is read back to the same bytes, or refused", () => {
    let read = 0;
    const value = encodeManifest([{ name: "a", cid: cidOf(RAW, utf8("x")), length: 1 }]).bytes;
    const edited = fc
      .array(fc.tuple(fc.nat(value.length - 1), fc.nat(255)), { maxLength: 3 })
      .map((edits) => edits.reduce((bytes, [at, byte]) => bytes.with(at, byte), value));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), edited), (bytes) => {
        try {
          const decoded = decodeCbor(bytes);
          read += 1;
          expect(hex(encodeCbor(decoded))).toBe(hex(bytes));
        } catch (error) {
          if (!(error instanceof CborError) && !(error instanceof CidError)) throw error;
        }
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(10);
  });

  test("numbers, texts and lists have the bytes of RFC 8949, appendix A", () => {
    const values = [
      0,
      23,
      24,
      100,
      1_000,
      1_000_000,
      1_000_000_000_000,
      "",
      "a",
      "IETF",
      "ü",
      "水",
      [],
      [1, 2, 3],
    ] as const;
    expect(values.map((one) => hex(encodeCbor(one)))).toEqual([
      ...["00", "17", "1818", "1864", "1903e8", "1a000f4240", "1b000000e8d4a51000", "60", "6161", "6449455446"],
      ...["62c3bc", "63e6b0b4", "80", "83010203"],
    ]);
    expect(hex(encodeCbor({ e: "E", a: "A", d: "D", c: "C", b: "B" }))).toBe(
      "a56161614161626142616361436164614461656145",
    );
  });

  test("deep nesting is refused, not followed", () => {
    expect(() => decodeCbor(new Uint8Array(100_000).fill(0x81))).toThrow("too deep");
  });
});

describe("a manifest", () => {
  const records = [
    { name: "src/a.txt", cid: cidOf(RAW, utf8("a")), length: 1 },
    { name: "src/ü.txt", cid: cidOf(RAW, utf8("ü")), length: 2 },
  ];

  test("links its records by name, and is itself named", () => {
    const { cid, bytes } = encodeManifest(records);
    expect(cid).toEqual(cidOf(DAG_CBOR, bytes));
    expect(cidText(cid)).toMatch(/^bafyrei/);
    expect(decodeManifest(bytes)).toEqual(records);
    const { records: links } = decodeCbor(bytes) as { records: { cid: Link }[] };
    expect(links[0]!.cid).toBeInstanceOf(Link);
  });

  test("is not read from other blocks", () => {
    for (const other of [1, [], { version: 1 }, { version: 1, records: [1] }, { version: 2, records: [] }])
      expect(() => decodeManifest(encodeCbor(other))).toThrow("it ");
    expect(() => decodeManifest(encodeCbor({ version: 1, records: [{ name: "a" }] }))).toThrow(
      "no name, link or length",
    );
  });
});
