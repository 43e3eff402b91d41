// Checking ICS-23 proofs: the reference's golden proofs and step tables, proofs from live chains, and mutation.

import { describe, expect, test } from "vitest";
import { simpleMapRoot } from "../../../chain/store/commit-info.ts";
import {
  type CommitmentProof,
  checkAgainstSpec,
  decodeProof,
  existenceRoot,
  iavlSpec,
  leftBranchesAreEmpty,
  ProofError,
  proofRoot,
  rightBranchesAreEmpty,
  smtSpec,
  tendermintSpec,
  verifyMembership,
  verifyNonMembership,
  verifyQueryProof,
} from "../../../chain/store/proof.ts";
import {
  applyHash,
  applyInner,
  applyLeaf,
  checkInner,
  checkLeaf,
  type ProofSpec,
} from "../../../chain/store/proof-ops.ts";
import { nobleHasher } from "../../../chain/types/hash.ts";
import { hex, utf8 } from "../../../proto/bytes.ts";
import { decode, encode } from "../../../proto/codec.ts";
import type { Messages } from "../../../proto/types.gen.ts";
import { describeVectors, vector } from "../../vectors/vectors.ts";

const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "hex"));
const unbase64 = (text: string | null | undefined): Uint8Array => Uint8Array.from(Buffer.from(text ?? "", "base64"));

interface GoldenProof {
  readonly root: string;
  readonly proof: string;
  readonly key: string;
  readonly value: string;
}

const trees: readonly (readonly [folder: string, spec: ProofSpec])[] = [
  ["iavl", iavlSpec],
  ["tendermint", tendermintSpec],
  ["smt", smtSpec],
];
const places = ["left", "middle", "right"];

function golden(
  folder: string,
  kind: string,
  place: string,
): { bytes: Uint8Array; root: Uint8Array; key: Uint8Array; value: Uint8Array } {
  const file = vector<GoldenProof>(`ics23/testdata/${folder}/${kind}_${place}.json`);
  return { bytes: unhex(file.proof), root: unhex(file.root), key: unhex(file.key), value: unhex(file.value ?? "") };
}

describeVectors("golden proofs of cosmos/ics23", () => {
  const cases = trees.flatMap(([folder, spec]) => places.map((place) => [folder, place, spec] as const));

  test.each(cases)(
    "%s existence, %s: accepted as it is, refused for another key, value or root",
    (folder, place, spec) => {
      const { bytes, root, key, value } = golden(folder, "exist", place);
      const proof = decodeProof(bytes);
      expect(() => verifyMembership(spec, root, proof, key, value)).not.toThrow();
      expect(hex(proofRoot(proof))).toBe(hex(root));
      expect(() => verifyMembership(spec, root, proof, utf8("other"), value)).toThrow(
        "provided key doesn't match proof",
      );
      expect(() => verifyMembership(spec, root, proof, key, utf8("other"))).toThrow(
        "provided value doesn't match proof",
      );
      expect(() => verifyMembership(spec, key, proof, key, value)).toThrow("calculated root doesn't match");
      expect(() => verifyNonMembership(spec, root, proof, key)).toThrow("not a proof of absence");
    },
  );

  test.each(cases)("%s absence, %s: accepted as it is, refused for another key or root", (folder, place, spec) => {
    const { bytes, root, key } = golden(folder, "nonexist", place);
    const proof = decodeProof(bytes);
    expect(() => verifyNonMembership(spec, root, proof, key)).not.toThrow();
    const neighbour = proof.nonexist?.left ?? proof.nonexist?.right;
    expect(() => verifyNonMembership(spec, root, proof, neighbour!.key)).toThrow(ProofError);
    expect(() => verifyNonMembership(spec, key, proof, key)).toThrow("calculated root doesn't match");
    expect(() => verifyMembership(spec, root, proof, key, utf8("x"))).toThrow("not a proof of existence");
  });

  test.each(cases.filter(([, place]) => place === "middle"))(
    "%s proofs: changing any byte, or leaving out a neighbour, is refused",
    (folder, place, spec) => {
      const exist = golden(folder, "exist", place);
      const absent = golden(folder, "nonexist", place);
      const isAccepted = (bytes: Uint8Array): boolean => {
        try {
          const proof = decodeProof(bytes);
          if (proof.exist !== undefined) verifyMembership(spec, exist.root, proof, exist.key, exist.value);
          else verifyNonMembership(spec, absent.root, proof, absent.key);
          return true;
        } catch (error) {
          expect(error).toBeInstanceOf(ProofError);
          return false;
        }
      };
      for (const { bytes } of [exist, absent]) {
        expect(isAccepted(bytes)).toBe(true);
        for (let at = 0; at < bytes.length; at++) {
          for (const flip of [0x01, 0x80]) {
            const mutated = bytes.slice();
            mutated[at]! ^= flip;
            if (isAccepted(mutated)) expect.fail(`byte ${at} of ${bytes.length} changed by ${flip} is accepted`);
          }
        }
        expect(isAccepted(bytes.subarray(0, bytes.length - 1))).toBe(false);
        expect(isAccepted(Uint8Array.from([...bytes, 0x78, 0x01]))).toBe(false);
      }
      const { nonexist } = decodeProof(absent.bytes);
      for (const side of ["left", "right"] as const) {
        const half: CommitmentProof = { nonexist: { ...nonexist!, [side]: undefined } };
        expect(() => verifyNonMembership(spec, absent.root, half, absent.key)).toThrow(ProofError);
      }
    },
  );
});

