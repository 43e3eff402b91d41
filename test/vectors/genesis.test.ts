// Genesis documents of CometBFT and of real SDK chains, in both forms.

import { expect, test } from "vitest";
import { chainStateFromProto, chainStateToProto, genesisState } from "../../chain/types/chain-state.ts";
import {
  consensusParamsToJson,
  genesisDocumentToAppJson,
  genesisDocumentToCometJson,
  parseGenesisDocument,
} from "../../chain/types/genesis-doc.ts";
import { DEFAULT_CONSENSUS_PARAMS } from "../../chain/types/params.ts";
import { parseTime } from "../../chain/types/time.ts";
import { hex } from "../../proto/bytes.ts";
import { decode, encode } from "../../proto/codec.ts";
import type { Recorded } from "./comet-json.ts";
import { describeVectors, vector } from "./vectors.ts";

const now = parseTime("2026-01-01T00:00:00Z");
const parse = (text: string) => parseGenesisDocument(JSON.parse(text), now);

describeVectors("CometBFT's genesis cases", () => {
  const { good, bad } = vector<{ good: string[]; bad: string[] }>("genesis/comet_genesis_json_cases.json");

  test.each(good)("accepts %s", (text) => {
    const document = parse(text);
    expect(document.genesisTime).toEqual(now);
    expect(document.consensusParams).toEqual(DEFAULT_CONSENSUS_PARAMS);
    expect(parseGenesisDocument(genesisDocumentToCometJson(document), now)).toEqual(document);
  });

  test.each(bad)("refuses %s", (text) => {
    expect(() => parse(text)).toThrow();
  });
});

describeVectors("genesis documents of the SDK", () => {
  test("AppGenesis and CometBFT's form of one chain are the same document", () => {
    const app = parseGenesisDocument(vector("genesis/sdk-app_genesis.json"), now);
    const comet = parseGenesisDocument(vector("genesis/sdk-cmt_genesis.json"), now);
    expect(app.appName).toBe("<appd>");
    expect({ ...app, appName: "" }).toEqual(comet);
    expect(comet.initialHeight).toBe(48n);
    expect(comet.chainId).toBe("demo");
  });

  test("a chain's own document is read in full", () => {
    const json = vector<Recorded>("genesis/sdk-parse_chain_id.json");
    const document = parseGenesisDocument(json, now);
    expect(document.chainId).toBe("cronosmainnet_25-1");
    expect(document.consensusParams.block).toEqual({ maxBytes: 1_048_576n, maxGas: 10_000_000n });
    expect(document.appState).toEqual(json.app_state);
  });

  test.each(["simapp50", "simapp53"])("%s's document survives writing and reading in both forms", (name) => {
    const json = vector<Recorded>(`genesis/${name}-genesis.json`);
    const document = parseGenesisDocument(json, now);
    expect(document.genesisTime).toEqual(parseTime(json.genesis_time));
    const params = json.consensus?.params ?? { ...json.consensus_params, abci: { vote_extensions_enable_height: "0" } };
    expect(consensusParamsToJson(document.consensusParams)).toEqual(params);
    if (json.consensus === undefined) {
      expect(genesisDocumentToCometJson(document)).toEqual({ ...json, consensus_params: params });
    } else {
      expect(genesisDocumentToAppJson(document)).toEqual({ ...json, app_hash: "" });
    }
    expect(parseGenesisDocument(genesisDocumentToAppJson(document), now)).toEqual(document);
    const comet = parseGenesisDocument(genesisDocumentToCometJson(document), now);
    expect(comet).toEqual({ ...document, appName: "", appVersion: "" });
  });

  test("the recorded answer to /genesis makes a chain state that survives storage", () => {
    const { genesis } = vector<Recorded>("rpc/kvstore_fixtures/v0_38/incoming/genesis.json").result;
    const state = genesisState(parseGenesisDocument(genesis, now));
    const [first] = state.validators.validators;
    expect(hex(first?.address as Uint8Array).toUpperCase()).toBe(genesis.validators[0].address);
    expect(first?.votingPower).toBe(BigInt(genesis.validators[0].power));
    const bytes = encode("tendermint.state.State", chainStateToProto(state));
    expect(chainStateFromProto(decode("tendermint.state.State", bytes))).toEqual(state);
  });
});
