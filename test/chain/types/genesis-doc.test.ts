import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  consensusParamsFromJson,
  GenesisError,
  genesisDocumentToAppJson,
  genesisDocumentToCometJson,
  type Json,
  parseGenesisDocument,
  publicKeyFromJson,
  publicKeyToJson,
  validateGenesisDocument,
} from "../../../chain/types/genesis-doc.ts";
import { parseTime } from "../../../chain/types/time.ts";
import { newKeys, type TestKey } from "../../vectors/signing.ts";

const now = parseTime("2026-01-01T00:00:00Z");
const [key] = newKeys("genesis", [5n]) as readonly [TestKey];
const pubKey = publicKeyToJson(key.validator.pubKey);
const base = { chain_id: "c", validators: [{ pub_key: pubKey, power: "5", name: "one" }] };

describe("a genesis document", () => {
  test("is completed: height, parameters, addresses and time", () => {
    const document = parseGenesisDocument(base, now);
    expect(document).toMatchObject({ chainId: "c", initialHeight: 1n, genesisTime: now, appState: undefined });
    expect(document.validators).toEqual([
      { address: key.validator.address, pubKey: key.validator.pubKey, power: 5n, name: "one" },
    ]);
    expect(validateGenesisDocument(document)).toBe(document);
  });

  test("is the same after being written in either form", () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    const time = fc.date({ min: new Date("1970-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(
        text,
        fc.bigInt({ min: 1n, max: 1n << 50n }),
        time,
        fc.uint8Array(),
        fc.jsonValue(),
        (chainId, height, date, appHash, appState) => {
          const document = {
            ...parseGenesisDocument(base, now),
            chainId,
            initialHeight: height,
            genesisTime: parseTime(date.toISOString()),
            appHash,
            appState: appState ?? undefined,
          };
          for (const write of [genesisDocumentToAppJson, genesisDocumentToCometJson]) {
            // JSON has no minus zero, so the expectation goes through text too.
            const expected = {
              ...document,
              appState: appState === null ? undefined : JSON.parse(JSON.stringify(appState)),
            };
            expect(parseGenesisDocument(JSON.parse(JSON.stringify(write(document))), now)).toEqual(expected);
          }
        },
      ),
    );
  });

  test("is refused with its own error when it is not one", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(() => parseGenesisDocument(json, now)).toThrow(GenesisError);
      }),
    );
    const bad: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ chain_id: "ä".repeat(26) }, "chain_id in genesis doc is too long (max: 50)"],
      [{ chain_id: 7 }, "chain_id must be text"],
      [{ initial_height: "-1" }, "initial_height cannot be negative"],
      [{ initial_height: 1.5 }, "initial_height must be a 64-bit integer"],
      [{ initial_height: 2 ** 60 }, "initial_height must be a 64-bit integer"],
      [{ initial_height: "9223372036854775808" }, "initial_height must be a 64-bit integer"],
      [{ initial_height: "01" }, "initial_height must be a 64-bit integer"],
      [{ genesis_time: "yesterday" }, "invalid time"],
      [{ app_hash: "xyz" }, "app_hash is not valid"],
      [{ validators: {} }, "validators must be a list"],
      [{ validators: [{ pub_key: pubKey, power: "0" }] }, "no voting power"],
      [{ validators: [{ pub_key: pubKey, power: "-5" }] }, "no voting power"],
      [{ validators: [{ pub_key: pubKey, power: "5", address: "00" }] }, "incorrect address for validator #0"],
      [{ validators: [{ pub_key: { ...pubKey, value: "AA==" }, power: "5" }] }, "invalid size for PubKeyEd25519"],
      [{ consensus_params: [] }, "consensus_params must be an object"],
      [{ consensus_params: { block: { max_bytes: "0" } } }, "block.MaxBytes cannot be 0"],
      [{ consensus_params: { validator: { pub_key_types: [1] } } }, "must be a list of texts"],
      [{ consensus: 1 }, "consensus must be an object"],
    ];
    for (const [change, words] of bad) {
      expect(() => parseGenesisDocument({ ...base, ...change }, now), words).toThrow(words);
      expect(() => parseGenesisDocument({ ...base, ...change }, now), words).toThrow(GenesisError);
    }
  });

  test("takes keys of both types and no others", () => {
    const secp = { type: "tendermint/PubKeySecp256k1", value: Buffer.alloc(33, 2).toString("base64") };
    expect(publicKeyToJson(publicKeyFromJson(secp))).toEqual(secp);
    expect(() => publicKeyFromJson({ type: "tendermint/PubKeySr25519", value: "" })).toThrow(GenesisError);
    expect(() => publicKeyFromJson({ type: secp.type, value: 1 })).toThrow(GenesisError);
    expect(() => consensusParamsFromJson(null)).toThrow(GenesisError);
  });

  test("keeps the application's state as it is", () => {
    const appState: Json = { bank: { supply: [] }, z: null };
    expect(parseGenesisDocument({ ...base, app_state: appState }, now).appState).toBe(appState);
    expect(genesisDocumentToCometJson(parseGenesisDocument({ ...base, app_state: appState }, now))).toMatchObject({
      app_state: appState,
    });
  });
});