// The step tables write protobuf JSON with snake_case names, base64 bytes and enum numbers.
type Table<Case> = Readonly<Record<string, Case>>;
interface JsonLeaf {
  readonly hash?: number;
  readonly prehash_key?: number;
  readonly prehash_value?: number;
  readonly length?: number;
  readonly prefix?: string;
}
interface JsonInner {
  readonly hash?: number;
  readonly prefix?: string;
  readonly suffix?: string;
}
interface JsonExist {
  readonly key?: string;
  readonly value?: string;
  readonly leaf?: JsonLeaf;
  readonly path?: JsonInner[];
}
interface JsonSpec {
  readonly leaf_spec?: JsonLeaf;
  readonly inner_spec?: {
    readonly child_order?: number[];
    readonly child_size?: number;
    readonly min_prefix_length?: number;
    readonly max_prefix_length?: number;
    readonly empty_child?: string;
    readonly hash?: number;
  };
  readonly max_depth?: number;
  readonly min_depth?: number;
}

const leafOf = (json: JsonLeaf): Messages["cosmos.ics23.v1.LeafOp"] => ({
  hash: json.hash ?? 0,
  prehashKey: json.prehash_key ?? 0,
  prehashValue: json.prehash_value ?? 0,
  length: json.length ?? 0,
  prefix: unbase64(json.prefix),
});
const innerOf = (json: JsonInner): Messages["cosmos.ics23.v1.InnerOp"] => ({
  hash: json.hash ?? 0,
  prefix: unbase64(json.prefix),
  suffix: unbase64(json.suffix),
});
const existOf = (json: JsonExist): Messages["cosmos.ics23.v1.ExistenceProof"] => ({
  key: unbase64(json.key),
  value: unbase64(json.value),
  leaf: json.leaf === undefined ? undefined : leafOf(json.leaf),
  path: (json.path ?? []).map(innerOf),
});
const specOf = (json: JsonSpec): ProofSpec => ({
  leafSpec: json.leaf_spec === undefined ? undefined : leafOf(json.leaf_spec),
  innerSpec:
    json.inner_spec === undefined
      ? undefined
      : {
          childOrder: json.inner_spec.child_order ?? [],
          childSize: json.inner_spec.child_size ?? 0,
          minPrefixLength: json.inner_spec.min_prefix_length ?? 0,
          maxPrefixLength: json.inner_spec.max_prefix_length ?? 0,
          emptyChild: unbase64(json.inner_spec.empty_child),
          hash: json.inner_spec.hash ?? 0,
        },
  maxDepth: json.max_depth ?? 0,
  minDepth: json.min_depth ?? 0,
  prehashKeyBeforeComparison: false,
});

describeVectors("step tables of cosmos/ics23", () => {
  const table = <Case>(name: string): [string, Case][] =>
    Object.entries(vector<Table<Case>>(`ics23/testdata/${name}.json`));

  test.each(table<{ HashOp: number; Preimage?: string; PreImage?: string; ExpectedHash: string }>("TestDoHashData"))(
    "hash: %s",
    (_, { HashOp, Preimage, PreImage, ExpectedHash }) => {
      expect(hex(applyHash(HashOp, utf8(Preimage ?? PreImage ?? "")))).toBe(ExpectedHash);
    },
  );

  test.each(
    table<{ Op: JsonLeaf; Key: string | null; Value: string | null; IsErr: boolean; Expected: string | null }>(
      "TestLeafOpData",
    ),
  )("leaf step: %s", (_, { Op, Key, Value, IsErr, Expected }) => {
    const apply = (): Uint8Array => applyLeaf(leafOf(Op), unbase64(Key), unbase64(Value));
    if (IsErr) expect(apply).toThrow(ProofError);
    else expect(hex(apply())).toBe(hex(unbase64(Expected)));
  });

  test.each(table<{ Op: JsonInner; Child: string | null; IsErr: boolean; Expected: string | null }>("TestInnerOpData"))(
    "inner step: %s",
    (_, { Op, Child, IsErr, Expected }) => {
      const apply = (): Uint8Array => applyInner(innerOf(Op), unbase64(Child));
      if (IsErr) expect(apply).toThrow(ProofError);
      else expect(hex(apply())).toBe(hex(unbase64(Expected)));
    },
  );

  test.each(table<{ Proof: JsonExist; IsErr: boolean; Expected: string | null }>("TestExistenceProofData"))(
    "root of an existence proof: %s",
    (_, { Proof, IsErr, Expected }) => {
      const root = (): Uint8Array => existenceRoot(existOf(Proof));
      if (IsErr) expect(root).toThrow(ProofError);
      else expect(hex(root())).toBe(hex(unbase64(Expected)));
    },
  );

  test.each(table<{ Leaf: JsonLeaf; Spec: JsonLeaf; IsErr: boolean }>("TestCheckLeafData"))(
    "leaf against its specification: %s",
    (_, { Leaf, Spec, IsErr }) => {
      const check = (): void => checkLeaf(leafOf(Leaf), specOf({ leaf_spec: Spec }));
      if (IsErr) expect(check).toThrow(ProofError);
      else expect(check).not.toThrow();
    },
  );

  test.each(table<{ Proof: JsonExist; Spec: JsonSpec; Err: string }>("TestCheckAgainstSpecData"))(
    "proof against its specification: %s",
    (_, { Proof, Spec, Err }) => {
      const check = (): void => checkAgainstSpec(existOf(Proof), specOf(Spec));
      if (Err === "") expect(check).not.toThrow();
      else expect(check).toThrow(new ProofError(Err));
    },
  );

  test("empty branches are told from full ones", () => {
    const cases = vector<{ Op: JsonInner; Spec: JsonSpec; IsLeft: boolean; IsRight: boolean }[]>(
      "ics23/testdata/TestEmptyBranchData.json",
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const { Op, Spec, IsLeft, IsRight } of cases) {
      const spec = specOf(Spec);
      const op = innerOf(Op);
      expect(() => checkInner(op, spec, 1)).not.toThrow();
      expect(leftBranchesAreEmpty(spec.innerSpec!, op)).toBe(IsLeft);
      expect(rightBranchesAreEmpty(spec.innerSpec!, op)).toBe(IsRight);
    }
  });
});

interface LiveCase {
  readonly name: string;
  readonly root: string;
  readonly merkle_proof_proto_hex?: string;
  readonly merkle_proof_json?: { readonly proofs: readonly { readonly "@type": string; readonly "@value": unknown }[] };
  readonly proof_ops?: {
    readonly ops: readonly { readonly type: string; readonly key: string; readonly data: string }[];
  };
  readonly value: string | null;
  readonly path: readonly [string, string];
  readonly expect: string;
}

/** Reads the JSON of the source: camel or snake names, 0x bytes ("0x0" is empty), enum names or numbers. */
function liveProof(type: string, json: unknown): CommitmentProof {
  const hashes = ["no_hash", "sha256"];
  const number = (value: unknown, names: string[]): number =>
    typeof value === "number" ? value : Math.max(0, names.indexOf(String(value).toLowerCase()));
  const bytes = (value: unknown): Uint8Array => {
    const digits = String(value ?? "").replace(/^0x/, "");
    return digits === "0" ? new Uint8Array(0) : unhex(digits);
  };
  const exist = (value: Record<string, unknown>): Messages["cosmos.ics23.v1.ExistenceProof"] => {
    const leaf = value.leaf as Record<string, unknown>;
    return {
      key: bytes(value.key),
      value: bytes(value.value),
      leaf: {
        hash: number(leaf.hash, hashes),
        prehashKey: number(leaf.prehash_key, hashes),
        prehashValue: number(leaf.prehash_value, hashes),
        length: number(leaf.length, ["no_prefix", "var_proto"]),
        prefix: bytes(leaf.prefix),
      },
      path: (value.path as Record<string, unknown>[]).map((step) => ({
        hash: number(step.hash, hashes),
        prefix: bytes(step.prefix),
        suffix: bytes(step.suffix),
      })),
    };
  };
  const object = json as Record<string, unknown>;
  if (type === "exist") return { exist: exist(object) };
  const side = (value: unknown): Messages["cosmos.ics23.v1.ExistenceProof"] | undefined =>
    value === null || value === undefined ? undefined : exist(value as Record<string, unknown>);
  return { nonexist: { key: bytes(object.key), left: side(object.left), right: side(object.right) } };
}

describeVectors("proofs from live chains", () => {
  test.each(
    vector<{ cases: LiveCase[] }>("real-chain/multistore_proofs.json").cases.map((live) => [live.name, live] as const),
  )("%s", (_, live) => {
    let ops: { type: string; key: Uint8Array; data: Uint8Array }[];
    const [store, key] = live.path.map(unhex) as [Uint8Array, Uint8Array];
    if (live.proof_ops !== undefined) {
      ops = live.proof_ops.ops.map((op) => ({ type: op.type, key: unbase64(op.key), data: unbase64(op.data) }));
    } else {
      const proofs =
        live.merkle_proof_proto_hex !== undefined
          ? commitmentProofs(unhex(live.merkle_proof_proto_hex))
          : live.merkle_proof_json!.proofs.map((proof) => liveProof(proof["@type"], proof["@value"]));
      ops = proofs.map((proof, i) => ({
        type: i === 0 ? "ics23:iavl" : "ics23:simple",
        key: i === 0 ? key : store,
        data: encode("cosmos.ics23.v1.CommitmentProof", proof),
      }));
    }
    const value = live.value === null ? undefined : unhex(live.value);
    const verify = (): void => verifyQueryProof(unhex(live.root), store, key, value, ops);
    if (live.expect.startsWith("valid")) expect(verify).not.toThrow();
    else expect(verify).toThrow(ProofError);
  });
});

/** Splits ibc.core.commitment.v1.MerkleProof { repeated CommitmentProof proofs = 1 } by hand. */
function commitmentProofs(bytes: Uint8Array): CommitmentProof[] {
  const proofs: CommitmentProof[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes[at++]).toBe(0x0a);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    proofs.push(decode("cosmos.ics23.v1.CommitmentProof", bytes.subarray(at, at + length)));
    at += length;
  }
  return proofs;
}

describeVectors("the multistore's simple map", () => {
  test("Go's roots, whatever the order of the keys", () => {
    const { cases } = vector<{ cases: { keys: string[]; values_utf8: string[]; root: string }[] }>(
      "store/commit_info_simple_map.json",
    );
    for (const { keys, values_utf8, root } of cases) {
      expect(
        hex(
          simpleMapRoot(
            keys.map((key, i) => [utf8(key), utf8(values_utf8[i]!)] as const),
            nobleHasher,
          ),
        ),
      ).toBe(root);
    }
  });
});

describe("forms that no tree makes", () => {
  const leaf = { hash: 1, prehashKey: 0, prehashValue: 1, length: 1, prefix: Uint8Array.of(0, 2, 2) };
  const exist = (path: Messages["cosmos.ics23.v1.InnerOp"][]): CommitmentProof => ({
    exist: { key: utf8("k"), value: utf8("v"), leaf, path },
  });
  const verify = (proof: CommitmentProof): void =>
    verifyMembership(iavlSpec, proofRoot(proof), proof, utf8("k"), utf8("v"));
  const sibling = Uint8Array.from({ length: 33 }, (_, i) => (i === 0 ? 32 : i));

  test("a step with its sibling is accepted", () => {
    expect(() => verify(exist([{ hash: 1, prefix: Uint8Array.of(2, 4, 2, 32), suffix: sibling }]))).not.toThrow();
  });

  test.each([
    ["no sibling at all", { hash: 1, prefix: Uint8Array.of(2, 4, 2, 32), suffix: new Uint8Array(0) }],
    [
      "two siblings",
      { hash: 1, prefix: Uint8Array.of(2, 4, 2, 32), suffix: Uint8Array.from([...sibling, ...sibling]) },
    ],
    [
      "a sibling of another length",
      { hash: 1, prefix: Uint8Array.of(2, 4, 2, 32), suffix: Uint8Array.from([33, ...sibling.slice(1)]) },
    ],
    ["a padded varint", { hash: 1, prefix: Uint8Array.of(0x82, 0, 4, 2, 32), suffix: sibling }],
    ["siblings on both sides", { hash: 1, prefix: Uint8Array.from([2, 4, 2, ...sibling, 32]), suffix: sibling }],
  ])("%s is refused", (_, step) => {
    expect(() => verify(exist([step]))).toThrow(ProofError);
  });

  test("two kinds at once, batches, and no kind are refused", () => {
    const proof = exist([]);
    expect(() => verify({ ...proof, nonexist: { key: utf8("k"), left: undefined, right: undefined } })).toThrow(
      ProofError,
    );
    expect(() => verify({ batch: { entries: [] } })).toThrow("batch proofs are not accepted");
    expect(() => verify({})).toThrow(ProofError);
  });

  test("one path inside another does not make neighbours, nor run off its end", () => {
    const { exist: left } = exist([]);
    const proof: CommitmentProof = { nonexist: { key: utf8("l"), left, right: { ...left!, key: utf8("m") } } };
    expect(() => verifyNonMembership(iavlSpec, existenceRoot(left!), proof, utf8("l"))).toThrow(ProofError);
    const same: CommitmentProof = { nonexist: { key: utf8("l"), left, right: left } };
    expect(() => verifyNonMembership(iavlSpec, existenceRoot(left!), same, utf8("l"))).toThrow(ProofError);
  });
});
